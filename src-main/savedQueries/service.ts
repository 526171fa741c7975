import { watch, type FSWatcher } from 'node:fs';
import { access, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAbsent } from '../atomicFile';
import { AppError } from '../errors';
import { readTextFile, writeTextFile } from '../files/service';
import type { OpenedFile } from '../../src-preload/contract/files';
import type { SavedQuery } from '../../src-preload/contract/savedQueries';
import { readHeader, withHeader } from './header';
import { checkedFolder, checkedName } from './names';

/** Saved queries: plain SQL files in folders below `.ai-shell/queries`, which people review and version. */
export interface SavedQueriesService {
  list(search: string): Promise<{ queries: SavedQuery[]; folders: string[] }>;
  read(id: string): Promise<OpenedFile>;
  create(query: { folder: string; name: string; connection: string | null; description: string; text: string }): Promise<{ query: SavedQuery; file: OpenedFile }>;
  move(id: string, to: { folder: string; name: string }): Promise<SavedQuery>;
  /** The path of an existing query's file. */
  pathOf(id: string): Promise<string>;
  /** For good. */
  remove(id: string): Promise<void>;
  createFolder(folder: string): Promise<void>;
  moveFolder(folder: string, to: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
  /** Whether a file is one of them, by its place. */
  owns(file: string): boolean;
  onChange(listener: () => void): () => void;
  close(): void;
}

const SUFFIX = '.sql';
/** Milliseconds of quiet after which a burst of events counts as one change. */
const QUIET = 120;

export function createSavedQueriesService({ folder: root }: { folder: string }): SavedQueriesService {
  return new SavedQueries(root);
}

class SavedQueries implements SavedQueriesService {
  private readonly listeners = new Set<() => void>();
  private watcher: FSWatcher | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly root: string) {}

  async list(search: string): Promise<{ queries: SavedQuery[]; folders: string[] }> {
    const entries = await readdir(this.root, { recursive: true, withFileTypes: true }).catch((error: unknown) => (isAbsent(error) ? [] : Promise.reject(diskError(this.root, error))));
    const below = (entry: { parentPath: string; name: string }): string => path.relative(this.root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    const visible = entries.filter((entry) => !below(entry).split('/').some((part) => part.startsWith('.')));
    const folders = visible.filter((entry) => entry.isDirectory()).map(below).sort((a, b) => a.localeCompare(b));
    const files = visible.filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX)).map((entry) => below(entry).slice(0, -SUFFIX.length));
    const found = await Promise.all(files.map((id) => this.facts(id, search.trim().toLowerCase())));
    return { queries: found.filter((query) => query !== null).sort((a, b) => a.id.localeCompare(b.id)), folders };
  }

  async read(id: string): Promise<OpenedFile> {
    return readTextFile(await this.pathOf(id));
  }

  async create({ folder, name, connection, description, text }: Parameters<SavedQueriesService['create']>[0]): Promise<{ query: SavedQuery; file: OpenedFile }> {
    const id = idOf(checkedFolder(folder), checkedName(name));
    await this.mustBeFree(id);
    await mkdir(path.dirname(this.fileOf(id)), { recursive: true, mode: 0o700 });
    await writeTextFile(this.fileOf(id), withHeader(text, { connection, description }), { encoding: 'utf-8', lineEnd: 'lf' });
    this.told();
    return { query: await this.known(id), file: await this.read(id) };
  }

  async move(id: string, { folder, name }: { folder: string; name: string }): Promise<SavedQuery> {
    const from = await this.pathOf(id);
    const to = idOf(checkedFolder(folder), checkedName(name));
    if (to === id) return this.known(id);
    // On a disk that ignores case, another case of the same name is no other file.
    if (to.toLowerCase() !== id.toLowerCase()) await this.mustBeFree(to);
    await mkdir(path.dirname(this.fileOf(to)), { recursive: true, mode: 0o700 });
    await rename(from, this.fileOf(to)).catch((error: unknown) => Promise.reject(diskError(from, error)));
    this.told();
    return this.known(to);
  }

  async pathOf(id: string): Promise<string> {
    const file = this.fileOf(id);
    if (!(await exists(file))) throw new AppError('not_found', `There is no saved query ${id}.`, { hint: 'It may have been moved or removed.' });
    return file;
  }

  async remove(id: string): Promise<void> {
    await rm(await this.pathOf(id));
    this.told();
  }

  async createFolder(folder: string): Promise<void> {
    const target = path.join(this.root, checkedFolder(folder));
    if (await exists(target)) throw new AppError('bad_input', `There is already a folder ${folder}.`);
    await mkdir(target, { recursive: true, mode: 0o700 });
    this.told();
  }

  async moveFolder(folder: string, to: string): Promise<void> {
    const [from, target] = [checkedFolder(folder), checkedFolder(to)];
    if (from === '' || target === '') throw new AppError('bad_input', 'The top folder stays where it is.');
    if (`${target}/`.startsWith(`${from}/`)) throw new AppError('bad_input', 'A folder cannot be moved into itself.');
    if (await exists(path.join(this.root, target))) throw new AppError('bad_input', `There is already a folder ${to}.`);
    await mkdir(path.dirname(path.join(this.root, target)), { recursive: true, mode: 0o700 });
    await rename(path.join(this.root, from), path.join(this.root, target)).catch((error: unknown) => Promise.reject(diskError(folder, error)));
    this.told();
  }

  async removeFolder(folder: string): Promise<void> {
    const checked = checkedFolder(folder);
    if (checked === '') throw new AppError('bad_input', 'The top folder stays.');
    await rmdir(path.join(this.root, checked)).catch((error: unknown) => {
      throw new AppError('refused', `${folder} could not be removed: ${error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY' ? 'it is not empty' : String(error)}.`, { hint: 'Move or remove what is in it first.' });
    });
    this.told();
  }

  owns(file: string): boolean {
    const below = path.relative(this.root, file);
    return path.isAbsolute(file) && path.normalize(file) === file && below !== '' && !below.startsWith('..') && !path.isAbsolute(below) && file.endsWith(SUFFIX);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.watcher?.close();
    this.watcher = null;
    this.listeners.clear();
  }

  /** Watching begins with the first look at the folder, so that a start that shows none costs nothing. */
  private startWatching(): void {
    if (this.watcher) return;
    try {
      this.watcher = watch(this.root, { persistent: false, recursive: true }, () => this.soon());
      this.watcher.on('error', () => {
        this.watcher?.close();
        this.watcher = null;
      });
    } catch {
      // It is not there yet, or cannot be watched: it is read anew at each look.
      this.watcher = null;
    }
  }

  private soon(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.told(), QUIET).unref();
  }

  private told(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private fileOf(id: string): string {
    const parts = id.split('/');
    return path.join(this.root, checkedFolder(parts.slice(0, -1).join('/')), `${checkedName(parts.at(-1) ?? '')}${SUFFIX}`);
  }

  private async mustBeFree(id: string): Promise<void> {
    if (await exists(this.fileOf(id))) throw new AppError('bad_input', `There is already a saved query ${id}.`, { hint: 'Choose another name or folder.' });
  }

  private async known(id: string): Promise<SavedQuery> {
    const query = await this.facts(id, '');
    if (!query) throw new AppError('not_found', `There is no saved query ${id}.`);
    return query;
  }

  /** Null when it does not have the search text, or is gone meanwhile. */
  private async facts(id: string, search: string): Promise<SavedQuery | null> {
    this.startWatching();
    const file = path.join(this.root, `${id}${SUFFIX}`);
    const parts = id.split('/');
    try {
      const [{ text }, { mtime }] = await Promise.all([readTextFile(file), stat(file)]);
      const { connection, description } = readHeader(text);
      if (search !== '' && ![id, description, text].some((part) => part.toLowerCase().includes(search))) return null;
      return { id, folder: parts.slice(0, -1).join('/'), name: parts.at(-1) ?? '', path: file, connection, description, changed: mtime.toISOString() };
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return null;
      const why = error instanceof Error ? error.message : String(error);
      return search === '' || id.toLowerCase().includes(search) ? { id, folder: parts.slice(0, -1).join('/'), name: parts.at(-1) ?? '', path: file, connection: null, description: why, changed: new Date(0).toISOString() } : null;
    }
  }
}

function idOf(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}

function diskError(file: string, error: unknown): AppError {
  return new AppError('disk', `${file}: ${error instanceof Error ? error.message : String(error)}`, { hint: 'Check the permissions of the folder.' }, { cause: error });
}
