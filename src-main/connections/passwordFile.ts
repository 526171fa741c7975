import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ServerTarget } from '../../src-preload/contract/connections';
import { isAbsent } from '../atomicFile';

/** The person's own files and the variables that move them. */
export interface Personal {
  readonly home: string;
  /** `PGPASSFILE`, `PGSERVICEFILE`, `PGSYSCONFDIR`, `APPDATA`, `SSH_AUTH_SOCK`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the password file has for a server; `ignored` says why a file that is there was not used. */
export type PasswordFileAnswer =
  | { readonly kind: 'found'; readonly file: string; readonly password: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'ignored'; readonly file: string; readonly reason: string };

/** Folders where a server's socket is by default; the password file calls a server there `localhost`. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/**
 * Looks into `.pgpass` as libpq does. Source: the PostgreSQL manual, "The Password File". Behind an SSH tunnel `localhost` is another
 * machine than the one that the file speaks of, so that its lines are not used for it.
 */
export async function readPasswordFile(target: ServerTarget, { home, environment }: Personal): Promise<PasswordFileAnswer> {
  const roaming = path.join(environment['APPDATA'] ?? home, 'postgresql', 'pgpass.conf');
  const file = environment['PGPASSFILE'] || (process.platform === 'win32' ? roaming : path.join(home, '.pgpass'));
  const own = /^(localhost|127\..*|::1)$/i.test(target.host) || target.host.startsWith('/');
  if (target.tunnel && own) return { kind: 'none' };
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return { kind: 'ignored', file, reason: 'it is not a plain file' };
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) return { kind: 'ignored', file, reason: 'others may read it; chmod 600 makes it usable' };
    const password = findPassword(await readFile(file, 'utf8'), target);
    return password === null ? { kind: 'none' } : { kind: 'found', file, password };
  } catch (thrown) {
    if (isAbsent(thrown)) return { kind: 'none' };
    return { kind: 'ignored', file, reason: (thrown as Error).message };
  }
}

/** The password in the first line that fits: `host:port:database:user:password`, each of the first four may be `*`. */
export function findPassword(text: string, target: Pick<ServerTarget, 'host' | 'port' | 'database' | 'user'>): string | null {
  const host = SOCKET_FOLDERS.includes(target.host.replace(/\/+$/, '')) ? 'localhost' : target.host;
  const wanted = [host, String(target.port), target.database, target.user];
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = splitFields(line);
    const password = fields[4];
    if (password !== undefined && wanted.every((value, index) => fields[index] === '*' || unescape(fields[index] ?? '') === value)) return unescape(password);
  }
  return null;
}

/** Cut at colons that no backslash stands before. Like libpq, the password ends at such a colon too. */
function splitFields(line: string): string[] {
  const fields = [''];
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === ':') fields.push('');
    else fields[fields.length - 1] += character === '\\' && at + 1 < line.length ? character + line.charAt(++at) : character;
  }
  return fields;
}

function unescape(field: string): string {
  return field.replace(/\\(.)/gs, '$1');
}
