import { createHash } from 'node:crypto';
import type { ConnectionProfile, ConnectionStatus, ConnectionTarget, Engine } from '../../src-preload/contract/connections';
import type { Connection, Driver } from '../drivers/driver';
import { AppError, toAppError } from '../errors';
import type { SecretsService } from '../secrets/service';
import type { Workspace } from '../workspace/service';
import { libpqDefaults } from './defaults';
import { Passwords, type KnownPassword } from './passwords';
import { createProfiles, unknownConnection } from './profiles';
import { formatConnectionUrl, looksLikeUrl, parseConnectionUrl } from './serverUrl';
import { Sessions, type Opener } from './sessions';
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
}

/** The key of the browsing session. */
export const CATALOG_SESSION = 'catalog';

/** Profiles of a workspace and all server sessions; see `ConnectionsService`. */
export function createConnectionsService(options: ConnectionsOptions): ConnectionsService {
  const { workspace, secrets, drivers, environment, cwd } = options;
  const demo = options.demoProfile ?? null;
  const profiles = createProfiles(workspace, demo);
  const sessions = new Sessions();
  /** Connections given as a URL: known in this run, saved nowhere. */
  const unsaved = new Map<string, ConnectionProfile>();
  const passwords = new Passwords(secrets, environment['PGPASSWORD']);
  const changeListeners = new Set<() => void>();
  const statusListeners = new Set<(status: ConnectionStatus) => void>();

  const byId = async (id: string): Promise<ConnectionProfile> => {
    const found = unsaved.get(id) ?? (await profiles.list()).find((profile) => profile.id === id);
    if (!found) throw unknownConnection(id);
    return found;
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

  const connect = async (profile: Pick<ConnectionProfile, 'name' | 'target'>, applicationName: string, known: KnownPassword, signal: AbortSignal): Promise<Connection> => {
    const { target } = profile;
    const { password, withheld } = known;
    try {
      return await driverOf(target.engine).connect({ target, password }, { signal, applicationName });
    } catch (thrown) {
      const error = toAppError(thrown);
      // Without a password the server may let us in; only when it does not, it matters that one was withheld.
      if (withheld && password === undefined && error.data.serverCode === '28P01') throw onConnection(withheld, profile.name, secrets);
      throw onConnection(error, profile.name, secrets);
    }
  };
  const openerOf =
    (profile: ConnectionProfile, applicationName: string): Opener =>
    async (signal) => {
      const known = await passwords.of(profile.id, profile.target, !unsaved.has(profile.id));
      try {
        return { connection: await connect(profile, applicationName, known, signal), target: profile.target };
      } catch (thrown) {
        // A wrong password that was typed must not hide a stored one, nor be tried again unasked: servers lock roles out.
        if (toAppError(thrown).data.serverCode === '28P01') passwords.withdraw(profile.id);
        throw thrown;
      }
    };

  const session: ConnectionsService['session'] = async (id, key, { applicationName, signal }) => {
    const profile = await byId(id);
    return sessions.get({ id, key, applicationName, signal }, profile.target, openerOf(profile, applicationName));
  };

  const changePassword = async ({ id, target }: ConnectionProfile, change: PasswordChange): Promise<void> => {
    if (change.kind === 'keep') return;
    if (change.kind === 'set' && change.password !== '' && target.engine === 'postgresql') await passwords.store(id, target, change.password);
    else await passwords.remove(id);
  };

  return {
    list: () => profiles.list(),
    resolve: async (nameOrUrl) => {
      if (looksLikeUrl(nameOrUrl)) {
        const { target, password } = parseConnectionUrl(nameOrUrl, libpqDefaults(environment, cwd));
        const profile = unsavedProfile(target);
        unsaved.set(profile.id, profile);
        if (password !== null) passwords.supply(profile.id, password);
        return profile;
      }
      const all = await profiles.list();
      const wanted = nameOrUrl.trim().toLowerCase();
      const found = all.find((profile) => profile.id === nameOrUrl) ?? all.find((profile) => profile.name.toLowerCase() === wanted);
      if (!found) throw unknownConnection(nameOrUrl);
      return found;
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
    save: async (profile, password) => {
      // Before anything is written, so that a locked place does not leave half a change.
      if (password.kind === 'set' && password.password !== '') await passwords.checkPlace(profile.id);
      const saved = await profiles.save(profile);
      await changePassword(saved, password);
      // The definition's own change was told before its password was stored.
      for (const listener of [...changeListeners]) listener();
      return saved;
    },
    remove: async (id) => {
      await profiles.remove(id);
      await sessions.closeConnection(id);
      await passwords.remove(id);
    },
    test: (id, target, password, signal) => testTarget({ name: 'this test', target }, () => testPassword(id, target, password), connect, signal),
    open: async (id, password, signal) => {
      if (password !== undefined) passwords.supply(id, password);
      await session(id, CATALOG_SESSION, { applicationName: 'ai-shell browser', signal });
      return status(id);
    },
    supplyPassword: (id, password) => passwords.supply(id, password),
    hasPassword: ({ id, target }) => passwords.has(id, target),
    isDemo: (id) => demo?.id === id,
    parseUrl: (url) => parseConnectionUrl(url, libpqDefaults(environment, cwd)),
    close: (id) => sessions.closeConnection(id),
    closeAll: () => sessions.closeAll(),
  };

  async function testPassword(id: string, target: ConnectionTarget, change: PasswordChange): Promise<KnownPassword> {
    if (change.kind === 'set') {
      secrets.remember(change.password);
      return { password: change.password, withheld: null };
    }
    return change.kind === 'keep' && id !== '' ? passwords.of(id, target, !unsaved.has(id)) : { password: passwords.variable(), withheld: null };
  }
}

async function testTarget<P>(
  profile: { name: string; target: ConnectionTarget },
  password: () => Promise<P>,
  connect: (profile: { name: string; target: ConnectionTarget }, applicationName: string, password: P, signal: AbortSignal) => Promise<Connection>,
  signal: AbortSignal,
): Promise<TestResult> {
  const began = performance.now();
  try {
    const connection = await connect(profile, 'ai-shell test', await password(), signal);
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

/** Names the connection and cuts secrets that a server's words might repeat. */
function onConnection(error: AppError, name: string, secrets: SecretsService): AppError {
  const { code, message, ...rest } = error.data;
  const detail = rest.detail === undefined ? {} : { detail: secrets.redact(rest.detail) };
  return new AppError(code, secrets.redact(message), { ...rest, ...detail, connection: name }, { cause: error });
}
