import type { Column } from '../../src-preload/contract/queries';
import { encodeRows } from '../drivers/rows';
import { insertEncoder } from '../queries/export/insert';
import { MemoryOutput } from '../queries/export/outputBuffer';
import type { RowEncoder } from '../queries/export/rowEncoder';
import { RowCells } from '../queries/views/rowScan';
import { tableWriter, type TableWriter } from './textTable';

/** The formats that are written as text while rows come; those that need a file are in `fileFormats.ts`. */
export const ROW_FORMATS = ['table', 'csv', 'json', 'ndjson', 'sql', 'document'] as const;
/** `document` is what --json gives: columns and rows in one object. */
export type RowFormat = (typeof ROW_FORMATS)[number];

/** Turns the rows of one result into text, as they come. */
export interface RowWriter {
  begin(columns: readonly Column[]): string;
  row(cells: readonly (string | null)[]): string;
  /** What stands between the rows that came and the end. */
  end(summary: RowSummary): string;
  /** Ends a result that broke off, where the format has a place for the reason; the others stay visibly unfinished. */
  fail?(error: unknown): string;
}

export interface RowSummary {
  readonly rows: number;
  readonly truncated: boolean;
  readonly command: string;
  readonly rowsAffected: number | null;
}

/** `table` is where the INSERT statements of `sql` lead to. */
export function rowWriter(format: RowFormat, color: boolean, table: string): RowWriter {
  switch (format) {
    case 'table':
      return tableRows(color);
    case 'csv':
      return csvRows();
    case 'json':
      return jsonRows();
    case 'ndjson':
      return ndjsonRows();
    case 'sql':
      return sqlRows(table);
    case 'document':
      return documentRows();
  }
}

/** Rows that decide the widths of a table; more would make the person wait for the first. */
const SAMPLE_ROWS = 500;

function tableRows(color: boolean): RowWriter {
  let columns: readonly Column[] = [];
  let sample: (readonly (string | null)[])[] = [];
  let table: TableWriter | null = null;
  const start = (): string => {
    const made = tableWriter(columns.map(({ name, family }) => ({ title: name, right: family === 'number' })), sample, color);
    const text = made.header() + sample.map((cells) => made.row(cells)).join('');
    table = made;
    sample = [];
    return text;
  };
  return {
    begin: (described) => {
      columns = described;
      return '';
    },
    row: (cells) => {
      if (table) return table.row(cells);
      sample.push(cells);
      return sample.length < SAMPLE_ROWS ? '' : start();
    },
    end: () => (table || columns.length === 0 ? '' : start()),
  };
}

/** RFC 4180 with PostgreSQL's rule for NULL: nothing between the commas, where an empty text is a pair of quotes. */
function csvRows(): RowWriter {
  return {
    begin: (columns) => (columns.length === 0 ? '' : `${columns.map(({ name }) => csvCell(name)).join(',')}\n`),
    row: (cells) => `${cells.map(csvCell).join(',')}\n`,
    end: () => '',
  };
}

function csvCell(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\r\n]|^\\\.$|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function jsonRows(): RowWriter {
  let object: (cells: readonly (string | null)[]) => string;
  let separator = '\n';
  return {
    begin: (columns) => {
      object = objectWriter(columns);
      return '[';
    },
    row: (cells) => {
      const text = separator + object(cells);
      separator = ',\n';
      return text;
    },
    end: () => '\n]\n',
  };
}

function ndjsonRows(): RowWriter {
  let object: (cells: readonly (string | null)[]) => string;
  return {
    begin: (columns) => {
      object = objectWriter(columns);
      return '';
    },
    row: (cells) => `${object(cells)}\n`,
    end: () => '',
  };
}

/** INSERT statements, as the window's export writes them. */
function sqlRows(table: string): RowWriter {
  const output = new MemoryOutput();
  let encoder: RowEncoder | null = null;
  let cells = new RowCells(0);
  return {
    begin: (columns) => {
      cells = new RowCells(columns.length);
      encoder = insertEncoder(columns.map((column, index) => ({ ...column, index })), output, { table, rowsPerStatement: 100, onConflict: 'error' });
      encoder.begin();
      return output.take();
    },
    row: (values) => {
      const bytes = Buffer.from(encodeRows([values]).bytes);
      cells.locate(bytes, 0, bytes.length);
      encoder?.row(cells);
      return output.take();
    },
    end: () => {
      encoder?.end();
      return output.take();
    },
  };
}

function documentRows(): RowWriter {
  let values: ((text: string) => string)[] = [];
  let separator = '';
  return {
    begin: (columns) => {
      values = columns.map(jsonValue);
      return `{"columns":${JSON.stringify(columns.map(({ name, type }) => ({ name, type })))},"rows":[`;
    },
    row: (cells) => {
      const text = `${separator}[${cells.map((cell, index) => (cell === null ? 'null' : (values[index] ?? JSON.stringify)(cell))).join(',')}]`;
      separator = ',';
      return text;
    },
    end: ({ rows, truncated, command, rowsAffected }) => `],${JSON.stringify({ rowCount: rows, truncated, command, rowsAffected }).slice(1)}`,
    fail: (error) => `],"error":${JSON.stringify(error)}}`,
  };
}

function objectWriter(columns: readonly Column[]): (cells: readonly (string | null)[]) => string {
  const values = columns.map(jsonValue);
  const keys = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  return (cells) => `{${cells.map((cell, index) => `${keys[index] ?? ''}:${cell === null ? 'null' : (values[index] ?? JSON.stringify)(cell)}`).join(',')}}`;
}

/** A second column of the same name becomes `name_2`: a JSON object would lose one of them. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique); count += 1) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

const EXACT_NUMBERS = new Set(['smallint', 'integer', 'real', 'double precision']);

/**
 * How a column's text stands in JSON: as itself where a JSON reader gets exactly the same value back (truth values, numbers that fit
 * a double, JSON), else as text, so that int8 and numeric lose no digit.
 */
function jsonValue({ type, family }: Column): (text: string) => string {
  if (family === 'boolean' && type === 'boolean') return (text) => (text === 't' || text === 'true' ? 'true' : 'false');
  if (EXACT_NUMBERS.has(type)) return (text) => (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? text : JSON.stringify(text));
  // Line ends stand only between the parts of a JSON text, never inside a string.
  if (type === 'json' || type === 'jsonb') return (text) => text.replace(/[\r\n]+/g, ' ');
  return (text) => JSON.stringify(text);
}
