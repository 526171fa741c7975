import type { MessagePort } from 'node:worker_threads';
import { AppError } from '../../errors';
import type { AppErrorData } from '../../../src-preload/contract/error';

/** What a worker of this feature sends to the main thread. */
export type WorkerMessage<R> =
  | { readonly kind: 'progress'; readonly rows: number }
  /** A worker that is sent rows has used one more piece of them. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'done'; readonly result: R }
  | { readonly kind: 'failed'; readonly error: AppErrorData }
  /** A file operation failed; `code` is the system's, such as ENOSPC. */
  | { readonly kind: 'disk'; readonly code: string; readonly message: string };

/** Does a worker's one piece of work and sends its result, or what went wrong as data. */
export function answer<R>(port: MessagePort | null, work: (progress: (rows: number) => void) => R): void {
  const send = (message: WorkerMessage<R>): void => port?.postMessage(message);
  try {
    send({ kind: 'done', result: work((rows) => send({ kind: 'progress', rows })) });
  } catch (error) {
    send(failure(error));
  }
}

/** The same for work that waits for something; the thread goes on living until it is ended. */
export async function answerLater<R>(port: MessagePort | null, work: (send: (message: WorkerMessage<R>) => void) => Promise<R>): Promise<void> {
  const send = (message: WorkerMessage<R>): void => port?.postMessage(message);
  try {
    send({ kind: 'done', result: await work(send) });
  } catch (error) {
    send(failure(error));
  }
}

function failure(error: unknown): WorkerMessage<never> {
  if (error instanceof AppError) return { kind: 'failed', error: error.data };
  const { code } = error as NodeJS.ErrnoException;
  // Anything else is a defect: it ends the worker, and the main thread reports it with its stack.
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return { kind: 'disk', code, message: (error as Error).message };
}
