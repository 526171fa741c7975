import { z } from 'zod';

/**
 * Every error that a person, a script or the renderer can meet. The code is stable and searchable; the command maps it to an
 * exit status (see `src-main/cli/exit.ts`).
 */
export const errorCode = z.enum([
  'bad_input', // the request does not fit its schema, or a file or argument is wrong
  'connection_failed', // could not connect: address, password, TLS
  'connection_lost', // was connected, is no more
  'refused', // the guard or a policy said no
  'confirm_required', // the policy wants a person's yes first
  'server_error', // the database refused the statement; `serverCode` has its own code
  'cancelled',
  'timeout',
  'not_found',
  'busy', // somebody else holds it: a lock, the demo's only session
  'unsupported', // the engine has no such thing; see its capabilities
  'secrets_locked', // no keychain, and the person has not chosen or unlocked another place yet
  'model_unavailable', // no key, no credit, overloaded, no network: the hint says which and what to do
  'disk',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** What a person has to say before the same request can succeed. */
export const errorQuestion = z.discriminatedUnion('kind', [
  /** An SSH server that is not known yet; the answer is `connections.trustHostKey`. */
  z.object({ kind: z.literal('hostKey'), host: z.string(), port: z.number().int(), keyType: z.string(), fingerprint: z.string() }),
  /** A password or passphrase that lies before the database; the answer is `connections.supplySecret`. */
  z.object({ kind: z.literal('secret'), lock: z.string(), label: z.string() }),
]);
export type ErrorQuestion = z.infer<typeof errorQuestion>;

/** An error as data, the only shape that crosses the bridge or leaves the command with --json. */
export const appErrorData = z.object({
  code: errorCode,
  /** What failed, for a person, with the server's own words. */
  message: z.string(),
  /** What to do next. */
  hint: z.string().optional(),
  detail: z.string().optional(),
  /** The server's own code, such as a SQLSTATE. */
  serverCode: z.string().optional(),
  /** The constraint, and the column, that the server names as the cause. */
  constraint: z.string().optional(),
  column: z.string().optional(),
  /** Where in the statement's text, as a 0-based UTF-16 offset. */
  position: z.number().int().nonnegative().optional(),
  /** The connection it happened on. */
  connection: z.string().optional(),
  question: errorQuestion.optional(),
});
export type AppErrorData = z.infer<typeof appErrorData>;
