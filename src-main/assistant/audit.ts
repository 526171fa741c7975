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
  /** Every entry, or every one of a conversation, oldest first, as one JSON object a line. */
  lines(conversationId: string | null): Iterable<string>;
}

const INPUT_LIMIT = 20_000;
const PAGE = 500;

type AuditRow = Omit<AuditEntry, 'conversationId' | 'connectionId'> & { conversation_id: string; connection_id: string };

const entryOf = ({ conversation_id, connection_id, ...entry }: AuditRow): AuditEntry => ({ ...entry, conversationId: conversation_id, connectionId: connection_id });

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
      store.all<AuditRow>('SELECT * FROM assistant_audit WHERE (? IS NULL OR conversation_id = ?) ORDER BY id DESC LIMIT ?', ...[conversationId ?? null, conversationId ?? null, limit]).map(entryOf),
    *lines(conversationId) {
      for (let last = 0; ; ) {
        const page = store.all<AuditRow>('SELECT * FROM assistant_audit WHERE id > ? AND (? IS NULL OR conversation_id = ?) ORDER BY id LIMIT ?', last, conversationId, conversationId, PAGE);
        for (const row of page) yield `${JSON.stringify(entryOf(row))}\n`;
        last = page.at(-1)?.id ?? last;
        if (page.length < PAGE) return;
      }
    },
  };
}
