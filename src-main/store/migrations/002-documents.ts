import type { Migration } from './migration';

export const documents: Migration = {
  number: 2,
  name: 'documents',
  sql: `
    CREATE TABLE documents (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      title TEXT NOT NULL,
      connection_id TEXT,
      text TEXT NOT NULL,
      position INTEGER NOT NULL,
      active INTEGER NOT NULL
    );
  `,
};
