import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { currentOwner, ownerAlive } from '../../store/service';
import { diskError } from './diskError';

const prefix = 'run-';

/** Creates this run's folder for results in `base`; its name says to which process it belongs. Throws AppError `disk`. */
export function createRunFolder(base: string): string {
  try {
    mkdirSync(base, { recursive: true, mode: 0o700 });
    return mkdtempSync(path.join(base, `${prefix}${currentOwner()}-`));
  } catch (error) {
    throw diskError('No folder for results could be made', base, error);
  }
}

/** Removes the folders of processes that are gone. Those of living ones, and everything else, stay. */
export async function removeLeftovers(base: string): Promise<void> {
  for (const entry of readdirSync(base, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
    const owner = entry.name.slice(prefix.length, entry.name.lastIndexOf('-'));
    if (!ownerAlive(owner)) await rm(path.join(base, entry.name), { recursive: true, force: true });
  }
}
