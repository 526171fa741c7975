import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from './errors';

/** Leftovers of a writer that was killed are older than this, in milliseconds. */
const LEFTOVER_AGE = 60_000;

/**
 * Replaces a file as a whole: written beside it, synced, renamed over it. Whoever reads sees the old or the new content, never a
 * part, also when the program is killed in between. The file gets mode 0600, or `mode`; its folder is created when absent; a symbolic link is
 * followed. Rejects with AppError `disk`.
 */
export async function writeFileAtomic(file: string, content: string | Uint8Array, { mode = 0o600 }: { mode?: number } = {}): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const target = await realpath(file).catch(ifAbsent(file));
    const folder = path.dirname(target);
    const prefix = `.${path.basename(target)}.`;
    await removeLeftovers(folder, prefix);
    const beside = path.join(folder, `${prefix}${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeSynced(beside, content, mode);
      await rename(beside, target);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await syncFolder(folder);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('disk', `${file} could not be written: ${message}`, { hint: 'Check the free space and the permissions of its folder.' }, { cause: error });
  }
}

function ifAbsent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isAbsent(error)) return value;
    throw error;
  };
}

/** Whether a file operation failed because the file or folder is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function writeSynced(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    // Beside what the process's mask took away at the opening.
    if (mode !== 0o600) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable; Windows cannot sync a folder and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  const oldest = Date.now() - LEFTOVER_AGE;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
    const leftover = path.join(folder, name);
    const modified = (await stat(leftover).catch(ifAbsent(null)))?.mtimeMs;
    if (modified !== undefined && modified < oldest) await rm(leftover, { force: true });
  }
}
