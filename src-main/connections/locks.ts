import { z } from 'zod';
import { toAppError, type AppError } from '../errors';
import type { SecretsService } from '../secrets/service';

/** What to do with the secret of a lock; null forgets it. */
export interface LockSecret {
  readonly lock: string;
  readonly secret: string | null;
}

const stored = z.record(z.string(), z.string());

/**
 * Secrets that lie before a database: SSH passwords and passphrases of key files (see `Lock` in the contract). Each belongs to its
 * lock, which names the server or the file, so that an edited definition cannot lead it elsewhere.
 */
export class Locks {
  /** Typed in this run. */
  private readonly supplied = new Map<string, string>();

  constructor(private readonly secrets: SecretsService) {}

  /** Uses it in this run only, for every connection that meets the lock. */
  supply(lock: string, secret: string): void {
    this.secrets.remember(secret);
    this.supplied.set(lock, secret);
  }

  /** Drops what was typed. */
  withdraw(lock: string): void {
    this.supplied.delete(lock);
  }

  /** Rejects with `secrets_locked` when one may be stored and cannot be read. */
  async of(id: string, lock: string): Promise<string | undefined> {
    return this.supplied.get(lock) ?? (await this.read(id))[lock];
  }

  /** The locks of a connection whose secret is stored; none while the place of secrets is locked. */
  async known(id: string): Promise<string[]> {
    return Object.keys(await this.read(id).catch(unlessLocked({})));
  }

  /** Applies the changes and forgets the secrets of locks that the connection no longer has. */
  async store(id: string, locks: readonly string[], changes: readonly LockSecret[]): Promise<void> {
    const before = await this.read(id).catch(unlessLocked(null));
    const set = changes.filter((change): change is { lock: string; secret: string } => change.secret !== null && change.secret !== '');
    // Nothing can be stored while the place is locked, and there is nothing to forget that could be reached.
    if (before === null && set.length === 0) return;
    for (const { lock, secret } of set) {
      this.withdraw(lock);
      this.secrets.remember(secret);
    }
    const forgotten = new Set(changes.filter(({ secret }) => secret === null).map(({ lock }) => lock));
    const kept = Object.entries(before ?? {}).filter(([lock]) => locks.includes(lock) && !forgotten.has(lock));
    const now = { ...Object.fromEntries(kept), ...Object.fromEntries(set.map(({ lock, secret }) => [lock, secret])) };
    if (Object.keys(now).length > 0) await this.secrets.set(secretName(id), JSON.stringify(now));
    else if (before !== null && Object.keys(before).length > 0) await this.secrets.delete(secretName(id));
  }

  /** Gives a new connection the stored secrets of another one. */
  async copy(from: string, to: string): Promise<void> {
    const secrets = await this.read(from).catch(unlessLocked({}));
    if (Object.keys(secrets).length > 0) await this.secrets.set(secretName(to), JSON.stringify(secrets));
  }

  async remove(id: string): Promise<void> {
    await this.secrets.delete(secretName(id)).catch(unlessLocked(undefined));
  }

  private async read(id: string): Promise<z.infer<typeof stored>> {
    // Where no place was ever chosen nothing is stored, and nobody need choose one to be told so.
    if ((await this.secrets.status()).place === null) return {};
    const text = await this.secrets.get(secretName(id));
    if (text === null) return {};
    try {
      const secrets = stored.parse(JSON.parse(text));
      for (const secret of Object.values(secrets)) this.secrets.remember(secret);
      return secrets;
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
      throw error;
    }
  }
}

function secretName(id: string): string {
  return `connection:${id}:locks`;
}

function unlessLocked<T>(value: T): (thrown: unknown) => T {
  return (thrown) => {
    const error = toAppError(thrown);
    if (error.code !== 'secrets_locked') throw error;
    return value;
  };
}

/**
 * Looks secrets up while a connection is being opened; a place that is locked only matters when a lock does not open without its secret:
 * then `explain` puts that in the place of the question.
 */
export function lookUpLocks(find: (lock: string) => Promise<string | undefined>): { secret: (lock: string) => Promise<string | undefined>; explain: (error: AppError) => AppError } {
  let withheld: AppError | null = null;
  return {
    secret: (lock) =>
      find(lock).catch((thrown: unknown) => {
        const error = toAppError(thrown);
        if (error.code !== 'secrets_locked') throw error;
        withheld = error;
        return undefined;
      }),
    explain: (error) => (withheld !== null && error.data.question?.kind === 'secret' ? withheld : error),
  };
}
