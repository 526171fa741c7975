import { z } from 'zod';
import { objectKind } from './catalog';

/** The formats that rows are written in, each with its options; a default is what most programs read best. */
export const exportSpec = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('csv'),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    header: z.boolean().default(true),
    /** What stands for NULL, without quotes; a value of the same text is quoted, so that the two are told apart. */
    nullText: z.string().max(20).regex(/^[^"\r\n,;\t|]*$/).default(''),
    quoteAll: z.boolean().default(false),
    /** UTF-8 with a byte order mark, by which Excel knows it. */
    bom: z.boolean().default(false),
    lineEnd: z.enum(['crlf', 'lf']).default('crlf'),
    /** Puts an apostrophe before text that a spreadsheet would run as a formula (= + - @); such a file does not read back the same. */
    guardFormulas: z.boolean().default(false),
  }),
  z.object({ format: z.literal('json') }),
  z.object({ format: z.literal('ndjson') }),
  z.object({
    format: z.literal('xlsx'),
    /** `bold` also freezes the line of names and adds filter buttons. */
    header: z.enum(['bold', 'plain', 'none']).default('bold'),
    /** `typed`: numbers, dates and truth values where a cell holds them exactly; `text`: every value as it came. */
    types: z.enum(['typed', 'text']).default('typed'),
  }),
  z.object({
    format: z.literal('parquet'),
    compression: z.enum(['zstd', 'snappy', 'gzip', 'uncompressed']).default('zstd'),
    /** `text`: every column as VARCHAR. */
    types: z.enum(['typed', 'text']).default('typed'),
  }),
  z.object({
    format: z.literal('insert'),
    /** As it stands in the script, quoted where it must be, such as `public."Order"`. */
    table: z.string().min(1).max(300).default('result'),
    rowsPerStatement: z.number().int().min(1).max(10_000).default(100),
    onConflict: z.enum(['error', 'nothing']).default('error'),
  }),
  z.object({ format: z.literal('copy'), table: z.string().min(1).max(300).default('result') }),
  z.object({ format: z.literal('markdown') }),
  z.object({ format: z.literal('html') }),
]);
export type ExportSpec = z.infer<typeof exportSpec>;
export type ExportFormat = ExportSpec['format'];

/** Formats that compress by themselves. */
export const compressedFormats: ReadonlySet<ExportFormat> = new Set(['xlsx', 'parquet']);

const extensions: Record<ExportFormat, string> = { csv: 'csv', json: 'json', ndjson: 'ndjson', xlsx: 'xlsx', parquet: 'parquet', insert: 'sql', copy: 'sql', markdown: 'md', html: 'html' };

/** The ending of a file's name, without the dot. */
export function extensionOf(spec: Pick<ExportSpec, 'format'>, gzip: boolean): string {
  return gzip && !compressedFormats.has(spec.format) ? `${extensions[spec.format]}.gz` : extensions[spec.format];
}

/** Which part of a result is written. */
export const exportPart = z.object({
  /** Indexes of the result's columns in the order in which they are written; null for all. */
  columns: z.array(z.number().int().nonnegative()).min(1).nullable().default(null),
  /** Half-open range of rows, counted in the view; null for all. */
  rows: z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative() }).nullable().default(null),
});
export type ExportPart = z.infer<typeof exportPart>;

/** Tables that are written to one file each, from one snapshot of the database. */
export const tablesExport = z.object({
  connectionId: z.string(),
  tables: z.array(z.object({ schema: z.string(), name: z.string(), kind: objectKind })).min(1).max(2000),
  /** `table` of the spec is not used: each script names its own table. */
  spec: exportSpec,
  gzip: z.boolean(),
  /** Chosen in a dialog of this run. */
  folder: z.string(),
  /** Also writes each table's DDL into a file beside its data. */
  ddl: z.boolean(),
  /** Files of the same names may be replaced; without it they are named in a `confirm_required` error. */
  replace: z.boolean().default(false),
});
export type TablesExport = z.infer<typeof tablesExport>;
