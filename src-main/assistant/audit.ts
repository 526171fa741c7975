import type { z } from 'zod';
import type { auditEntry } from '../../src-preload/contract/assistant';
import type { Store } from '../store/service';

export type AuditEntry = z.infer<typeof auditEntry>;

/**
 * What one tool call did, or one act of the person (`person: decide`, `person: run`). `tokens` are all tokens of the model's call that
 * asked for the tool. Entries are only ever added; they outlive their conversation.
 */
export interface AuditLog {
  add(entry: Omit<AuditEntry, 'id' | 'at'>): void;
  /** Newest first. */
  list(query: { conversationId?: string | undefined; limit: number }): AuditEntry[];
}

const INPUT_LIMIT = 20_000;

/** `redact` cuts the run's secrets out of what is written. */
export function createAuditLog(store: Store, redact: (text: string) => string): AuditLog {
  return {
    add: (entry) =>
      void store.run(
        'INSERT INTO assistant_audit (at, conversation_id, connection_id, tool, input, verdict, outcome, rows, milliseconds, tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[new Date().toISOString(), entry.conversationId, entry.connectionId, entry.tool, redact(entry.input).slice(0, INPUT_LIMIT)],
        ...[redact(entry.verdict), redact(entry.outcome), entry.rows, entry.milliseconds, entry.tokens],
      ),
    list: ({ conversationId, limit }) =>
      store
        .all<Omit<AuditEntry, 'conversationId' | 'connectionId'> & { conversation_id: string; connection_id: string }>(
          'SELECT * FROM assistant_audit WHERE (? IS NULL OR conversation_id = ?) ORDER BY id DESC LIMIT ?',
          ...[conversationId ?? null, conversationId ?? null, limit],
        )
        .map(({ conversation_id, connection_id, ...entry }) => ({ ...entry, conversationId: conversation_id, connectionId: connection_id })),
  };
}
