import type { Cell, Column } from '../../../src-preload/contract/queries';

/** A value as it is: text, or NULL. */
export type Value = string | null;
export type CopyFormat = 'tsv' | 'tsvWithNames' | 'json';

/** Copying more than this asks for an export instead: the clipboard holds all of it in memory. */
export const MOST_CELLS = 500_000;
export const MOST_CHARACTERS = 64_000_000;

/**
 * One field of a table as spreadsheets read it: quoted where it holds a tab, a line end or a quote. NULL is nothing at all and
 * the empty string is `""`, as in PostgreSQL's own CSV.
 */
export function tsvField(value: Value): string {
  if (value === null) return '';
  return value === '' || /["\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Rows as text. One cell alone is its bare value, so that it can be pasted into a statement. */
export function formatRows(rows: readonly (readonly Value[])[], columns: readonly Column[], format: CopyFormat): string {
  if (format === 'json') return jsonRows(rows, columns);
  const single = rows.length === 1 && columns.length === 1;
  if (single && format === 'tsv') return rows[0]?.[0] ?? '';
  const lines = rows.map((row) => row.map(tsvField).join('\t'));
  return (format === 'tsvWithNames' ? [columns.map((column) => tsvField(column.name)).join('\t'), ...lines] : lines).join('\n');
}

/** Every value stays the exact text that the server sent, but for NULL, booleans and JSON documents, which JSON has itself. */
function jsonValue(value: Value, column: Column): string {
  if (value === null) return 'null';
  if (column.family === 'json') return value;
  if (column.family === 'boolean' && (value === 't' || value === 'true')) return 'true';
  if (column.family === 'boolean' && (value === 'f' || value === 'false')) return 'false';
  // A number in JSON would be read as a double by most programs and lose digits.
  return JSON.stringify(value);
}

function jsonRows(rows: readonly (readonly Value[])[], columns: readonly Column[]): string {
  const objects = rows.map((row) => `  {${columns.map((column, index) => `${JSON.stringify(column.name)}: ${jsonValue(row[index] ?? null, column)}`).join(', ')}}`);
  return `[\n${objects.join(',\n')}\n]`;
}

/** What reading exact values needs of the store. */
export interface CellReader {
  readonly rows: (offset: number, limit: number) => Promise<readonly (readonly Cell[])[]>;
  /** The whole value of a cell that was cut. */
  readonly whole: (row: number, column: number) => Promise<Value>;
}

const ROWS_AT_ONCE = 500;

/** Reads a block of cells exactly. Rejects with a plain sentence where it is too large for the clipboard. */
export async function readBlock(reader: CellReader, block: { top: number; bottom: number; columns: readonly number[] }): Promise<Value[][]> {
  const found: Value[][] = [];
  let characters = 0;
  for (let offset = block.top; offset <= block.bottom; offset += ROWS_AT_ONCE) {
    const rows = await reader.rows(offset, Math.min(ROWS_AT_ONCE, block.bottom - offset + 1));
    for (const [index, cells] of rows.entries()) {
      const values: Value[] = [];
      for (const column of block.columns) {
        const cell = cells[column] ?? null;
        const value = typeof cell === 'object' && cell !== null ? await reader.whole(offset + index, column) : cell;
        characters += value?.length ?? 0;
        if (characters > MOST_CHARACTERS) throw new Error('The selection is over 64 MB. Export it to a file instead.');
        values.push(value);
      }
      found.push(values);
    }
  }
  return found;
}
