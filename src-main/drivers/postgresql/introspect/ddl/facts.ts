import { type Reader, readObjects } from '../read';

/** What the catalog says about a relation, with names quoted and qualified by the server. */
export interface RelationFacts {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f' | 'S';
  readonly persistence: 'p' | 'u' | 't';
  /** Bound of a partition, such as `FOR VALUES FROM (1) TO (10)`. */
  readonly bound: string | null;
  readonly partitionKey: string | null;
  readonly parents: readonly string[];
  /** A partition whose columns are those of its parent in the same order. */
  readonly sameColumns: boolean;
  readonly options: readonly string[];
  readonly accessMethod: string | null;
  readonly tablespace: string | null;
  readonly server: string | null;
  readonly serverOptions: readonly string[];
  readonly populated: boolean;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly replicaIdentity: 'd' | 'n' | 'f' | 'i';
  readonly commentLiteral: string | null;
}

export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly notNull: boolean;
  /** Name of the not-null constraint (PostgreSQL 18) where it is not the one that the server would choose. */
  readonly notNullName: string | null;
  readonly notNullNoInherit: boolean;
  readonly parentNotNull: boolean;
  readonly default: string | null;
  readonly parentDefault: string | null;
  readonly generated: '' | 's' | 'v';
  readonly identity: '' | 'a' | 'd';
  readonly identitySequence: string | null;
  readonly identityOptions: string | null;
  readonly local: boolean;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: number | null;
  readonly options: readonly string[];
  readonly serverOptions: readonly string[];
  readonly commentLiteral: string | null;
}

const qualified = (relation: string, schema: string): string =>
  `pg_catalog.quote_ident(${schema}.nspname) || '.' || pg_catalog.quote_ident(${relation}.relname)`;
const optionList = (options: string): string =>
  `ARRAY(SELECT pg_catalog.format('%s=%L', o.option_name, o.option_value) FROM pg_catalog.pg_options_to_table(${options}) o)`;
const serverOptionList = (options: string): string =>
  `ARRAY(SELECT pg_catalog.format('%I %L', o.option_name, o.option_value) FROM pg_catalog.pg_options_to_table(${options}) o)`;
const columnShape = (relation: string): string =>
  `ARRAY(SELECT (a.attname, a.atttypid, a.atttypmod, a.attcollation)::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${relation}
    AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)`;

export async function readRelationFacts(reader: Reader, oid: string): Promise<RelationFacts | undefined> {
  const [facts] = await readObjects<RelationFacts>(
    reader,
    `SELECT ${qualified('c', 'n')} AS name, c.relkind AS kind, c.relpersistence AS persistence,
  CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound,
  CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS "partitionKey",
  ARRAY(SELECT ${qualified('p', 'pn')} FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
    JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid ORDER BY h.inhseqno) AS parents,
  c.relispartition AND ${columnShape('c.oid')} = (SELECT ${columnShape('h.inhparent')} FROM pg_catalog.pg_inherits h
    WHERE h.inhrelid = c.oid LIMIT 1) AS "sameColumns",
  ${optionList('c.reloptions')} || ARRAY(SELECT pg_catalog.format('toast.%s=%L', o.option_name, o.option_value)
    FROM pg_catalog.pg_class t, pg_catalog.pg_options_to_table(t.reloptions) o WHERE t.oid = c.reltoastrelid) AS options,
  (SELECT pg_catalog.quote_ident(m.amname) FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'
    AND c.relkind IN ('r', 'm')) AS "accessMethod",
  (SELECT pg_catalog.quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
  (SELECT pg_catalog.quote_ident(s.srvname) FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
    WHERE f.ftrelid = c.oid) AS server,
  coalesce((SELECT ${serverOptionList('f.ftoptions')} FROM pg_catalog.pg_foreign_table f WHERE f.ftrelid = c.oid), '{}') AS "serverOptions",
  c.relispopulated AS populated, c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "forceRowSecurity", c.relreplident
    AS "replicaIdentity",
  pg_catalog.quote_literal(pg_catalog.obj_description(c.oid, 'pg_class')) AS "commentLiteral"
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::oid`,
    [oid],
  );
  return facts;
}

/** Options of a sequence as they differ from what CREATE SEQUENCE would choose. `s` is a row of pg_sequence. */
export const sequenceOptions = `concat_ws(' ',
  CASE WHEN s.seqincrement <> 1 THEN 'INCREMENT BY ' || s.seqincrement END,
  CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1 ELSE ${typeLimit('min')} END THEN 'MINVALUE ' || s.seqmin END,
  CASE WHEN s.seqmax <> CASE WHEN s.seqincrement > 0 THEN ${typeLimit('max')} ELSE -1 END THEN 'MAXVALUE ' || s.seqmax END,
  CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END THEN 'START WITH ' || s.seqstart END,
  CASE WHEN s.seqcache <> 1 THEN 'CACHE ' || s.seqcache END, CASE WHEN s.seqcycle THEN 'CYCLE' END)`;

function typeLimit(end: 'min' | 'max'): string {
  const limits = end === 'min' ? ['-32768', '-2147483648', '-9223372036854775808'] : ['32767', '2147483647', '9223372036854775807'];
  return `CASE s.seqtypid WHEN 21 THEN ${limits[0]} WHEN 23 THEN ${limits[1]} ELSE ${limits[2]} END`;
}

/**
 * What newer versions added to a catalog is read through the row's JSON, where an older server has NULL: attcompression (14),
 * constraints of contype `n` (18). attstattarget is NULL instead of -1 from 17 on.
 */
export async function readColumnFacts(reader: Reader, oid: string): Promise<ColumnFacts[]> {
  const parentColumn = `FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname`;
  return readObjects<ColumnFacts>(
    reader,
    `SELECT pg_catalog.quote_ident(a.attname) AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
  (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(l.collname) FROM pg_catalog.pg_collation l
    JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation)
      AS collation,
  a.attnotnull AND coalesce(k.convalidated, true) AS "notNull",
  CASE WHEN k.conname <> c.relname || '_' || a.attname || '_not_null' THEN pg_catalog.quote_ident(k.conname) END AS "notNullName",
  coalesce(k.connoinherit, false) AS "notNullNoInherit",
  EXISTS (SELECT ${parentColumn} WHERE h.inhrelid = a.attrelid AND p.attnotnull) AS "parentNotNull",
  pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS "default",
  (SELECT pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) ${parentColumn} JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = p.attrelid
    AND pd.adnum = p.attnum
    WHERE h.inhrelid = a.attrelid LIMIT 1) AS "parentDefault",
  a.attgenerated AS generated, a.attidentity AS identity, i.name AS "identitySequence", i.options AS "identityOptions", a.attislocal
    AS local,
  CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
    ELSE 'EXTENDED' END END AS storage,
  CASE pg_catalog.to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
  ${optionList('a.attoptions')} AS options, ${serverOptionList('a.attfdwoptions')} AS "serverOptions",
  pg_catalog.quote_literal(pg_catalog.col_description(a.attrelid, a.attnum)) AS "commentLiteral"
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]
LEFT JOIN LATERAL (SELECT ${qualified('sc', 'sn')} AS name, ${sequenceOptions} AS options FROM pg_catalog.pg_depend dep
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = dep.objid JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
  WHERE dep.classid = 'pg_catalog.pg_class'::regclass AND dep.refclassid = 'pg_catalog.pg_class'::regclass AND dep.refobjid = a.attrelid
    AND dep.refobjsubid = a.attnum AND dep.deptype = 'i') i ON true
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  );
}
