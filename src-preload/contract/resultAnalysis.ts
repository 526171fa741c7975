import { z } from 'zod';
import { chartData, chartSpec } from './charts';
import { call, nothing, stream } from './core';

/** What names a result's shape: results with the same names and types share a layout. */
const shapeColumns = z.array(z.object({ name: z.string(), type: z.string() })).max(5000);

/** How the columns of a result stand; columns by their index in the result. Widths in px, for columns that a person has sized. */
export const columnLayout = z.object({
  order: z.array(z.number().int()),
  pinned: z.array(z.number().int()),
  hidden: z.array(z.number().int()),
  widths: z.record(z.string(), z.number().min(40).max(2000)),
});
export type ColumnLayout = z.infer<typeof columnLayout>;

const viewRef = z.object({ resultId: z.string(), viewId: z.string().nullable() });
const columnIndexes = z.array(z.number().int().nonnegative()).max(5000);

export const copyFormat = z.enum(['tsv', 'tsvWithNames', 'csv', 'json', 'markdown', 'inList', 'insert']);
export type CopyFormat = z.infer<typeof copyFormat>;

/** Rows [top, bottom], ends included, of some columns in the given order. `table` is what an INSERT names, as SQL. */
export const copyRequest = viewRef.extend({ top: z.number().int().nonnegative(), bottom: z.number().int().nonnegative(), columns: columnIndexes, format: copyFormat, table: z.string() });
export type CopyRequest = z.infer<typeof copyRequest>;
/** `notes` are sentences about what the text does not hold, such as NULLs of an IN list. */
export const copiedText = z.object({ text: z.string(), rows: z.number().int(), notes: z.array(z.string()) });
export type CopiedText = z.infer<typeof copiedText>;

/** What is looked for, in the values as they are shown. */
export const searchSpec = z.object({ text: z.string().min(1).max(10_000), caseSensitive: z.boolean(), regex: z.boolean() });
export type SearchSpec = z.infer<typeof searchSpec>;

/** Rows looked at so far, of how many. */
export const scanProgress = z.object({ rows: z.number().int(), total: z.number().int() });

/** A match: its place among all of them from 0, the row within the view, and the column's index in the result. */
export const foundMatch = z.object({ ordinal: z.number().int(), row: z.number().int(), column: z.number().int() });
export type FoundMatch = z.infer<typeof foundMatch>;

export const statistics = z.object({
  rows: z.number().int(),
  nulls: z.number().int(),
  /** Values of length 0. */
  empty: z.number().int(),
  /** Different values, NULL not counted; `estimated` names the method where they were too many to count. */
  distinct: z.number().int(),
  estimated: z.string().nullable(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Exact decimals of a number column; null for others, and where there is no value. */
  sum: z.string().nullable(),
  average: z.object({ text: z.string(), exact: z.boolean() }).nullable(),
  /** In characters; null for numbers, times and booleans. */
  lengths: z.object({ min: z.number().int(), max: z.number().int(), average: z.number() }).nullable(),
  /** The most frequent values, exact; empty where distinct values were too many to count. */
  top: z.array(z.object({ value: z.string(), count: z.number().int() })),
  /** Equal steps between `from` and `to`, for numbers and times; `outside` counts infinities and NaN. */
  histogram: z.object({ from: z.string(), to: z.string(), counts: z.array(z.number().int()), outside: z.number().int() }).nullable(),
});
export type Statistics = z.infer<typeof statistics>;

/** Work over the whole of a stored result or view, in a worker; part of the contract `queries`. All of it waits for the last rows and can be aborted. */
export const resultAnalysisMembers = {
  /** The layout that results of this shape were given; null where none was kept. */
  columnLayout: call(z.object({ columns: shapeColumns }), columnLayout.nullable()),
  /** Keeps a layout, or forgets it with null. */
  saveColumnLayout: call(z.object({ columns: shapeColumns, layout: columnLayout.nullable() }), nothing),
  /** A selection as text, whole values, at most 100 MB. */
  copyRows: call(copyRequest, copiedText),
  /** Looks through the columns of all rows and keeps the matches until the next search of the result; `capped` where they were too many to keep. */
  find: stream(viewRef.extend({ columns: columnIndexes, search: searchSpec }), scanProgress, z.object({ findId: z.string(), matches: z.number().int(), capped: z.boolean() })),
  /** The match at or behind (`1`), or before (`-1`), a place; around the end. Null when there is none. */
  findNext: call(z.object({ findId: z.string(), row: z.number().int(), column: z.number().int(), direction: z.union([z.literal(1), z.literal(-1)]), order: columnIndexes }), foundMatch.nullable()),
  /** The matches of rows [first, end). */
  findMarks: call(z.object({ findId: z.string(), first: z.number().int(), end: z.number().int() }), z.array(z.object({ row: z.number().int(), column: z.number().int() }))),
  /** Figures of one column over all rows. */
  statistics: stream(viewRef.extend({ column: z.number().int().nonnegative() }), scanProgress, statistics),
  /** The points of a chart over all rows. */
  chart: stream(viewRef.extend({ spec: chartSpec }), scanProgress, chartData),
};
