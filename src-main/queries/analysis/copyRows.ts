import { AppError } from '../../errors';
import { quoteIdentifier, quoteLiteral } from '../../drivers/sqlText';
import type { CopiedText, CopyFormat } from '../../../src-preload/contract/resultAnalysis';
import { RowCells } from '../views/rowScan';
import { cellText, columnOf, scanRange, type ScanFiles } from './scanRange';

type Value = string | null;
type CopiedColumn = ScanFiles['columns'][number];

/** What the worker is given; plain data. Rows [top, end). */
export interface CopyTask {
  readonly kind: 'copy';
  readonly files: ScanFiles;
  readonly top: number;
  readonly end: number;
  readonly columns: readonly number[];
  readonly format: CopyFormat;
  readonly table: string;
}

/** The clipboard holds all of it in memory, and so does whoever takes it from there. */
const mostBytes = 100 * 1024 * 1024;
const rowsPerInsert = 500;

/** Takes rows one after the other and gives the whole text at the end. */
interface Writer {
  row(values: readonly Value[]): void;
  end(): string;
  readonly notes: string[];
}

/** A selection as text, whole values. Throws `bad_input` over 100 MB. */
export function copyRows(task: CopyTask): CopiedText {
  const columns = task.columns.map((index) => columnOf(task.files, index));
  const writer = writers[task.format](columns, task);
  const cells = new RowCells(1 + Math.max(-1, ...task.columns));
  let bytes = 0;
  let rows = 0;
  scanRange(task.files, task.top, task.end, cells, () => {
    for (const index of task.columns) bytes += Math.max(0, cells.lengths[index] ?? 0) + 1;
    if (bytes > mostBytes) throw new AppError('bad_input', 'The selection is over 100 MB as text.', { hint: 'Select less, or export the result to a file.' });
    writer.row(task.columns.map((index) => cellText(cells, index)));
    rows += 1;
  });
  return { text: writer.end(), rows, notes: writer.notes };
}

const writers: Readonly<Record<CopyFormat, (columns: readonly CopiedColumn[], task: CopyTask) => Writer>> = {
  tsv: (columns, task) => (columns.length === 1 && task.end - task.top === 1 ? bareValue() : lines((values) => values.map(tsvField).join('\t'))),
  tsvWithNames: (columns) => lines((values) => values.map(tsvField).join('\t'), [columns.map(({ name }) => tsvField(name)).join('\t')]),
  csv: (columns) => lines((values) => values.map(csvField).join(','), [columns.map(({ name }) => csvField(name)).join(',')]),
  json: jsonWriter,
  markdown: markdownWriter,
  inList: inListWriter,
  insert: (columns, task) => insertWriter(columns, task.table),
};

/** One cell alone is its bare value, so that it can be pasted into a statement. */
function bareValue(): Writer {
  let value: Value = null;
  return { row: ([first]) => void (value = first ?? null), end: () => value ?? '', notes: [] };
}

function lines(line: (values: readonly Value[]) => string, head: readonly string[] = []): Writer {
  const all = [...head];
  return { row: (values) => void all.push(line(values)), end: () => all.join('\n'), notes: [] };
}

/** As spreadsheets read it. NULL is nothing at all and the empty string is `""`, as in PostgreSQL's own CSV. */
export function tsvField(value: Value): string {
  if (value === null) return '';
  return value === '' || /["\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** RFC 4180, with the same two signs for NULL and the empty string. */
export function csvField(value: Value): string {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Every value stays the exact text that the server sent, but for NULL, booleans and JSON documents, which JSON has itself. */
function jsonValue(value: Value, { family }: CopiedColumn): string {
  if (value === null) return 'null';
  if (family === 'json') return value;
  if (family === 'boolean' && (value === 't' || value === 'true')) return 'true';
  if (family === 'boolean' && (value === 'f' || value === 'false')) return 'false';
  // A number in JSON would be read as a double by most programs and lose digits.
  return JSON.stringify(value);
}

function jsonWriter(columns: readonly CopiedColumn[]): Writer {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const rows: string[] = [];
  return {
    row: (values) => void rows.push(`  {${columns.map((column, index) => `${names[index] ?? ''}: ${jsonValue(values[index] ?? null, column)}`).join(', ')}}`),
    end: () => (rows.length === 0 ? '[]' : `[\n${rows.join(',\n')}\n]`),
    notes: new Set(names).size < names.length ? ['Columns of the same name are there more than once.'] : [],
  };
}

/** GitHub's tables: a value stays on its line, NULL is set apart from the text NULL by its slant. */
export function markdownField(value: Value): string {
  if (value === null) return '*NULL*';
  return value.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('<', '&lt;').replaceAll(/\r\n|\r|\n/g, '<br>');
}

function markdownWriter(columns: readonly CopiedColumn[]): Writer {
  const row = (fields: readonly string[]): string => `| ${fields.join(' | ')} |`;
  const head = [row(columns.map(({ name }) => markdownField(name))), row(columns.map(({ family }) => (family === 'number' ? '---:' : '---')))];
  return lines((values) => row(values.map(markdownField)), head);
}

/** Types whose decimals PostgreSQL casts to them on its own; others, such as xid8 and money, take a quoted text. */
const plainNumber = /^(smallint|integer|bigint|real|double precision|oid|numeric(\(.*\))?)$/;

/** A value as SQL that gives the same value again where its column's type is known from the place, as in INSERT and IN. */
export function sqlLiteral(value: Value, { type, family }: Pick<CopiedColumn, 'type' | 'family'>): string {
  if (value === null) return 'NULL';
  if (family === 'number' && plainNumber.test(type) && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return value;
  if (family === 'boolean' && (value === 't' || value === 'f')) return value === 't' ? 'TRUE' : 'FALSE';
  return quoteLiteral(value);
}

function inListWriter(columns: readonly CopiedColumn[]): Writer {
  const found = new Set<string>();
  const notes: string[] = [];
  let nulls = 0;
  let doubles = 0;
  return {
    row(values) {
      // `x IN (NULL)` is never true, and `x NOT IN (..., NULL)` neither: a list with NULL asks something else than is seen.
      if (values.includes(null)) {
        nulls += 1;
        return;
      }
      const literals = values.map((value, index) => sqlLiteral(value, columns[index] ?? { type: 'text', family: 'text' }));
      const entry = literals.length === 1 ? (literals[0] ?? '') : `(${literals.join(', ')})`;
      if (found.has(entry)) doubles += 1;
      found.add(entry);
    },
    end() {
      if (nulls > 0) notes.push(`${nulls.toLocaleString('en-US')} NULL ${nulls === 1 ? 'was' : 'were'} left out: IN never finds NULL. Ask IS NULL for it.`);
      if (doubles > 0) notes.push(`${doubles.toLocaleString('en-US')} repeated ${doubles === 1 ? 'value was' : 'values were'} left out.`);
      return found.size === 0 ? '(NULL)' : `(${[...found].join(', ')})`;
    },
    notes,
  };
}

function insertWriter(columns: readonly CopiedColumn[], table: string): Writer {
  const head = `INSERT INTO ${table} (${columns.map(({ name }) => quoteIdentifier(name)).join(', ')}) VALUES`;
  const statements: string[] = [];
  let rows: string[] = [];
  const flush = (): void => {
    if (rows.length > 0) statements.push(`${head}\n  ${rows.join(',\n  ')};`);
    rows = [];
  };
  return {
    row(values) {
      rows.push(`(${values.map((value, index) => sqlLiteral(value, columns[index] ?? { type: 'text', family: 'text' })).join(', ')})`);
      if (rows.length === rowsPerInsert) flush();
    },
    end() {
      flush();
      return statements.join('\n');
    },
    notes: [],
  };
}
