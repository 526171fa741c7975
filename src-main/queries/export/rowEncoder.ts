import type { RowCells } from '../views/rowScan';

/** Writes rows in one format: `begin` once, `row` for each, `end` once. */
export interface RowEncoder {
  begin(): void;
  row(cells: RowCells): void;
  end(): void;
}
