import { z } from 'zod';
import { call, defineContract, nothing } from './core';

/** One tab of the workbench. Its text is stored as it is typed, so that it survives a crash. */
export const document = z.object({
  id: z.string(),
  kind: z.enum(['query', 'table', 'assistant', 'structure', 'processes', 'roles']),
  title: z.string(),
  connectionId: z.string().nullable(),
  /** The editor's text, or JSON that the tab's kind understands. */
  text: z.string(),
  position: z.number().int(),
  active: z.boolean(),
});
export type Document = z.infer<typeof document>;

export const documentsContract = defineContract('documents', {
  list: call(nothing, z.array(document)),
  /** Creates or replaces; durable when the promise resolves. */
  save: call(document, nothing),
  remove: call(z.object({ id: z.string() }), nothing),
});
