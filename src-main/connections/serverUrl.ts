import path from 'node:path';
import { tlsMode, type ConnectionTarget, type ServerTarget, type TlsMode } from '../../src-preload/contract/connections';
import { AppError } from '../errors';
import { formatMysqlUrl, MYSQL_URL, parseMysqlUrl } from './mysqlUrl';

/** What stands outside a URL and fills the parts that it leaves out. */
export interface UrlDefaults {
  /** `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY`, `PGSERVICE`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The operating system's user name. */
  readonly user: string;
  /** Where a server without a host is: the folder of its Unix socket, or `localhost`. */
  readonly host: string;
  /** The parameters of a service of pg_service.conf; throws `not_found`. */
  readonly service?: (name: string) => ReadonlyMap<string, string>;
  /** Relative paths of data folders start here. */
  readonly cwd: string;
}

export interface ParsedUrl {
  readonly target: ConnectionTarget;
  readonly password: string | null;
}

const SERVER = /^postgres(?:ql)?:\/\//i;
const EMBEDDED = /^pglite:/i;
const LATER = /^(mongodb(?:\+srv)?|redis|rediss|oracle):/i;

/** Parameters that libpq knows and that change nothing about which server is reached and how it is trusted. */
const HARMLESS = new Set(
  'application_name fallback_application_name connect_timeout keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout gssencmode krbsrvname channel_binding sslcompression sslsni sslnegotiation client_encoding'.split(
    ' ',
  ),
);

/** Whether a text is meant as a URL rather than as the name of a saved connection. */
export function looksLikeUrl(text: string): boolean {
  return SERVER.test(text) || MYSQL_URL.test(text) || EMBEDDED.test(text) || LATER.test(text) || /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/**
 * Reads a connection URL. `postgres://` and `postgresql://` follow libpq ("Connection URIs" and "Environment Variables" in the
 * PostgreSQL manual): every part is optional and percent-encoded, parameters override parts. One thing is kinder: the last `@`
 * before the path ends the password, so that an unescaped one in it does no harm. `pglite:DIR` names a data folder as it is.
 * Throws `bad_input`, or `unsupported` for engines and parameters that this version does not have.
 */
export function parseConnectionUrl(url: string, defaults: UrlDefaults): ParsedUrl {
  const text = url.trim();
  if (EMBEDDED.test(text)) return { target: embedded(text, defaults), password: null };
  if (SERVER.test(text)) return server(text.replace(SERVER, ''), defaults);
  if (MYSQL_URL.test(text)) return parseMysqlUrl(text, defaults);
  const later = LATER.exec(text);
  if (later) throw new AppError('unsupported', `This version cannot connect to ${later[1]} servers.`, { hint: 'Use a postgres://, mysql://, mariadb:// or pglite: URL.' });
  throw new AppError('bad_input', 'This is not a connection URL.', { hint: 'It looks like postgres://user@host:5432/database, mysql://user@host:3306/database, or pglite:FOLDER.' });
}

/** Writes a target as the URL that reads back as the same target. Never holds a password. */
export function formatConnectionUrl(target: ConnectionTarget): string {
  if (target.engine === 'pglite') return `pglite:${target.folder}`;
  if (target.engine === 'mysql') return formatMysqlUrl(target);
  const { host, port, database, user, tls } = target;
  const shown = host.includes(':') && !host.startsWith('/') ? `[${host}]` : encodeURIComponent(host);
  const parameters = new URLSearchParams({ sslmode: tls.mode });
  if (tls.ca) parameters.set('sslrootcert', tls.ca);
  if (tls.cert) parameters.set('sslcert', tls.cert);
  if (tls.key) parameters.set('sslkey', tls.key);
  const query = parameters.toString().replaceAll('+', '%20');
  return `postgres://${encodeURIComponent(user)}@${shown}:${port}/${encodeURIComponent(database)}?${query}`;
}

function embedded(text: string, { cwd }: UrlDefaults): ConnectionTarget {
  const folder = text.replace(EMBEDDED, '').replace(/^\/\/(?=\/)/, '');
  if (folder === '') throw new AppError('bad_input', 'The URL names no folder.', { hint: 'Write pglite:FOLDER.' });
  return { engine: 'pglite', folder: path.resolve(cwd, folder) };
}

function server(rest: string, defaults: UrlDefaults): ParsedUrl {
  const { authority, database, query } = cut(rest);
  const at = authority.lastIndexOf('@');
  const [user, password] = at === -1 ? ['', null] : credentials(authority.slice(0, at));
  const { host, port } = address(authority.slice(at + 1));
  const given = withService(parameters(query), [['user', user], ['host', host], ['port', port], ['dbname', database], ['password', password ?? '']], defaults);
  const from = (parameter: string, part: string, variable: string): string => given.get(parameter) || part || defaults.environment[variable] || '';
  const name = from('user', user, 'PGUSER') || defaults.user;
  const target: ServerTarget = {
    engine: 'postgresql',
    host: from('host', host, 'PGHOST') || defaults.host,
    port: portNumber(from('port', port, 'PGPORT') || '5432'),
    database: from('dbname', database, 'PGDATABASE') || name,
    user: name,
    tls: tls(given, defaults.environment),
  };
  if (target.host.includes(',')) throw new AppError('unsupported', 'The URL names several hosts.', { hint: 'Save one connection for each host.' });
  return { target, password: given.get('password') ?? password };
}

/** A service stands behind what the URL says itself, and before the variables. */
function withService(given: Map<string, string>, parts: readonly (readonly [string, string])[], { service, environment }: UrlDefaults): Map<string, string> {
  const name = given.get('service') || environment['PGSERVICE'];
  if (!name) return given;
  if (!service) throw unsupportedParameter('service');
  const found = [...service(name)].filter(([parameter]) => !given.has(parameter) && !parts.some(([part, value]) => part === parameter && value !== ''));
  found.forEach(([parameter, value]) => checkParameter(parameter, value));
  return new Map([...found, ...given]);
}

/** `user:password@host:port/database?query`, cut at its first `/` and `?`. */
function cut(rest: string): { authority: string; database: string; query: string } {
  const [, authority = '', database = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  return { authority, database: decode(database, 'database'), query };
}

function credentials(text: string): [string, string | null] {
  const colon = text.indexOf(':');
  if (colon === -1) return [decode(text, 'user'), null];
  return [decode(text.slice(0, colon), 'user'), decode(text.slice(colon + 1), 'password')];
}

function address(text: string): { host: string; port: string } {
  if (text.includes(',')) throw new AppError('unsupported', 'The URL names several hosts.', { hint: 'Save one connection for each host.' });
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(text) ?? [];
  if (bracketed === undefined && plain === '' && port === '' && text !== '' && text !== ':') {
    throw new AppError('bad_input', 'The host in the URL cannot be read.', { hint: 'An IPv6 address stands in brackets: postgres://user@[::1]:5432/database.' });
  }
  return { host: bracketed ?? decode(plain, 'host'), port: decode(port, 'port') };
}

function parameters(query: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals), 'parameter');
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1), name);
    checkParameter(name, value);
    found.set(name, value);
  }
  return found;
}

function checkParameter(name: string, value: string): void {
  if ((name === 'target_session_attrs' && value !== 'any') || (!KNOWN.has(name) && !HARMLESS.has(name))) throw unsupportedParameter(name);
}

const KNOWN = new Set(['host', 'port', 'dbname', 'user', 'password', 'sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'service', 'target_session_attrs']);

function unsupportedParameter(name: string): AppError {
  return new AppError('unsupported', `The parameter ${name} is not one that this version follows.`, { hint: 'Leave it out, if the connection is right without it.' });
}

function tls(given: Map<string, string>, environment: UrlDefaults['environment']): ServerTarget['tls'] {
  const value = (parameter: string, variable: string): string | undefined => given.get(parameter) || environment[variable] || undefined;
  const root = value('sslrootcert', 'PGSSLROOTCERT');
  // libpq: `system` means the operating system's roots and is only allowed with full verification.
  const ca = root === 'system' ? undefined : root;
  const cert = value('sslcert', 'PGSSLCERT');
  const key = value('sslkey', 'PGSSLKEY');
  const asked = value('sslmode', 'PGSSLMODE') ?? (given.get('ssl') === 'true' ? 'require' : undefined);
  const mode = modeOf(asked ?? (root === 'system' ? 'verify-full' : 'prefer'));
  return { mode, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

function modeOf(text: string): TlsMode {
  // `allow` starts without TLS; `prefer` reaches the same servers and starts with it.
  const mode = tlsMode.safeParse(text === 'allow' ? 'prefer' : text);
  if (!mode.success) throw new AppError('bad_input', `sslmode ${text} is not known.`, { hint: `Use one of ${tlsMode.options.join(', ')}.` });
  return mode.data;
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw new AppError('bad_input', 'The port in the URL is not a number from 1 to 65535.', { hint: 'A password with : / ? # or @ in it must be percent-encoded.' });
  return port;
}

function decode(text: string, part: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (decoded.includes('\0')) throw new URIError('NUL');
    return decoded;
  } catch {
    throw new AppError('bad_input', `The ${part} in the URL is not percent-encoded correctly.`, { hint: 'Write a % sign as %25.' });
  }
}
