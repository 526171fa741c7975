import type { ServerTarget, TlsMode } from '../../src-preload/contract/connections';
import { AppError } from '../errors';
import type { ParsedUrl, UrlDefaults } from './serverUrl';

export const MYSQL_URL = /^(?:mysql|mariadb):\/\//i;

/** MySQL's names of the modes (manual, `--ssl-mode`). */
const modes: Readonly<Record<string, TlsMode>> = { DISABLED: 'disable', PREFERRED: 'prefer', REQUIRED: 'require', VERIFY_CA: 'verify-ca', VERIFY_IDENTITY: 'verify-full' };
const files: Readonly<Record<string, 'ca' | 'cert' | 'key'>> = { 'ssl-ca': 'ca', 'ssl-cert': 'cert', 'ssl-key': 'key' };

/**
 * Reads `mysql://user:password@host:3306/database?ssl-mode=REQUIRED`, as MySQL Shell does; parts are percent-encoded. Without a
 * database `information_schema`, which every user can open. Throws `bad_input`, and `unsupported` for other parameters.
 */
export function parseMysqlUrl(text: string, { user }: Pick<UrlDefaults, 'user'>): ParsedUrl {
  const [, authority = '', path = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text.replace(MYSQL_URL, '')) ?? [];
  const at = authority.lastIndexOf('@');
  const credentials = at === -1 ? '' : authority.slice(0, at);
  const colon = credentials.indexOf(':');
  const name = decode(colon === -1 ? credentials : credentials.slice(0, colon));
  const target: ServerTarget = {
    engine: 'mysql',
    ...addressOf(authority.slice(at + 1)),
    database: decode(path) || 'information_schema',
    user: name || user,
    tls: tlsOf(query),
  };
  return { target, password: colon === -1 ? null : decode(credentials.slice(colon + 1)) };
}

/** The URL that reads back as the same target, without a password. */
export function formatMysqlUrl({ host, port, database, user, tls }: ServerTarget): string {
  const shown = host.includes(':') && !host.startsWith('/') ? `[${host}]` : encodeURIComponent(host);
  const mode = Object.entries(modes).find(([, value]) => value === tls.mode)?.[0] ?? 'PREFERRED';
  const parameters = [`ssl-mode=${mode}`, ...Object.entries(files).flatMap(([parameter, field]) => (tls[field] === undefined ? [] : [`${parameter}=${encodeURIComponent(tls[field])}`]))];
  return `mysql://${encodeURIComponent(user)}@${shown}:${port}/${encodeURIComponent(database)}?${parameters.join('&')}`;
}

function addressOf(text: string): { host: string; port: number } {
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(text) ?? [];
  return { host: bracketed ?? (decode(plain) || 'localhost'), port: portNumber(port || '3306') };
}

function tlsOf(query: string): ServerTarget['tls'] {
  const tls: { mode: TlsMode; ca?: string; cert?: string; key?: string } = { mode: 'prefer' };
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(decode);
    const file = files[name];
    if (file !== undefined) tls[file] = value;
    else if (name === 'ssl-mode') tls.mode = modeOf(value);
    else throw new AppError('unsupported', `The parameter ${name} is not one that this version follows.`, { hint: 'It follows ssl-mode, ssl-ca, ssl-cert and ssl-key. Leave others out, if the connection is right without them.' });
  }
  return tls;
}

function modeOf(value: string): TlsMode {
  const mode = modes[value.toUpperCase()];
  if (mode === undefined) throw new AppError('bad_input', `ssl-mode ${value} is not known.`, { hint: `Use one of ${Object.keys(modes).join(', ')}.` });
  return mode;
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new AppError('bad_input', 'The port in the URL is not a number from 1 to 65535.', { hint: 'A password with : / ? # or @ in it must be percent-encoded.' });
  return port;
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (decoded.includes('\0')) throw new URIError('NUL');
    return decoded;
  } catch {
    throw new AppError('bad_input', 'A part of the URL is not percent-encoded correctly.', { hint: 'Write a % sign as %25.' });
  }
}
