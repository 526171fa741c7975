import { isDeepStrictEqual } from 'node:util';
import type { ConnectionTarget } from '../../src-preload/contract/connections';
import { databaseOf } from '../../src-preload/contract/database';
import type { Connection } from '../drivers/driver';
import { AppError, toAppError } from '../errors';

/** After this many milliseconds without use a session is asked whether it still answers, before it is handed out. */
const PING_AFTER = 30_000;
/** Milliseconds for that answer; a session on a cut line would wait for minutes. */
const PING_TIMEOUT = 5_000;

export interface SessionRequest {
  readonly id: string;
  readonly key: string;
  readonly applicationName: string;
  readonly signal: AbortSignal;
}

/** Opens a session; decided by the caller, which knows drivers and passwords. */
export type Opener = (signal: AbortSignal) => Promise<{ connection: Connection; target: ConnectionTarget }>;

/** What became of a connection's sessions. */
export interface SessionsState {
  readonly opening: number;
  readonly open: readonly Connection[];
  /** Why the last session that was lost, or could not be opened, is not there. */
  readonly failure: { kind: 'lost' | 'failed'; error: AppError } | null;
}

interface Live {
  readonly id: string;
  readonly connection: Connection;
  readonly target: ConnectionTarget;
  lastUsed: number;
}

interface Opening {
  readonly id: string;
  readonly controller: AbortController;
  readonly promise: Promise<Live>;
  waiting: number;
}

/**
 * The sessions of all connections, one for each (connection, key). One that is being opened is shared by all who ask for it and
 * given up when the last of them goes away. One that was lost while idle is opened anew for the next who asks; one that was lost
 * inside a transaction rejects once, so that nobody goes on in the belief that the transaction is still there.
 */
export class Sessions {
  private readonly live = new Map<string, Live>();
  private readonly openings = new Map<string, Opening>();
  /** Of `withSession`: nobody else gets them. */
  private readonly shortLived = new Set<Live>();
  private readonly lostTransactions = new Map<string, AppError>();
  private readonly failures = new Map<string, SessionsState['failure']>();
  private readonly listeners = new Set<(id: string) => void>();

  /** Of sessions that are being asked by `check`: whoever wants one meanwhile waits for the answer. */
  private readonly checks = new Map<string, Promise<void>>();
  private readonly now: () => number;
  private readonly unanswered: (id: string) => void;

  /** `unanswered` is told the connection of a session that gave no answer. */
  constructor({ now = Date.now, unanswered = () => undefined }: { now?: () => number; unanswered?: (id: string) => void } = {}) {
    this.now = now;
    this.unanswered = unanswered;
  }

  /** The session of a key, see the class. `target` is where it should lead to by now. */
  async get(request: SessionRequest, target: ConnectionTarget, open: Opener): Promise<Connection> {
    const slot = slotOf(request.id, request.key);
    await this.checks.get(slot);
    const gone = this.lostTransactions.get(slot);
    if (gone) {
      this.lostTransactions.delete(slot);
      throw gone;
    }
    const live = this.live.get(slot);
    if (live && (await this.usable(slot, live, target, request.signal))) {
      live.lastUsed = this.now();
      return live.connection;
    }
    return (await this.share(slot, request, open)).connection;
  }

  /** Asks every session whether it still answers, whoever used it lately; one that does not is lost. */
  async check(): Promise<void> {
    await Promise.all(
      [...this.live].map(async ([slot, live]) => {
        const check = this.checkOne(slot, live).finally(() => this.checks.delete(slot));
        this.checks.set(slot, check);
        await check;
      }),
    );
  }

  /** Runs work on a session of its own and closes it, come what may. */
  async with<T>(id: string, signal: AbortSignal, open: Opener, work: (connection: Connection) => Promise<T>): Promise<T> {
    const { connection, target } = await this.opened(id, open(signal));
    const live: Live = { id, connection, target, lastUsed: this.now() };
    this.shortLived.add(live);
    connection.onLost(() => this.forgetShortLived(live));
    this.tell(id);
    try {
      return await work(connection);
    } finally {
      this.forgetShortLived(live);
      await connection.close();
    }
  }

  async close(id: string, key: string): Promise<void> {
    await this.closeSlots((slot) => slot === slotOf(id, key));
  }

  async closeConnection(id: string): Promise<void> {
    const ofConnection = (own: string): boolean => own === id || databaseOf(own).connectionId === id;
    this.failures.delete(id);
    await this.closeSlots((slot) => ofConnection(slot.slice(0, slot.indexOf('\0'))));
    await Promise.all([...this.shortLived].filter((live) => ofConnection(live.id)).map((live) => live.connection.close()));
    this.tell(id);
  }

  async closeAll(): Promise<void> {
    await this.closeSlots(() => true);
    await Promise.all([...this.shortLived].map((live) => live.connection.close()));
  }

  state(id: string): SessionsState {
    const own = (entry: { id: string }): boolean => entry.id === id;
    return {
      opening: [...this.openings.values()].filter(own).length,
      open: [...[...this.live.values()].filter(own), ...[...this.shortLived].filter(own)].map((live) => live.connection),
      failure: this.failures.get(id) ?? null,
    };
  }

  /** Told the connection's id whenever `state` of it changed. */
  onChange(listener: (id: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async checkOne(slot: string, live: Live): Promise<void> {
    try {
      await live.connection.ping(AbortSignal.timeout(PING_TIMEOUT));
    } catch (thrown) {
      const error = toAppError(thrown);
      // Somebody waits for a statement's answer, which comes or does not; the line's own keep-alive decides.
      if (error.code === 'busy') return;
      this.unanswered(live.id);
      this.lost(slot, live, error.code === 'cancelled' ? new AppError('connection_lost', 'The server gave no answer.', { hint: 'The next statement opens a new session.' }) : error);
      await live.connection.close();
    }
  }

  private async usable(slot: string, live: Live, target: ConnectionTarget, signal: AbortSignal): Promise<boolean> {
    if (live.connection.transaction !== 'idle') return true;
    if (!isDeepStrictEqual(live.target, target)) {
      await this.drop(slot, live);
      return false;
    }
    if (this.now() - live.lastUsed < PING_AFTER) return true;
    try {
      await live.connection.ping(AbortSignal.any([signal, AbortSignal.timeout(PING_TIMEOUT)]));
      return this.live.get(slot) === live;
    } catch (thrown) {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled.', {}, { cause: thrown });
      // Somebody's statement runs on it: it answers by definition.
      if (toAppError(thrown).code === 'busy') return true;
      this.unanswered(live.id);
      await this.drop(slot, live);
      return false;
    }
  }

  private async share(slot: string, request: SessionRequest, open: Opener): Promise<Live> {
    const opening = this.openings.get(slot) ?? this.start(slot, request.id, open);
    opening.waiting += 1;
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        opening.waiting -= 1;
        if (opening.waiting === 0) opening.controller.abort();
        reject(new AppError('cancelled', 'Cancelled while connecting.'));
      };
      if (request.signal.aborted) aborted();
      else request.signal.addEventListener('abort', aborted, { once: true });
      void opening.promise.then(resolve, reject).finally(() => request.signal.removeEventListener('abort', aborted));
    });
  }

  private start(slot: string, id: string, open: Opener): Opening {
    const controller = new AbortController();
    const settled = this.opened(id, open(controller.signal)).then(async ({ connection, target }) => {
      this.openings.delete(slot);
      // The last who waited went away just as the server let us in.
      if (controller.signal.aborted) {
        await connection.close();
        throw new AppError('cancelled', 'Cancelled while connecting.');
      }
      const live: Live = { id, connection, target, lastUsed: this.now() };
      this.live.set(slot, live);
      connection.onLost((reason) => this.lost(slot, live, reason));
      return live;
    });
    const promise = settled.finally(() => {
      this.openings.delete(slot);
      this.tell(id);
    });
    const opening: Opening = { id, controller, promise, waiting: 0 };
    this.openings.set(slot, opening);
    this.tell(id);
    return opening;
  }

  private async opened<T>(id: string, opening: Promise<T>): Promise<T> {
    try {
      const result = await opening;
      this.failures.delete(id);
      return result;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'cancelled') this.failures.set(id, { kind: 'failed', error });
      throw error;
    }
  }

  private lost(slot: string, live: Live, reason: Error): void {
    if (this.live.get(slot) !== live) return;
    const inTransaction = live.connection.transaction !== 'idle';
    this.live.delete(slot);
    const error = toAppError(reason);
    this.failures.set(live.id, { kind: 'lost', error });
    if (inTransaction) this.lostTransactions.set(slot, transactionGone(error));
    this.tell(live.id);
  }

  private async drop(slot: string, live: Live): Promise<void> {
    if (this.live.get(slot) === live) this.live.delete(slot);
    await live.connection.close();
    this.tell(live.id);
  }

  private forgetShortLived(live: Live): void {
    if (this.shortLived.delete(live)) this.tell(live.id);
  }

  private async closeSlots(matches: (slot: string) => boolean): Promise<void> {
    for (const slot of [...this.lostTransactions.keys()].filter(matches)) this.lostTransactions.delete(slot);
    const openings = [...this.openings].filter(([slot]) => matches(slot)).map(([, opening]) => opening);
    for (const opening of openings) opening.controller.abort();
    await Promise.allSettled(openings.map((opening) => opening.promise));
    await Promise.all([...this.live].filter(([slot]) => matches(slot)).map(([slot, live]) => this.drop(slot, live)));
  }

  private tell(id: string): void {
    for (const listener of [...this.listeners]) listener(id);
  }
}

function slotOf(id: string, key: string): string {
  return `${id}\0${key}`;
}

function transactionGone(reason: AppError): AppError {
  return new AppError(
    'connection_lost',
    'The connection was lost inside a transaction; the server has rolled it back, unless a COMMIT was on its way.',
    { ...(reason.data.serverCode === undefined ? {} : { serverCode: reason.data.serverCode }), hint: 'Nothing was sent again. Look at the data, then start the transaction anew; the next statement opens a new session.', detail: reason.message },
    { cause: reason },
  );
}
