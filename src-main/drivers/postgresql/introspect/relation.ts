import type { ColumnDetail, ObjectDetail } from '../../../../src-preload/contract/catalog';
import { type Reader, readObjects } from './read';

type ForeignKey = ObjectDetail['foreignKeys'][number];
type Reference = ObjectDetail['referencedBy'][number];
type IndexDetail = ObjectDetail['indexes'][number];
type ConstraintDetail = ObjectDetail['constraints'][number];

/** The columns' names of a key, in its order. */
function keyColumns(relation: string, key: string): string {
  return `ARRAY(SELECT a.attname::text FROM unnest(${key}) WITH ORDINALITY u(attnum, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.attnum ORDER BY u.position)`;
}

const action = (code: string): string =>
  `CASE ${code} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
    WHEN 'd' THEN 'SET DEFAULT' END`;

export async function readColumns(reader: Reader, oid: string): Promise<ColumnDetail[]> {
  return readObjects<ColumnDetail>(
    reader,
    `SELECT a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
  CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS "default",
  CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS generated,
  CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
  pg_catalog.col_description(a.attrelid, a.attnum) AS comment,
  EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'p' AND a.attnum = ANY (k.conkey))
    AS "primaryKey"
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  );
}

export async function readPrimaryKey(reader: Reader, oid: string): Promise<string[]> {
  const rows = await readObjects<{ columns: string[] }>(
    reader,
    `SELECT ${keyColumns('k.conrelid', 'k.conkey')} AS columns FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1::oid
      AND k.contype = 'p'`,
    [oid],
  );
  return rows[0]?.columns ?? [];
}

/** A foreign key to a partitioned table has one more constraint for each partition that it reaches: those are left out. */
export async function readForeignKeys(reader: Reader, oid: string): Promise<ForeignKey[]> {
  return readObjects<ForeignKey>(
    reader,
    `SELECT k.conname::text AS name, ${keyColumns('k.conrelid', 'k.conkey')} AS columns,
  pg_catalog.json_build_object('schema', n.nspname, 'table', r.relname, 'columns', ${keyColumns('k.confrelid', 'k.confkey')})
    AS "references",
  ${action('k.confdeltype')} AS "onDelete", ${action('k.confupdtype')} AS "onUpdate"
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class r ON r.oid = k.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
WHERE k.conrelid = $1::oid AND k.contype = 'f'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint parent WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid)
ORDER BY k.conname COLLATE "C"`,
    [oid],
  );
}

export async function readReferences(reader: Reader, oid: string): Promise<Reference[]> {
  return readObjects<Reference>(
    reader,
    `SELECT k.conname::text AS name, n.nspname::text AS schema, r.relname::text AS "table",
  ${keyColumns('k.conrelid', 'k.conkey')} AS columns, ${keyColumns('k.confrelid', 'k.confkey')} AS "to"
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class r ON r.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
WHERE k.confrelid = $1::oid AND k.contype = 'f' AND k.conparentid = 0
ORDER BY n.nspname COLLATE "C", r.relname COLLATE "C", k.conname COLLATE "C"`,
    [oid],
  );
}

/** Size and scans of a partitioned table's index lie with its partitions, so that they are null here. */
export async function readIndexes(reader: Reader, oid: string): Promise<IndexDetail[]> {
  return readObjects<IndexDetail>(
    reader,
    `SELECT c.relname::text AS name, pg_catalog.pg_get_indexdef(c.oid) AS definition, i.indisunique AS "unique", i.indisprimary
      AS "primary",
  i.indisvalid AS valid, CASE WHEN c.relkind = 'i' THEN pg_catalog.pg_relation_size(c.oid) END AS bytes, s.idx_scan AS scans
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = c.oid
WHERE i.indrelid = $1::oid ORDER BY i.indisprimary DESC, c.relname COLLATE "C"`,
    [oid],
  );
}

export async function readConstraints(reader: Reader, oid: string): Promise<ConstraintDetail[]> {
  return readObjects<ConstraintDetail>(
    reader,
    `SELECT k.conname::text AS name, CASE k.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' WHEN 'p' THEN 'primary'
      WHEN 'f' THEN 'foreign'
  WHEN 'x' THEN 'exclusion' WHEN 'n' THEN 'not null' ELSE 'trigger' END AS kind, pg_catalog.pg_get_constraintdef(k.oid, true) AS definition
FROM pg_catalog.pg_constraint k
WHERE k.conrelid = $1::oid
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint parent WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid)
ORDER BY k.contype = 'p' DESC, k.conname COLLATE "C"`,
    [oid],
  );
}

export async function readTriggers(reader: Reader, oid: string): Promise<ObjectDetail['triggers']> {
  return readObjects<ObjectDetail['triggers'][number]>(
    reader,
    `SELECT t.tgname::text AS name, pg_catalog.pg_get_triggerdef(t.oid, true) AS definition, t.tgenabled <> 'D' AS enabled
FROM pg_catalog.pg_trigger t WHERE t.tgrelid = $1::oid AND NOT t.tgisinternal ORDER BY t.tgname COLLATE "C"`,
    [oid],
  );
}

export async function readPartitions(reader: Reader, oid: string): Promise<ObjectDetail['partitions']> {
  return readObjects<ObjectDetail['partitions'][number]>(
    reader,
    `SELECT n.nspname::text AS schema, c.relname::text AS name, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE h.inhparent = $1::oid AND c.relispartition
ORDER BY pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', c.relname COLLATE "C"`,
    [oid],
  );
}

/** The planner's number of rows (null when never analysed) and the bytes on disk; of a partitioned table, those of its partitions. */
export async function readSize(reader: Reader, oid: string): Promise<Pick<ObjectDetail, 'rows' | 'bytes'>> {
  const leaves = `SELECT l.* FROM pg_catalog.pg_class l WHERE l.relkind IN ('r', 'm') AND (l.oid = $1::oid
  OR l.oid IN (SELECT t.relid FROM pg_catalog.pg_class p, LATERAL pg_catalog.pg_partition_tree(p.oid) t WHERE p.oid = $1::oid
    AND p.relkind = 'p' AND t.isleaf))`;
  const [row] = await readObjects<{ rows: number | null; files: number; table: number; indexes: number; total: number }>(
    reader,
    `SELECT sum(l.reltuples) FILTER (WHERE l.reltuples > 0 OR (l.reltuples = 0 AND l.relpages > 0)) AS rows, count(*) AS files,
  sum(pg_catalog.pg_table_size(l.oid))::bigint AS "table", sum(pg_catalog.pg_indexes_size(l.oid))::bigint AS indexes,
  sum(pg_catalog.pg_total_relation_size(l.oid))::bigint AS total FROM (${leaves}) l`,
    [oid],
  );
  if (row === undefined || row.files === 0) return { rows: null, bytes: null };
  return { rows: row.rows, bytes: { table: row.table, indexes: row.indexes, total: row.total } };
}
