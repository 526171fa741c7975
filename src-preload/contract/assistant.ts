import { z } from 'zod';
import { resultView } from './charts';
import { appErrorData } from './error';
import { column } from './queries';
import { verdict } from './guard';
import { call, defineContract, event, nothing, stream } from './core';

export const assistantModel = z.object({ id: z.string(), name: z.string(), contextTokens: z.number().int().nullable() });
/** What a model behind another address than Anthropic's has shown that it can do. */
export const endpointAbilities = z.object({ /** It calls tools, without which it can look at nothing. */ tools: z.boolean(), /** It takes a request to show how it thinks. */ thinking: z.boolean(), /** It takes marks for the prompt cache. */ caching: z.boolean() });
export type EndpointAbilities = z.infer<typeof endpointAbilities>;

export const assistantSettings = z.object({ model: z.string(), baseUrl: z.string(), hasKey: z.boolean(), /** Where the key comes from. */ keySource: z.enum(['environment', 'secrets', 'none']), /** Anthropic's own address. */ own: z.boolean(), /** Of the model at another address; null where nobody has looked. */ abilities: endpointAbilities.nullable() });
export type AssistantSettings = z.infer<typeof assistantSettings>;

/** Tokens of one answer and their price in US dollars; null where the model's price is not known. */
export const usage = z.object({ inputTokens: z.number().int(), outputTokens: z.number().int(), cacheReadTokens: z.number().int(), cacheWriteTokens: z.number().int(), dollars: z.number().nullable() });
export type Usage = z.infer<typeof usage>;

/** How a proposed SQL text stood up: parsed, resolved, planned. */
export const sqlCheck = z.object({
  verdict,
  resolved: z.boolean(),
  problems: z.array(z.string()),
  /** What may not be meant so in a query that is good: joins that multiply rows, and the like. */
  warnings: z.array(z.string()).default([]),
  estimatedCost: z.number().nullable(),
  estimatedRows: z.number().nullable(),
});

/** A write that Claude proposes. It runs only after a person approved exactly this text. */
export const proposal = z.object({
  id: z.string(),
  text: z.string(),
  /** SHA-256 of `text`, hex; the approval carries it. */
  hash: z.string(),
  objects: z.array(z.string()),
  estimatedRows: z.number().nullable(),
  /** Sentences of the policy: a write on production, no WHERE, a DROP. */
  warnings: z.array(z.string()).optional(),
  purpose: z.string(),
  state: z.enum(['pending', 'approved', 'rejected', 'done', 'failed']),
  result: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposal>;

/** SQL that takes a change back, or why there is none. */
export const undo = z.discriminatedUnion('kind', [z.object({ kind: z.literal('sql'), text: z.string(), rows: z.number().int() }), z.object({ kind: z.literal('none'), why: z.string() })]);
export type Undo = z.infer<typeof undo>;

/** What a statement did in a transaction that was rolled back. `mode` is PostgreSQL's name of a lock. */
export const dryRun = z.object({
  tables: z.array(z.object({ schema: z.string(), name: z.string(), inserted: z.number(), updated: z.number(), deleted: z.number() })),
  locks: z.array(z.object({ schema: z.string(), name: z.string(), mode: z.string() })),
  undo,
  milliseconds: z.number(),
  at: z.string(),
});
export type DryRun = z.infer<typeof dryRun>;

/** Bytes that a connection's notes may have; they go along with each question. */
export const NOTES_LIMIT = 32 * 1024;

/** A change of the connection's notes that Claude proposes; made from `before`, and written over nothing else. */
export const notesProposal = z.object({ id: z.string(), before: z.string(), after: z.string(), purpose: z.string(), state: z.enum(['pending', 'accepted', 'rejected']) });
export type NotesProposal = z.infer<typeof notesProposal>;

/** What people wrote about a connection's data, and the file that it stands in. */
export const notes = z.object({ text: z.string(), file: z.string() });
export type Notes = z.infer<typeof notes>;

/** One piece of a message, in the order in which it came. */
export const messagePart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('thinking'), text: z.string() }),
  z.object({ kind: z.literal('tool'), id: z.string(), name: z.string(), title: z.string(), input: z.string(), state: z.enum(['running', 'done', 'failed', 'refused']), summary: z.string(), milliseconds: z.number().nullable() }),
  /** A checked query; `resultId` is there when it ran, its rows are read through queries.window. */
  z.object({ kind: z.literal('sql'), text: z.string(), title: z.string(), check: sqlCheck, resultId: z.string().nullable(), columns: z.array(column), rows: z.number().int().nullable(), truncated: z.boolean(), error: appErrorData.nullable(), /** How Claude proposes to look at the rows; it fits the result. */ view: resultView.nullable().default(null) }),
  z.object({ kind: z.literal('proposal'), proposal }),
  z.object({ kind: z.literal('notes'), proposal: notesProposal }),
  z.object({ kind: z.literal('error'), error: appErrorData }),
]);
export type MessagePart = z.infer<typeof messagePart>;

export const message = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  at: z.string(),
  parts: z.array(messagePart),
  usage: usage.nullable(),
  model: z.string().nullable(),
  stopped: z.boolean(),
  /** Ids of the messages at this place, itself among them, oldest first: an edited question and an answer asked for again begin a branch. */
  siblings: z.array(z.string()),
});
export type Message = z.infer<typeof message>;

export const conversation = z.object({ id: z.string(), title: z.string(), connectionId: z.string(), updatedAt: z.string() });
export type Conversation = z.infer<typeof conversation>;

/** Streamed while an answer is made: part `index` of message `messageId` now is `part`. Text grows by `delta` parts. */
export const answerPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), messageId: z.string(), questionId: z.string() }),
  z.object({ kind: z.literal('part'), index: z.number().int(), part: messagePart }),
  z.object({ kind: z.literal('delta'), index: z.number().int(), text: z.string() }),
  z.object({ kind: z.literal('usage'), usage }),
]);
export type AnswerPart = z.infer<typeof answerPart>;

export const auditEntry = z.object({
  id: z.number().int(),
  at: z.string(),
  conversationId: z.string(),
  connectionId: z.string(),
  tool: z.string(),
  input: z.string(),
  verdict: z.string(),
  outcome: z.string(),
  rows: z.number().nullable(),
  milliseconds: z.number(),
  tokens: z.number().int(),
});

/** A question whose SQL a person confirmed. */
export const rememberedAnswer = z.object({ id: z.number().int(), at: z.string(), question: z.string(), sql: z.string() });
export type RememberedAnswer = z.infer<typeof rememberedAnswer>;

/** One call of the model. Without a conversation it explained a statement. */
export const sentRequest = z.object({ id: z.number().int(), at: z.string(), conversationId: z.string().nullable(), messageId: z.string().nullable(), model: z.string(), /** Of the body, in UTF-8. */ bytes: z.number().int() });
export type SentRequest = z.infer<typeof sentRequest>;

export const assistantContract = defineContract('assistant', {
  settings: call(nothing, assistantSettings),
  /** `apiKey` null removes the stored key, absent leaves it. */
  saveSettings: call(z.object({ model: z.string().optional(), baseUrl: z.string().optional(), apiKey: z.string().nullable().optional() }), assistantSettings),
  /** Tries four small requests, to learn what the model at an address other than Anthropic's can do; it is kept. */
  probeEndpoint: call(nothing, assistantSettings),
  /** From the endpoint's own list. */
  models: call(nothing, z.array(assistantModel)),
  conversations: call(z.object({ connectionId: z.string().optional(), search: z.string().default('') }), z.array(conversation)),
  create: call(z.object({ connectionId: z.string() }), conversation),
  remove: call(z.object({ id: z.string() }), nothing),
  /** Of the branch that is shown. */
  messages: call(z.object({ conversationId: z.string() }), z.array(message)),
  /** Asks at the end of the shown branch; `replaceFrom` edits an earlier question: a new branch begins beside it. Aborting stops. */
  ask: stream(z.object({ conversationId: z.string(), question: z.string().min(1), replaceFrom: z.string().optional() }), answerPart, message),
  /** Answers a question once more, with another model if one is named; the old answer stays as another branch, unless it only failed. */
  regenerate: stream(z.object({ conversationId: z.string(), answerId: z.string(), model: z.string().optional() }), answerPart, message),
  /** Shows the branch through a message, in its newest state. */
  showBranch: call(z.object({ conversationId: z.string(), messageId: z.string() }), z.array(message)),
  /** Removes a message with everything after it, and shows the branch beside it. */
  removeBranch: call(z.object({ conversationId: z.string(), messageId: z.string() }), z.array(message)),
  /** Writes the shown branch as Markdown to a file that the person chose; without rows of results. */
  exportMarkdown: call(z.object({ conversationId: z.string(), path: z.string() }), nothing),
  /** Runs a checked SQL part, possibly edited by the person, in the read-only lane. Its rows are read through queries.window. */
  runSql: call(z.object({ conversationId: z.string(), text: z.string() }), messagePart),
  /** Approves or rejects a proposal; approval must carry the hash of the text that was shown. Executes on a session of its own. */
  decide: call(z.object({ conversationId: z.string(), proposalId: z.string(), approve: z.boolean(), hash: z.string() }), proposal),
  /** Writes every entry of a conversation, or of all, to a file that the person chose: one JSON object a line, oldest first. */
  exportAudit: call(z.object({ conversationId: z.string().nullable(), path: z.string() }), z.object({ entries: z.number().int() })),
  audit: call(z.object({ conversationId: z.string().optional(), limit: z.number().int().min(1).max(500).default(100) }), z.array(auditEntry)),
  /** What was sent to the model for an answer, in a conversation, or at all; oldest first. */
  sent: call(z.object({ conversationId: z.string().nullable(), messageId: z.string().nullable() }), z.array(sentRequest)),
  /** One of them as a person reads it, whole. */
  sentText: call(z.object({ id: z.number().int() }), z.object({ text: z.string() })),
  /** Writes the body as it was sent, JSON, to a file that the person chose. */
  saveSent: call(z.object({ id: z.number().int(), path: z.string() }), nothing),
  /** Runs a pending proposal's text in a transaction that is rolled back. Rejects with `refused` and the reason where a rollback would not undo all of it. */
  tryProposal: call(z.object({ conversationId: z.string(), proposalId: z.string() }), dryRun),
  notes: call(z.object({ connectionId: z.string() }), notes),
  /** Rejects with `refused` where the notes are no longer `before`. */
  saveNotes: call(z.object({ connectionId: z.string(), text: z.string(), before: z.string() }), notes),
  /** A person's decision on proposed notes, taken once. */
  decideNotes: call(z.object({ conversationId: z.string(), proposalId: z.string(), accept: z.boolean() }), notesProposal),
  /** Remembers a query of an answer with its question, for questions like it on this connection. */
  remember: call(z.object({ conversationId: z.string(), messageId: z.string(), text: z.string().min(1).max(100_000) }), nothing),
  /** Newest first; `search` is looked for in question and SQL. */
  remembered: call(z.object({ connectionId: z.string(), search: z.string().default('') }), z.array(rememberedAnswer)),
  /** One, or with null all of the connection. */
  forget: call(z.object({ connectionId: z.string(), id: z.number().int().nullable() }), nothing),
  conversationChanged: event(conversation),
});
