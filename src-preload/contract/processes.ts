import { z } from 'zod';
import { call, defineContract } from './core';

/** One server process, in the words of pg_stat_activity. Times are ISO 8601 with microseconds, as the server's clock has them. */
export const serverProcess = z.object({
  pid: z.number().int(),
  /** Tells a process from a later one of the same number; empty where no number is given twice. */
  startedAt: z.string(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string(),
  client: z.string().nullable(),
  kind: z.string(),
  /** null where this role may not see it. */
  state: z.string().nullable(),
  /** Seconds in this state, by the server's clock. */
  stateSeconds: z.number().nullable(),
  querySeconds: z.number().nullable(),
  transactionSeconds: z.number().nullable(),
  waitType: z.string().nullable(),
  waitEvent: z.string().nullable(),
  query: z.string().nullable(),
  /** Processes that this one waits for. */
  blockedBy: z.array(z.number().int()),
  /** Opened by this program. */
  own: z.boolean(),
  /** Whether this role may cancel and end it. */
  signalable: z.boolean(),
  /** Whether the role is a superuser's. */
  superuser: z.boolean(),
});
export type ServerProcess = z.infer<typeof serverProcess>;

export const processList = z.object({
  /** The server's clock. */
  at: z.string(),
  processes: z.array(serverProcess),
  /** Connections that are open and that the server allows. */
  connections: z.object({ used: z.number(), allowed: z.number() }),
  /** What this role cannot see or do, in sentences. */
  limits: z.array(z.string()),
  /** The statement that was sent to read the list. */
  statement: z.string(),
});
export type ProcessList = z.infer<typeof processList>;

export const endAction = z.enum(['cancel', 'terminate']);
export type EndAction = z.infer<typeof endAction>;

/** `answers`: its one row says whether the process was there still; else the server refuses it where the process is gone. */
export const endStatement = z.object({ text: z.string(), answers: z.boolean() });
export type EndStatement = z.infer<typeof endStatement>;

const onConnection = z.object({ connectionId: z.string() });

export const processesContract = defineContract('processes', {
  /** Rejects with `unsupported` and the reason where the engine has no processes. */
  list: call(onConnection, processList),
  /** The statement that cancels what a process does, or ends it, and hits no later process of the same number. It is run like any other. */
  endStatement: call(onConnection.extend({ pid: z.number().int(), startedAt: z.string(), action: endAction }), endStatement),
});
