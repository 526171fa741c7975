import type { Migration } from './migration';

/** What the editor remembers: options of tabs, whose run an entry of the history is, values of parameters, files that a dialog gave. */
export const editor: Migration = {
  number: 6,
  name: 'editor',
  sql: `
    ALTER TABLE documents ADD COLUMN options TEXT NOT NULL DEFAULT '{}';

    ALTER TABLE history ADD COLUMN document_id TEXT;
    ALTER TABLE history ADD COLUMN parameters TEXT;
    CREATE INDEX history_document ON history (document_id, id) WHERE document_id IS NOT NULL;

    CREATE TABLE parameter_values (
      connection_id TEXT NOT NULL,
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      value TEXT NOT NULL,
      secret INTEGER NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (connection_id, name)
    );

    CREATE TABLE chosen_files (
      path TEXT PRIMARY KEY,
      at TEXT NOT NULL
    );
  `,
};
