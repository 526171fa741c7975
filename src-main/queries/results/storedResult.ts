import path from 'node:path';
import { AppError } from '../../errors';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import type { RowBatch } from '../../drivers/driver';
import { characterBorder, nextRow } from '../../drivers/rows';
import { RowIndex } from './rowIndex';
import { RowLog } from './rowLog';
import { RowReader } from './rowReader';
import type { ViewFile } from './viewFile';

/** Bytes of the longest UTF-8 character. */
const longestCharacter = 4;

/** One result: its rows, the index over them, and at most one view. */
export class StoredResult {
  readonly log: RowLog;
  private readonly index = new RowIndex();
  private readonly reader: RowReader;
  private readonly users = new Set<Promise<unknown>>();
  private readonly retiring = new Set<Promise<unknown>>();
  private view: ViewFile | null = null;
  private rowCount = 0;
  private isComplete = false;
  private isReleased = false;
  private readonly finished: Promise<void>;
  private resolveFinished!: () => void;

  constructor(
    readonly id: string,
    readonly columns: readonly Column[],
    readonly folder: string,
  ) {
    this.finished = new Promise((resolve) => (this.resolveFinished = resolve));
    this.log = new RowLog(path.join(folder, `${id}.rows`));
    this.reader = new RowReader(
      (from, to) => this.log.read(from, to),
      () => this.log.size,
    );
  }

  get rows(): number {
    return this.rowCount;
  }

  get bytes(): number {
    return this.log.size;
  }

  get complete(): boolean {
    return this.isComplete;
  }

  /** Resolves when no more rows will come. */
  get completed(): Promise<void> {
    return this.finished;
  }

  append(batch: RowBatch): Promise<void> | undefined {
    if (this.isReleased) return Promise.reject(new AppError('cancelled', 'The result was closed while its rows were still coming.'));
    if (this.log.failure) return Promise.reject(this.log.failure);
    const base = this.log.size;
    const wait = this.log.append(batch.bytes);
    let offset = 0;
    for (let row = this.rowCount; row < this.rowCount + batch.count; row++) {
      this.index.add(row, base + offset);
      offset = nextRow(batch.bytes, offset);
    }
    if (offset !== batch.bytes.length) throw new Error('The batch holds something else than its rows.');
    this.rowCount += batch.count;
    return wait;
  }

  async finish(): Promise<void> {
    this.isComplete = true;
    await this.log.seal();
    this.resolveFinished();
  }

  async window(viewId: string | null, offset: number, limit: number, maxChars: number): Promise<{ total: number; complete: boolean; rows: Cell[][] }> {
    return this.use(async () => {
      const view = this.viewOf(viewId);
      if (view) {
        const offsets = await view.offsets(offset, offset + limit);
        return { total: view.total, complete: view.complete, rows: await this.reader.rowsAt(offsets, maxChars) };
      }
      const total = this.rowCount;
      const complete = this.isComplete;
      const take = Math.min(limit, total - offset);
      if (take <= 0) return { total, complete, rows: [] };
      const start = this.index.before(offset);
      const until = this.index.offsetFrom(offset + take, this.log.size);
      return { total, complete, rows: await this.reader.rows(start.offset, until, offset - start.row, take, maxChars) };
    });
  }

  /** A piece of one cell; `nextOffset` is where the next piece begins. */
  async cell(viewId: string | null, row: number, column: number, offset: number, limit: number): Promise<{ text: string | null; bytes: number; nextOffset: number | null }> {
    return this.use(async () => {
      const place = await this.reader.cell(await this.rowOffset(viewId, row), column);
      if (!place) throw new AppError('not_found', `The result has no column ${column}.`);
      if (place.length < 0) return { text: null, bytes: 0, nextOffset: null };
      const from = Math.min(offset, place.length);
      const wanted = Math.min(place.length - from, Math.max(limit, longestCharacter));
      // One byte more shows whether a character ends at the border.
      const bytes = await this.log.read(place.offset + from, Math.min(place.offset + place.length, place.offset + from + wanted + 1));
      const end = from + wanted < place.length ? characterBorder(bytes, 0, wanted) : wanted;
      return { text: bytes.toString('utf8', 0, end), bytes: place.length, nextOffset: from + end < place.length ? from + end : null };
    });
  }

  /** The last row at or before `row` whose offset is known. */
  near(row: number): { row: number; offset: number } {
    return this.index.before(row);
  }

  /** The id's view, null for the result itself. Throws AppError `not_found`. */
  viewOf(viewId: string | null): ViewFile | null {
    if (viewId === null) return null;
    if (this.view?.id !== viewId) throw new AppError('not_found', 'This order of the result was replaced by another one.', { hint: 'Sort or filter again.' });
    return this.view;
  }

  /** The old view goes when nobody reads through it any more. */
  replaceView(view: ViewFile): void {
    const old = this.view;
    this.view = view;
    if (!old) return;
    const retiring = this.settled()
      .then(() => old.dispose())
      // Its file goes with the folder then.
      .catch(() => undefined)
      .finally(() => this.retiring.delete(retiring));
    this.retiring.add(retiring);
  }

  /** Keeps the files until the work is done, also when the result is released meanwhile. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.isReleased) throw resultGone();
    const running = work();
    this.users.add(running);
    try {
      return await running;
    } finally {
      this.users.delete(running);
    }
  }

  /** Refuses new work, waits for what runs, deletes the files. */
  async dispose(): Promise<void> {
    this.isReleased = true;
    this.resolveFinished();
    await this.settled();
    await Promise.all(this.retiring);
    await this.view?.dispose();
    await this.log.dispose();
  }

  private async settled(): Promise<void> {
    await Promise.allSettled([...this.users]);
  }

  private async rowOffset(viewId: string | null, row: number): Promise<number> {
    const view = this.viewOf(viewId);
    if (row >= (view ? view.total : this.rowCount)) throw new AppError('not_found', `The result has no row ${row}.`);
    if (view) return (await view.offsets(row, row + 1))[0] ?? 0;
    const start = this.index.before(row);
    return this.reader.skip(start.offset, row - start.row);
  }
}

/** What every use of a result says that was released, or whose run is long over. */
export function resultGone(): AppError {
  return new AppError('not_found', 'This result is no longer stored.', { hint: 'Run the query again.' });
}
