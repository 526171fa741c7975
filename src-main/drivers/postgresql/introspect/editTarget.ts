import type { ObjectRef } from '../../../../src-preload/contract/catalog';
import type { Allowed, EditColumn, EditTarget } from '../../../../src-preload/contract/rowEdits';
import { AppError } from '../../../errors';
import { objectsQuery } from './kinds';
import { inOneState, type Reader, readObjects } from './read';

interface TableRow {
  readonly oid: string;
  readonly kind: string;
  readonly rules: boolean;
  readonly children: boolean;
  readonly security: boolean;
  readonly inserts: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
}

interface ColumnRow extends Pick<EditColumn, 'name' | 'type' | 'baseType' | 'nullable' | 'default' | 'labels' | 'compare'> {
  readonly generated: boolean;
  readonly identity: string;
  readonly selects: boolean;
  readonly inserts: boolean;
  readonly updates: boolean;
}

interface KeyRow {
  readonly columns: string[];
  readonly primary: boolean;
  /** Whether it may stand for a row: checked at once, over columns that are never NULL. */
  readonly identifies: boolean;
}

/** Built-in types whose `=` is true for the same value only, or for two ways to write one. Source: pg_type.dat. */
const comparedByValue =
  '16,17,18,19,20,21,23,25,26,700,701,869,650,774,829,1042,1043,1082,1083,1114,1184,1266,1560,1562,1700,2950,3220,3904,3906,3908,3910,3912,3926';

const kindOfRelation = (c: string): string =>
  `CASE WHEN ${c}.relispartition THEN 'partition' WHEN ${c}.relkind IN ('r', 'p') THEN 'table' ELSE 'foreign_table' END`;

const columnNames = (relation: string, key: string): string =>
  `ARRAY(SELECT a.attname::text FROM unnest(${key}) WITH ORDINALITY u(attnum, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.attnum ORDER BY u.position)`;

/** What this role may edit in a table and what identifies its rows, read on one state of the catalog. Rejects with `not_found`. */
export async function readEditTarget(reader: Reader, object: ObjectRef): Promise<EditTarget> {
  return inOneState(reader, async () => {
    const table = await find(reader, object);
    const columns = await readObjects<ColumnRow>(reader, columnsQuery, [table.oid]);
    const keys = await readObjects<KeyRow>(reader, keysQuery, [table.oid]);
    const links = await readLinks(reader, table.oid);
    const chosen = table.children ? undefined : keys.find((key) => key.identifies && isReadable(key, columns));
    return {
      object: { schema: object.schema, name: object.name, kind: object.kind },
      ...rights(table, chosen),
      key: chosen?.columns ?? [],
      columns: columns.map((column) => editColumn(column)),
      uniques: keys.filter((key) => key !== chosen).map((key) => key.columns),
      ...links,
      notes: table.security ? ['Row security is on: the server shows, and lets you change, only the rows that its policies admit.'] : [],
    };
  });
}

async function find(reader: Reader, object: ObjectRef): Promise<TableRow> {
  const [found] = await readObjects<TableRow>(
    reader,
    `SELECT c.oid::text AS oid, c.relkind AS kind,
  EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1' AND r.ev_enabled <> 'D') AS rules,
  c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) AS children,
  pg_catalog.row_security_active(c.oid) AS security,
  pg_catalog.has_table_privilege(c.oid, 'INSERT') OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT') AS inserts,
  pg_catalog.has_table_privilege(c.oid, 'UPDATE') OR pg_catalog.has_any_column_privilege(c.oid, 'UPDATE') AS updates,
  pg_catalog.has_table_privilege(c.oid, 'DELETE') AS deletes
FROM (${objectsQuery(object.kind)}) o JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace JOIN pg_catalog.pg_class c ON c.oid = o.oid
WHERE o.catalog = 'pg_class' AND n.nspname = $1 AND o.name = $2 AND o.kind = $3`,
    [object.schema, object.name, object.kind],
  );
  if (found !== undefined) return found;
  throw new AppError('not_found', `There is no ${object.kind.replace('_', ' ')} ${object.schema}.${object.name} any more.`, { hint: 'Refresh the tree.' });
}

const columnsQuery = `WITH RECURSIVE bases AS (
  SELECT t.oid AS type, t.oid AS base FROM pg_catalog.pg_type t WHERE t.oid IN (SELECT atttypid FROM pg_catalog.pg_attribute WHERE attrelid = $1::oid)
  UNION ALL SELECT b.type, t.typbasetype FROM bases b JOIN pg_catalog.pg_type t ON t.oid = b.base WHERE t.typtype = 'd')
SELECT a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
  CASE WHEN b.oid = a.atttypid THEN pg_catalog.format_type(b.oid, a.atttypmod) ELSE pg_catalog.format_type(b.oid, d.typtypmod) END AS "baseType",
  NOT (a.attnotnull OR d.typnotnull) AS nullable,
  CASE WHEN a.attidentity <> '' THEN 'the next number' WHEN a.attgenerated = '' THEN coalesce(pg_catalog.pg_get_expr(f.adbin, f.adrelid), d.typdefault) END AS "default",
  CASE WHEN b.typtype = 'e' THEN ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.oid ORDER BY e.enumsortorder) END AS labels,
  CASE WHEN NOT coalesce((SELECT l.collisdeterministic FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation), true) THEN 'bytes'
    WHEN b.oid IN (${comparedByValue}) OR b.typtype = 'e' OR b.typelem IN (${comparedByValue}) AND b.typcategory = 'A' AND b.typlen = -1 THEN 'value'
    ELSE 'text' END AS compare,
  a.attgenerated <> '' AS generated, a.attidentity::text AS identity,
  pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS selects,
  pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'INSERT') AS inserts,
  pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AS updates
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type d ON d.oid = a.atttypid
JOIN bases s ON s.type = a.atttypid JOIN pg_catalog.pg_type b ON b.oid = s.base AND b.typtype <> 'd'
LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

/** Unique indexes over plain columns of all rows; the primary key first, then the narrowest. */
const keysQuery = `SELECT ${columnNames('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')} AS columns, i.indisprimary AS primary,
  i.indimmediate AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND NOT a.attnotnull
    AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) AS identifies
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indisready AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY i.indisprimary DESC, i.indnkeyatts, c.relname COLLATE "C"`;

async function readLinks(reader: Reader, oid: string): Promise<Pick<EditTarget, 'foreignKeys' | 'referencedBy'>> {
  const query = (which: string): string => `SELECT k.conname::text AS name, ${columnNames('k.conrelid', 'k.conkey')} AS columns,
  n.nspname::text AS schema, r.relname::text AS "table", ${kindOfRelation('r')} AS kind,
  pg_catalog.json_build_object('schema', fn.nspname, 'table', fr.relname, 'kind', ${kindOfRelation('fr')},
    'columns', ${columnNames('k.confrelid', 'k.confkey')}) AS "references"
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class r ON r.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
JOIN pg_catalog.pg_class fr ON fr.oid = k.confrelid JOIN pg_catalog.pg_namespace fn ON fn.oid = fr.relnamespace
WHERE k.${which} = $1::oid AND k.contype = 'f'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint parent WHERE parent.oid = k.conparentid AND parent.${which} = k.${which})
ORDER BY n.nspname COLLATE "C", r.relname COLLATE "C", k.conname COLLATE "C"`;
  type Link = EditTarget['referencedBy'][number];
  const out = await readObjects<Link>(reader, query('conrelid'), [oid]);
  const back = await readObjects<Link>(reader, query('confrelid'), [oid]);
  return { foreignKeys: out.map(({ name, columns, references }) => ({ name, columns, references })), referencedBy: back };
}

function isReadable(key: KeyRow, columns: readonly ColumnRow[]): boolean {
  return key.columns.every((name) => columns.some((column) => column.name === name && column.selects));
}

const notTables: Readonly<Record<string, string>> = {
  v: 'This is a view: edit the rows in the tables that it reads.',
  m: 'This is a materialized view: its rows come from its query.',
  f: 'This is a foreign table: no key identifies its rows here. Edit them on the server where they are.',
  S: 'This is a sequence.',
};

function rights(table: TableRow, key: KeyRow | undefined): Pick<EditTarget, 'insert' | 'update' | 'delete'> {
  const never = notTables[table.kind] ?? (table.rules ? 'The table has rewrite rules, so that a statement may do something else than it says.' : null);
  if (never !== null) return { insert: never, update: never, delete: never };
  const noKey = table.children
    ? 'Other tables inherit from this one, so that its key does not identify a row among theirs.'
    : 'No key identifies a row: there is no primary key and no unique index over columns that are never NULL. A change might hit other rows as well.';
  const keyed = (granted: boolean, privilege: string): Allowed => (key === undefined ? noKey : may(granted, privilege));
  return { insert: may(table.inserts, 'INSERT'), update: keyed(table.updates, 'UPDATE'), delete: keyed(table.deletes, 'DELETE') };
}

function may(granted: boolean, privilege: string): Allowed {
  return granted || `Your role has no ${privilege} privilege here.`;
}

function editColumn(row: ColumnRow): EditColumn {
  const { name, type, baseType, nullable, labels, compare } = row;
  const never = row.generated ? 'The server computes this column.' : row.identity === 'a' ? 'The server numbers this column: GENERATED ALWAYS AS IDENTITY.' : null;
  return { name, type, baseType, nullable, default: row.default, labels, compare, insert: never ?? may(row.inserts, 'INSERT'), update: never ?? may(row.updates, 'UPDATE') };
}

/** The relation with an oid, as a result's column names its origin. Rejects with `not_found`. */
export async function readRelationByOid(reader: Reader, oid: number): Promise<{ object: ObjectRef; attributes: Record<string, number> }> {
  const [found] = await readObjects<ObjectRef & { attributes: Record<string, number> }>(
    reader,
    `SELECT n.nspname::text AS schema, o.name, o.kind, (SELECT coalesce(pg_catalog.json_object_agg(a.attname, a.attnum), '{}') FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
FROM (${objectsQuery('table')}) o JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace WHERE o.oid = $1::oid AND o.kind IS NOT NULL`,
    [String(oid)],
  );
  if (found === undefined) throw new AppError('not_found', 'The table that this column came from is not there any more.', { hint: 'Run the query again.' });
  const { attributes, schema, name, kind } = found;
  return { object: { schema, name, kind }, attributes };
}
