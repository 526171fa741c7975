import type { Migration } from './migration';

export const assistant: Migration = {
  number: 4,
  name: 'assistant',
  sql: `
    CREATE TABLE conversations (
      id TEXT PRIMARY KEY,
      title TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    );
    CREATE INDEX conversations_updated ON conversations (updated_at);

    CREATE TABLE messages (
      id TEXT PRIMARY KEY,
      conversation_id TEXT NOT NULL,
      position INTEGER NOT NULL,
      role TEXT NOT NULL,
      at TEXT NOT NULL,
      parts TEXT NOT NULL,
      usage TEXT,
      model TEXT,
      state TEXT NOT NULL,
      transcript TEXT NOT NULL,
      owner TEXT NOT NULL,
      UNIQUE (conversation_id, position)
    );

    CREATE TABLE proposals (
      id TEXT PRIMARY KEY,
      conversation_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      target TEXT NOT NULL,
      text TEXT NOT NULL,
      hash TEXT NOT NULL,
      objects TEXT NOT NULL,
      warnings TEXT NOT NULL,
      estimated_rows REAL,
      purpose TEXT NOT NULL,
      state TEXT NOT NULL,
      result TEXT,
      owner TEXT NOT NULL,
      created_at TEXT NOT NULL,
      decided_at TEXT
    );
    CREATE INDEX proposals_conversation ON proposals (conversation_id);

    CREATE TABLE assistant_audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at TEXT NOT NULL,
      conversation_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      tool TEXT NOT NULL,
      input TEXT NOT NULL,
      verdict TEXT NOT NULL,
      outcome TEXT NOT NULL,
      rows INTEGER,
      milliseconds REAL NOT NULL,
      tokens INTEGER NOT NULL
    );
    CREATE INDEX assistant_audit_conversation ON assistant_audit (conversation_id, id);

    CREATE TABLE assistant_origins (
      origin TEXT PRIMARY KEY,
      trusted_at TEXT NOT NULL
    );

    CREATE TABLE assistant_secret (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    );
  `,
};
