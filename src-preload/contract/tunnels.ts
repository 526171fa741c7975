import { z } from 'zod';

/** How a person proves to an SSH server who they are. */
export const hopAuthentication = z.discriminatedUnion('kind', [
  /** Keys that an agent holds; `socket` is its path where it is not the session's own (`SSH_AUTH_SOCK`). */
  z.object({ kind: z.literal('agent'), socket: z.string().optional() }),
  /** Path of a private key in OpenSSH's, PEM or PuTTY's format; `~/` is the person's home. */
  z.object({ kind: z.literal('key'), file: z.string().min(1) }),
  z.object({ kind: z.literal('password') }),
]);

/** An SSH server on the way. */
export const tunnelHop = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  user: z.string().min(1),
  authentication: hopAuthentication,
});
export type TunnelHop = z.infer<typeof tunnelHop>;

/** SSH servers in the order in which they are passed: the first is reached from here, the last one reaches the database. */
export const tunnel = z.array(tunnelHop).min(1).max(8);
