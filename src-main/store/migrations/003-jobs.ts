import type { Migration } from './migration';

export const jobs: Migration = {
  number: 3,
  name: 'jobs',
  sql: `
    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      title TEXT NOT NULL,
      state TEXT NOT NULL,
      progress REAL,
      message TEXT NOT NULL,
      started_at TEXT NOT NULL,
      ended_at TEXT,
      error TEXT,
      owner TEXT NOT NULL,
      cancel_requested INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX jobs_started ON jobs (started_at);
    CREATE INDEX jobs_running ON jobs (owner) WHERE state = 'running';
  `,
};
