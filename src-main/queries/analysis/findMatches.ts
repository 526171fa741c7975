import { AppError } from '../../errors';
import type { SearchSpec } from '../../../src-preload/contract/resultAnalysis';
import { RowCells } from '../views/rowScan';
import { cellText, scanRange, type ScanFiles } from './scanRange';

/** What the worker is given; plain data. */
export interface FindTask {
  readonly kind: 'find';
  readonly files: ScanFiles;
  readonly rows: number;
  readonly columns: readonly number[];
  readonly search: SearchSpec;
  /** Matches that are kept at most; all are counted. */
  readonly most: number;
}

/** Matches in the order of rows, within a row by the column's index. `count` may be larger than what was kept. */
export interface FoundMatches {
  readonly count: number;
  readonly rows: Uint32Array;
  readonly columns: Uint16Array;
}

/** Whether a value is a match. Throws `bad_input` for a pattern that is none. Without `regex` and case, letters compare in their lower case. */
export function compileSearch({ text, caseSensitive, regex }: SearchSpec): (value: string) => boolean {
  if (regex) {
    const pattern = compilePattern(text, caseSensitive);
    return (value) => pattern.test(value);
  }
  if (caseSensitive) return (value) => value.includes(text);
  const needle = text.toLowerCase();
  return (value) => value.toLowerCase().includes(needle);
}

function compilePattern(text: string, caseSensitive: boolean): RegExp {
  try {
    return new RegExp(text, caseSensitive ? 'u' : 'iu');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('bad_input', `This is no regular expression: ${reason}`, { hint: 'Mend the pattern, or search for it as plain text.' });
  }
}

/**
 * Most rows hold no match: the whole row as one text says so at once. It holds each cell's text unchanged, so that nothing is missed
 * for an ASCII needle, whose letters change their case by themselves.
 */
function rowFilter({ text, regex }: SearchSpec, matches: (value: string) => boolean): (cells: RowCells) => boolean {
  if (regex || /[^\x20-\x7e]/.test(text)) return () => true;
  return (cells) => matches(cells.bytes.toString('utf8', cells.start, cells.end));
}

/** Looks through the columns of all rows. */
export function findMatches(task: FindTask, progress: (rows: number) => void): FoundMatches {
  const matches = compileSearch(task.search);
  const mayMatch = rowFilter(task.search, matches);
  const columns = [...task.columns].sort((a, b) => a - b);
  const cells = new RowCells(1 + Math.max(-1, ...columns));
  const found = new Growing(task.most);
  let count = 0;
  const visit = (row: number): void => {
    if (!mayMatch(cells)) return;
    for (const column of columns) {
      const value = cellText(cells, column);
      if (value === null || !matches(value)) continue;
      count += 1;
      found.add(row, column);
    }
  };
  scanRange(task.files, 0, task.rows, cells, visit, progress);
  return { count, ...found.end() };
}

/** Pairs of row and column in memory that grows with them. */
class Growing {
  private rows = new Uint32Array(1024);
  private columns = new Uint16Array(1024);
  private used = 0;

  constructor(private readonly most: number) {}

  add(row: number, column: number): void {
    if (this.used === this.most) return;
    if (this.used === this.rows.length) {
      const [rows, columns] = [new Uint32Array(this.used * 2), new Uint16Array(this.used * 2)];
      rows.set(this.rows);
      columns.set(this.columns);
      this.rows = rows;
      this.columns = columns;
    }
    this.rows[this.used] = row;
    this.columns[this.used] = column;
    this.used += 1;
  }

  end(): { rows: Uint32Array; columns: Uint16Array } {
    return { rows: this.rows.slice(0, this.used), columns: this.columns.slice(0, this.used) };
  }
}
