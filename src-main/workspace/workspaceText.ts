import { readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAbsent, writeFileAtomic } from '../atomicFile';
import { AppError } from '../errors';
import type { WorkspaceText } from './service';
import { watchFolder, type FolderWatch } from './watchFolder';

/** See `Workspace.text`; `open` takes what watches until the workspace closes. */
export function workspaceText(folder: string, name: string, longest: number, open: Set<FolderWatch>): WorkspaceText {
  const file = path.join(folder, name);
  const listeners = new Set<() => void>();
  let watch: FolderWatch | null = null;
  return {
    path: file,
    read: () => readShort(file, longest),
    write: (text) => writeFileAtomic(file, text),
    setAside: () => setAside(file),
    onChange: (listener) => {
      listeners.add(listener);
      if (!watch) {
        watch = watchFolder(folder, name, async () => listeners.forEach((tell) => tell()));
        open.add(watch);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || !watch) return;
        watch.close();
        open.delete(watch);
        watch = null;
      };
    },
  };
}

async function readShort(file: string, longest: number): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > longest) throw new AppError('bad_input', `${path.basename(file)} has ${size} bytes; more than ${longest} are not read.`, { hint: 'Set it aside and begin a new one.', detail: file });
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    if (error instanceof AppError) throw error;
    throw diskError(`${file} could not be read`, error);
  }
}

async function setAside(file: string): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  const kept = path.join(dir, `${name}.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}${ext}`);
  try {
    await rename(file, kept);
  } catch (error) {
    throw diskError(`${file} could not be set aside`, error);
  }
  return kept;
}

function diskError(what: string, error: unknown): AppError {
  return new AppError('disk', `${what}: ${error instanceof Error ? error.message : String(error)}`, { hint: 'Check the permissions of the file.' }, { cause: error });
}
