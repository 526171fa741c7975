import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { ConnectionProfile, ConnectionStatus, ConnectionTarget, Engine } from '../../src-preload/contract/connections';
import { databaseOf } from '../../src-preload/contract/database';
import type { Connection, Driver } from '../drivers/driver';
import { AppError, toAppError } from '../errors';
import type { SecretsService } from '../secrets/service';
import type { Workspace } from '../workspace/service';
import { libpqDefaults } from './defaults';
import { Locks } from './locks';
import { lockNames, openConnection, type OpeningOptions } from './opening';
import { readPasswordFile, type Personal } from './passwordFile';
import { Passwords, type KnownPassword, isWrongPassword } from './passwords';
import { createProfiles, freeName, unknownConnection } from './profiles';
import { createServices } from './serviceFile';
import { formatConnectionUrl, looksLikeUrl, parseConnectionUrl } from './serverUrl';
import { Sessions, type Opener } from './sessions';
import { HostKeys } from './ssh/hostKeys';
import { readSshHosts } from './ssh/sshConfig';
import { Tunnels } from './ssh/tunnels';
import { createTransfer, type TransferOptions } from './transfer/transfer';
import type { ConnectionsService, PasswordChange, TestResult } from './service';

export interface ConnectionsOptions {
  readonly workspace: Workspace;
  readonly secrets: SecretsService;
  readonly drivers: Readonly<Record<Engine, Driver>>;
  /** The embedded demo; listed first, never written into the workspace. */
  readonly demoProfile?: ConnectionProfile;
  /**
   * Variables that fill the gaps of URLs as libpq does. `PGPASSWORD` among them is used where no password is known: the command
   * passes its whole environment, the window passes `{}`.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative data folders in URLs start here. */
  readonly cwd: string;
  readonly personal: Personal;
  /** The program's own file of SSH servers that the person trusts. */
  readonly knownHosts: string;
}

/** The key of the browsing session. */
export const CATALOG_SESSION = 'catalog';

/** Milliseconds between questions to an SSH server whether it is there: after three without an answer, nobody waits any more. */
const KEEP_ALIVE = 15_000;

/** Profiles of a workspace and all server sessions; see `ConnectionsService`. */
export function createConnectionsService(options: ConnectionsOptions): ConnectionsService {
  const { workspace, secrets, drivers, environment, cwd, personal } = options;
  const demo = options.demoProfile ?? null;
  const profiles = createProfiles(workspace, demo);
  const services = createServices(personal);
  const defaults = libpqDefaults(environment, cwd, services);
  const locks = new Locks(secrets);
  const hostKeys = new HostKeys({ ownFile: options.knownHosts, otherFiles: [path.join(personal.home, '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'] });
  const tunnels = new Tunnels({ hostKeys, agent: personal.environment['SSH_AUTH_SOCK'], keepAlive: KEEP_ALIVE });
  const opening: OpeningOptions = { drivers, secrets, locks, tunnels };
  const sessions = new Sessions({ unanswered: (id) => tunnels.retire(id) });
  /** Connections given as a URL: known in this run, saved nowhere. */
  const unsaved = new Map<string, ConnectionProfile>();
  const passwords = new Passwords(secrets, { postgresql: environment['PGPASSWORD'], mysql: environment['MYSQL_PWD'] }, personal);
  const changeListeners = new Set<() => void>();
  const statusListeners = new Set<(status: ConnectionStatus) => void>();

  const byId = async (id: string): Promise<ConnectionProfile> => {
    const found = unsaved.get(id) ?? (await profiles.list()).find((profile) => profile.id === id);
    if (found) return found;
    const { connectionId, database } = databaseOf(id);
    if (database === null) throw unknownConnection(id);
    return otherDatabase(await byId(connectionId), id, database);
  };
  const driverOf = (engine: Engine): Driver => drivers[engine];
  const status = (id: string): ConnectionStatus => {
    const { opening, open, failure } = sessions.state(id);
    const state = open.length > 0 ? 'open' : opening > 0 ? 'connecting' : failure?.kind === 'lost' ? 'lost' : 'closed';
    return { id, state, server: open[0]?.server ?? null, error: open.length > 0 ? null : (failure?.error.data ?? null), sessions: open.length };
  };
  sessions.onChange((id) => {
    const now = status(id);
    for (const listener of [...statusListeners]) listener(now);
  });

  const openerOf =
    (profile: ConnectionProfile, applicationName: string): Opener =>
    async (signal) => {
      const { target } = profile;
      // Secrets and tunnels are the server's, whichever of its databases is opened.
      const { connectionId: id } = databaseOf(profile.id);
      const known = await passwords.of(id, target, !unsaved.has(id));
      const lockSecret = (lock: string): Promise<string | undefined> => locks.of(id, lock);
      try {
        return { connection: await openConnection(opening, { profile, applicationName, known, tunnelName: id, lockSecret, signal }), target };
      } catch (thrown) {
        // A wrong password that was typed must not hide a stored one, nor be tried again unasked: servers lock roles out.
        if (isWrongPassword(toAppError(thrown).data.serverCode)) passwords.withdraw(id);
        throw thrown;
      }
    };

  const session: ConnectionsService['session'] = async (id, key, { applicationName, signal }) => {
    const profile = await byId(id);
    return sessions.get({ id, key, applicationName, signal }, profile.target, openerOf(profile, applicationName));
  };

  const changePassword = async ({ id, target }: ConnectionProfile, change: PasswordChange): Promise<void> => {
    if (change.kind === 'keep') return;
    if (change.kind === 'set' && change.password !== '' && target.engine !== 'pglite') await passwords.store(id, target, change.password);
    else await passwords.remove(id);
  };

  const tellChange = (): void => {
    for (const listener of [...changeListeners]) listener();
  };
  const add: TransferOptions['add'] = async (found) => {
    // Before anything is written, as when one is saved.
    if (found.some(({ password }) => password !== null)) await passwords.checkPlace('import');
    const added = await profiles.add(found.map(({ profile }) => profile));
    for (const [index, profile] of added.entries()) {
      const password = found[index]?.password ?? null;
      if (password !== null) await changePassword(profile, { kind: 'set', password });
    }
    tellChange();
    return added;
  };

  const save: ConnectionsService['save'] = async (profile, password, lockSecrets = []) => {
    // Before anything is written, so that a locked place does not leave half a change.
    const stores = (password.kind === 'set' && password.password !== '') || lockSecrets.some(({ secret }) => secret !== null && secret !== '');
    if (stores) await passwords.checkPlace(profile.id);
    const saved = await profiles.save(profile);
    await changePassword(saved, password);
    await locks.store(saved.id, lockNames(saved.target), lockSecrets);
    // The definition's own change was told before its password was stored.
    tellChange();
    return saved;
  };

  return {
    list: () => profiles.list(),
    resolve: async (nameOrUrl) => {
      if (looksLikeUrl(nameOrUrl)) {
        const { target, password } = parseConnectionUrl(nameOrUrl, defaults);
        const profile = unsavedProfile(target);
        unsaved.set(profile.id, profile);
        if (password !== null) passwords.supply(profile.id, password);
        return profile;
      }
      const all = await profiles.list();
      const wanted = nameOrUrl.trim().toLowerCase();
      const found = all.find((profile) => profile.id === nameOrUrl) ?? all.find((profile) => profile.name.toLowerCase() === wanted);
      return found ?? byId(nameOrUrl);
    },
    driver: (profile) => driverOf(profile.target.engine),
    capabilities: async (id) => driverOf((await byId(id)).target.engine).capabilities,
    status,
    session,
    closeSession: (id, key) => sessions.close(id, key),
    withSession: async (id, { applicationName, signal }, work) => sessions.with(id, signal, openerOf(await byId(id), applicationName), work),
    onStatus: (listener) => {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    onChange: (listener) => {
      changeListeners.add(listener);
      const stop = profiles.onChange(listener);
      return () => {
        changeListeners.delete(listener);
        stop();
      };
    },
    save,
    duplicate: async (id) => {
      const profile = await byId(id);
      const name = freeName(profile.name, (await profiles.list()).map((one) => one.name));
      const copy = await profiles.save({ ...profile, id: '', name });
      await passwords.copy(id, copy.id);
      await locks.copy(id, copy.id);
      tellChange();
      return copy;
    },
    transfer: createTransfer({ defaults, list: () => profiles.list(), add }, (id) => demo?.id === id),
    sshHosts: () => readSshHosts(personal.home),
    remove: async (id) => {
      await profiles.remove(id);
      await sessions.closeConnection(id);
      await passwords.remove(id);
      await locks.remove(id);
    },
    test: (id, target, password, signal, lockSecrets = []) =>
      testTarget(
        async () =>
          openConnection(opening, {
            profile: { name: 'this test', target },
            applicationName: 'ai-shell test',
            known: await testPassword(id, target, password),
            // An SSH connection of its own, or one that is open already would answer for what is typed in the form.
            tunnelName: `test:${randomUUID()}`,
            lockSecret: async (lock) => {
              const typed = lockSecrets.find((one) => one.lock === lock)?.secret;
              if (!typed) return locks.of(id, lock);
              secrets.remember(typed);
              return typed;
            },
            signal,
          }),
        signal,
      ),
    open: async (id, password, signal) => {
      if (password !== undefined) passwords.supply(id, password);
      await session(id, CATALOG_SESSION, { applicationName: 'ai-shell browser', signal });
      return status(id);
    },
    supplyPassword: (id, password) => passwords.supply(id, password),
    supplySecret: (lock, secret) => locks.supply(lock, secret),
    knownLocks: async ({ id, target }) => (lockNames(target).length === 0 || unsaved.has(id) ? [] : locks.known(id)),
    trustHostKey: (host, port, fingerprint) => hostKeys.trust(host, port, fingerprint),
    acceptHostKey: (fingerprint) => hostKeys.accept(fingerprint),
    passwordSource: async (target) => {
      const answer = target.engine === 'postgresql' ? await readPasswordFile(target, personal) : ({ kind: 'none' } as const);
      return { file: answer.kind === 'none' ? null : answer.file, ignored: answer.kind === 'ignored' ? answer.reason : null };
    },
    services: () => services.names(),
    checkAll: async () => {
      await tunnels.check();
      await sessions.check();
    },
    hasPassword: ({ id, target }) => passwords.has(id, target),
    isDemo: (id) => demo?.id === id,
    parseUrl: (url) => parseConnectionUrl(url, defaults),
    close: (id) => sessions.closeConnection(id),
    closeAll: async () => {
      await sessions.closeAll();
      tunnels.closeAll();
    },
  };

  async function testPassword(id: string, target: ConnectionTarget, change: PasswordChange): Promise<KnownPassword> {
    if (change.kind === 'set') {
      secrets.remember(change.password);
      return { password: change.password, withheld: null };
    }
    return change.kind === 'keep' && id !== '' ? passwords.of(id, target, !unsaved.has(id)) : passwords.outside(target);
  }
}

/** The same server, role and rules, but another database; see `onDatabase` of the contract. */
function otherDatabase(profile: ConnectionProfile, id: string, database: string): ConnectionProfile {
  if (profile.target.engine === 'pglite') throw new AppError('unsupported', `${profile.name} has one database only.`);
  return { ...profile, id, name: `${profile.name} (${database})`, target: { ...profile.target, database } };
}

async function testTarget(open: () => Promise<Connection>, signal: AbortSignal): Promise<TestResult> {
  const began = performance.now();
  try {
    const connection = await open();
    const { server } = connection;
    const milliseconds = performance.now() - began;
    await connection.close();
    return { ok: true, server, milliseconds };
  } catch (thrown) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled while connecting.', {}, { cause: thrown });
    return { ok: false, error: toAppError(thrown).data };
  }
}

function unsavedProfile(target: ConnectionTarget): ConnectionProfile {
  const name = formatConnectionUrl(target);
  const id = `url:${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  return { id, name: name.slice(0, 100), target, environment: 'dev', color: 'gray', readOnly: false };
}
