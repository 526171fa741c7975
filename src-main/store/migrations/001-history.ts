import type { Migration } from './migration';

export const history: Migration = {
  number: 1,
  name: 'history',
  sql: `
    CREATE TABLE history (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      connection_name TEXT NOT NULL,
      text TEXT NOT NULL,
      origin TEXT NOT NULL,
      status TEXT NOT NULL,
      milliseconds REAL,
      rows INTEGER,
      error TEXT,
      owner TEXT NOT NULL
    );
    CREATE INDEX history_connection ON history (connection_id, id);
    CREATE INDEX history_at ON history (at);
    CREATE INDEX history_running ON history (owner) WHERE status = 'running';
  `,
};
