import type { Handlers } from '../../src-preload/contract/core';
import type { savedQueriesContract } from '../../src-preload/contract/savedQueries';
import type { FilesService } from '../files/service';
import type { SavedQueriesService } from './service';

export interface Trash {
  /** Moves a file to the system's trash; rejects where there is none. */
  readonly trash: (file: string) => Promise<void>;
}

export function savedQueriesHandlers(queries: SavedQueriesService, files: FilesService, { trash }: Trash): Handlers<typeof savedQueriesContract> {
  return {
    list: ({ search }) => queries.list(search),
    read: ({ id }) => queries.read(id),
    create: (query) => queries.create(query),
    async move({ id, folder, name }) {
      const query = await queries.move(id, { folder, name });
      return { query, stamp: (await files.read(query.path)).stamp };
    },
    async remove({ id }) {
      const file = await queries.pathOf(id);
      try {
        await trash(file);
        return { trashed: true };
      } catch {
        // The person has confirmed; a system without a trash removes it for good, and the window says so.
        await queries.remove(id);
        return { trashed: false };
      }
    },
    createFolder: ({ folder }) => queries.createFolder(folder),
    moveFolder: ({ folder, to }) => queries.moveFolder(folder, to),
    removeFolder: ({ folder }) => queries.removeFolder(folder),
  };
}
