import type { ResultView } from '../../src-preload/contract/charts';
import type { AnswerPart, Message, MessagePart, Usage } from '../../src-preload/contract/assistant';
import { settlePart, type Begun, type ConversationStore, type WireMessage } from './conversations';
import { dollarsOf, type TokenCounts } from './prices';
import type { SqlPart } from './service';

/** Milliseconds between two writes of a text that grows; a crash loses at most so much of it. */
const SAVE_EVERY_MS = 200;

/** An answer while it is made: its parts go to the window and into the store as they come. */
export class Answer {
  readonly transcript: WireMessage[] = [];
  readonly #parts: MessagePart[] = [];
  readonly #store: ConversationStore;
  readonly #begun: Begun;
  readonly #emit: (part: AnswerPart) => void;
  readonly #at = new Date().toISOString();
  #usage: Usage | null = null;
  #model: string | null = null;
  #savedAt = 0;

  constructor(store: ConversationStore, begun: Begun, emit: (part: AnswerPart) => void) {
    this.#store = store;
    this.#begun = begun;
    this.#emit = emit;
    emit({ kind: 'started', messageId: begun.answerId, questionId: begun.questionId });
  }

  get messageId(): string {
    return this.#begun.answerId;
  }

  /** Adds a part and returns its index. */
  add(part: MessagePart): number {
    const index = this.#parts.push(part) - 1;
    this.#emit({ kind: 'part', index, part });
    this.#save('running');
    return index;
  }

  update(index: number, part: MessagePart): void {
    this.#parts[index] = part;
    this.#emit({ kind: 'part', index, part });
    this.#save('running');
  }

  /** Lets a text or a thinking part grow. */
  grow(index: number, text: string): void {
    const part = this.#parts[index];
    if (part?.kind !== 'text' && part?.kind !== 'thinking') return;
    this.#parts[index] = { ...part, text: part.text + text };
    this.#emit({ kind: 'delta', index, text });
    if (performance.now() - this.#savedAt >= SAVE_EVERY_MS) this.#save('running');
  }

  /** Adds the tokens of one call to the model. */
  count(model: string, tokens: TokenCounts): void {
    const before = this.#usage ?? { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, dollars: 0 };
    const dollars = dollarsOf(model, tokens);
    this.#model = model;
    this.#usage = {
      inputTokens: before.inputTokens + tokens.input,
      outputTokens: before.outputTokens + tokens.output,
      cacheReadTokens: before.cacheReadTokens + tokens.cacheRead,
      cacheWriteTokens: before.cacheWriteTokens + tokens.cacheWrite,
      dollars: dollars === null || before.dollars === null ? null : before.dollars + dollars,
    };
    this.#emit({ kind: 'usage', usage: this.#usage });
    this.#save('running');
  }

  /** The query that ran in this answer with exactly this text. */
  ranBefore(text: string): SqlPart | undefined {
    return this.#parts.find((part): part is SqlPart => part.kind === 'sql' && part.text === text && part.resultId !== null);
  }

  /** The query of this answer that gave rows last. */
  lastRun(): SqlPart | undefined {
    return this.#parts.findLast((part): part is SqlPart => part.kind === 'sql' && part.resultId !== null);
  }

  /** Keeps how the rows of a query are looked at. */
  showAs(resultId: string, view: ResultView): void {
    const index = this.#parts.findIndex((part) => part.kind === 'sql' && part.resultId === resultId);
    const part = this.#parts[index];
    if (part?.kind === 'sql') this.update(index, { ...part, view });
  }

  /** The last write; the answer is complete, or was stopped. */
  finish(stopped: boolean): Message {
    for (const [index, part] of this.#parts.entries()) {
      const settled = settlePart(part);
      if (settled !== part) this.update(index, settled);
    }
    this.#save(stopped ? 'stopped' : 'done');
    return { id: this.messageId, role: 'assistant', at: this.#at, parts: this.#parts, usage: this.#usage, model: this.#model, stopped, siblings: [...this.#begun.siblings] };
  }

  #save(state: 'running' | 'done' | 'stopped'): void {
    this.#savedAt = performance.now();
    this.#store.save(this.messageId, { parts: this.#parts, transcript: this.transcript, usage: this.#usage, model: this.#model, state });
  }
}
