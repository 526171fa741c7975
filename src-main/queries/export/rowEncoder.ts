import type { Column } from '../../../src-preload/contract/queries';
import type { RowCells } from '../views/rowScan';

/** A column that is written, and its place among the cells of a row. */
export interface ExportColumn extends Pick<Column, 'name' | 'type' | 'family'> {
  readonly index: number;
}

/** Writes rows in one format: `begin` once, `row` for each, `end` once. Errors of the disk are thrown as the system gives them. */
export interface RowEncoder {
  begin(): void;
  row(cells: RowCells): void;
  end(): void;
  /** Sentences about what the format could not hold as it was, once it has ended; default none. */
  notes?(): string[];
}

/** An encoder whose beginning and end take their time, in another thread; `stop` ends that early. */
export interface SlowEncoder {
  begin(): Promise<void>;
  row(cells: RowCells): void;
  end(): Promise<void>;
  notes?(): string[];
  stop(): void;
}

/** The column's cell as text; null is NULL. */
export function cellText(cells: RowCells, index: number): string | null {
  const length = cells.lengths[index] ?? -1;
  const from = cells.offsets[index] ?? 0;
  return length < 0 ? null : cells.bytes.toString('utf8', from, from + length);
}
