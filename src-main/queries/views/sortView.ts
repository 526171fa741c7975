import type { Column, ViewSpec } from '../../../src-preload/contract/queries';
import { compileFilters } from './filters';
import { KeyRun } from './keyRun';
import { KeyWriter } from './keyWriter';
import { RowCells, scanRows } from './rowScan';
import { BufferedFile, mergeRuns, type RunFile } from './runFiles';
import { ValueKey } from './valueKey';

/** What the worker is given; plain data. */
export interface ViewTask {
  readonly rowsFile: string;
  /** Bytes of `rowsFile` that belong to the result. */
  readonly bytes: number;
  readonly columns: readonly Pick<Column, 'name' | 'family'>[];
  readonly spec: ViewSpec;
  /** The view is written here; further files beside it begin with this path and a dot. */
  readonly viewFile: string;
  /** Bytes of keys that are sorted in memory at a time; at least 1 MiB. */
  readonly budgetBytes: number;
}

/**
 * Writes the offsets of the rows that pass the filters, in the order of the sorts, as little-endian doubles; returns how many.
 * The order is stable. What does not fit into the budget is sorted in runs on disk that are merged at the end.
 */
export function sortView(task: ViewTask): number {
  const { sorts, filters } = task.spec;
  const passes = compileFilters(filters, task.columns);
  const cells = new RowCells(1 + Math.max(-1, ...sorts.map((sort) => sort.column), ...filters.map((filter) => filter.column)));
  const output = new BufferedFile(task.viewFile);
  if (sorts.length === 0) {
    scanRows(task.rowsFile, task.bytes, cells, (offset) => {
      if (passes(cells)) output.double(offset);
    });
  } else {
    const sorter = new ViewSorter(task);
    scanRows(task.rowsFile, task.bytes, cells, (offset) => {
      if (passes(cells)) sorter.add(cells, offset);
    });
    sorter.forEach((offset) => output.double(offset));
  }
  return output.end() / 8;
}

class ViewSorter {
  private readonly key = new KeyWriter();
  private readonly keys = new ValueKey();
  private readonly run: KeyRun;
  private readonly runs: RunFile[] = [];
  private files = 0;

  constructor(private readonly task: ViewTask) {
    this.run = new KeyRun(task.budgetBytes);
  }

  add(cells: RowCells, offset: number): void {
    this.writeKey(cells);
    if (this.run.add(this.key.bytes, this.key.length, offset)) return;
    this.spill();
    if (!this.run.add(this.key.bytes, this.key.length, offset)) throw new Error('A key is larger than the budget of the sort.');
  }

  forEach(visit: (offset: number) => void): void {
    if (this.runs.length === 0) {
      this.run.forEachSorted(visit);
      return;
    }
    this.spill();
    mergeRuns(this.runs, () => this.newFile(), visit);
  }

  private writeKey(cells: RowCells): void {
    this.key.clear();
    for (const { column, direction } of this.task.spec.sorts) {
      const start = this.key.length;
      const length = cells.lengths[column] ?? -1;
      const offset = cells.offsets[column] ?? 0;
      if (length < 0) this.keys.null(this.key);
      else this.keys.value(this.key, this.task.columns[column]?.family ?? 'text', cells.bytes, offset, offset + length, true);
      if (direction === 'desc') this.key.invert(start);
    }
  }

  private spill(): void {
    if (this.run.count === 0) return;
    const file = new BufferedFile(this.newFile());
    this.run.forEachSorted((offset, arena, from, to) => file.record(offset, arena, from, to));
    this.runs.push({ file: file.file, bytes: file.end() });
    this.run.clear();
  }

  private newFile(): string {
    return `${this.task.viewFile}.run-${this.files++}`;
  }
}
