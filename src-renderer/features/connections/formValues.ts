import type { ConnectionProfile, ConnectionTarget, Environment, ServerTarget, TlsMode } from '../../../src-preload/contract/connections';

/** The form's fields, all as the inputs hold them. */
export interface FormValues {
  readonly name: string;
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
  readonly environment: Environment;
  readonly color: ConnectionProfile['color'];
  readonly readOnly: boolean;
}

export const newValues: FormValues = {
  name: '',
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
  environment: 'dev',
  color: 'teal',
  readOnly: false,
};

/** The colour that an environment has unless the person chooses another one. */
export const usualColor: Record<Environment, ConnectionProfile['color']> = { dev: 'teal', staging: 'yellow', production: 'red' };

type TargetValues = Pick<FormValues, 'host' | 'port' | 'database' | 'user' | 'tlsMode' | 'ca' | 'cert' | 'key'>;

function targetValues(target: ServerTarget): TargetValues {
  return {
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    tlsMode: target.tls.mode,
    ca: target.tls.ca ?? '',
    cert: target.tls.cert ?? '',
    key: target.tls.key ?? '',
  };
}

/** The form of a saved connection to a server. */
export function valuesOf(profile: ConnectionProfile & { readonly hasPassword: boolean }): FormValues {
  const target = profile.target.engine === 'postgresql' ? targetValues(profile.target) : {};
  const { name, environment, color, readOnly } = profile;
  return { ...newValues, ...target, name, environment, color, readOnly, passwordKind: profile.hasPassword ? 'keep' : 'ask' };
}

/** Takes what a pasted URL says into the form; a name is made from it when there is none. */
export function withUrl(values: FormValues, parsed: { readonly target: ConnectionTarget; readonly password: string | null }): FormValues {
  if (parsed.target.engine !== 'postgresql') return values;
  const { target, password } = parsed;
  return {
    ...values,
    ...targetValues(target),
    name: values.name.trim() === '' ? `${target.database} on ${target.host}` : values.name,
    ...(password === null ? {} : { passwordKind: 'set' as const, password }),
  };
}

/** The target that the form describes; empty file fields are left out. */
export function targetOf(values: FormValues): ServerTarget {
  const file = (path: string): string | undefined => (path.trim() === '' ? undefined : path.trim());
  return {
    engine: 'postgresql',
    host: values.host.trim(),
    port: Number(values.port),
    database: values.database.trim(),
    user: values.user.trim(),
    tls: { mode: values.tlsMode, ca: file(values.ca), cert: file(values.cert), key: file(values.key) },
  };
}

/** Why a field cannot be saved as it is; null when it can. */
export const fieldErrors: { readonly [K in keyof FormValues]?: (value: FormValues[K]) => string | null } = {
  name: (name) => {
    if (name.trim() === '') return 'Give it a name: it is what you see on every tab';
    // It would be shown and stored in plain, with the password in it.
    if (name.includes('://')) return 'This looks like a URL: put it into the field above';
    return name.length > 100 ? 'At most 100 characters' : null;
  },
  host: (host) => (host.trim() === '' ? 'A host name, an address, or the folder of a Unix socket' : null),
  port: (port) => (Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 65_535 && port !== '' ? null : 'A number from 1 to 65535'),
  database: (database) => (database.trim() === '' ? 'Which database on that server?' : null),
  user: (user) => (user.trim() === '' ? 'As which user?' : null),
};
