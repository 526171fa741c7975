import type { TunnelHop } from './tunnels';

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
