import { existsSync, renameSync, statSync } from 'node:fs';
import { AppError } from '../errors';
import { StoreDatabase, clearDamagedMark, wantsCheck } from './database';
import { isDamage } from './errors';
import { migrations } from './migrations/all';

/** Up to this size the whole file is checked at each start; the check reads some 500 MB/s. */
const alwaysCheckedBytes = 64 * 1024 * 1024;

/** Opens, checks and migrates; sets a damaged file aside. `setAside` is the damaged file's new name. */
export function openChecked(file: string): { database: StoreDatabase; setAside: string | null } {
  try {
    return { database: openAndMigrate(file), setAside: null };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    const setAside = setAsideDamaged(file);
    return { database: openAndMigrate(file), setAside };
  }
}

function openAndMigrate(file: string): StoreDatabase {
  const database = StoreDatabase.open(file);
  try {
    check(database);
    migrate(database);
    clearDamagedMark(file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function check(database: StoreDatabase): void {
  if (!wantsCheck(database.file, alwaysCheckedBytes)) return;
  const finding = database.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  if (finding !== 'ok') throw new DamagedStore(finding ?? 'no answer');
}

class DamagedStore extends Error {}

function isDamageError(error: unknown): boolean {
  return error instanceof DamagedStore || (error instanceof AppError && isDamage(error.cause));
}

function migrate(database: StoreDatabase): void {
  const newest = migrations.length;
  if (readVersion(database) === newest) return;
  // Another process may be migrating at this moment: the version is read again under the write lock.
  database.transaction(() => {
    const version = readVersion(database);
    if (version > newest) {
      throw new AppError('bad_input', `The local store ${database.file} was written by a newer version of this program (store version ${version}, this program knows ${newest}).`, {
        hint: 'Start the newer version, or move that file away to begin with an empty history.',
      });
    }
    for (const migration of migrations.slice(version)) {
      database.exec(migration.sql);
      database.exec(`PRAGMA user_version = ${migration.number}`);
    }
  });
}

function readVersion(database: StoreDatabase): number {
  return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/** Renames the file and its companions, so that a person or a recovery tool can still read them. */
function setAsideDamaged(file: string): string {
  const base = `${file}.damaged-${new Date(statSync(file).mtimeMs).toISOString().replace(/[:.]/g, '-')}`;
  let target = base;
  for (let n = 2; existsSync(target); n++) target = `${base}-${n}`;
  renameSync(file, target);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  }
  clearDamagedMark(file);
  return target;
}
