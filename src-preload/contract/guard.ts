import { z } from 'zod';
import { statementClass } from './queries';
import { call, defineContract } from './core';

/** What the guard says of one text. `read` is the only class that the read-only lane admits. */
export const verdict = z.object({
  class: statementClass,
  /** Whether the read-only lane admits it. */
  readOnly: z.boolean(),
  /** For a person: `calls pg_sleep, which holds the session`. */
  reason: z.string(),
  /** Objects that it names, as `schema.name` where known. */
  objects: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdict>;

export const guardContract = defineContract('guard', {
  /** With a connection the live catalog's functions, operators, casts, views and policies are followed. */
  classify: call(z.object({ text: z.string(), connectionId: z.string().optional() }), z.array(verdict)),
});
