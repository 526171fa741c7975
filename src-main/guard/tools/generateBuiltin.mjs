/**
 * Writes `builtin/functions.json`, the shipped table of built-in functions by server version, from the catalogs of real servers.
 *
 *   node src-main/guard/tools/generateBuiltin.mjs postgres://postgres@127.0.0.1:5432/postgres
 *
 * The URL names a fresh PostgreSQL 15; PostgreSQL 18 is the embedded one (PGlite). Both are read; the versions between and before
 * them are derived when the table is used (see `builtinTable.ts`).
 */
import { writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** Functions that take or give pseudo-types of the server's own (triggers, handlers, transitions) cannot be called by a statement. */
const FUNCTIONS = `
  select p.provolatile as volatility, string_agg(distinct p.proname, ' ' order by p.proname) as names
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'pg_catalog'
    and p.prorettype <> all (array['trigger','event_trigger','language_handler','fdw_handler','index_am_handler','table_am_handler']::regtype[])
    and (p.prorettype = 'tsm_handler'::regtype or not 'internal'::regtype = any (p.proargtypes::oid[]))
  group by 1 order by 1`;
const TYPES = `select string_agg(typname, ' ' order by typname) as names from pg_catalog.pg_type where typtype <> 'c' and typcategory <> 'A'`;
const OPERATORS = `select string_agg(distinct oprname, ' ' order by oprname) as names from pg_catalog.pg_operator`;

async function fromServer(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const functions = (await client.query(FUNCTIONS)).rows;
  const operators = (await client.query(OPERATORS)).rows[0]?.names ?? '';
  const types = (await client.query(TYPES)).rows[0]?.names ?? '';
  const version = (await client.query('select version()')).rows[0]?.version ?? '';
  await client.end();
  return { functions, operators, types, version };
}

async function fromEmbedded() {
  const db = new PGlite();
  const functions = (await db.query(FUNCTIONS)).rows;
  const operators = (await db.query(OPERATORS)).rows[0]?.names ?? '';
  const types = (await db.query(TYPES)).rows[0]?.names ?? '';
  const version = (await db.query('select version()')).rows[0]?.version ?? '';
  await db.close();
  return { functions, operators, types, version };
}

function table(source) {
  const byVolatility = Object.fromEntries(source.functions.map((row) => [row.volatility, row.names]));
  return {
    source: source.version.split(',')[0] ?? '',
    immutable: byVolatility['i'] ?? '',
    stable: byVolatility['s'] ?? '',
    volatile: byVolatility['v'] ?? '',
    operators: source.operators,
    types: source.types,
  };
}

const url = process.argv[2];
if (url === undefined) throw new Error('Give the URL of a fresh PostgreSQL 15.');
const tables = { 15: table(await fromServer(url)), 18: table(await fromEmbedded()) };
await writeFile(new URL('../builtin/functions.json', import.meta.url), `${JSON.stringify(tables, null, 1)}\n`);
