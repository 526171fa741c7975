import type { ObjectRef } from '../../../../src-preload/contract/catalog';
import type { StructureModel, TableColumn, TableConstraint, TableIndex, TableModel } from '../../../../src-preload/contract/structureModel';
import { AppError } from '../../../errors';
import { inOneState, qualifyNames, type Reader, readObjects } from '../introspect/read';
import { readColumns } from '../introspect/relation';

interface Relation {
  readonly oid: string;
  readonly kind: string;
  readonly partition: boolean;
  readonly inherits: boolean;
  readonly comment: string | null;
  readonly query: string | null;
}

/** A table's or view's structure on one state of the catalog, every name inside written with its schema. */
export async function readStructure(reader: Reader, object: ObjectRef): Promise<StructureModel> {
  return inOneState(reader, async () => {
    await qualifyNames(reader);
    const relation = await findRelation(reader, object);
    const head = { was: { schema: object.schema, name: object.name }, schema: object.schema, name: object.name, comment: relation.comment };
    if (relation.query !== null) return { ...head, kind: 'view', materialized: relation.kind === 'm', query: relation.query.trim().replace(/;$/, '') };
    return { ...head, kind: 'table', ...(await readParts(reader, relation.oid)) };
  });
}

async function findRelation(reader: Reader, object: ObjectRef): Promise<Relation> {
  const [relation] = await readObjects<Relation>(
    reader,
    `SELECT c.oid::text AS oid, c.relkind::text AS kind, c.relispartition AS partition,
  EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) AS inherits,
  pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS query
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
    [object.schema, object.name],
  );
  if (!relation) throw new AppError('not_found', `There is no ${object.schema}.${object.name} any more.`, { hint: 'Refresh the tree.' });
  const why = unsupported(relation);
  if (why !== null) throw new AppError('unsupported', `The structure of ${object.schema}.${object.name} cannot be edited here: ${why}`, { hint: 'Change it with statements of your own; its DDL is beside.' });
  return relation;
}

function unsupported({ kind, partition, inherits }: Relation): string | null {
  if (kind === 'f' || kind === 'S') return kind === 'f' ? 'it is a foreign table.' : 'it is a sequence.';
  if (partition) return 'it is a partition, which follows its parent. Edit the parent.';
  return inherits ? 'it inherits columns from another table.' : null;
}

async function readParts(reader: Reader, oid: string): Promise<Pick<TableModel, 'columns' | 'constraints' | 'indexes'>> {
  const columns = await readColumns(reader, oid);
  return {
    columns: columns.map(({ primaryKey: _key, ...column }): TableColumn => ({ ...column, was: column.name, using: null })),
    constraints: await readConstraints(reader, oid),
    indexes: await readIndexes(reader, oid),
  };
}

const action = (code: string): string =>
  `CASE ${code} WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END`;
const columnsOf = (relation: string, key: string): string =>
  `ARRAY(SELECT a.attname::text FROM unnest(${key}) WITH ORDINALITY u(attnum, position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.attnum ORDER BY u.position)`;

/** NOT NULL is a column's property here, also where the server keeps a constraint for it (PostgreSQL 18). */
async function readConstraints(reader: Reader, oid: string): Promise<TableConstraint[]> {
  const rows = await readObjects<Omit<TableConstraint, 'was'>>(
    reader,
    `SELECT k.conname::text AS name,
  CASE WHEN k.contype IN ('p', 'u', 'f', 'c') AND NOT (coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false')::boolean
    OR coalesce(i.indnkeyatts <> i.indnatts, false) OR k.connoinherit AND k.contype = 'c' OR k.confmatchtype = 'f'
    OR pg_catalog.cardinality(coalesce((SELECT ARRAY(SELECT pg_catalog.jsonb_array_elements_text(pg_catalog.to_jsonb(k) -> 'confdelsetcols'))
      WHERE pg_catalog.jsonb_typeof(pg_catalog.to_jsonb(k) -> 'confdelsetcols') = 'array'), '{}')) > 0)
  THEN CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign' ELSE 'check' END ELSE 'other' END AS kind,
  ${columnsOf('k.conrelid', 'k.conkey')} AS columns,
  CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END AS expression,
  CASE WHEN k.contype = 'f' THEN pg_catalog.json_build_object('schema', rn.nspname, 'table', r.relname, 'columns',
    ${columnsOf('k.confrelid', 'k.confkey')}) END AS "references",
  ${action('k.confdeltype')} AS "onDelete", ${action('k.confupdtype')} AS "onUpdate", k.condeferrable AS deferrable,
  k.condeferred AS "initiallyDeferred", k.convalidated AS validated, pg_catalog.pg_get_constraintdef(k.oid) AS definition
FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid AND k.contype = 'f'
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u')
WHERE k.conrelid = $1::oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint parent WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid)
ORDER BY pg_catalog.strpos('pufcx', k.contype::text), k.conname COLLATE "C"`,
    [oid],
  );
  return rows.map((row) => ({ ...row, was: row.name, columns: row.kind === 'check' ? [] : row.columns, expression: withoutParentheses(row.expression) }));
}

interface IndexRow {
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly where: string | null;
  readonly definition: string;
  readonly include: string[];
  readonly uses: string[];
  readonly keys: { readonly column: string | null; readonly expression: string | null; readonly descending: boolean; readonly nullsFirst: boolean; readonly suffix: string }[];
}

const indexKeys = `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'column', a.attname, 'expression', CASE WHEN i.indkey[k.position - 1] = 0 THEN pg_catalog.pg_get_indexdef(i.indexrelid, k.position, false) END,
    'descending', i.indoption[k.position - 1] & 1 = 1, 'nullsFirst', i.indoption[k.position - 1] & 2 = 2,
    'suffix', concat_ws(' ',
      CASE WHEN i.indcollation[k.position - 1] NOT IN (0, coalesce(a.attcollation, 100)) THEN 'COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END,
      CASE WHEN NOT oc.opcdefault THEN pg_catalog.quote_ident(ocn.nspname) || '.' || pg_catalog.quote_ident(oc.opcname) END)) ORDER BY k.position)
  FROM pg_catalog.generate_series(1, i.indnkeyatts) k(position)
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position - 1] AND a.attnum <> 0
  LEFT JOIN pg_catalog.pg_collation co ON co.oid = i.indcollation[k.position - 1] LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
  JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[k.position - 1] JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace)`;

/** Without the indexes of constraints, which come and go with them. */
async function readIndexes(reader: Reader, oid: string): Promise<TableIndex[]> {
  const rows = await readObjects<IndexRow>(
    reader,
    `SELECT c.relname::text AS name, i.indisunique AS "unique", m.amname::text AS method, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS "where",
  pg_catalog.pg_get_indexdef(i.indexrelid) AS definition, ${indexKeys} AS keys,
  ARRAY(SELECT a.attname::text FROM pg_catalog.generate_series(i.indnkeyatts + 1, i.indnatts) k(position)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position - 1] ORDER BY k.position) AS include,
  ARRAY(SELECT DISTINCT a.attname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
    AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid
    AND d.refobjsubid > 0 AND d.refobjsubid <> ALL (i.indkey::int2[]) ORDER BY 1) AS uses
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam
WHERE i.indrelid = $1::oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname COLLATE "C"`,
    [oid],
  );
  return rows.map((row) => ({
    ...row,
    was: row.name,
    concurrently: false,
    where: withoutParentheses(row.where),
    keys: row.keys.map((key) => ({ ...key, expression: withoutParentheses(key.expression) })),
  }));
}

/** `((a > 0))` as `a > 0`; `(a) OR (b)` stays. */
function withoutParentheses(expression: string | null): string | null {
  if (expression === null || !expression.startsWith('(') || !expression.endsWith(')')) return expression;
  const bare = expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (text) => '_'.repeat(text.length));
  let depth = 0;
  for (let index = 0; index < bare.length; index += 1) {
    if (bare[index] === '(') depth += 1;
    if (bare[index] === ')') depth -= 1;
    if (depth === 0 && index < bare.length - 1) return expression;
  }
  return withoutParentheses(expression.slice(1, -1));
}
