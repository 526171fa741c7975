import type { Places } from '../../introspect';
import { readTexts, type Reader } from './read';

const DATABASES = `SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND pg_catalog.has_database_privilege(datname, 'CONNECT') ORDER BY datname`;
const SCHEMAS = `SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast|temp)' AND pg_catalog.has_schema_privilege(oid, 'USAGE') ORDER BY nspname ~ '^pg_' OR nspname = 'information_schema', nspname`;

export async function readPlaces(reader: Reader): Promise<Places> {
  const [searchPath = ''] = await readTexts(reader, 'SHOW search_path');
  return { databases: await readTexts(reader, DATABASES), schemas: await readTexts(reader, SCHEMAS), searchPath };
}
