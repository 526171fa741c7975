import type { Migration } from './migration';

/** What was sent to the model, word for word, so that a person can look at it. */
export const sentRequests: Migration = {
  number: 8,
  name: 'sentRequests',
  sql: `
    CREATE TABLE assistant_sent (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at TEXT NOT NULL,
      conversation_id TEXT,
      message_id TEXT,
      model TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      body TEXT NOT NULL
    );
    CREATE INDEX assistant_sent_message ON assistant_sent (message_id);
    CREATE INDEX assistant_sent_conversation ON assistant_sent (conversation_id);
  `,
};
