import type { ObjectKind, ObjectRef } from '../../../../src-preload/contract/catalog';
import { quoteIdentifier } from '../../../../src-preload/contract/sqlNames';
import type { Dependent, DropPlan } from '../../../../src-preload/contract/structure';
import { AppError } from '../../../errors';
import { inOneState, type Reader, readObjects } from '../introspect/read';
import { scriptOf } from './plan';
import { locks, nameOf } from './statement';

/** How many dependents are listed. */
const LISTED = 500;

const words: Readonly<Partial<Record<ObjectKind, string>>> = {
  table: 'TABLE',
  partition: 'TABLE',
  view: 'VIEW',
  materialized_view: 'MATERIALIZED VIEW',
  foreign_table: 'FOREIGN TABLE',
  sequence: 'SEQUENCE',
  type: 'TYPE',
};

interface Place {
  readonly catalog: string;
  readonly oid: string;
  /** Written for a function: its kind and its arguments. */
  readonly signature: string | null;
}

/** Everything that would go with an object, found as the server finds it, through pg_depend. */
export async function planDrop(reader: Reader, object: ObjectRef, options: { cascade: boolean; lockTimeoutMs: number }): Promise<DropPlan> {
  return inOneState(reader, async () => {
    const place = await find(reader, object);
    const dependents = await readDependents(reader, place);
    const text = `${statementFor(object, place)}${options.cascade ? ' CASCADE' : ''}`;
    return {
      text,
      script: scriptOf([{ text, alone: false }], options.lockTimeoutMs),
      dependents: dependents.slice(0, LISTED),
      more: Math.max(0, dependents.length - LISTED),
      lock: object.kind === 'function' || object.kind === 'type' || object.kind === 'extension' ? locks.none : locks.exclusive(object),
    };
  });
}

function statementFor(object: ObjectRef, place: Place): string {
  if (object.kind === 'function') return `DROP ${place.signature ?? ''}`;
  if (object.kind === 'extension') return `DROP EXTENSION ${quoteIdentifier(object.name)}`;
  return `DROP ${object.kind === 'type' && place.signature !== null ? place.signature : words[object.kind]} ${nameOf(object)}`;
}

async function find(reader: Reader, object: ObjectRef): Promise<Place> {
  const sources: Partial<Record<ObjectKind, string>> = {
    function: `SELECT 'pg_proc' AS catalog, p.oid::text AS oid, CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE ' ELSE 'FUNCTION ' END
      || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS signature
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = $1 AND p.proname = $2 AND ($3::oid IS NULL OR p.oid = $3::oid)`,
    type: `SELECT 'pg_type' AS catalog, t.oid::text AS oid, CASE WHEN t.typtype = 'd' THEN 'DOMAIN' END AS signature FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = $1 AND t.typname = $2 AND ($3::oid IS NULL OR t.oid = $3::oid)`,
    extension: `SELECT 'pg_extension' AS catalog, e.oid::text AS oid, NULL AS signature FROM pg_catalog.pg_extension e
      WHERE $1::text IS NOT NULL AND e.extname = $2 AND ($3::oid IS NULL OR e.oid = $3::oid)`,
  };
  const relation = `SELECT 'pg_class' AS catalog, c.oid::text AS oid, NULL AS signature FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n
    ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND ($3::oid IS NULL OR c.oid = $3::oid)`;
  const places = await readObjects<Place>(reader, sources[object.kind] ?? relation, [object.schema, object.name, object.oid === undefined ? null : String(object.oid)]);
  const [place] = places;
  if (!place) throw new AppError('not_found', `There is no ${object.kind.replace('_', ' ')} ${object.schema}.${object.name} any more.`, { hint: 'Refresh the tree.' });
  if (places.length > 1) throw new AppError('bad_input', `There are ${places.length} functions ${object.schema}.${object.name}.`, { hint: 'Open the one that is meant from the tree.' });
  return place;
}

/**
 * Walks pg_depend from the object. What is internal to it or automatic (its own indexes, keys, sequences) goes in any case; what is
 * normal, such as a view or a foreign key of another table, only with CASCADE. A view hangs on a table by its rule, which is told as the view.
 */
async function readDependents(reader: Reader, place: Place): Promise<Dependent[]> {
  const rows = await readObjects<Dependent & { depth: number }>(
    reader,
    `WITH RECURSIVE hanging(classid, objid, objsubid, goes, depth) AS (
  SELECT 'pg_catalog.${place.catalog}'::regclass::oid, $1::oid, 0, 'root', 0
  UNION
  SELECT coalesce(w.classid, d.classid), coalesce(w.objid, d.objid), CASE WHEN w.objid IS NULL THEN d.objsubid ELSE 0 END,
    CASE WHEN h.goes = 'cascade' OR d.deptype = 'n' THEN 'cascade' ELSE 'always' END, h.depth + 1
  FROM hanging h JOIN pg_catalog.pg_depend d ON d.refclassid = h.classid AND d.refobjid = h.objid AND (h.objsubid = 0 OR d.refobjsubid = h.objsubid)
  LEFT JOIN LATERAL (SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, r.ev_class AS objid FROM pg_catalog.pg_rewrite r
    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN') w ON true
  WHERE h.depth < 40 AND (d.classid, d.objid) <> (h.classid, h.objid) AND coalesce(w.objid, d.objid) <> h.objid
)
SELECT pg_catalog.pg_describe_object(classid, objid, objsubid) AS description, min(goes) AS goes, min(depth) AS depth
FROM hanging WHERE depth > 0 AND NOT (classid = 'pg_catalog.${place.catalog}'::regclass::oid AND objid = $1::oid)
  AND NOT (classid = 'pg_catalog.pg_type'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = objid
    AND (t.typrelid <> 0 OR EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid))))
  AND classid NOT IN ('pg_catalog.pg_attrdef'::regclass::oid)
  AND NOT (classid = 'pg_catalog.pg_class'::regclass AND objid IN (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 't'
    OR c.relname LIKE 'pg_toast%' AND c.relkind = 'i'))
GROUP BY classid, objid, objsubid ORDER BY min(goes) DESC, min(depth), 1`,
    [place.oid],
  );
  return rows.map(({ description, goes }) => ({ description, goes }));
}
