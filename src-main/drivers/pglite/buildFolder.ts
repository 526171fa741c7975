import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../errors';
import { Backend } from './backend';
import { simpleQuery } from './protocol';

/** The version of PostgreSQL inside PGlite, as `PG_VERSION` has it. */
const postgresVersion = '18';

/** Runs statements while a new database is being filled. Rejects with the server's message. */
export type RunScript = (text: string) => Promise<void>;

/** Whether there is a database in the folder at all. */
export function hasDatabase(folder: string): boolean {
  return existsSync(path.join(folder, 'PG_VERSION'));
}

/**
 * Makes a database so that it is there as a whole or not at all: in a folder beside, flushed to the disk, then renamed. What an
 * earlier attempt left there is deleted first. The caller holds the folder's lock, and the folder is absent or empty.
 */
export async function buildDatabase(folder: string, fill: (run: RunScript) => Promise<void>, signal: AbortSignal): Promise<void> {
  const draft = `${folder}.unfinished`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.dirname(draft), { recursive: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const backend = await Backend.open(draft, { fsync: false, signal });
  const abort = (): void => void backend.stop('cancelled');
  signal.addEventListener('abort', abort, { once: true });
  try {
    await fill((text) => runScript(backend, text));
    signal.throwIfAborted();
    await backend.close();
    await flushFolder(draft);
    if (existsSync(folder)) await rmdir(folder);
    await rename(draft, folder);
    await flushFile(path.dirname(folder));
  } catch (thrown) {
    await backend.stop('the build failed');
    await rm(draft, { recursive: true, force: true });
    if (signal.aborted) throw new AppError('cancelled', 'The building of the embedded database was cancelled.', {}, { cause: thrown });
    throw thrown;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Makes sure that a person's own folder has a database that this program can open: an empty folder gets a new one. Rejects with
 * `not_found` or `unsupported`; the folder is then left as it is.
 */
export async function prepareOwnFolder(folder: string, signal: AbortSignal): Promise<void> {
  if (hasDatabase(folder)) {
    const version = (await readFile(path.join(folder, 'PG_VERSION'), 'utf8')).trim();
    if (version === postgresVersion) return;
    throw new AppError('unsupported', `The database in ${folder} was written by PostgreSQL ${version}; the embedded one is PostgreSQL ${postgresVersion}.`, {
      hint: 'Open it with a program that has that version, dump it with pg_dump, and restore the dump into an empty folder.',
    });
  }
  const names = await readdir(folder);
  if (names.length > 0) throw new AppError('not_found', `There is no PostgreSQL database in ${folder}.`, { hint: 'Name the folder that contains PG_VERSION, or an empty folder for a new database.' });
  await buildDatabase(folder, () => Promise.resolve(), signal);
}

export function noFolder(folder: string): AppError {
  return new AppError('not_found', `There is no folder ${folder}.`, { hint: 'Check the path. To begin a new embedded database, make an empty folder and name it.' });
}

async function runScript(backend: Backend, text: string): Promise<void> {
  const parts: Buffer[] = [];
  const result = await backend.run(1, { values: {}, role: 'none', sessionUser: 'postgres' }, simpleQuery(text), (bytes) => {
    parts.push(bytes);
    return Promise.resolve();
  });
  await result.settled;
  const error = firstError(Buffer.concat(parts));
  if (error !== null) throw new AppError('server_error', error);
  if (result.status !== 'I') throw new AppError('internal', 'A script left its transaction open.');
}

/** The words of the first ErrorResponse. */
function firstError(bytes: Buffer): string | null {
  for (let offset = 0; offset + 5 <= bytes.length; offset += 1 + bytes.readInt32BE(offset + 1)) {
    if (bytes[offset] !== 0x45) continue;
    const fields = bytes.toString('utf8', offset + 5, offset + 1 + bytes.readInt32BE(offset + 1)).split('\0');
    const field = (code: string): string => fields.find((text) => text.startsWith(code))?.slice(1) ?? '';
    return [field('M'), field('D'), field('W')].filter((text) => text !== '').join('\n');
  }
  return null;
}

/** PostgreSQL ran without fsync: everything is flushed once, before the folder gets its name. */
async function flushFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() || entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let index = lane; index < files.length; index += 8) await flushFile(files[index] ?? folder);
  });
  await Promise.all(lanes);
  await flushFile(folder);
}

async function flushFile(file: string): Promise<void> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (thrown) {
    // Windows has no handles of folders; it keeps names by itself.
    if (process.platform === 'win32') return;
    throw thrown;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
