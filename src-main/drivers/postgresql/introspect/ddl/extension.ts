import { type Reader, readTexts } from '../read';

/** CREATE EXTENSION with the schema and the version that are installed. */
export async function extensionDdl(reader: Reader, oid: string): Promise<string> {
  const statements = await readTexts(
    reader,
    `SELECT pg_catalog.format('CREATE EXTENSION %I WITH SCHEMA %I VERSION %L;', e.extname, n.nspname, e.extversion)
FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.oid = $1::oid`,
    [oid],
  );
  return statements.join('');
}
