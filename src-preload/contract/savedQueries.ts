import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';
import { fileStamp, openedFile } from './files';

/** A query that people keep, review and share: a plain SQL file under `.ai-shell/queries/`. */
export const savedQuery = z.object({
  /** Folder and name below `queries/`, with `/` between, without `.sql`; it names the query. */
  id: z.string(),
  /** `` for the top. */
  folder: z.string(),
  name: z.string(),
  path: z.string(),
  /** From the leading comment `-- connection: NAME`; null where it names none. */
  connection: z.string().nullable(),
  /** From `-- description: TEXT`. */
  description: z.string(),
  /** ISO 8601, UTC. */
  changed: z.string(),
});
export type SavedQuery = z.infer<typeof savedQuery>;

const byId = z.object({ id: z.string() });
const place = z.object({ folder: z.string(), name: z.string().min(1).max(100) });

export const savedQueriesContract = defineContract('savedQueries', {
  /** All of them and all folders, sorted. With `search` those whose name, description or text has it, without regard to case. */
  list: call(z.object({ search: z.string().default('') }), z.object({ queries: z.array(savedQuery), folders: z.array(z.string()) })),
  read: call(byId, openedFile),
  /** Writes a new one, with its header; rejects with `bad_input` when the name is taken or cannot be a file's. */
  create: call(place.extend({ connection: z.string().nullable(), description: z.string(), text: z.string() }), z.object({ query: savedQuery, file: openedFile })),
  /** Renames or moves; resolves with where it is now. */
  move: call(byId.extend(place.shape), z.object({ query: savedQuery, stamp: fileStamp })),
  /** To the system's trash, or for good where there is none; `trashed` tells. */
  remove: call(byId, z.object({ trashed: z.boolean() })),
  createFolder: call(z.object({ folder: z.string() }), nothing),
  /** Renames a folder with everything in it. */
  moveFolder: call(z.object({ folder: z.string(), to: z.string() }), nothing),
  /** Only an empty folder; rejects with `refused` otherwise. */
  removeFolder: call(z.object({ folder: z.string() }), nothing),
  changed: event(nothing),
});
