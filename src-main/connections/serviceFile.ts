import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';
import type { Personal } from './passwordFile';

/** Where Debian's and PGDG's libpq look for the machine's own file. */
const SYSTEM_FOLDERS = ['/etc/postgresql-common', '/usr/local/etc/postgresql', '/etc'];

/** Named sets of connection parameters. Source: the PostgreSQL manual, "The Connection Service File". */
export interface Services {
  names(): string[];
  /** The parameters of a service; the person's file wins. Throws `not_found`. */
  find(name: string): ReadonlyMap<string, string>;
}

export function createServices({ home, environment }: Personal): Services {
  const files = (): string[] => {
    const usual = process.platform === 'win32' ? path.join(environment['APPDATA'] ?? home, 'postgresql', '.pg_service.conf') : path.join(home, '.pg_service.conf');
    const system = environment['PGSYSCONFDIR'] ? [environment['PGSYSCONFDIR']] : SYSTEM_FOLDERS;
    return [environment['PGSERVICEFILE'] || usual, ...system.map((folder) => path.join(folder, 'pg_service.conf'))].filter((file) => existsSync(file));
  };
  const read = (): Map<string, ReadonlyMap<string, string>> => {
    const all = new Map<string, ReadonlyMap<string, string>>();
    for (const file of files()) for (const [name, parameters] of parseServices(readFileSync(file, 'utf8'), file)) if (!all.has(name)) all.set(name, parameters);
    return all;
  };
  return {
    names: () => [...read().keys()].sort((a, b) => a.localeCompare(b)),
    find: (name) => {
      const found = read().get(name);
      if (!found) throw new AppError('not_found', `There is no service ${name} in ${files().join(' or ') || 'a pg_service.conf, for there is none'}.`, { hint: 'Write it there under its name in brackets.' });
      return found;
    },
  };
}

/** Reads `[name]` sections with `parameter=value` lines; the first section of a name counts, as for libpq. Throws `bad_input` with the line. */
export function parseServices(text: string, file: string): Map<string, Map<string, string>> {
  const services = new Map<string, Map<string, string>>();
  let current: Map<string, string> | null = null;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const section = /^\[(.*)\]$/.exec(line);
    if (section) {
      current = new Map();
      const name = section[1] ?? '';
      if (!services.has(name)) services.set(name, current);
      return;
    }
    const equals = line.indexOf('=');
    if (equals < 1 || current === null) throw new AppError('bad_input', `${file}, line ${index + 1}: this is neither [service] nor parameter=value.`, { hint: 'Mend the line; LDAP lookups are not followed.' });
    const key = line.slice(0, equals);
    if (key === 'service') throw new AppError('bad_input', `${file}, line ${index + 1}: a service cannot name another one.`);
    if (!current.has(key)) current.set(key, line.slice(equals + 1));
  });
  return services;
}
