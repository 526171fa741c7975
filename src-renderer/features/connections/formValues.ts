import type { CommitMode, ConnectionProfile, ConnectionTarget, Environment, ServerTarget, TlsMode, Sharing } from '../../../src-preload/contract/connections';
import { lockOfHop, lockOfKey } from '../../../src-preload/contract/locks';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';
import { parsePrivateColumn } from '../../../src-preload/contract/privateColumns';

/** What happens with a secret: `keep` leaves the stored one, `ask` stores none. */
export interface SecretValues {
  readonly secretKind: 'keep' | 'set' | 'ask';
  readonly secret: string;
}

/** An SSH server on the way, as the inputs hold it. */
export interface HopValues extends SecretValues {
  readonly host: string;
  readonly port: number | string;
  readonly user: string;
  readonly kind: TunnelHop['authentication']['kind'];
  /** Of an agent that is not the session's own. */
  readonly socket: string;
  /** Of a key. */
  readonly file: string;
}

/** The form's fields, all as the inputs hold them. */
export interface FormValues {
  readonly name: string;
  readonly engine: ServerTarget['engine'];
  readonly host: string;
  readonly port: number | string;
  readonly database: string;
  readonly user: string;
  readonly passwordKind: 'keep' | 'set' | 'ask';
  readonly password: string;
  readonly tlsMode: TlsMode;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly keySecret: SecretValues;
  readonly tunnel: readonly HopValues[];
  readonly folder: string;
  readonly environment: Environment;
  readonly color: ConnectionProfile['color'];
  readonly readOnly: boolean;
  readonly commitMode: CommitMode;
  readonly sharing: Sharing;
  readonly privateColumns: readonly string[];
}

export const newValues: FormValues = {
  name: '',
  engine: 'postgresql',
  host: 'localhost',
  port: 5432,
  database: 'postgres',
  user: 'postgres',
  passwordKind: 'set',
  password: '',
  tlsMode: 'prefer',
  ca: '',
  cert: '',
  key: '',
  keySecret: { secretKind: 'ask', secret: '' },
  tunnel: [],
  folder: '',
  environment: 'dev',
  color: 'teal',
  readOnly: false,
  commitMode: 'auto',
  sharing: 'results',
  privateColumns: [],
};

export const newHop: HopValues = { host: '', port: 22, user: '', kind: 'agent', socket: '', file: '', secretKind: 'ask', secret: '' };

/** The colour that an environment has unless the person chooses another one. */
export const usualColor: Record<Environment, ConnectionProfile['color']> = { dev: 'teal', staging: 'yellow', production: 'red' };

type TargetValues = Pick<FormValues, 'engine' | 'host' | 'port' | 'database' | 'user' | 'tlsMode' | 'ca' | 'cert' | 'key' | 'keySecret' | 'tunnel'>;

function hopValues(hop: TunnelHop, known: readonly string[]): HopValues {
  const { host, port, user, authentication } = hop;
  const lock = lockOfHop(hop);
  return {
    host,
    port,
    user,
    kind: authentication.kind,
    socket: authentication.kind === 'agent' ? (authentication.socket ?? '') : '',
    file: authentication.kind === 'key' ? authentication.file : '',
    secretKind: lock && known.includes(lock.lock) ? 'keep' : 'ask',
    secret: '',
  };
}

/** The inputs of SSH servers that were found somewhere else, such as in `~/.ssh/config`. */
export function hopsOf(hops: readonly TunnelHop[]): HopValues[] {
  return hops.map((hop) => hopValues(hop, []));
}

function targetValues(target: ServerTarget, known: readonly string[]): TargetValues {
  return {
    engine: target.engine,
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    tlsMode: target.tls.mode,
    ca: target.tls.ca ?? '',
    cert: target.tls.cert ?? '',
    key: target.tls.key ?? '',
    keySecret: { secretKind: target.tls.key !== undefined && known.includes(lockOfKey(target.tls.key).lock) ? 'keep' : 'ask', secret: '' },
    tunnel: (target.tunnel ?? []).map((hop) => hopValues(hop, known)),
  };
}

/** The usual port, database and user of each kind of server. */
const usual: Readonly<Record<ServerTarget['engine'], Pick<FormValues, 'port' | 'database' | 'user'>>> = {
  postgresql: { port: 5432, database: 'postgres', user: 'postgres' },
  mysql: { port: 3306, database: 'information_schema', user: 'root' },
};

/** Another kind of server: what still is as it was offered becomes what is usual there. */
export function withEngine(values: FormValues, engine: ServerTarget['engine']): FormValues {
  const [before, after] = [usual[values.engine], usual[engine]];
  return {
    ...values,
    engine,
    port: Number(values.port) === before.port ? after.port : values.port,
    database: values.database === before.database ? after.database : values.database,
    user: values.user === before.user ? after.user : values.user,
  };
}

/** The form of a saved connection to a server. */
export function valuesOf(profile: ConnectionProfile & { readonly hasPassword: boolean; readonly knownLocks: readonly string[] }): FormValues {
  const target = profile.target.engine === 'pglite' ? {} : targetValues(profile.target, profile.knownLocks);
  const { name, environment, color, readOnly, folder = '', commitMode = 'auto', sharing = 'results', privateColumns = [] } = profile;
  return { ...newValues, ...target, name, folder, environment, color, readOnly, commitMode, sharing, privateColumns, passwordKind: profile.hasPassword ? 'keep' : 'ask' };
}

/** Takes what a pasted URL says into the form; a name is made from it when there is none. */
export function withUrl(values: FormValues, parsed: { readonly target: ConnectionTarget; readonly password: string | null }): FormValues {
  if (parsed.target.engine === 'pglite') return values;
  const { target, password } = parsed;
  return {
    ...values,
    ...targetValues(target, []),
    // A URL says nothing of the way there.
    tunnel: values.tunnel,
    name: values.name.trim() === '' ? `${target.database} on ${target.host}` : values.name,
    ...(password === null ? {} : { passwordKind: 'set' as const, password }),
  };
}

function hopOf({ host, port, user, kind, socket, file }: HopValues): TunnelHop {
  const authentication = kind === 'key' ? { kind, file: file.trim() } : kind === 'agent' ? { kind, ...(socket.trim() === '' ? {} : { socket: socket.trim() }) } : { kind };
  return { host: host.trim(), port: Number(port), user: user.trim(), authentication };
}

/** The changes of secrets before the database that the form asks for; what it keeps is not among them. */
export function locksOf({ tunnel, key, keySecret }: FormValues): { lock: string; secret: string | null }[] {
  const change = (lock: string, { secretKind, secret }: SecretValues): { lock: string; secret: string | null }[] =>
    secretKind === 'keep' || (secretKind === 'set' && secret === '') ? [] : [{ lock, secret: secretKind === 'set' ? secret : null }];
  const ofHops = tunnel.flatMap((hop) => {
    const lock = lockOfHop(hopOf(hop));
    return lock ? change(lock.lock, hop) : [];
  });
  return [...ofHops, ...(key.trim() === '' ? [] : change(lockOfKey(key.trim()).lock, keySecret))];
}

/** The target that the form describes; empty file fields are left out. */
export function targetOf(values: FormValues): ServerTarget {
  const file = (path: string): string | undefined => (path.trim() === '' ? undefined : path.trim());
  return {
    engine: values.engine,
    host: values.host.trim(),
    port: Number(values.port),
    database: values.database.trim(),
    user: values.user.trim(),
    tls: { mode: values.tlsMode, ca: file(values.ca), cert: file(values.cert), key: file(values.key) },
    ...(values.tunnel.length === 0 ? {} : { tunnel: values.tunnel.map(hopOf) }),
  };
}

/** A folder's path as it is stored: no empty names. */
export function folderOf(text: string): string | undefined {
  const path = text.split('/').map((name) => name.trim()).filter(Boolean).join('/');
  return path === '' ? undefined : path;
}

const portError = (port: number | string): string | null => (Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65_535 && port !== '' ? null : 'A number from 1 to 65535');

/** Why a field of an SSH server cannot be saved as it is. */
export const hopErrors = {
  host: (host: string) => (host.trim() === '' ? 'A host name or an address' : null),
  port: portError,
  user: (user: string) => (user.trim() === '' ? 'As which user?' : null),
  file: (file: string, values: FormValues, path: string) => {
    const hop = values.tunnel[Number(path.split('.')[1])];
    return hop?.kind === 'key' && file.trim() === '' ? 'Which key?' : null;
  },
};

/** Why a field cannot be saved as it is; null when it can. */
export const fieldErrors: { readonly [K in keyof FormValues]?: (value: FormValues[K]) => string | null } = {
  name: (name) => {
    if (name.trim() === '') return 'Give it a name: it is what you see on every tab';
    // It would be shown and stored in plain, with the password in it.
    if (name.includes('://')) return 'This looks like a URL: put it into the field above';
    return name.length > 100 ? 'At most 100 characters' : null;
  },
  host: (host) => (host.trim() === '' ? 'A host name, an address, or the folder of a Unix socket' : null),
  port: portError,
  database: (database) => (database.trim() === '' ? 'Which database on that server?' : null),
  user: (user) => (user.trim() === '' ? 'As which user?' : null),
  privateColumns: (columns) => {
    const wrong = columns.find((text) => parsePrivateColumn(text) === null);
    return wrong === undefined ? null : `“${wrong}” is no schema.table.column`;
  },
};
