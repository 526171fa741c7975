import type { Migration } from './migration';

/** A message knows the one before it, so that a conversation can branch; until now they stood in one line, by their position. */
export const conversationBranches: Migration = {
  number: 7,
  name: 'conversationBranches',
  sql: `
    ALTER TABLE messages ADD COLUMN parent_id TEXT;
    UPDATE messages SET parent_id = (
      SELECT before.id FROM messages before
      WHERE before.conversation_id = messages.conversation_id AND before.position < messages.position
      ORDER BY before.position DESC LIMIT 1
    );
    CREATE INDEX messages_parent ON messages (parent_id);
    ALTER TABLE conversations ADD COLUMN leaf_id TEXT;
    UPDATE conversations SET leaf_id = (
      SELECT id FROM messages WHERE conversation_id = conversations.id ORDER BY position DESC LIMIT 1
    );
  `,
};
