import type { ObjectKind } from '../../../../src-preload/contract/catalog';

/** The kind of a row of pg_class `c`; NULL for what is no object of its own, such as an index. */
const relationKind = `CASE WHEN c.relispartition AND c.relkind IN ('r', 'p', 'f') THEN 'partition'
  WHEN c.relkind IN ('r', 'p') THEN 'table' WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized_view'
  WHEN c.relkind = 'f' THEN 'foreign_table' WHEN c.relkind = 'S' THEN 'sequence' END`;

/** Types that people make: arrays, multiranges and the row types of tables come along with something else. */
const standaloneType = `(t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class r
  WHERE r.oid = t.typrelid AND r.relkind = 'c'))
  OR (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)))`;

/** Catalog, oid, name and kind of every object of each source; `catalog` is where its comment is found. */
const sources: readonly { kinds: readonly ObjectKind[]; query: string }[] = [
  {
    kinds: ['table', 'partition', 'view', 'materialized_view', 'foreign_table', 'sequence'],
    query: `SELECT 'pg_class' AS catalog, c.oid, c.relnamespace AS namespace, c.relname::text AS name, ${relationKind} AS kind
FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
  },
  {
    kinds: ['function'],
    // The constructors of range types come along with the type.
    query: `SELECT 'pg_proc' AS catalog, p.oid, p.pronamespace AS namespace, p.proname::text AS name, 'function' AS kind
      FROM pg_catalog.pg_proc p
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
  AND d.deptype = 'i')`,
  },
  {
    kinds: ['type'],
    query: `SELECT 'pg_type' AS catalog, t.oid, t.typnamespace AS namespace, t.typname::text AS name, 'type' AS kind
      FROM pg_catalog.pg_type t WHERE ${standaloneType}`,
  },
  {
    kinds: ['extension'],
    query: `SELECT 'pg_extension' AS catalog, e.oid, e.extnamespace AS namespace, e.extname::text AS name, 'extension' AS kind
      FROM pg_catalog.pg_extension e`,
  },
];

/** A query of `catalog, oid, namespace, name, kind` over all objects, or over the sources that have the kind. */
export function objectsQuery(kind: ObjectKind | null): string {
  return sources
    .filter((source) => kind === null || source.kinds.includes(kind))
    .map((source) => source.query)
    .join('\nUNION ALL\n');
}

/** Schemas that the tree does not show: those of other sessions' temporary tables, and TOAST. */
export const shownSchema = `n.nspname !~ '^pg_toast' AND (n.nspname !~ '^pg_temp_' OR n.oid = pg_catalog.pg_my_temp_schema())`;
export const systemSchema = `n.nspname IN ('pg_catalog', 'information_schema')`;
