import type { z } from 'zod';
import type { AnswerPart, AssistantSettings, Conversation, DryRun, Message, MessagePart, Notes, NotesProposal, Proposal, RememberedAnswer, SentRequest, assistantModel, sqlCheck } from '../../src-preload/contract/assistant';
import type { AuditEntry } from './audit';
import type { SettingsChange } from './settings';

export type AssistantModel = z.infer<typeof assistantModel>;
export type SqlCheck = z.infer<typeof sqlCheck>;
export type SqlPart = Extract<MessagePart, { kind: 'sql' }>;

/** Questions in plain words; the part of the assistant that the command and the window share. */
export interface AssistantService {
  settings(): Promise<AssistantSettings>;
  saveSettings(change: SettingsChange): Promise<AssistantSettings>;
  /** Tries what the model at an address other than Anthropic's can do, and keeps it. Rejects with `model_unavailable`. */
  probeEndpoint(signal: AbortSignal): Promise<AssistantSettings>;
  /** From the endpoint's own list, newest first. Rejects with `model_unavailable`. */
  models(signal: AbortSignal): Promise<AssistantModel[]>;
  conversations(query: { connectionId?: string | undefined; search: string }): Conversation[];
  /** Rejects with `not_found` when there is no such connection. */
  create(connectionId: string): Promise<Conversation>;
  /** Stops an answer in progress, and keeps the audit. */
  remove(id: string): Promise<void>;
  /** Of the branch that is shown. */
  messages(conversationId: string): Message[];
  /**
   * Asks. Whatever goes wrong on the way to an answer (no key, no network, a refusal, the person's stop) ends in a message: what came is
   * in it and stored, an `error` part says what failed. `replaceFrom` begins a branch beside that earlier question. Rejects only with
   * `not_found` and, when an answer is in progress in the same conversation, `busy`.
   */
  ask(input: { conversationId: string; question: string; replaceFrom?: string | undefined }, emit: (part: AnswerPart) => void, signal: AbortSignal): Promise<Message>;
  /** Answers a question once more, with `model` where one is given; as `ask`. An answer that only failed is replaced, another one stays beside it. */
  regenerate(input: { conversationId: string; answerId: string; model?: string | undefined }, emit: (part: AnswerPart) => void, signal: AbortSignal): Promise<Message>;
  /** Shows the branch through a message and returns it. Throws `not_found`, and `busy` while an answer is made. */
  showBranch(conversationId: string, messageId: string): Message[];
  /** Removes a message and all after it, withdraws what was proposed there, and returns the branch beside it. Throws as `showBranch`. */
  removeBranch(conversationId: string, messageId: string): Message[];
  /** Writes the shown branch as Markdown, without rows. Rejects with `not_found` and `disk`. */
  exportMarkdown(conversationId: string, file: string): Promise<void>;
  /** Runs a checked query, possibly edited, in the read-only lane. What the server or the guard says against it stands in the part's `error`. */
  runSql(input: { conversationId: string; text: string }, signal: AbortSignal): Promise<SqlPart>;
  /**
   * A person's decision on a proposal, taken once. Approval needs the SHA-256 of the text that was shown; the text then runs as
   * written on a session of its own. Rejects with `refused` when it was decided before, the hash differs, the connection is read-only
   * or points elsewhere by now.
   */
  decide(input: { conversationId: string; proposalId: string; approve: boolean; hash: string }, signal: AbortSignal): Promise<Proposal>;
  /** Writes the audit of a conversation, or of all, to a file: one JSON object a line, oldest first. Returns how many. Rejects with `disk`. */
  exportAudit(conversationId: string | null, file: string): Promise<number>;
  /**
   * Runs a pending proposal's text in a transaction that is rolled back, for the person to see what it would do. Rejects with `refused` and the reason where
   * it was decided before or a rollback would not undo all of it; otherwise as `Connection.run` does.
   */
  tryProposal(input: { conversationId: string; proposalId: string }, signal: AbortSignal): Promise<DryRun>;
  /** What people wrote about a connection's data; empty where nobody did. */
  notes(connectionId: string): Promise<Notes>;
  /** Rejects with `refused` where the notes are no longer `before`. */
  saveNotes(connectionId: string, change: { text: string; before: string }): Promise<Notes>;
  /** A person's decision on notes that Claude proposed, taken once. Rejects with `refused` where the notes have changed since. */
  decideNotes(input: { conversationId: string; proposalId: string; accept: boolean }): Promise<NotesProposal>;
  /** Remembers a query of an answer with its question. Rejects with `not_found`, and `refused` for what is no single query that parses. */
  remember(input: { conversationId: string; messageId: string; text: string }, signal: AbortSignal): Promise<void>;
  remembered(query: { connectionId: string; search: string }): RememberedAnswer[];
  forget(connectionId: string, id: number | null): void;
  /** What was sent to the model, oldest first; of an answer, a conversation, or at all. */
  sent(query: { conversationId: string | null; messageId: string | null }): SentRequest[];
  /** One of them as a person reads it. Throws `not_found`. */
  sentText(id: number): string;
  /** Writes its body as it was sent. Rejects with `not_found` and `disk`. */
  saveSent(id: number, file: string): Promise<void>;
  audit(query: { conversationId?: string | undefined; limit: number }): AuditEntry[];
  /**
   * One question in a conversation of its own, for the command. With `run` the last query of the answer is run if the answer did not
   * run it. Rejects with the answer's error, `cancelled` after a stop.
   */
  askOnce(input: { connectionId: string; question: string; run: boolean }, emit: (part: AnswerPart) => void, signal: AbortSignal): Promise<AskOutcome>;
  /**
   * One reply to one text, without tools and outside of any conversation; secrets of the run are cut out of what is sent. Rejects with
   * `model_unavailable`, and `cancelled` after a stop.
   */
  reply(request: { system: string; text: string }, onText: (text: string) => void, signal: AbortSignal): Promise<{ text: string; model: string }>;
  onConversationChange(listener: (conversation: Conversation) => void): () => void;
  /** Stops every answer in progress and waits until it is stored. */
  close(): Promise<void>;
}

export interface AskOutcome {
  readonly conversationId: string;
  readonly message: Message;
  /** The answer's text without its steps. */
  readonly text: string;
  /** The final query; null when the answer has none. Its rows are in the result store when `resultId` is there. */
  readonly sql: SqlPart | null;
  readonly proposals: readonly Proposal[];
}
