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

/** Something before the database that a secret opens: an SSH server's password, or the passphrase of a key file. */
export interface Lock {
  /** Stable, and bound to what it opens, so that its secret goes nowhere else. */
  readonly lock: string;
  /** For a question, such as `the passphrase of ~/.ssh/id_ed25519`. */
  readonly label: string;
}

/** `user@host`, with the port when it is not the usual one. */
export function hopAddress({ host, port, user }: Pick<TunnelHop, 'host' | 'port' | 'user'>): string {
  return `${user}@${host}${port === 22 ? '' : `:${port}`}`;
}

/** The lock of a hop; an agent has none. */
export function lockOfHop(hop: TunnelHop): Lock | null {
  const { authentication } = hop;
  if (authentication.kind === 'agent') return null;
  if (authentication.kind === 'key') return lockOfKey(authentication.file);
  const address = hopAddress({ ...hop, host: hop.host.toLowerCase() });
  return { lock: `ssh:${address}`, label: `the SSH password of ${address}` };
}

/** The lock of a private key's file. */
export function lockOfKey(file: string): Lock {
  return { lock: `key:${file}`, label: `the passphrase of ${file}` };
}
