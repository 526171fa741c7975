import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';

/** A piece of SQL that completion offers by its prefix; `${name}` in the text is a place to fill in, Tab goes to the next one. */
export const snippet = z.object({
  prefix: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, 'letters, digits and _, beginning with a letter'),
  description: z.string().max(200).default(''),
  text: z.string().min(1).max(20_000),
});
export type Snippet = z.infer<typeof snippet>;

export const snippetsContract = defineContract('snippets', {
  /** The person's own, from `.ai-shell/snippets.yaml`, and those that come with the program and were not replaced by one of the same prefix. */
  list: call(nothing, z.object({ own: z.array(snippet), builtIn: z.array(snippet) })),
  /** Replaces the person's own; comments in the file are kept. Rejects with `bad_input` when two have the same prefix. */
  save: call(z.object({ own: z.array(snippet) }), nothing),
  changed: event(nothing),
});
