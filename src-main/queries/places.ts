import type { ConnectionsService } from '../connections/service';
import { readAll } from './run/readAll';

export interface Places {
  /** Those that the user may connect to. */
  readonly databases: string[];
  /** Without the server's own toast and temporary ones. */
  readonly schemas: string[];
  /** What a new session looks names up in, as `SHOW search_path` gives it. */
  readonly searchPath: string;
}

const DATABASES = `SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND pg_catalog.has_database_privilege(datname, 'CONNECT') ORDER BY datname`;
const SCHEMAS = `SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast|temp)' AND pg_catalog.has_schema_privilege(oid, 'USAGE') ORDER BY nspname ~ '^pg_' OR nspname = 'information_schema', nspname`;

/** Reads them on a session that is closed afterwards, where the engine allows more than one, else on the browsing session. */
export async function readPlaces(connections: ConnectionsService, connectionId: string, signal: AbortSignal): Promise<Places> {
  const options = { applicationName: 'ai-shell browser', signal };
  const { id } = await connections.resolve(connectionId);
  return connections.withSession(id, options, async (connection) => {
    const column = async (text: string): Promise<string[]> => (await readAll(connection, text, signal)).map(([value]) => value ?? '');
    const [searchPath = ''] = await column('SHOW search_path');
    return { databases: await column(DATABASES), schemas: await column(SCHEMAS), searchPath };
  });
}
