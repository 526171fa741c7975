import type { StructureDriver } from '../../structure';
import { type Reader, readTexts } from '../introspect/read';
import { planDrop } from './drop';
import { planStructure } from './plan';
import { readStructure } from './read';

/** Types that a column can have: those that people choose from first, then all others by name. */
async function readTypes(reader: Reader): Promise<string[]> {
  const common = 'bigint,integer,smallint,numeric,text,character varying(255),boolean,timestamp with time zone,timestamp without time zone,date,time without time zone,interval,uuid,jsonb,json,bytea,double precision,real,inet,text[],integer[]'.split(',');
  const others = await readTexts(
    reader,
    `SELECT pg_catalog.format_type(t.oid, NULL) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('b', 'e', 'd', 'r', 'c') AND t.typcategory <> 'A' AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  AND n.nspname NOT IN ('information_schema', 'pg_toast') AND (n.nspname <> 'pg_catalog' OR t.typname !~ '^(pg_|reg|_)')
ORDER BY n.nspname = 'pg_catalog', t.typname COLLATE "C" LIMIT 2000`,
  );
  return [...new Set([...common, ...others])];
}

/** Structure of PostgreSQL 12 and newer. */
export const postgresqlStructure: StructureDriver = {
  read: (connection, object, signal) => readStructure({ connection, signal }, object),
  plan: planStructure,
  dropPlan: (connection, object, options, signal) => planDrop({ connection, signal }, object, options),
  async choices(connection, signal) {
    const reader = { connection, signal };
    return {
      types: await readTypes(reader),
      methods: await readTexts(reader, `SELECT amname::text FROM pg_catalog.pg_am WHERE amtype = 'i' ORDER BY amname = 'btree' DESC, amname COLLATE "C"`),
      schemas: await readTexts(reader, `SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY n.nspname COLLATE "C"`),
    };
  },
};
