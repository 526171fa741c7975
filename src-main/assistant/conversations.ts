import { randomUUID } from 'node:crypto';
import type Anthropic from '@anthropic-ai/sdk';
import { messagePart, usage as usageSchema, type Conversation, type Message, type MessagePart, type Usage } from '../../src-preload/contract/assistant';
import { AppError } from '../errors';
import { currentOwner, ownerAlive, type Store } from '../store/service';
import { oneLine } from './boundary';

/** A message in the form of the Messages API: what an answer added to the talk with the model. */
export interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Anthropic.Messages.ContentBlockParam[];
}

type MessageState = 'running' | 'done' | 'stopped';

/** A stored message together with what only the model sees of it. */
export interface StoredMessage {
  readonly message: Message;
  readonly transcript: readonly WireMessage[];
}

/** Conversations and their messages in the local store; each write is committed when the call returns. */
export interface ConversationStore {
  list(query: { connectionId?: string | undefined; search: string }): Conversation[];
  /** Throws `not_found`. */
  get(id: string): Conversation;
  find(id: string): Conversation | undefined;
  create(connectionId: string): Conversation;
  remove(id: string): void;
  messages(conversationId: string): StoredMessage[];
  /**
   * In one transaction: drops the message `replaceFrom` and all after it, adds the question and an empty answer in progress, and
   * titles the conversation when this is its first question. Returns the ids and what was dropped.
   */
  begin(conversationId: string, question: string, model: string | null, replaceFrom: string | undefined): Begun;
  save(answerId: string, answer: { parts: readonly MessagePart[]; transcript: readonly WireMessage[]; usage: Usage | null; model: string | null; state: MessageState }): void;
}

export interface Begun {
  readonly conversation: Conversation;
  readonly questionId: string;
  readonly answerId: string;
  readonly dropped: readonly Message[];
}

interface ConversationRow {
  id: string;
  title: string;
  connection_id: string;
  updated_at: string;
}

interface MessageRow {
  id: string;
  position: number;
  role: 'user' | 'assistant';
  at: string;
  parts: string;
  usage: string | null;
  model: string | null;
  state: MessageState;
  transcript: string;
  owner: string;
}

const UNTITLED = 'New conversation';
const TITLE_LENGTH = 60;

export function createConversationStore(store: Store): ConversationStore {
  const owner = currentOwner();
  const rowsOf = (conversationId: string): MessageRow[] => store.all<MessageRow>('SELECT * FROM messages WHERE conversation_id = ? ORDER BY position', conversationId);
  const find = (id: string): Conversation | undefined => {
    const row = store.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id);
    return row && conversationOf(row);
  };
  const get = (id: string): Conversation => {
    const found = find(id);
    if (!found) throw new AppError('not_found', 'This conversation is no longer there.', { hint: 'Start a new one.' });
    return found;
  };
  const insert = (conversationId: string, message: { role: 'user' | 'assistant'; position: number; parts: MessagePart[]; model: string | null; state: MessageState; at: string }): string => {
    const id = randomUUID();
    store.run(
      'INSERT INTO messages (id, conversation_id, position, role, at, parts, usage, model, state, transcript, owner) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?)',
      ...[id, conversationId, message.position, message.role, message.at, JSON.stringify(message.parts), message.model, message.state, '[]', owner],
    );
    return id;
  };

  return {
    list: ({ connectionId, search }) =>
      store
        .all<ConversationRow>(
          `SELECT * FROM conversations c WHERE (? IS NULL OR connection_id = ?)
             AND (? = '' OR instr(lower(title), ?) > 0
                  OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND instr(lower(m.parts), ?) > 0))
           ORDER BY updated_at DESC LIMIT 500`,
          ...[connectionId ?? null, connectionId ?? null, search, search.toLowerCase(), search.toLowerCase()],
        )
        .map(conversationOf),
    get,
    find,
    create(connectionId) {
      const now = new Date().toISOString();
      const conversation = { id: randomUUID(), title: UNTITLED, connectionId, updatedAt: now };
      store.run('INSERT INTO conversations (id, title, connection_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)', conversation.id, conversation.title, connectionId, now, now);
      return conversation;
    },
    remove(id) {
      store.transaction(() => {
        store.run('DELETE FROM messages WHERE conversation_id = ?', id);
        store.run('DELETE FROM conversations WHERE id = ?', id);
      });
    },
    messages: (conversationId) => rowsOf(conversationId).map(storedMessage),
    begin: (conversationId, question, model, replaceFrom) =>
      store.transaction(() => {
        const existing = rowsOf(conversationId);
        const kept = replaceFrom === undefined ? existing : existing.slice(0, questionIndex(existing, replaceFrom));
        const dropped = existing.slice(kept.length);
        for (const row of dropped) store.run('DELETE FROM messages WHERE id = ?', row.id);
        const at = new Date().toISOString();
        const position = (kept.at(-1)?.position ?? 0) + 1;
        const questionId = insert(conversationId, { role: 'user', position, parts: [{ kind: 'text', text: question }], model: null, state: 'done', at });
        const answerId = insert(conversationId, { role: 'assistant', position: position + 1, parts: [], model, state: 'running', at });
        const title = kept.length === 0 ? oneLine(question, TITLE_LENGTH) || UNTITLED : get(conversationId).title;
        store.run('UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?', title, at, conversationId);
        return { conversation: get(conversationId), questionId, answerId, dropped: dropped.map((row) => storedMessage(row).message) };
      }),
    save(answerId, { parts, transcript, usage, model, state }) {
      store.run(
        'UPDATE messages SET parts = ?, transcript = ?, usage = ?, model = ?, state = ? WHERE id = ?',
        ...[JSON.stringify(parts), JSON.stringify(transcript), usage && JSON.stringify(usage), model, state, answerId],
      );
    },
  };
}

function questionIndex(rows: readonly MessageRow[], id: string): number {
  const index = rows.findIndex((row) => row.id === id && row.role === 'user');
  if (index < 0) throw new AppError('not_found', 'The question to replace is no longer there.', { hint: 'Open the conversation again.' });
  return index;
}

function conversationOf(row: ConversationRow): Conversation {
  return { id: row.id, title: row.title, connectionId: row.connection_id, updatedAt: row.updated_at };
}

/** An answer whose program ended under it reads as stopped, with its running steps failed. */
function storedMessage(row: MessageRow): StoredMessage {
  const interrupted = row.state === 'running' && !ownerAlive(row.owner);
  const parts = messagePart.array().parse(JSON.parse(row.parts)).map((part) => (interrupted ? settlePart(part) : part));
  return {
    message: {
      id: row.id,
      role: row.role,
      at: row.at,
      parts,
      usage: row.usage === null ? null : usageSchema.parse(JSON.parse(row.usage)),
      model: row.model,
      stopped: interrupted || row.state === 'stopped',
    },
    transcript: JSON.parse(row.transcript) as WireMessage[],
  };
}

/** A step that will never end any more. */
export function settlePart(part: MessagePart): MessagePart {
  return part.kind === 'tool' && part.state === 'running' ? { ...part, state: 'failed', summary: 'stopped' } : part;
}
