import Database from 'libsql';
import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../errors';

/** What the owner of a folder tells other programs of the same person; the file can be read by that person only. */
const ownerCard = z.object({
  processId: z.number().int(),
  /** For people, such as `the ai-shell command`. */
  program: z.string(),
  since: z.iso.datetime(),
  /** Where the owner listens; null while the database is being made. */
  door: z.object({ path: z.string(), token: z.string() }).nullable(),
});
export type OwnerCard = z.infer<typeof ownerCard>;

/**
 * The exclusive right to open one embedded database. It is a lock of the operating system on a file beside the folder, taken
 * through SQLite, so that it ends with the process however that ends. (Not inside the folder: POSIX locks end when the process
 * closes any handle of the file, and PostgreSQL opens and closes every file of its folder during recovery.)
 */
export class FolderLock {
  private constructor(
    readonly folder: string,
    private readonly lock: Database.Database,
  ) {}

  /** Null when another process, or another part of this one, holds it. Rejects with AppError `disk`. */
  static take(folder: string): FolderLock | null {
    const file = `${folder}.ai-shell.lock`;
    let lock: Database.Database | null = null;
    try {
      lock = new Database(file);
      lock.exec('pragma busy_timeout = 0; pragma journal_mode = off; begin exclusive');
      return new FolderLock(folder, lock);
    } catch (thrown) {
      lock?.close();
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
      if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return null;
      throw new AppError('disk', `The lock file ${file} cannot be made: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
        hint: 'An embedded database may be open in one program only, and this file makes sure of it. Its folder must be writable.',
      }, { cause: thrown });
    }
  }

  /** Says who holds the folder and where they listen. */
  announce(card: Omit<OwnerCard, 'processId' | 'since'>): void {
    const complete: OwnerCard = { ...card, processId: process.pid, since: new Date().toISOString() };
    const file = cardFile(this.folder);
    const draft = `${file}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, JSON.stringify(complete), { mode: 0o600 });
    renameSync(draft, file);
  }

  /** Idempotent. The lock file stays: deleting it would let two processes lock two files of the same name. */
  release(): void {
    if (!this.lock.open) return;
    rmSync(cardFile(this.folder), { force: true });
    this.lock.exec('rollback');
    this.lock.close();
  }
}

/** What the owner announced, or what an owner that was killed left behind; null when there is nothing to read. */
export function readOwner(folder: string): OwnerCard | null {
  try {
    return ownerCard.parse(JSON.parse(readFileSync(cardFile(folder), 'utf8')));
  } catch {
    return null;
  }
}

/** The one name of a folder that may not exist yet: two paths to the same place must give one lock. */
export function canonicalFolder(folder: string): string {
  const absolute = path.resolve(folder);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = path.dirname(absolute);
    return parent === absolute ? absolute : path.join(canonicalFolder(parent), path.basename(absolute));
  }
}

function cardFile(folder: string): string {
  return `${folder}.ai-shell.json`;
}
