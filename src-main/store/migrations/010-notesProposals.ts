import type { Migration } from './migration';

/** Edits of a connection's notes that the assistant proposed, and what a person said to them. */
export const notesProposals: Migration = {
  number: 10,
  name: 'notesProposals',
  sql: `
    CREATE TABLE assistant_notes_proposals (
      id TEXT PRIMARY KEY,
      conversation_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      before TEXT NOT NULL,
      after TEXT NOT NULL,
      purpose TEXT NOT NULL,
      state TEXT NOT NULL
    );
    CREATE INDEX assistant_notes_proposals_message ON assistant_notes_proposals (message_id);
  `,
};
