import { z } from 'zod';
import { appErrorData } from './error';
import { call, defineContract, event, nothing } from './core';

/** The embedded demo database: how far its building has come. */
export const demoStatus = z.object({
  state: z.enum(['absent', 'building', 'ready', 'held', 'failed']),
  progress: z.number().min(0).max(1),
  message: z.string(),
  connectionId: z.string(),
  error: appErrorData.nullable(),
});
export type DemoStatus = z.infer<typeof demoStatus>;

export const demoContract = defineContract('demo', {
  status: call(nothing, demoStatus),
  /** Sets the folder aside and builds it anew from the seed. */
  rebuild: call(nothing, nothing),
  changed: event(demoStatus),
});
