import type { SentRequest } from '../../src-preload/contract/assistant';
import { AppError } from '../errors';
import type { Store } from '../store/service';

/** The newest requests are kept, at most so many and so many bytes of them. */
const MOST_REQUESTS = 200;
const MOST_BYTES = 20_000_000;

/** Whose request it was; one outside of any conversation explains a statement. */
export interface SentFor {
  readonly conversationId: string;
  readonly messageId: string;
}

/** What was sent to the model, word for word but for the secrets of the run. */
export interface SentLog {
  add(owner: SentFor | null, model: string, body: string): void;
  /** Of an answer, of a conversation, or all; oldest first. */
  list(query: { conversationId: string | null; messageId: string | null }): SentRequest[];
  /** The body as it went out. Throws `not_found` for one that is no longer kept. */
  body(id: number): string;
  /** Forgets what was sent for these answers. */
  forget(messageIds: readonly string[]): void;
}

interface SentRow {
  readonly id: number;
  readonly at: string;
  readonly conversation_id: string | null;
  readonly message_id: string | null;
  readonly model: string;
  readonly bytes: number;
}

export function createSentLog(store: Store, redact: (text: string) => string): SentLog {
  const makeRoom = (): void => {
    const rows = store.all<{ id: number; bytes: number }>('SELECT id, bytes FROM assistant_sent ORDER BY id DESC');
    let bytes = 0;
    const past = rows.findIndex((row, index) => (bytes += row.bytes) > MOST_BYTES || index >= MOST_REQUESTS);
    // The newest stays, however large.
    const last = rows[Math.max(1, past)];
    if (past >= 0 && last) store.run('DELETE FROM assistant_sent WHERE id <= ?', last.id);
  };
  return {
    add(owner, model, body) {
      const kept = redact(body);
      store.transaction(() => {
        store.run('INSERT INTO assistant_sent (at, conversation_id, message_id, model, bytes, body) VALUES (?, ?, ?, ?, ?, ?)', new Date().toISOString(), owner?.conversationId ?? null, owner?.messageId ?? null, model, Buffer.byteLength(kept), kept);
        makeRoom();
      });
    },
    list: ({ conversationId, messageId }) =>
      store
        .all<SentRow>('SELECT id, at, conversation_id, message_id, model, bytes FROM assistant_sent WHERE (? IS NULL OR conversation_id = ?) AND (? IS NULL OR message_id = ?) ORDER BY id', conversationId, conversationId, messageId, messageId)
        .map(({ conversation_id, message_id, ...row }) => ({ ...row, conversationId: conversation_id, messageId: message_id })),
    body(id) {
      const row = store.get<{ body: string }>('SELECT body FROM assistant_sent WHERE id = ?', id);
      if (!row) throw new AppError('not_found', 'This request is no longer kept.', { hint: `The newest ${MOST_REQUESTS} are, and those of conversations that are there.` });
      return row.body;
    },
    forget: (messageIds) => messageIds.forEach((id) => store.run('DELETE FROM assistant_sent WHERE message_id = ?', id)),
  };
}
