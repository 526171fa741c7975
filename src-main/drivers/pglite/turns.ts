/** Who waits, or why they may not. */
export interface Waiting<S> {
  readonly session: S;
  readonly resolve: () => void;
  readonly reject: (refusal: Error) => void;
}

/** Somebody else has a transaction open. */
export class HeldByTransaction<S> extends Error {
  constructor(
    readonly holder: S,
    readonly sinceMs: number,
  ) {
    super('Another session holds an open transaction.');
    this.name = 'HeldByTransaction';
  }
}

/**
 * How long an open transaction may pause between two statements before others are refused. A program's own transactions (the
 * read-only lane) send the next statement at once, and whoever meets one waits for its end; a person's do not.
 */
const pauseMs = 250;

/**
 * Hands the only backend out: to one session at a time, for one statement or for a whole transaction. Others wait in line while a
 * statement runs, and are refused when a transaction is open and nothing runs in it.
 */
export class Turns<S extends object> {
  private holder: S | null = null;
  /** Since when the holder's transaction has been open without a running statement; by `performance.now()`. */
  private pausedSince: number | null = null;
  private timer: NodeJS.Timeout | null = null;
  private line: Waiting<S>[] = [];

  /** Resolves when the session may send a statement. Rejects with HeldByTransaction, or with what `withdraw` was given. */
  acquire(session: S): Promise<void> {
    if (this.holder === session) {
      this.running();
      return Promise.resolve();
    }
    if (this.holder === null && this.line.length === 0) {
      this.holder = session;
      return Promise.resolve();
    }
    const refusal = this.refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => this.line.push({ session, resolve, reject }));
  }

  /** The session's statement is over; it keeps the backend while its transaction is open. */
  release(session: S, transactionOpen: boolean): void {
    if (this.holder !== session) return;
    if (transactionOpen) {
      this.pausedSince = performance.now();
      this.timer = setTimeout(() => this.refuseLine(), pauseMs);
      return;
    }
    this.running();
    this.holder = null;
    const next = this.line.shift();
    if (!next) return;
    this.holder = next.session;
    next.resolve();
  }

  holds(session: S): boolean {
    return this.holder === session;
  }

  /** Takes the session out of the line; true when it stood there. */
  withdraw(session: S, reason: Error): boolean {
    const index = this.line.findIndex((waiting) => waiting.session === session);
    if (index < 0) return false;
    this.line.splice(index, 1)[0]?.reject(reason);
    return true;
  }

  private running(): void {
    this.pausedSince = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private refusal(): HeldByTransaction<S> | null {
    if (this.holder === null || this.pausedSince === null) return null;
    const paused = performance.now() - this.pausedSince;
    return paused >= pauseMs ? new HeldByTransaction(this.holder, paused) : null;
  }

  private refuseLine(): void {
    this.timer = null;
    const { holder } = this;
    if (holder === null) return;
    const line = this.line;
    this.line = [];
    for (const waiting of line) waiting.reject(new HeldByTransaction(holder, pauseMs));
  }
}
