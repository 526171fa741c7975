import { z } from 'zod';
import { commitMode } from './connections';
import { appErrorData } from './error';
import { exportPart, exportSpec, tablesExport } from './exportSpec';
import { call, defineContract, nothing, stream } from './core';
import { resultAnalysisMembers } from './resultAnalysis';

export const column = z.object({
  name: z.string(),
  /** The engine's own type name with modifiers, such as `numeric(20,6)` or `text[]`. */
  type: z.string(),
  /** What the grid needs to know: how to align and compare. Values always stay text. */
  family: z.enum(['number', 'text', 'boolean', 'datetime', 'json', 'binary', 'array', 'other']),
  /** The table's oid and the column's number in it; null where it is computed. */
  source: z.object({ relation: z.number().int(), attribute: z.number().int() }).nullable(),
});
export type Column = z.infer<typeof column>;

export const notice = z.object({ severity: z.string(), message: z.string(), detail: z.string().optional(), hint: z.string().optional(), serverCode: z.string().optional() });
export type Notice = z.infer<typeof notice>;

export const statementClass = z.enum(['read', 'write', 'ddl', 'session', 'unknown']);
export type StatementClass = z.infer<typeof statementClass>;

/** Half-open range of UTF-16 offsets in the tab's text. */
export const textRange = z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative() });

/** One statement of a script, found by the dialect's parser. */
export const splitStatement = z.object({ text: z.string(), range: textRange });
export type SplitStatement = z.infer<typeof splitStatement>;

/** Why a person must say yes first; the window shows all of them at once. */
export const confirmation = z.object({
  reason: z.enum(['production_write', 'no_where', 'drop', 'truncate', 'ddl_on_production', 'unknown_statement', 'no_transaction', 'write', 'ddl']),
  /** One sentence: what would happen, to which objects. */
  sentence: z.string(),
  statement: z.string(),
  objects: z.array(z.string()),
});
export type Confirmation = z.infer<typeof confirmation>;

/** How a parameter's value is sent; `inferred` leaves its type to the server, `null` sends NULL. */
export const parameterType = z.enum(['inferred', 'text', 'integer', 'bigint', 'numeric', 'boolean', 'date', 'timestamp', 'timestamptz', 'uuid', 'json', 'jsonb', 'text[]', 'null']);
export type ParameterType = z.infer<typeof parameterType>;

export const parameterValue = z.object({
  /** `id` for `:id`, `1` for `$1`. */
  name: z.string(),
  type: parameterType,
  /** The value's text form; it is never put into the statement's text. */
  value: z.string(),
  /** Neither remembered nor written to the history. */
  secret: z.boolean().default(false),
});
export type ParameterValue = z.infer<typeof parameterValue>;

/** A parameter that a text has, with what was given for it last. */
export const parameterSlot = parameterValue.extend({
  /** The type that the server would infer, where it could be asked. */
  inferred: z.string().nullable(),
  /** A value was given before. */
  known: z.boolean(),
});
export type ParameterSlot = z.infer<typeof parameterSlot>;

/** The open transaction of a tab's session. */
export const transactionInfo = z.object({
  /** ISO 8601, UTC. */
  since: z.string(),
  /** Statements that were sent in it, without the one that began it. */
  statements: z.number().int(),
  /** The statement that aborted it. */
  failure: z.object({ text: z.string(), error: appErrorData }).nullable(),
  /** Names of its savepoints, oldest first. */
  savepoints: z.array(z.string()),
});
export type TransactionInfo = z.infer<typeof transactionInfo>;

export const runInput = z.object({
  connectionId: z.string(),
  /** Owns a server session of its own, so that transactions and temporary tables last. Usually a tab's id. */
  sessionKey: z.string(),
  /** The exact text to run: a selection, one statement or the whole tab. */
  text: z.string(),
  /** The SHA-256 (hex) of `text` that the person confirmed; without it a run that needs a yes ends with `confirm_required`. */
  confirmedHash: z.string().optional(),
  /** Milliseconds for each statement; 0 is none. */
  timeoutMs: z.number().int().nonnegative().default(0),
  /** Stop at the first statement that fails. */
  stopOnError: z.boolean().default(true),
  /** Set on the session before the text runs, when the session does not have it yet; null leaves it alone. */
  searchPath: z.array(z.string()).nullable().default(null),
  commitMode: commitMode.default('auto'),
  /** Values for `:name` and `$1`; null asks for them when the text has any. */
  parameters: z.array(parameterValue).nullable().default(null),
});

export const runPart = z.discriminatedUnion('kind', [
  /** A statement of the program's own that it sent for the person, such as BEGIN in manual mode; before the statement `before`. */
  z.object({ kind: z.literal('own'), before: z.number().int(), text: z.string(), why: z.string() }),
  z.object({ kind: z.literal('statement'), index: z.number().int(), count: z.number().int(), range: textRange, class: statementClass }),
  /** A result set began; its rows are read through `window`. */
  z.object({ kind: z.literal('result'), statement: z.number().int(), resultId: z.string(), columns: z.array(column) }),
  /** Rows stored so far; sent a few times a second. */
  z.object({ kind: z.literal('progress'), resultId: z.string(), rows: z.number().int(), bytes: z.number() }),
  z.object({ kind: z.literal('notice'), statement: z.number().int(), notice }),
  z.object({
    kind: z.literal('done'),
    statement: z.number().int(),
    resultId: z.string().nullable(),
    command: z.string(),
    rowsAffected: z.number().nullable(),
    rows: z.number().int(),
    milliseconds: z.number(),
  }),
  /** `position` of the error is an offset in the run's `text`. */
  z.object({ kind: z.literal('failed'), statement: z.number().int(), error: appErrorData, milliseconds: z.number() }),
]);
export type RunPart = z.infer<typeof runPart>;

export const runOutcome = z.object({
  statements: z.number().int(),
  failed: z.number().int(),
  transaction: z.enum(['idle', 'open', 'failed']),
  /** Set when nothing was sent because a person must confirm first. */
  confirmations: z.array(confirmation),
  /** The hash to send back as `confirmedHash`. */
  hash: z.string(),
  transactionInfo: transactionInfo.nullable(),
  /** Set when nothing was sent because values are wanted first. */
  parameters: z.array(parameterSlot),
});
export type RunOutcome = z.infer<typeof runOutcome>;

/** A cell as the grid shows it: NULL is null; long values are cut, `cut` then has their full byte length. */
export const cell = z.union([z.string(), z.null(), z.object({ text: z.string(), cut: z.number().int() })]);
export type Cell = z.infer<typeof cell>;

export const filter = z.object({
  column: z.number().int(),
  op: z.enum(['contains', 'notContains', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isNull', 'isNotNull', 'isEmpty']),
  value: z.string().default(''),
});
export type Filter = z.infer<typeof filter>;
export const sort = z.object({ column: z.number().int(), direction: z.enum(['asc', 'desc']) });
export type Sort = z.infer<typeof sort>;

/** An ordering and selection over a whole stored result. */
export const viewSpec = z.object({ sorts: z.array(sort).max(8), filters: z.array(filter).max(32) });
export type ViewSpec = z.infer<typeof viewSpec>;

export const historyEntry = z.object({
  id: z.number().int(),
  /** ISO 8601, UTC. */
  at: z.string(),
  connectionId: z.string(),
  connectionName: z.string(),
  text: z.string(),
  /** Who ran it. */
  origin: z.enum(['editor', 'assistant', 'command']),
  status: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  milliseconds: z.number().nullable(),
  rows: z.number().nullable(),
  error: z.string().nullable(),
  /** The values that were sent for the text's parameters, but for secret ones. */
  parameters: z.array(parameterValue),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

const viewRef = z.object({ resultId: z.string(), viewId: z.string().nullable() });

export const queriesContract = defineContract('queries', {
  /** Splits, classifies and asks for confirmation where the policy wants it, then sends each statement as written. */
  run: stream(runInput, runPart, runOutcome),
  /** The statements of a text, for 'run the statement at the cursor' and for marking. */
  split: call(z.object({ connectionId: z.string(), text: z.string() }), z.object({ statements: z.array(splitStatement), error: appErrorData.nullable() })),
  /** COMMIT or ROLLBACK of a session's open transaction, or ROLLBACK TO SAVEPOINT when one is named. */
  endTransaction: call(
    z.object({ connectionId: z.string(), sessionKey: z.string(), action: z.enum(['commit', 'rollback']), savepoint: z.string().nullable().default(null) }),
    z.object({ transaction: z.enum(['idle', 'open', 'failed']), transactionInfo: transactionInfo.nullable() }),
  ),
  /** The databases of the connection's server that its user may open, and the schemas of the connected one, for choosing. */
  places: call(z.object({ connectionId: z.string() }), z.object({ databases: z.array(z.string()), schemas: z.array(z.string()), searchPath: z.string() })),
  /** Whether a text that was only laid out anew still says the same; `reason` is null when it does. Both are read by the grammar of the connection's engine; null is PostgreSQL. */
  sameMeaning: call(z.object({ connectionId: z.string().nullable().default(null), before: z.string(), after: z.string() }), z.object({ reason: z.string().nullable() })),
  /** Closes a tab's server session; an open transaction rolls back. */
  closeSession: call(z.object({ connectionId: z.string(), sessionKey: z.string() }), nothing),

  /** Rows [offset, offset + limit) of a result or of a view on it; at most 1,000. `rows` is shorter at the end. */
  window: call(viewRef.extend({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(1000), maxCellChars: z.number().int().min(16).max(10_000).default(300) }), z.object({ total: z.number().int(), complete: z.boolean(), rows: z.array(z.array(cell)) })),
  /** Builds a view over the whole result; the old view of the same result is dropped. */
  view: call(z.object({ resultId: z.string(), spec: viewSpec }), z.object({ viewId: z.string(), total: z.number().int() })),
  /** Part of one cell's bytes as text, at most 256 KiB; for the viewer. `row` counts within the view. */
  cell: call(viewRef.extend({ row: z.number().int(), column: z.number().int(), offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(262_144) }), z.object({ text: z.string().nullable(), bytes: z.number().int(), nextOffset: z.number().int().nullable() })),
  /** Streams a result, a view or a part of it into a file as a job; resolves with the job's id once it has started. */
  export: call(viewRef.extend({ spec: exportSpec, gzip: z.boolean().default(false), part: exportPart, path: z.string() }), z.object({ jobId: z.string() })),
  /** Streams tables into a file each as one job. */
  exportTables: call(tablesExport, z.object({ jobId: z.string() })),
  /** Frees a result's disk space. */
  release: call(z.object({ resultIds: z.array(z.string()) }), nothing),

  ...resultAnalysisMembers,

  history: call(z.object({ search: z.string().default(''), connectionId: z.string().optional(), documentId: z.string().optional(), before: z.number().int().optional(), limit: z.number().int().min(1).max(200).default(50) }), z.array(historyEntry)),
});
