import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors';
import { workerUrl } from '../../workers';
import type { WorkerMessage } from './answer';

export interface WorkerOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (rows: number) => void;
  /** Makes the error of a failed file operation. */
  readonly diskError: (thrown: NodeJS.ErrnoException) => AppError;
  /** Called with the thread; a worker that is given messages. It is asked to stop with `{ kind: 'stop' }` instead of being ended. */
  readonly onThread?: (worker: Worker) => void;
}

/**
 * Runs the worker NAME on `data` until it answers. Aborting ends the thread wherever it is, and the promise rejects with `cancelled`
 * when it has ended; files that it wrote are the caller's to remove (see `onThread` for one that ends by itself).
 */
export async function runWorker<R>(name: string, data: unknown, options: WorkerOptions): Promise<R> {
  if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled.');
  const worker = new Worker(workerUrl(name), { workerData: data });
  const abort = (): void => {
    if (options.onThread) worker.postMessage({ kind: 'stop' });
    else void worker.terminate();
  };
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    options.onThread?.(worker);
    return await answered<R>(worker, options);
  } finally {
    options.signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

function answered<R>(worker: Worker, { signal, onProgress, diskError }: WorkerOptions): Promise<R> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage<R>) => {
      switch (message.kind) {
        case 'progress':
          return onProgress?.(message.rows);
        case 'taken':
          return;
        case 'done':
          return resolve(message.result);
        case 'failed': {
          const { code, message: text, ...rest } = message.error;
          return reject(new AppError(code, text, rest));
        }
        case 'disk':
          return reject(diskError(Object.assign(new Error(message.message), { code: message.code })));
      }
    });
    worker.on('error', reject);
    worker.on('exit', (status) => reject(signal.aborted ? new AppError('cancelled', 'Cancelled.') : new Error(`A worker ended with status ${status} and no answer.`)));
  });
}
