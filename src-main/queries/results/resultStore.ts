import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../errors';
import type { Cell, Column, ViewSpec } from '../../../src-preload/contract/queries';
import type { RowBatch } from '../../drivers/driver';
import { createRunFolder, removeLeftovers } from './runFolder';
import { StoredResult, resultGone } from './storedResult';
import { buildView } from './buildView';

/** A result, or a view on it. */
export interface ResultRef {
  readonly resultId: string;
  readonly viewId: string | null;
}

/** Results of queries, on disk: written once by appending, read by windows. */
export interface ResultStore {
  create(columns: readonly Column[]): ResultWriter;
  /** Throws AppError `not_found`, as everything below does for an unknown id. */
  columns(resultId: string): readonly Column[];
  /**
   * Rows [offset, offset + limit), also while more are coming; `complete` says whether none will. Cells longer than `maxChars`
   * UTF-16 units are cut. Rejects with AppError `disk` when the stored rows cannot be read.
   */
  window(ref: ResultRef, offset: number, limit: number, maxChars: number): Promise<{ total: number; complete: boolean; rows: Cell[][] }>;
  /** A piece of one cell from byte `offset`, of at most `limit` bytes and whole characters; `row` counts within the view. */
  cell(ref: ResultRef, row: number, column: number, offset: number, limit: number): Promise<{ text: string | null; bytes: number; nextOffset: number | null }>;
  /**
   * Sorts and filters all rows that are there at this moment, in a worker thread and with bounded memory; replaces the result's
   * earlier view. Orders are stable; see `views/README.md` for how values compare. Rejects with `bad_input` for a filter's value
   * that is none of the column's type, `disk`, `cancelled`.
   */
  view(resultId: string, spec: ViewSpec, signal: AbortSignal): Promise<{ viewId: string; total: number }>;
  /** Where a whole, complete result or view lies, for a worker that reads it; the files stay until the work is done. Waits for the last rows. */
  withFiles<T>(ref: ResultRef, signal: AbortSignal, work: (files: ResultFiles) => Promise<T>): Promise<T>;
  /** Drops results and their views, and their files. Unknown ids are ignored. */
  release(resultIds: readonly string[]): void;
  /** Deletes all files of this run; leftovers of a crashed run are deleted at the next start. */
  close(): Promise<void>;
}

export interface ResultWriter {
  readonly resultId: string;
  readonly rows: number;
  readonly bytes: number;
  /** Resolves when the store is ready for more: back-pressure against a slow disk. Rejects with AppError `disk`, or `cancelled` when it was released. */
  append(batch: RowBatch): Promise<void> | void;
  /** After this the result is complete; reading works before as well. */
  finish(): Promise<void>;
}

export interface ResultFiles {
  readonly columns: readonly Column[];
  readonly rowsFile: string;
  /** Bytes of `rowsFile` that belong to the result. */
  readonly bytes: number;
  readonly rows: number;
  /** The order of a view: byte offsets into `rowsFile` as little-endian doubles; null for the order of arrival. */
  readonly viewFile: string | null;
  /** A row at or before a row, in the order of arrival, and where it begins in `rowsFile`. */
  readonly near: (row: number) => { row: number; offset: number };
}

/**
 * `folder` holds a folder for each running program; what dead ones left is removed. Results are readable by their owner only.
 * Throws AppError `disk` when the folder cannot be made. `limit`: bytes that all rows together may take; 0 is what the disk has.
 */
export function createResultStore({ folder, limit = () => 0 }: { folder: string; limit?: () => number }): ResultStore {
  return new DiskResultStore(folder, limit);
}

class DiskResultStore implements ResultStore {
  private readonly results = new Map<string, StoredResult>();
  private readonly releasing = new Set<Promise<unknown>>();
  private readonly runFolder: string;
  private nextId = 1;
  private nextView = 1;

  constructor(
    base: string,
    private readonly limit: () => number,
  ) {
    this.runFolder = createRunFolder(base);
    // A leftover that cannot be removed costs space only; the next start tries again.
    this.track(removeLeftovers(base));
  }

  create(columns: readonly Column[]): ResultWriter {
    const result = new StoredResult(`r${this.nextId++}`, columns, this.runFolder);
    this.results.set(result.id, result);
    return {
      resultId: result.id,
      get rows() {
        return result.rows;
      },
      get bytes() {
        return result.bytes;
      },
      append: (batch) => this.full(batch.bytes.length) ?? result.append(batch),
      finish: () => result.finish(),
    };
  }

  columns(resultId: string): readonly Column[] {
    return this.result(resultId).columns;
  }

  async window(ref: ResultRef, offset: number, limit: number, maxChars: number): Promise<{ total: number; complete: boolean; rows: Cell[][] }> {
    return this.result(ref.resultId).window(ref.viewId, offset, limit, maxChars);
  }

  async cell(ref: ResultRef, row: number, column: number, offset: number, limit: number): Promise<{ text: string | null; bytes: number; nextOffset: number | null }> {
    return this.result(ref.resultId).cell(ref.viewId, row, column, offset, limit);
  }

  async view(resultId: string, spec: ViewSpec, signal: AbortSignal): Promise<{ viewId: string; total: number }> {
    const result = this.result(resultId);
    const viewId = `${resultId}v${this.nextView++}`;
    const view = await result.use(() => buildView(result, viewId, path.join(this.runFolder, viewId), spec, signal));
    result.replaceView(view);
    return { viewId, total: view.total };
  }

  async withFiles<T>(ref: ResultRef, signal: AbortSignal, work: (files: ResultFiles) => Promise<T>): Promise<T> {
    const result = this.result(ref.resultId);
    await abortable(result.completed, signal);
    return result.use(async () => {
      const view = result.viewOf(ref.viewId);
      await result.log.flush();
      return work({ columns: result.columns, rowsFile: result.log.file, bytes: result.bytes, rows: view ? view.total : result.rows, viewFile: view?.file ?? null, near: (row) => result.near(row) });
    });
  }

  release(resultIds: readonly string[]): void {
    for (const id of resultIds) {
      const result = this.results.get(id);
      if (!result) continue;
      this.results.delete(id);
      this.track(result.dispose());
    }
  }

  async close(): Promise<void> {
    this.release([...this.results.keys()]);
    await Promise.all(this.releasing);
    await rm(this.runFolder, { recursive: true, force: true });
  }

  private result(id: string): StoredResult {
    const result = this.results.get(id);
    if (!result) throw resultGone();
    return result;
  }

  /** Rejects with what to do when these bytes would be too many; undefined when there is room. */
  private full(more: number): Promise<void> | undefined {
    const limit = this.limit();
    if (limit === 0) return undefined;
    let bytes = more;
    for (const result of this.results.values()) bytes += result.bytes;
    if (bytes <= limit) return undefined;
    const message = `The results take as much of the disk as the settings let them: ${Math.floor(limit / 1024 / 1024)} MB.`;
    return Promise.reject(new AppError('disk', message, { hint: 'Close tabs whose rows you no longer need, narrow the query down, or raise the limit in the settings.' }));
  }

  /** Files that cannot be deleted now go with the folder, or at the next start. */
  private track(work: Promise<unknown>): void {
    const settled = work.catch(() => undefined).finally(() => this.releasing.delete(settled));
    this.releasing.add(settled);
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AppError('cancelled', 'Cancelled.'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
