import { existsSync } from 'node:fs';
import os from 'node:os';
import type { Services } from './serviceFile';
import type { UrlDefaults } from './serverUrl';

/** Where libpq builds look for the socket: Debian's and Red Hat's packages, then PostgreSQL's own default. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/** What libpq would fill in on this machine; see {@link UrlDefaults}. */
export function libpqDefaults(environment: Readonly<Record<string, string | undefined>>, cwd: string, services: Services): UrlDefaults {
  const port = environment['PGPORT'] || '5432';
  const socket = process.platform === 'win32' ? undefined : SOCKET_FOLDERS.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
  return { environment, user: os.userInfo().username, host: socket ?? 'localhost', cwd, service: (name) => services.find(name) };
}
