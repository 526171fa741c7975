import type { ConnectionsService } from '../connections/service';
import type { Connection } from '../drivers/driver';

/** Sessions that tiles of one connection take at the same time: a dashboard must not crowd out who works on the server. */
const MOST_SESSIONS = 2;
/** Milliseconds without a reading after which the sessions close. */
const IDLE_MS = 60_000;
/** What a DBA sees in the server's list. */
const APPLICATION_NAME = 'ai-shell dashboard';

interface Pool {
  readonly free: string[];
  readonly waiting: (() => void)[];
  timer: NodeJS.Timeout | null;
}

/** Server sessions for reading tiles: few for each connection, kept between readings. */
export class TileSessions {
  private readonly pools = new Map<string, Pool>();

  constructor(private readonly connections: ConnectionsService) {}

  /** Runs work on a session once one is free. Rejects with the errors of connecting, `cancelled` when the signal aborts while it waits. */
  async run<T>(connectionId: string, signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> {
    const pool = this.poolOf(connectionId);
    const key = await this.take(pool, signal);
    try {
      return await work(await this.connections.session(connectionId, key, { applicationName: APPLICATION_NAME, signal }));
    } finally {
      this.giveBack(connectionId, pool, key);
    }
  }

  /** Closes what is kept. */
  async close(): Promise<void> {
    for (const { timer } of this.pools.values()) if (timer) clearTimeout(timer);
    await Promise.all([...this.pools].map(([connectionId, pool]) => this.closeSessions(connectionId, pool)));
  }

  private poolOf(connectionId: string): Pool {
    let pool = this.pools.get(connectionId);
    if (!pool) {
      pool = { free: Array.from({ length: MOST_SESSIONS }, (_, index) => `dashboard:${index}`), waiting: [], timer: null };
      this.pools.set(connectionId, pool);
    }
    if (pool.timer) clearTimeout(pool.timer);
    pool.timer = null;
    return pool;
  }

  private async take(pool: Pool, signal: AbortSignal): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      const key = pool.free.shift();
      if (key !== undefined) return key;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        pool.waiting.push(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  private giveBack(connectionId: string, pool: Pool, key: string): void {
    pool.free.unshift(key);
    // Who was given up meanwhile leaves its place in the row to the next.
    for (const wake of pool.waiting.splice(0)) wake();
    if (pool.free.length < MOST_SESSIONS || pool.timer) return;
    pool.timer = setTimeout(() => void this.closeSessions(connectionId, pool).catch(() => undefined), IDLE_MS).unref();
  }

  /** Nobody can take a session while it closes. */
  private async closeSessions(connectionId: string, pool: Pool): Promise<void> {
    const keys = pool.free.splice(0);
    try {
      for (const key of keys) await this.connections.closeSession(connectionId, key);
    } finally {
      pool.free.push(...keys);
      for (const wake of pool.waiting.splice(0)) wake();
    }
  }
}
