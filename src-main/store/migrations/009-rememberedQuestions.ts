import type { Migration } from './migration';

/** Questions whose SQL a person confirmed, by connection. `tables` and `schema_hash` say what the SQL read, and how that looked. */
export const rememberedQuestions: Migration = {
  number: 9,
  name: 'rememberedQuestions',
  sql: `
    CREATE TABLE assistant_remembered (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      question TEXT NOT NULL,
      sql TEXT NOT NULL,
      tables TEXT NOT NULL,
      schema_hash TEXT NOT NULL,
      UNIQUE (connection_id, question, sql)
    );
  `,
};
