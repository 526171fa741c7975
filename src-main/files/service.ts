import { watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import type { FileFormat, FileStamp, FileState, OpenedFile } from '../../src-preload/contract/files';
import { AppError, toAppError } from '../errors';
import type { Store } from '../store/service';
import { hashOfFile, readTextFile, writeTextFile } from './textFile';

export { readTextFile, writeTextFile } from './textFile';

/** Text files of the window: only those that a person chose in a dialog, in this run or an earlier one. */
export interface FilesService {
  /** Lets the window name this file from now on, also after a restart; called with what a dialog gave. */
  choose(file: string): void;
  /** Rejects with `refused` for a file that the window may not name, and as `readTextFile`. */
  read(file: string): Promise<OpenedFile>;
  /** Rejects with `busy` when the file is not what the stamp says, unless `overwrite`. */
  save(stamp: FileStamp, text: string, overwrite: boolean): Promise<FileStamp>;
  /** Writes to a file that was just chosen. */
  saveNew(file: string, text: string, format: FileFormat): Promise<FileStamp>;
  check(stamp: FileStamp): Promise<FileState>;
  /** Watches these files, and no others any more. */
  watch(files: readonly string[]): void;
  onChange(listener: (file: string) => void): () => void;
  close(): void;
}

export interface FilesOptions {
  readonly store: Store;
  /** Files that need no dialog. */
  readonly alsoAllowed: (file: string) => boolean;
}

/** Chosen files that were not used for longest are forgotten beyond this many. */
const REMEMBERED = 2_000;
/** Milliseconds of quiet after which a burst of events counts as one change. */
const QUIET = 120;

export function createFilesService({ store, alsoAllowed }: FilesOptions): FilesService {
  const listeners = new Set<(file: string) => void>();
  const folders = new Map<string, FSWatcher>();
  const timers = new Map<string, NodeJS.Timeout>();
  let watched = new Set<string>();

  const allowed = (file: string): string => {
    const known = alsoAllowed(file) || store.get('SELECT path FROM chosen_files WHERE path = ?', file) !== undefined;
    if (!known) throw new AppError('refused', `${file} was not chosen in a dialog.`, { hint: 'Open the file again (Ctrl+O).' });
    return file;
  };
  const changed = (file: string): void => {
    clearTimeout(timers.get(file));
    timers.set(
      file,
      setTimeout(() => {
        timers.delete(file);
        for (const listener of [...listeners]) listener(file);
      }, QUIET).unref(),
    );
  };
  const watchFolderOf = (folder: string): void => {
    try {
      // The folder, since editors replace files; a name that the system does not tell may be any of them.
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        for (const file of watched) if (path.dirname(file) === folder && (name === null || path.basename(file) === name)) changed(file);
      });
      watcher.on('error', () => {
        watcher.close();
        folders.delete(folder);
      });
      folders.set(folder, watcher);
    } catch {
      // A folder that cannot be watched is compared before each save all the same.
    }
  };

  return {
    choose(file) {
      store.run('INSERT INTO chosen_files (path, at) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET at = excluded.at', file, new Date().toISOString());
      store.run('DELETE FROM chosen_files WHERE path NOT IN (SELECT path FROM chosen_files ORDER BY at DESC LIMIT ?)', REMEMBERED);
    },
    read: async (file) => readTextFile(allowed(file)),
    async save(stamp, text, overwrite) {
      const file = allowed(stamp.path);
      const now = overwrite ? null : await hashOfFile(file);
      if (now !== null && now !== stamp.hash) throw new AppError('busy', `${file} was changed by another program since it was read.`, { hint: 'Compare, then keep yours or reload.' });
      return writeTextFile(file, text, stamp);
    },
    saveNew: (file, text, format) => writeTextFile(allowed(file), text, format),
    async check(stamp) {
      const file = allowed(stamp.path);
      try {
        const hash = await hashOfFile(file);
        if (hash === null) return { kind: 'deleted' };
        return hash === stamp.hash ? { kind: 'same' } : { kind: 'changed', file: await readTextFile(file) };
      } catch (error) {
        return { kind: 'unreadable', message: toAppError(error).message };
      }
    },
    watch(files) {
      watched = new Set(files.map(allowed));
      const wanted = new Set([...watched].map((file) => path.dirname(file)));
      for (const [folder, watcher] of folders) {
        if (wanted.has(folder)) continue;
        watcher.close();
        folders.delete(folder);
      }
      for (const folder of wanted) if (!folders.has(folder)) watchFolderOf(folder);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const watcher of folders.values()) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
      folders.clear();
      listeners.clear();
    },
  };
}
