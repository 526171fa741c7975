import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors';
import { workerUrl } from '../../workers';
import type { ImportPreview, ImportScan } from '../../../src-preload/contract/imports';
import type { Piece, ReaderMessage, ReaderTask } from './tasks';

interface ThreadOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (bytes: number, size: number, rows: number) => void;
}

/** Runs a task that ends with one result. Aborting ends the thread and rejects with `cancelled`. */
export async function inThread<R extends ImportPreview | ImportScan>(task: ReaderTask, options: ThreadOptions): Promise<R> {
  const thread = new ReaderThread(task, options);
  try {
    for (let piece = await thread.next(); piece !== null; piece = await thread.next());
    return thread.result as R;
  } finally {
    await thread.close();
  }
}

/** The rows of a file, a piece at a time; the thread reads no more than a few pieces ahead. */
export async function* readPieces(task: Extract<ReaderTask, { kind: 'read' }>, signal: AbortSignal): AsyncGenerator<Piece> {
  const thread = new ReaderThread(task, { signal });
  try {
    for (let piece = await thread.next(); piece !== null; piece = await thread.next()) yield piece;
  } finally {
    await thread.close();
  }
}

class ReaderThread {
  result: ImportPreview | ImportScan | null = null;
  private readonly worker: Worker;
  private readonly pieces: Piece[] = [];
  private over: { error: Error | null } | null = null;
  private wake: (() => void) | null = null;
  private readonly abort = (): void => this.end(new AppError('cancelled', 'Cancelled.'));

  constructor(
    task: ReaderTask,
    private readonly options: ThreadOptions,
  ) {
    options.signal.addEventListener('abort', this.abort, { once: true });
    // V8's own heap of the thread is bounded, so that a defect there cannot take the machine's memory.
    this.worker = new Worker(workerUrl('importReader'), { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    this.worker.on('message', (message: ReaderMessage) => this.hear(message));
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('The thread that reads the file ended without an answer.')));
    if (options.signal.aborted) this.abort();
  }

  /** The next piece; null at the end. */
  async next(): Promise<Piece | null> {
    for (;;) {
      const piece = this.pieces.shift();
      if (piece) {
        this.worker.postMessage('more');
        return piece;
      }
      if (this.over?.error) throw this.over.error;
      if (this.over) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async close(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.abort);
    await this.worker.terminate();
  }

  private hear(message: ReaderMessage): void {
    switch (message.kind) {
      case 'piece':
        this.pieces.push(message.piece);
        return this.wake?.();
      case 'progress':
        return this.options.onProgress?.(message.bytes, message.size, message.rows);
      case 'done':
        this.result = message.result;
        return this.end(null);
      case 'failed': {
        const { code, message: words, ...rest } = message.error;
        return this.end(new AppError(code, words, rest));
      }
    }
  }

  private end(error: Error | null): void {
    if (this.over) return;
    this.over = { error };
    if (error) this.pieces.length = 0;
    this.wake?.();
  }
}
