import { z } from 'zod';
import { appErrorData } from './error';
import { call, defineContract, event, nothing } from './core';

/** Work of over a second. After a crash a job that was running is `interrupted`, never `done`. */
export const job = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  /** 0 to 1, or null where the end is not known. */
  progress: z.number().min(0).max(1).nullable(),
  /** What it is doing, with numbers. */
  message: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  error: appErrorData.nullable(),
  cancellable: z.boolean(),
});
export type Job = z.infer<typeof job>;

export const jobsContract = defineContract('jobs', {
  list: call(nothing, z.array(job)),
  cancel: call(z.object({ id: z.string() }), nothing),
  /** Removes ended jobs from the list. */
  clear: call(nothing, nothing),
  changed: event(job),
});
