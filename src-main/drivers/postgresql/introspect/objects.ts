import type { ObjectKind, ObjectPage, SchemaEntry } from '../../../../src-preload/contract/catalog';
import { objectsQuery, shownSchema, systemSchema } from './kinds';
import { type Reader, readObjects } from './read';

interface CountRow {
  readonly name: string;
  readonly system: boolean;
  readonly counts: Partial<Record<ObjectKind, number>> | null;
}

/** All schemas with how many objects of each kind they have: one query that counts, whatever the number of objects. */
export async function readSchemas(reader: Reader): Promise<SchemaEntry[]> {
  const rows = await readObjects<CountRow>(
    reader,
    `SELECT n.nspname::text AS name, ${systemSchema} AS system, k.counts
FROM pg_catalog.pg_namespace n
LEFT JOIN (SELECT namespace, pg_catalog.json_object_agg(kind, total) AS counts
  FROM (SELECT namespace, kind, count(*) AS total FROM (${objectsQuery(null)}) o GROUP BY namespace, kind) g GROUP BY namespace) k
    ON k.namespace = n.oid
WHERE ${shownSchema}
ORDER BY 2, n.nspname COLLATE "C"`,
  );
  return rows.map(({ name, system, counts }) => ({ name, system, counts: counts ?? {} }));
}

/** Who holds or waits for a lock that would make a size function wait. */
const lockedRelations = `SELECT l.relation FROM pg_catalog.pg_locks l
  WHERE l.mode = 'AccessExclusiveLock' AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
    WHERE d.datname = pg_catalog.current_database())`;

/**
 * One page of objects by name. Sizes and comments are read for the page's objects alone; the size of a locked table is null. A
 * function's comment begins with its arguments and result, which tell overloaded ones apart.
 */
export async function readPage(
  reader: Reader,
  query: { schema: string | null; kind: ObjectKind | null; search: string; offset: number; limit: number },
): Promise<ObjectPage> {
  const matching = `SELECT o.*, n.nspname::text AS schema FROM (${objectsQuery(query.kind)}) o JOIN pg_catalog.pg_namespace n
    ON n.oid = o.namespace
WHERE ${shownSchema} AND ($1::text IS NULL OR n.nspname = $1) AND ($2::text IS NULL OR o.kind = $2)
  AND ($3 = '' OR strpos(lower(o.name), lower($3)) > 0)`;
  const page = `SELECT p.schema, p.name, p.kind, p.oid::bigint AS oid,
  CASE WHEN f.oid IS NULL THEN d.description ELSE concat_ws(' · ', pg_catalog.format('(%s)',
    pg_catalog.pg_get_function_identity_arguments(f.oid))
    || coalesce(' → ' || pg_catalog.pg_get_function_result(f.oid), ''), d.description) END AS comment,
  CASE WHEN c.relkind IN ('r', 'p', 'm', 'f') AND (c.reltuples > 0 OR (c.reltuples = 0 AND c.relpages > 0)) THEN c.reltuples END AS rows,
  CASE WHEN c.relkind IN ('r', 'm') AND NOT EXISTS (SELECT FROM locked
    WHERE locked.relation = c.oid) THEN pg_catalog.pg_total_relation_size(c.oid) END AS bytes
FROM (SELECT * FROM matching ORDER BY name COLLATE "C", schema COLLATE "C", kind, oid OFFSET $4::bigint LIMIT $5::bigint) p
LEFT JOIN pg_catalog.pg_class c ON p.catalog = 'pg_class' AND c.oid = p.oid
LEFT JOIN pg_catalog.pg_proc f ON p.catalog = 'pg_proc' AND f.oid = p.oid
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = ('pg_catalog.' || p.catalog)::regclass AND d.objsubid = 0
ORDER BY p.name COLLATE "C", p.schema COLLATE "C", p.kind, p.oid`;
  const [row] = await readObjects<ObjectPage>(
    reader,
    `WITH matching AS MATERIALIZED (${matching}), locked AS MATERIALIZED (${lockedRelations})
SELECT (SELECT count(*) FROM matching) AS total, (SELECT coalesce(pg_catalog.json_agg(page), '[]') FROM (${page}) page) AS objects`,
    [query.schema, query.kind, query.search, String(query.offset), String(query.limit)],
  );
  return row ?? { total: 0, objects: [] };
}
