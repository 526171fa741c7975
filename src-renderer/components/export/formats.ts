import type { ExportFormat } from '../../../src-preload/contract/exportSpec';

export interface FormatFace {
  readonly format: ExportFormat;
  readonly label: string;
  /** One sentence about what becomes of the values. */
  readonly hint: string;
  /** Rows beyond which the format makes little sense, and why. */
  readonly most?: { readonly rows: number; readonly why: string };
}

/** The formats in the order in which they are offered. */
export const formatFaces: readonly FormatFace[] = [
  { format: 'csv', label: 'CSV', hint: 'NULL is an empty field, empty text is "", as in PostgreSQL’s COPY.' },
  { format: 'xlsx', label: 'Excel (XLSX)', hint: 'Numbers and dates where a cell holds them exactly, else text; a sheet “Notes” lists what was cut. Text is never a formula.', most: { rows: 1_048_575, why: 'the rows go on in further sheets, for a sheet holds 1,048,576' } },
  { format: 'parquet', label: 'Parquet', hint: 'Typed columns, written by DuckDB. The rows are staged in a file beside the target first.' },
  { format: 'json', label: 'JSON', hint: 'One array of objects; numbers keep every digit.' },
  { format: 'ndjson', label: 'NDJSON', hint: 'One object a line; numbers keep every digit.' },
  { format: 'insert', label: 'SQL: INSERT', hint: 'Statements for PostgreSQL that read every value back as it was.' },
  { format: 'copy', label: 'SQL: COPY', hint: 'COPY … FROM stdin with its data, for psql: the fastest way back into PostgreSQL.' },
  { format: 'markdown', label: 'Markdown', hint: 'A table for an issue or a document.', most: { rows: 1000, why: 'few programs show a longer Markdown table well' } },
  { format: 'html', label: 'HTML', hint: 'One page that opens offline, in light and dark.', most: { rows: 50_000, why: 'a browser becomes slow with a longer table' } },
];

/** A name that every file system takes. */
export const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').trim().slice(0, 80) || 'result';
