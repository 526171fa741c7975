import { AppError } from '../../errors';
import type { Column } from '../../../src-preload/contract/queries';
import { viewSteps } from '../export/viewScan';
import { rowSteps, type RowCells } from '../views/rowScan';

/** What a worker is given to read; plain data. */
export interface ScanFiles {
  readonly columns: readonly Pick<Column, 'name' | 'type' | 'family'>[];
  readonly rowsFile: string;
  readonly bytes: number;
  readonly viewFile: string | null;
  /** A row at or before the first wanted one, and where it begins; for results without a view. */
  readonly near: { readonly row: number; readonly offset: number };
}

const progressEveryRows = 50_000;

/** Visits rows [first, end) in the order of the view; `row` counts within it. */
export function scanRange(files: ScanFiles, first: number, end: number, cells: RowCells, visit: (row: number) => void, progress: (rows: number) => void = () => undefined): void {
  let row = files.viewFile === null ? files.near.row : first;
  const step = (): void => {
    // The rest of a chunk that was read is passed over.
    if (row >= first && row < end) visit(row);
    row += 1;
    if (row % progressEveryRows === 0) progress(row - first);
  };
  const steps =
    files.viewFile === null ? rowSteps(files.rowsFile, files.bytes, cells, step, files.near.offset) : viewSteps(files.viewFile, files.rowsFile, files.bytes, cells, step, first);
  while (row < end && steps.next().done !== true);
  steps.return(undefined);
}

/** The column at an index; throws `bad_input`. */
export function columnOf(files: Pick<ScanFiles, 'columns'>, index: number): ScanFiles['columns'][number] {
  const column = files.columns[index];
  if (!column) throw new AppError('bad_input', `The result has no column ${index}.`);
  return column;
}

/** One cell as text; NULL is null. */
export function cellText(cells: RowCells, column: number): string | null {
  const length = cells.lengths[column] ?? -1;
  if (length < 0) return null;
  const offset = cells.offsets[column] ?? 0;
  return cells.bytes.toString('utf8', offset, offset + length);
}
