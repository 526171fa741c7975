import { locksOf, type ConnectionProfile, type Engine } from '../../src-preload/contract/connections';
import { lockOfKey } from '../../src-preload/contract/locks';
import type { Connection, Driver } from '../drivers/driver';
import { AppError, toAppError } from '../errors';
import type { SecretsService } from '../secrets/service';
import { lookUpLocks, type Locks } from './locks';
import { isWrongPassword, type KnownPassword } from './passwords';
import type { Tunnels } from './ssh/tunnels';

/** Milliseconds to let a server, or an SSH server before it, let us in. */
const CONNECT_TIMEOUT = 15_000;

export interface OpeningOptions {
  readonly drivers: Readonly<Record<Engine, Driver>>;
  readonly secrets: SecretsService;
  readonly locks: Locks;
  readonly tunnels: Tunnels;
}

export interface Opening {
  readonly profile: Pick<ConnectionProfile, 'name' | 'target'>;
  readonly applicationName: string;
  readonly known: KnownPassword;
  /** Whose SSH connection is used: the same name shares one. */
  readonly tunnelName: string;
  readonly lockSecret: (lock: string) => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** Opens a server session with everything that stands before it: locks, SSH servers, password. Errors name the connection. */
export async function openConnection({ drivers, secrets, locks, tunnels }: OpeningOptions, opening: Opening): Promise<Connection> {
  const { profile, applicationName, known, tunnelName, lockSecret, signal } = opening;
  const { target } = profile;
  const { password, withheld } = known;
  const { secret, explain } = lookUpLocks(lockSecret);
  const hops = target.engine === 'pglite' ? [] : (target.tunnel ?? []);
  const clientKey = target.engine !== 'pglite' && target.tls.mode !== 'disable' ? target.tls.key : undefined;
  try {
    const keyPassphrase = clientKey === undefined ? undefined : await secret(lockOfKey(clientKey).lock);
    return await drivers[target.engine].connect(
      { target, password, keyPassphrase },
      { signal, applicationName, connectTimeoutMs: CONNECT_TIMEOUT * (1 + hops.length), dial: hops.length > 0 ? tunnels.dialer(tunnelName, hops, secret) : undefined },
    );
  } catch (thrown) {
    const error = toAppError(thrown);
    const { question } = error.data;
    // What was typed and did not open it must not be tried again unasked.
    if (question?.kind === 'secret') locks.withdraw(question.lock);
    // Without a password the server may let us in; only when it does not, it matters that one was withheld.
    if (withheld && password === undefined && isWrongPassword(error.data.serverCode)) throw onConnection(withheld, profile.name, secrets);
    throw onConnection(explain(error), profile.name, secrets);
  }
}

/** The names of a target's locks. */
export function lockNames(target: ConnectionProfile['target']): string[] {
  return locksOf(target).map(({ lock }) => lock);
}

/** Names the connection and cuts secrets that a server's words might repeat. */
function onConnection(error: AppError, name: string, secrets: SecretsService): AppError {
  const { code, message, ...rest } = error.data;
  const detail = rest.detail === undefined ? {} : { detail: secrets.redact(rest.detail) };
  return new AppError(code, secrets.redact(message), { ...rest, ...detail, connection: name }, { cause: error });
}
