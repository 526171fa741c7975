import { z } from 'zod';
import { call, defineContract, event, nothing, stream } from './core';
import { appErrorData } from './error';
import { confirmation } from './queries';

export const importFormat = z.enum(['csv', 'tsv', 'json', 'ndjson', 'xlsx', 'parquet', 'sql']);
export type ImportFormat = z.infer<typeof importFormat>;

export const importEncoding = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']);
export type ImportEncoding = z.infer<typeof importEncoding>;

/** How a file is read. Fields that a format does not have are ignored for it. */
export const importSource = z.object({
  path: z.string().min(1),
  format: importFormat,
  encoding: importEncoding,
  delimiter: z.string().length(1),
  /** Empty: nothing is quoted. Quotes work as in PostgreSQL's COPY: anywhere in a field. */
  quote: z.string().max(1),
  /** The character before a quote inside quotes; usually the quote itself. */
  escape: z.string().max(1),
  /** The first row (CSV, TSV) or row `headerRow` (XLSX) holds the names. */
  header: z.boolean(),
  /** As COPY's NULL: a field with exactly this text is NULL; by default the empty one. */
  nullText: z.string(),
  /** As COPY's FORCE_NULL: also when the field is quoted. */
  nullQuoted: z.boolean(),
  /** Name of the sheet of an XLSX; null is the first. */
  sheet: z.string().nullable(),
  /** 1-based row of an XLSX at which the table begins. */
  headerRow: z.number().int().min(1),
  /** Keys that lead to the array of a JSON file, such as `data.items`; empty: the document itself. */
  jsonPath: z.string(),
});
export type ImportSource = z.infer<typeof importSource>;

/** One row that cannot be loaded; `line` is 1-based, of the file (CSV, TSV, NDJSON, SQL) or the number of the row or element. */
export const rowProblem = z.object({ line: z.number().int(), column: z.string().nullable(), message: z.string(), value: z.string().nullable() });
export type RowProblem = z.infer<typeof rowProblem>;

export const importPreview = z.object({
  source: importSource,
  /** Bytes of the file. */
  size: z.number(),
  columns: z.array(z.string()),
  /** At most 100; long cells are cut. */
  rows: z.array(z.array(z.string().nullable())),
  problems: z.array(rowProblem),
  /** What was found out about the file, for a person. */
  notes: z.array(z.string()),
  sheets: z.array(z.string()),
  /** The beginning of a SQL file; empty for the others. */
  text: z.string(),
});
export type ImportPreview = z.infer<typeof importPreview>;

/** What all values of a column say about its type. */
export const columnGuess = z.object({
  name: z.string(),
  /** A PostgreSQL type that takes every value of the column. */
  type: z.string(),
  /** Why, for a person. */
  reason: z.string(),
  /** All values are dates, but nothing tells day from month: the person must say. Else the order that the values prove. */
  dateOrder: z.enum(['ask', 'dmy', 'mdy']).nullable(),
  nulls: z.number().int(),
  /** Characters of the longest value, and its beginning. */
  longest: z.number().int(),
  longestValue: z.string(),
});
export type ColumnGuess = z.infer<typeof columnGuess>;

export const importScan = z.object({ columns: z.array(columnGuess), rows: z.number().int(), problems: z.array(rowProblem), problemsTotal: z.number().int() });
export type ImportScan = z.infer<typeof importScan>;

export const importTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new'), schema: z.string().min(1), table: z.string().min(1) }),
  z.object({ kind: z.literal('existing'), schema: z.string().min(1), table: z.string().min(1) }),
  /** The statements of a SQL file; with `transaction` all or none take effect. */
  z.object({ kind: z.literal('script'), transaction: z.boolean() }),
]);

/** `source` is the index of the file's column; `type` counts for a new table. */
export const importColumn = z.object({ source: z.number().int().nonnegative(), name: z.string().min(1), type: z.string().min(1), dateOrder: z.enum(['dmy', 'mdy']).nullable() });
export type ImportColumn = z.infer<typeof importColumn>;

export const importRequest = z.object({
  connectionId: z.string(),
  source: importSource,
  /** Names of all columns of the file, as the preview or the scan told them. */
  fileColumns: z.array(z.string()),
  target: importTarget,
  columns: z.array(importColumn),
  /** `truncate` empties the table first; `update` and `ignore` say what happens to rows whose `key` is there already. */
  mode: z.enum(['append', 'truncate', 'update', 'ignore']),
  key: z.array(z.string()),
  onError: z.enum(['stop', 'skip']),
});
export type ImportRequest = z.infer<typeof importRequest>;

export const importPlan = z.object({
  /** Everything that is sent, in order. */
  statements: z.array(z.string()),
  /** `copy`: the file's bytes go to the server as they are. `stage`: through a temporary table of texts. */
  way: z.enum(['copy', 'stage', 'script']),
  notes: z.array(z.string()),
  confirmations: z.array(confirmation),
  /** Sent back when the person confirmed. */
  hash: z.string(),
});
export type ImportPlan = z.infer<typeof importPlan>;

export const importOutcome = z.object({
  jobId: z.string(),
  state: z.enum(['done', 'failed', 'cancelled']),
  dryRun: z.boolean(),
  /** Whether anything was kept; false after a dry run and whenever something failed. */
  committed: z.boolean(),
  rowsLoaded: z.number().int(),
  rowsRejected: z.number().int(),
  /** The first of them, by line. */
  problems: z.array(rowProblem),
  /** Looking for more bad rows was given up at `rowsRejected`. */
  problemsCut: z.boolean(),
  rejectFile: z.string().nullable(),
  milliseconds: z.number(),
  way: z.enum(['copy', 'stage', 'script']),
  statements: z.array(z.string()),
  notices: z.array(z.string()),
  error: appErrorData.nullable(),
});
export type ImportOutcome = z.infer<typeof importOutcome>;

export const importsContract = defineContract('imports', {
  /** Reads the beginning of a file. What `source` does not say is found out. */
  inspect: call(importSource.partial().required({ path: true }), importPreview),
  /** Reads the whole file for the types of its columns. */
  scan: stream(importSource, z.object({ bytes: z.number(), size: z.number(), rows: z.number().int() }), importScan),
  /** What an import would send. */
  plan: call(importRequest, importPlan),
  /** Starts the import as a job. `confirm_required` when the plan has confirmations and the hash is not theirs. */
  start: call(z.object({ request: importRequest, dryRun: z.boolean(), confirmedHash: z.string().optional(), rejectPath: z.string().nullable() }), z.object({ jobId: z.string() })),
  /** How a job of this run ended; null while it runs or when it is not known. */
  outcome: call(z.object({ jobId: z.string() }), importOutcome.nullable()),
  /** Sent when a file was dropped on the window; its path may be inspected. */
  finished: event(importOutcome),
  forget: call(z.object({ jobId: z.string() }), nothing),
});
