import type { AnswerPart, Message, MessagePart, Proposal } from '../../../src-preload/contract/assistant';

/** A question that was sent: the text, and the earlier question that it takes the place of. */
export interface Asked {
  readonly text: string;
  readonly replaceFrom: string | undefined;
  /** ISO 8601. */
  readonly at: string;
}

const empty = (id: string, role: Message['role'], at: string, parts: MessagePart[]): Message => ({ id, role, at, parts, usage: null, model: null, stopped: false, siblings: [id] });

/** The messages before an edited question; all of them when none is edited. */
export function keptMessages(messages: readonly Message[], replaceFrom: string | undefined): readonly Message[] {
  const from = messages.findIndex((message) => message.id === replaceFrom);
  return from < 0 ? messages : messages.slice(0, from);
}

/** Shows a question at once, before main has given it an id. */
export function withQuestion(messages: readonly Message[], asked: Asked): Message[] {
  return [...keptMessages(messages, asked.replaceFrom), empty(PENDING, 'user', asked.at, [{ kind: 'text', text: asked.text }])];
}

/** The messages while an answer is made anew: up to its question. */
export function beforeAnswer(messages: readonly Message[], answerId: string): readonly Message[] {
  const at = messages.findIndex((message) => message.id === answerId);
  return at < 0 ? messages : messages.slice(0, at);
}

/** Where a message stands among the branches at its place. `step` gives the neighbour, null at the ends. */
export function branchPlace({ id, siblings }: Pick<Message, 'id' | 'siblings'>): { readonly at: number; readonly count: number; readonly step: (by: 1 | -1) => string | null } {
  const at = siblings.indexOf(id);
  return { at, count: siblings.length, step: (by) => siblings[at + by] ?? null };
}

/** Id of a question that main has not confirmed yet. */
export const PENDING = 'pending';

function withPart(parts: readonly MessagePart[], index: number, part: MessagePart): MessagePart[] {
  return index < parts.length ? parts.with(index, part) : [...parts, part];
}

function grown(parts: readonly MessagePart[], index: number, text: string): MessagePart[] {
  const part = parts[index];
  return part?.kind === 'text' || part?.kind === 'thinking' ? parts.with(index, { ...part, text: part.text + text }) : [...parts];
}

/** The messages after one more piece of an answer came; the answer is always the last message. Others stay the same objects. */
export function applyAnswer(messages: readonly Message[], piece: AnswerPart): Message[] {
  if (piece.kind === 'started') {
    const known = messages.map((message) => (message.id === PENDING ? { ...message, id: piece.questionId, siblings: [piece.questionId] } : message));
    return [...known, empty(piece.messageId, 'assistant', messages.at(-1)?.at ?? '', [])];
  }
  const answer = messages.at(-1);
  if (answer?.role !== 'assistant') return [...messages];
  const changed: Message =
    piece.kind === 'usage' ? { ...answer, usage: piece.usage } : { ...answer, parts: piece.kind === 'part' ? withPart(answer.parts, piece.index, piece.part) : grown(answer.parts, piece.index, piece.text) };
  return messages.with(-1, changed);
}

/** Puts a finished message in the place of the one that grew. */
export function withMessage(messages: readonly Message[], message: Message): Message[] {
  const at = messages.findIndex((other) => other.id === message.id);
  return at < 0 ? [...messages, message] : messages.with(at, message);
}

/** Puts a proposal's new state where it is shown. */
export function withProposal(messages: readonly Message[], proposal: Proposal): Message[] {
  return messages.map((message) => {
    const index = message.parts.findIndex((part) => part.kind === 'proposal' && part.proposal.id === proposal.id);
    return index < 0 ? message : { ...message, parts: message.parts.with(index, { kind: 'proposal', proposal }) };
  });
}

/** The text that a person typed. */
export const questionText = (message: Message): string => message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');

/** Tokens and dollars of a whole conversation; dollars are null when a price is not known. */
export function totals(messages: readonly Message[]): { tokens: number; dollars: number | null } {
  let tokens = 0;
  let dollars: number | null = 0;
  for (const { usage } of messages) {
    if (!usage) continue;
    tokens += usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
    dollars = dollars === null || usage.dollars === null ? null : dollars + usage.dollars;
  }
  return { tokens, dollars };
}
