import { AppError } from '../errors';

/**
 * One piece of work that several callers wait for. It is aborted when the last of them has given up; each of them is released
 * at once when its own signal aborts.
 */
export class SharedRead<T> {
  private readonly abort = new AbortController();
  private waiting = 0;
  private readonly result: Promise<T>;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.result = work(this.abort.signal);
    // Every caller sees the rejection; that there may be none left is no defect.
    this.result.catch(() => undefined);
  }

  /** True once everybody has given up: it must not be joined any more. */
  get abandoned(): boolean {
    return this.abort.signal.aborted;
  }

  join(signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(cancelled());
    this.waiting += 1;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        this.waiting -= 1;
        if (this.waiting === 0) this.abort.abort();
        reject(cancelled());
      };
      signal.addEventListener('abort', leave, { once: true });
      this.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Cancelled.');
}
