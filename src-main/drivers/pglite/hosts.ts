import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, toAppError } from '../../errors';
import { noFolder, prepareOwnFolder } from './buildFolder';
import { knock } from './door';
import { canonicalFolder, FolderLock, readOwner, type OwnerCard } from './folderLock';
import { PgliteHost } from './host';

/** Looks after a folder whose contents the program makes itself. Every call happens while the program holds the folder's lock. */
export interface FolderKeeper {
  /** Makes sure that there is a database. Rejects to say why there is none. */
  prepare(signal: AbortSignal): Promise<void>;
  /** The database did not open because of its own files: sets it aside and makes another one. Rejects to let the error stand. */
  replace(error: AppError, signal: AbortSignal): Promise<void>;
  /** The database is open in this process. */
  opened(): void;
  /** It could not be prepared or opened. */
  failed(error: AppError): void;
}

/** Where a folder's database runs, after somebody connected to it. */
export type Whereabouts = { readonly kind: 'here' } | { readonly kind: 'elsewhere'; readonly owner: OwnerCard };

const retryMs = 100;

/** The embedded databases that this process has open, and the way to those that other processes have open. */
export class PgliteHosts {
  private readonly hosts = new Map<string, Promise<PgliteHost>>();
  private readonly keepers = new Map<string, FolderKeeper>();
  private readonly stop = new AbortController();

  /** `program` names this process to others, such as `the AI-Shell window`. */
  constructor(private readonly program: string) {}

  keep(folder: string, keeper: FolderKeeper): void {
    this.keepers.set(canonicalFolder(folder), keeper);
  }

  /**
   * A stream to the folder's database: opens it here when nobody has it, however long PostgreSQL takes to recover, else goes
   * through its owner's door. An owner that is still preparing is waited for; `wait.heard` hears of it. Rejects with `busy` after
   * `wait.milliseconds` of that, and with the signal's reason.
   */
  async connect(folder: string, signal: AbortSignal, wait: { milliseconds: number; heard?: (owner: OwnerCard | null) => void }): Promise<{ stream: Duplex; where: Whereabouts }> {
    const name = canonicalFolder(folder);
    const began = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const host = await abortable(this.here(name), signal);
      if (host) return { stream: host.connect(), where: { kind: 'here' } };
      const owner = readOwner(name);
      const stream = owner?.door ? await knock(owner.door).catch(() => null) : null;
      if (owner && stream) return { stream, where: { kind: 'elsewhere', owner } };
      // The owner is just opening, closing or dying.
      if (performance.now() - began > wait.milliseconds) throw heldBy(name, owner);
      wait.heard?.(owner);
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Closes the folder's database if this process has it open, and runs `work` while nobody can open it. Rejects with `busy`. */
  async exclusively(folder: string, work: () => Promise<void>): Promise<void> {
    const name = canonicalFolder(folder);
    await this.hosts.get(name)?.then(
      (host) => host.close(),
      () => undefined,
    );
    const lock = FolderLock.take(name);
    if (!lock) throw heldBy(name, readOwner(name));
    try {
      lock.announce({ program: this.program, door: null });
      await work();
    } finally {
      lock.release();
    }
  }

  /** Shuts every database of this process down in order. Idempotent. */
  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all([...this.hosts.values()].map((host) => host.then((open) => open.close()).catch(() => undefined)));
  }

  /** The host of this process; null when another process has the lock. */
  private async here(name: string): Promise<PgliteHost | null> {
    const known = this.hosts.get(name);
    if (known) return known;
    if (this.stop.signal.aborted) throw new AppError('connection_failed', 'The program is closing.');
    const keeper = this.keepers.get(name);
    if (keeper) mkdirSync(path.dirname(name), { recursive: true, mode: 0o700 });
    else if (!existsSync(name)) throw noFolder(name);
    const lock = FolderLock.take(name);
    if (!lock) return null;
    const host = this.start(lock, keeper);
    this.hosts.set(name, host);
    host.catch(() => this.hosts.delete(name));
    return host;
  }

  private async start(lock: FolderLock, keeper: FolderKeeper | undefined): Promise<PgliteHost> {
    const { folder } = lock;
    const { signal } = this.stop;
    try {
      lock.announce({ program: this.program, door: null });
      if (keeper) await keeper.prepare(signal);
      else await prepareOwnFolder(folder, signal);
      const options = { program: this.program, signal, onEnd: () => void this.hosts.delete(folder) };
      const host = await PgliteHost.open(lock, options).catch(async (thrown: unknown) => {
        if (!keeper || !(thrown instanceof AppError) || thrown.code !== 'connection_failed') throw thrown;
        await keeper.replace(thrown, signal);
        return PgliteHost.open(lock, options);
      });
      keeper?.opened();
      return host;
    } catch (thrown) {
      lock.release();
      keeper?.failed(toAppError(thrown));
      throw thrown;
    }
  }
}

/** Says who has the folder. */
function heldBy(folder: string, owner: OwnerCard | null): AppError {
  const who = owner ? `${owner.program} (process ${owner.processId}, since ${owner.since})` : 'Another program';
  const what = owner?.door === null ? 'is preparing' : 'has';
  return new AppError('busy', `${who} ${what} the embedded database in ${folder}${what === 'has' ? ' open' : ''}.`, {
    hint: 'An embedded database can be open in one program only. Wait for it, or close that program.',
  });
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
