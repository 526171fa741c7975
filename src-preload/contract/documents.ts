import { z } from 'zod';
import { commitMode } from './connections';
import { call, defineContract, nothing } from './core';
import { fileStamp } from './files';

/** What a query tab remembers beside its text; every field may be absent in what an older program stored. */
export const documentOptions = z.object({
  /** Another database of the connection's server; null is the profile's own. */
  database: z.string().nullable().default(null),
  /** Schemas in the order in which names are looked up; null leaves what the server has set. */
  searchPath: z.array(z.string()).nullable().default(null),
  /** Null takes the connection's own mode. */
  commitMode: commitMode.nullable().default(null),
  /** The file that the text belongs to, as it was last read or written. */
  file: fileStamp.nullable().default(null),
  /** The text differs from its file. */
  dirty: z.boolean().default(false),
  /** Shown beside the tab in front. */
  beside: z.boolean().default(false),
});
export type DocumentOptions = z.infer<typeof documentOptions>;

/** One tab of the workbench. Its text is stored as it is typed, so that it survives a crash. */
export const document = z.object({
  id: z.string(),
  kind: z.enum(['query', 'table', 'chart', 'dashboard', 'assistant', 'import', 'structure', 'processes', 'roles', 'settings']),
  title: z.string(),
  connectionId: z.string().nullable(),
  /** The editor's text, or JSON that the tab's kind understands. */
  text: z.string(),
  position: z.number().int(),
  active: z.boolean(),
  options: documentOptions.prefault({}),
});
export type Document = z.infer<typeof document>;

export const documentsContract = defineContract('documents', {
  list: call(nothing, z.array(document)),
  /** Creates or replaces; durable when the promise resolves. */
  save: call(document, nothing),
  remove: call(z.object({ id: z.string() }), nothing),
});
