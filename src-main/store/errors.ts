import { AppError } from '../errors';

/** What libsql throws; its `code` is SQLite's symbolic name. */
interface SqliteFailure extends Error {
  readonly code: string;
}

function isSqliteFailure(thrown: unknown): thrown is SqliteFailure {
  return thrown instanceof Error && typeof (thrown as Partial<SqliteFailure>).code === 'string' && (thrown as SqliteFailure).code.startsWith('SQLITE_');
}

export function isDamage(thrown: unknown): boolean {
  return isSqliteFailure(thrown) && /^SQLITE_(CORRUPT|NOTADB)/.test(thrown.code);
}

/** SQLite's errors as the program's; what is a defect of a statement stays as it was thrown. */
export function storeError(file: string, thrown: unknown): unknown {
  if (!isSqliteFailure(thrown)) return thrown;
  const rest = { detail: `${thrown.code}: ${thrown.message}` };
  const options = { cause: thrown };
  if (/^SQLITE_(BUSY|LOCKED)/.test(thrown.code)) {
    return new AppError('busy', `The local store ${file} is held by another process.`, { ...rest, hint: 'Another ai-shell is writing for a long time. Try again.' }, options);
  }
  if (isDamage(thrown)) {
    return new AppError('disk', `The local store ${file} is damaged.`, { ...rest, hint: 'Restart the program: it sets the damaged store aside and begins a fresh one.' }, options);
  }
  if (/^SQLITE_FULL/.test(thrown.code)) {
    return new AppError('disk', `No space is left for the local store ${file}.`, { ...rest, hint: 'Free some disk space and try again.' }, options);
  }
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM)/.test(thrown.code)) {
    return new AppError('disk', `The local store ${file} cannot be read or written.`, { ...rest, hint: 'Check the disk, and that the folder is writable.' }, options);
  }
  return thrown;
}
