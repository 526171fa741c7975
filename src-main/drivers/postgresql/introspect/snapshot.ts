import type { CatalogSnapshot } from '../../../../src-preload/contract/catalog';
import { shownSchema, systemSchema } from './kinds';
import { inOneState, type Reader, readObjects } from './read';

/** Beyond this many relations the snapshot leaves out partitions first, then system relations, then the last names. */
const maxRelations = 50_000;
const maxFunctions = 20_000;

type Relation = CatalogSnapshot['relations'][number];

/** What completion and name resolution need, bounded; sorted by schema and name. */
export async function readSnapshot(reader: Reader): Promise<CatalogSnapshot> {
  return inOneState(reader, async () => {
    const relations = await readRelations(reader);
    await readColumnsInto(reader, relations);
    const [path] = await readObjects<{ schemas: string[] }>(reader, 'SELECT pg_catalog.current_schemas(true)::text[] AS schemas');
    return {
      searchPath: path?.schemas ?? [],
      schemas: (
        await readObjects<{ name: string }>(
          reader,
          `SELECT n.nspname::text AS name FROM pg_catalog.pg_namespace n WHERE ${shownSchema} ORDER BY n.nspname COLLATE "C"`,
        )
      ).map(({ name }) => name),
      relations: [...relations.values()],
      foreignKeys: await readForeignKeys(reader),
      functions: await readFunctions(reader),
      enums: await readObjects<CatalogSnapshot['enums'][number]>(
        reader,
        `SELECT n.nspname::text AS schema, t.typname::text AS name, pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
          AS labels
FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
GROUP BY 1, 2 ORDER BY n.nspname::text COLLATE "C", t.typname::text COLLATE "C"`,
      ),
    };
  });
}

/** The relations that are taken, as a subquery of their oids. */
const takenRelations = `SELECT c.oid, c.relname, c.relkind, c.relispartition, c.reltuples, c.relpages, n.nspname
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${shownSchema}
ORDER BY c.relispartition, ${systemSchema}, n.nspname COLLATE "C", c.relname COLLATE "C" LIMIT ${maxRelations}`;

async function readRelations(reader: Reader): Promise<Map<number, Relation>> {
  const rows = await readObjects<Omit<Relation, 'columns'> & { oid: number }>(
    reader,
    `SELECT c.oid::bigint AS oid, c.nspname::text AS schema, c.relname::text AS name,
  CASE WHEN c.relispartition THEN 'partition' WHEN c.relkind IN ('r', 'p') THEN 'table' WHEN c.relkind = 'v' THEN 'view'
    WHEN c.relkind = 'm' THEN 'materialized_view' ELSE 'foreign_table' END AS kind,
  d.description AS comment, CASE WHEN c.reltuples > 0 OR (c.reltuples = 0 AND c.relpages > 0) THEN c.reltuples END AS rows,
  ARRAY(SELECT a.attname::text FROM pg_catalog.pg_constraint k, LATERAL unnest(k.conkey) WITH ORDINALITY u(attnum, position)
    JOIN pg_catalog.pg_attribute a ON a.attnum = u.attnum WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attrelid = c.oid
      ORDER BY u.position) AS "primaryKey"
FROM (${takenRelations}) c LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass
  AND d.objsubid = 0
ORDER BY c.nspname COLLATE "C", c.relname COLLATE "C"`,
  );
  return new Map(rows.map(({ oid, ...relation }) => [oid, { ...relation, columns: [] }]));
}

async function readColumnsInto(reader: Reader, relations: ReadonlyMap<number, Relation>): Promise<void> {
  const rows = await readObjects<{ oid: number; columns: Relation['columns'] }>(
    reader,
    `SELECT a.attrelid::bigint AS oid, pg_catalog.json_agg(pg_catalog.json_build_object('name', a.attname, 'type',
      pg_catalog.format_type(a.atttypid, a.atttypmod),
    'nullable', NOT a.attnotnull, 'comment', d.description) ORDER BY a.attnum) AS columns
FROM pg_catalog.pg_attribute a JOIN (${takenRelations}) c ON c.oid = a.attrelid
LEFT JOIN pg_catalog.pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid`,
  );
  for (const { oid, columns } of rows) relations.get(oid)?.columns.push(...columns);
}

async function readForeignKeys(reader: Reader): Promise<CatalogSnapshot['foreignKeys']> {
  const names = (relation: string, key: string): string =>
    `ARRAY(SELECT a.attname::text FROM unnest(${key}) WITH ORDINALITY u(attnum, position) JOIN pg_catalog.pg_attribute a
      ON a.attrelid = ${relation} AND a.attnum = u.attnum ORDER BY u.position)`;
  return readObjects<CatalogSnapshot['foreignKeys'][number]>(
    reader,
    `SELECT n.nspname::text AS schema, t.relname::text AS "table", ${names('k.conrelid', 'k.conkey')} AS columns,
  rn.nspname::text AS "refSchema", r.relname::text AS "refTable", ${names('k.confrelid', 'k.confkey')} AS "refColumns"
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class t ON t.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = k.confrelid JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY n.nspname COLLATE "C", t.relname COLLATE "C", k.conname COLLATE "C" LIMIT 100000`,
  );
}

/** Functions that a statement can call: not those that only the server itself calls with internal arguments, nor triggers'. */
async function readFunctions(reader: Reader): Promise<CatalogSnapshot['functions']> {
  return readObjects<CatalogSnapshot['functions'][number]>(
    reader,
    `SELECT n.nspname::text AS schema, p.proname::text AS name, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
  coalesce(pg_catalog.pg_get_function_result(p.oid), '') AS returns
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE ${shownSchema} AND p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype,
  'language_handler'::regtype, 'index_am_handler'::regtype)
  AND NOT 'internal'::regtype::oid = ANY (p.proargtypes::oid[])
ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", p.oid LIMIT ${maxFunctions}`,
  );
}
