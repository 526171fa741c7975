import { randomUUID } from 'node:crypto';
import type Anthropic from '@anthropic-ai/sdk';
import { messagePart, usage as usageSchema, type Conversation, type Message, type MessagePart, type Usage } from '../../src-preload/contract/assistant';
import { AppError } from '../errors';
import { currentOwner, ownerAlive, type Store } from '../store/service';
import { oneLine } from './boundary';
import { leafBelow, pathTo, siblingsOf, subtree, type BranchNode } from './branches';

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
  /** The branch that is shown, from the first question on. */
  messages(conversationId: string): StoredMessage[];
  /** The messages of all branches, in the order in which they were added. */
  allMessages(conversationId: string): Message[];
  /**
   * In one transaction: adds the question and an empty answer in progress at the end of the shown branch, and titles the conversation
   * when this is its first question. With `replaceFrom` they begin a new branch beside that earlier question.
   */
  begin(conversationId: string, question: string, replaceFrom: string | undefined): Begun;
  /**
   * In one transaction: adds an empty answer in progress beside an earlier one, which stays as another branch unless it said nothing but
   * what went wrong.
   */
  beginAgain(conversationId: string, answerId: string): Begun;
  /** Shows the branch through a message, and from there its newest one. Throws `not_found`. */
  show(conversationId: string, messageId: string): void;
  /** Removes a message and everything after it, and shows the branch beside it. Returns what was removed; throws `not_found`. */
  removeBranch(conversationId: string, messageId: string): Message[];
  save(answerId: string, answer: { parts: readonly MessagePart[]; transcript: readonly WireMessage[]; usage: Usage | null; model: string | null; state: MessageState }): void;
}

export interface Begun {
  readonly conversation: Conversation;
  readonly questionId: string;
  readonly answerId: string;
  /** As of the answer; see `Message`. */
  readonly siblings: readonly string[];
  /** The failed answer whose place this one takes. */
  readonly dropped: readonly Message[];
}

interface ConversationRow {
  id: string;
  title: string;
  connection_id: string;
  updated_at: string;
  leaf_id: string | null;
}

interface MessageRow {
  id: string;
  parent_id: string | null;
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

type NewMessage = Pick<Message, 'role' | 'parts' | 'at'> & { readonly parentId: string | null; readonly state: MessageState };

export function createConversationStore(store: Store): ConversationStore {
  const owner = currentOwner();
  const nodesOf = (conversationId: string): BranchNode[] =>
    store.all<BranchNode>('SELECT id, parent_id AS parentId, position FROM messages WHERE conversation_id = ? ORDER BY position', conversationId);
  const rowsOf = (conversationId: string): MessageRow[] => store.all<MessageRow>('SELECT * FROM messages WHERE conversation_id = ? ORDER BY position', conversationId);
  const shownLeaf = (conversationId: string): string | null => store.get<Pick<ConversationRow, 'leaf_id'>>('SELECT leaf_id FROM conversations WHERE id = ?', conversationId)?.leaf_id ?? null;
  const find = (id: string): Conversation | undefined => {
    const row = store.get<ConversationRow>('SELECT * FROM conversations WHERE id = ?', id);
    return row && conversationOf(row);
  };
  const get = (id: string): Conversation => {
    const found = find(id);
    if (!found) throw new AppError('not_found', 'This conversation is no longer there.', { hint: 'Start a new one.' });
    return found;
  };
  const node = (nodes: readonly BranchNode[], id: string): BranchNode => {
    const found = nodes.find((known) => known.id === id);
    if (!found) throw new AppError('not_found', 'This message is no longer there.', { hint: 'Open the conversation again.' });
    return found;
  };
  const read = (id: string): MessageRow | undefined => store.get<MessageRow>('SELECT * FROM messages WHERE id = ?', id);
  const insert = (conversationId: string, { role, parts, at, parentId, state }: NewMessage): string => {
    const id = randomUUID();
    store.run(
      `INSERT INTO messages (id, conversation_id, parent_id, position, role, at, parts, usage, model, state, transcript, owner)
       VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM messages WHERE conversation_id = ?), ?, ?, ?, NULL, NULL, ?, '[]', ?)`,
      ...[id, conversationId, parentId, conversationId, role, at, JSON.stringify(parts), state, owner],
    );
    return id;
  };
  const show = (conversationId: string, leafId: string | null): void => void store.run('UPDATE conversations SET leaf_id = ? WHERE id = ?', leafId, conversationId);
  /** Adds the answer to a question and shows it. */
  const beginAnswer = (conversationId: string, questionId: string, title: string, dropped: readonly Message[]): Begun => {
    const at = new Date().toISOString();
    const answerId = insert(conversationId, { role: 'assistant', parentId: questionId, parts: [], state: 'running', at });
    store.run('UPDATE conversations SET title = ?, updated_at = ?, leaf_id = ? WHERE id = ?', title, at, answerId, conversationId);
    const nodes = nodesOf(conversationId);
    return { conversation: get(conversationId), questionId, answerId, siblings: siblingsOf(nodes, node(nodes, answerId)).map(({ id }) => id), dropped };
  };
  const removeFrom = (conversationId: string, messageId: string): Message[] => {
    const nodes = nodesOf(conversationId);
    const gone = new Set(subtree(nodes, node(nodes, messageId)).map(({ id }) => id));
    const dropped = rowsOf(conversationId).filter(({ id }) => gone.has(id)).map((row) => storedMessage(row, []).message);
    for (const id of gone) store.run('DELETE FROM messages WHERE id = ?', id);
    return dropped;
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
    messages(conversationId) {
      const nodes = nodesOf(conversationId);
      return pathTo(nodes, shownLeaf(conversationId)).flatMap((shown) => {
        const row = read(shown.id);
        return row ? [storedMessage(row, siblingsOf(nodes, shown).map(({ id }) => id))] : [];
      });
    },
    allMessages: (conversationId) => rowsOf(conversationId).map((row) => storedMessage(row, []).message),
    begin: (conversationId, question, replaceFrom) =>
      store.transaction(() => {
        const nodes = nodesOf(conversationId);
        const parentId = replaceFrom === undefined ? (pathTo(nodes, shownLeaf(conversationId)).at(-1)?.id ?? null) : node(nodes, replaceFrom).parentId;
        const questionId = insert(conversationId, { role: 'user', parentId, parts: [{ kind: 'text', text: question }], state: 'done', at: new Date().toISOString() });
        const title = parentId === null ? oneLine(question, TITLE_LENGTH) || UNTITLED : get(conversationId).title;
        return beginAnswer(conversationId, questionId, title, []);
      }),
    beginAgain: (conversationId, answerId) =>
      store.transaction(() => {
        const { parentId } = node(nodesOf(conversationId), answerId);
        const row = read(answerId);
        if (parentId === null || row?.role !== 'assistant') throw new AppError('not_found', 'This answer is no longer there.', { hint: 'Open the conversation again.' });
        const dropped = saysNothing(storedMessage(row, []).message) ? removeFrom(conversationId, answerId) : [];
        return beginAnswer(conversationId, parentId, get(conversationId).title, dropped);
      }),
    show(conversationId, messageId) {
      const nodes = nodesOf(conversationId);
      show(conversationId, leafBelow(nodes, node(nodes, messageId)).id);
    },
    removeBranch: (conversationId, messageId) =>
      store.transaction(() => {
        const nodes = nodesOf(conversationId);
        const branch = node(nodes, messageId);
        const siblings = siblingsOf(nodes, branch);
        const at = siblings.indexOf(branch);
        const beside = siblings[at - 1] ?? siblings[at + 1];
        const dropped = removeFrom(conversationId, messageId);
        show(conversationId, beside ? leafBelow(nodes, beside).id : branch.parentId);
        return dropped;
      }),
    save(answerId, { parts, transcript, usage, model, state }) {
      store.run(
        'UPDATE messages SET parts = ?, transcript = ?, usage = ?, model = ?, state = ? WHERE id = ?',
        ...[JSON.stringify(parts), JSON.stringify(transcript), usage && JSON.stringify(usage), model, state, answerId],
      );
    },
  };
}

function conversationOf(row: ConversationRow): Conversation {
  return { id: row.id, title: row.title, connectionId: row.connection_id, updatedAt: row.updated_at };
}

/** An answer whose program ended under it reads as stopped, with its running steps failed. */
function storedMessage(row: MessageRow, siblings: string[]): StoredMessage {
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
      siblings,
    },
    transcript: JSON.parse(row.transcript) as WireMessage[],
  };
}

/** A step that will never end any more. */
export function settlePart(part: MessagePart): MessagePart {
  return part.kind === 'tool' && part.state === 'running' ? { ...part, state: 'failed', summary: 'stopped' } : part;
}

/** Whether an answer holds nothing but what went wrong on the way to one. */
function saysNothing({ parts }: Message): boolean {
  return parts.every(({ kind }) => kind === 'error' || kind === 'thinking');
}
