import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { ExportPart, ExportSpec } from '../../../src-preload/contract/exportSpec';
import type { Column } from '../../../src-preload/contract/queries';
import type { RowBatch } from '../../drivers/driver';
import { AppError } from '../../errors';
import { diskError } from '../results/diskError';
import type { ResultRef, ResultStore } from '../results/resultStore';
import type { WorkerMessage } from '../workers/answer';
import { runWorker } from '../workers/runWorker';
import { stagingOf } from './parquet';
import type { ExportColumn } from './rowEncoder';
import type { ExportTask, StoredRows, ToWorker, Written } from './writeRows';

/** Into what, and how. */
export interface FileRequest {
  readonly spec: ExportSpec;
  readonly gzip: boolean;
  /** An absolute path; a file that is there is replaced. */
  readonly target: string;
  /** Default the file's name. */
  readonly title?: string;
  readonly overriding?: boolean;
}

export interface ExportOptions {
  readonly signal: AbortSignal;
  /** Called now and then with the rows written so far. */
  readonly onProgress?: (rows: number, total: number) => void;
}

/** Bytes that are sent to the worker at a time, and pieces that may be under way. */
const pieceBytes = 1024 * 1024;
const mostUnderWay = 4;

/**
 * Writes a whole result, view or a part of it, waiting for its last rows. The file is written beside its target and renamed when it is
 * complete and synced: whoever looks sees no half file, and after an abort or an error there is none. Rejects with AppError
 * `bad_input`, `not_found`, `disk`, `cancelled`.
 */
export async function exportFile(results: ResultStore, ref: ResultRef, part: ExportPart, request: FileRequest, options: ExportOptions): Promise<Written> {
  return results.withFiles(ref, options.signal, async ({ columns, rowsFile, bytes, rows, viewFile }) => {
    const chosen = (part.columns ?? columns.map((_, index) => index)).map((index) => {
      const column = columns[index];
      if (!column) throw new AppError('bad_input', `The result has no column ${index}.`);
      return exportColumn(column, index);
    });
    const total = part.rows === null ? rows : Math.max(0, Math.min(rows, part.rows.to) - part.rows.from);
    const source: StoredRows = { rowsFile, bytes, viewFile, range: part.rows };
    return writeFile(chosen, request, source, { signal: options.signal, onProgress: (done) => options.onProgress?.(done, total), onThread: () => undefined });
  });
}

/** A file that rows are sent to as they come; see `exportFile` for what holds for the file. */
export class SentRows {
  private readonly written: Promise<Written>;
  private thread: Worker | null = null;
  private failure: { readonly error: unknown } | null = null;
  private piece: Buffer = Buffer.allocUnsafeSlow(pieceBytes);
  private used = 0;
  private underWay = 0;
  private release: (() => void) | null = null;
  private readonly abandoned = new AbortController();

  constructor(columns: readonly Column[], request: FileRequest, options: { readonly signal: AbortSignal; readonly onProgress?: (rows: number) => void }) {
    const signal = AbortSignal.any([options.signal, this.abandoned.signal]);
    this.written = writeFile(columns.map(exportColumn), request, null, { ...options, signal, onThread: (worker) => this.follow(worker) });
    this.written.catch((error: unknown) => {
      this.failure = { error };
      this.release?.();
    });
  }

  /** Copies the rows. A returned promise asks the caller to wait; it rejects, or this throws, when the file failed. */
  rows(batch: RowBatch): Promise<void> | undefined {
    if (this.failure) throw this.failure.error;
    const { bytes } = batch;
    if (bytes.length > this.piece.length - this.used) this.post();
    if (bytes.length > this.piece.length) this.send(Buffer.from(bytes));
    else {
      this.piece.set(bytes, this.used);
      this.used += bytes.length;
    }
    return this.underWay < mostUnderWay ? undefined : this.room();
  }

  /** No more rows come. Resolves when the file is there under its name. */
  async end(): Promise<Written> {
    this.post();
    this.thread?.postMessage({ kind: 'end' } satisfies ToWorker);
    return this.written;
  }

  /** Gives the file up; resolves when nothing of it is left. */
  async discard(): Promise<void> {
    this.abandoned.abort();
    await this.written.catch(() => undefined);
  }

  private async room(): Promise<void> {
    await new Promise<void>((resolve) => (this.release = resolve));
    if (this.failure) throw this.failure.error;
  }

  private post(): void {
    if (this.used === 0) return;
    const full = this.piece.subarray(0, this.used);
    this.piece = Buffer.allocUnsafeSlow(pieceBytes);
    this.used = 0;
    this.send(full);
  }

  private send(bytes: Buffer): void {
    this.underWay += 1;
    this.thread?.postMessage({ kind: 'rows', bytes } satisfies ToWorker, [bytes.buffer as ArrayBuffer]);
  }

  private follow(worker: Worker): void {
    this.thread = worker;
    worker.on('message', (message: WorkerMessage<Written>) => {
      if (message.kind !== 'taken') return;
      this.underWay -= 1;
      this.release?.();
    });
  }
}

function exportColumn({ name, type, family }: Column, index: number): ExportColumn {
  return { name, type, family, index };
}

interface ThreadOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (rows: number) => void;
  readonly onThread: (worker: Worker) => void;
}

async function writeFile(columns: readonly ExportColumn[], { spec, gzip, target, title, overriding = false }: FileRequest, source: StoredRows | null, options: ThreadOptions): Promise<Written> {
  if (!path.isAbsolute(target)) throw new AppError('bad_input', `${target} is not an absolute path.`, { hint: 'Choose a file by its full path.' });
  const folder = path.dirname(target);
  const beside = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString('hex')}.partial`);
  const task: ExportTask = { plan: { columns, spec, gzip, target: beside, title: title ?? path.parse(target).name, overriding }, source };
  const asDiskError = (thrown: unknown): AppError => diskError(`${target} could not be written`, folder, thrown);
  try {
    const written = await runWorker<Written>('rowsExport', task, { ...options, diskError: asDiskError });
    await rename(beside, target).catch((error: unknown) => Promise.reject(asDiskError(error)));
    return written;
  } catch (error) {
    const staging = stagingOf(beside);
    await Promise.all([beside, staging, `${staging}.wal`, `${staging}.tmp`].map((file) => rm(file, { force: true, recursive: true })));
    throw error;
  }
}
