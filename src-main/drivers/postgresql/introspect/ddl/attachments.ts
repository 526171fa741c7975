import { type Reader, readObjects, readTexts } from '../read';
import { type RelationFacts, sequenceOptions } from './facts';

interface ConstraintClause {
  readonly clause: string;
  /** It can stand in CREATE TABLE; one that is not validated cannot. */
  readonly inline: boolean;
}

/**
 * The table's own constraints as clauses: primary key, unique, exclusion, check, foreign. Those that come from a parent come
 * with it. The index's options belong before the constraint's own attributes.
 */
export async function readConstraintClauses(reader: Reader, oid: string): Promise<ConstraintClause[]> {
  return readObjects<ConstraintClause>(
    reader,
    `SELECT pg_catalog.format('CONSTRAINT %I ', k.conname) || CASE WHEN i.extra IS NULL THEN k.definition
    ELSE pg_catalog.regexp_replace(k.definition, '( DEFERRABLE.*)?$', i.extra || '\\1') END AS clause, k.convalidated AS inline
FROM (SELECT k.*, pg_catalog.pg_get_constraintdef(k.oid) AS definition FROM pg_catalog.pg_constraint k) k
LEFT JOIN LATERAL (SELECT nullif(concat(
    CASE WHEN c.reloptions IS NOT NULL THEN ' WITH (' || (
      SELECT pg_catalog.string_agg(pg_catalog.format('%s=%L', o.option_name, o.option_value), ', ')
      FROM pg_catalog.pg_options_to_table(c.reloptions) o) || ')' END,
    (SELECT pg_catalog.format(' USING INDEX TABLESPACE %I', s.spcname) FROM pg_catalog.pg_tablespace s
      WHERE s.oid = c.reltablespace)), '') AS extra
  FROM pg_catalog.pg_class c WHERE c.oid = k.conindid AND k.contype IN ('p', 'u', 'x')) i ON true
WHERE k.conrelid = $1::oid AND k.conparentid = 0 AND k.conislocal AND k.coninhcount = 0
  AND (k.contype IN ('p', 'u', 'x', 'c', 'f') OR (k.contype = 'n' AND NOT k.convalidated))
ORDER BY pg_catalog.strpos('puxcfn', k.contype::text), k.conname COLLATE "C"`,
    [oid],
  );
}

/** Sequences that belong to a column by OWNED BY, as serial columns have them: they come first, and are given to the column later. */
export async function readOwnedSequences(reader: Reader, oid: string): Promise<{ create: string; own: string }[]> {
  return readObjects<{ create: string; own: string }>(
    reader,
    `SELECT concat_ws(' ', pg_catalog.format('CREATE SEQUENCE %I.%I AS %s', n.nspname, c.relname, pg_catalog.format_type(s.seqtypid,
      NULL)), nullif(${sequenceOptions}, '')) || ';' AS "create",
  pg_catalog.format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I;', n.nspname, c.relname, tn.nspname, t.relname, a.attname) AS own
FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace tn
  ON tn.oid = t.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1::oid
  AND d.deptype = 'a'
ORDER BY d.refobjsubid, c.relname COLLATE "C"`,
    [oid],
  );
}

/** Statements for what hangs on a relation, in an order that works. */
export async function readAttachments(reader: Reader, oid: string, facts: RelationFacts): Promise<string[]> {
  return [
    ...(await readIndexes(reader, oid)),
    ...(await readReplicaIdentity(reader, oid, facts)),
    ...(await readTexts(
      reader,
      `SELECT pg_catalog.pg_get_statisticsobjdef(s.oid) || ';' FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = $1::oid
        ORDER BY s.stxname COLLATE "C"`,
      [oid],
    )),
    ...(await readTexts(
      reader,
      `SELECT pg_catalog.pg_get_ruledef(r.oid) FROM pg_catalog.pg_rewrite r WHERE r.ev_class = $1::oid AND r.rulename <> '_RETURN'
        ORDER BY r.rulename COLLATE "C"`,
      [oid],
    )),
    ...(await readTriggers(reader, oid)),
    ...(facts.rowSecurity ? [`ALTER TABLE ${facts.name} ENABLE ROW LEVEL SECURITY;`] : []),
    ...(facts.forceRowSecurity ? [`ALTER TABLE ONLY ${facts.name} FORCE ROW LEVEL SECURITY;`] : []),
    ...(await readPolicies(reader, oid)),
    ...(await readComments(reader, oid)),
  ];
}

/** Indexes of constraints, and those that a partition has from its parent, come with these. */
async function readIndexes(reader: Reader, oid: string): Promise<string[]> {
  const rows = await readObjects<{ definition: string; only: string; all: string }>(
    reader,
    `SELECT pg_catalog.pg_get_indexdef(c.oid) AS definition, pg_catalog.format('INDEX %I ON ONLY ', c.relname)
      AS only, pg_catalog.format('INDEX %I ON ', c.relname) AS "all"
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = $1::oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid)
ORDER BY c.relname COLLATE "C"`,
    [oid],
  );
  const clustered = await readTexts(
    reader,
    `SELECT pg_catalog.format('ALTER TABLE %I.%I CLUSTER ON %I;', n.nspname, t.relname, c.relname) FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE i.indrelid = $1::oid
  AND i.indisclustered`,
    [oid],
  );
  // The server writes ONLY for a partitioned table, which would keep the index from its partitions.
  return [...rows.map((index) => `${index.definition.replace(index.only, () => index.all)};`), ...clustered];
}

async function readReplicaIdentity(reader: Reader, oid: string, facts: RelationFacts): Promise<string[]> {
  if (facts.kind !== 'r' && facts.kind !== 'p') return [];
  if (facts.replicaIdentity === 'n') return [`ALTER TABLE ONLY ${facts.name} REPLICA IDENTITY NOTHING;`];
  if (facts.replicaIdentity === 'f') return [`ALTER TABLE ONLY ${facts.name} REPLICA IDENTITY FULL;`];
  if (facts.replicaIdentity === 'd') return [];
  const indexes = await readTexts(
    reader,
    `SELECT pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = $1::oid AND i.indisreplident`,
    [oid],
  );
  return indexes.map((index) => `ALTER TABLE ONLY ${facts.name} REPLICA IDENTITY USING INDEX ${index};`);
}

/** A partition's copies of its parent's triggers come with it; before version 13 they are marked internal. */
async function readTriggers(reader: Reader, oid: string): Promise<string[]> {
  return readTexts(
    reader,
    `SELECT pg_catalog.pg_get_triggerdef(t.oid) || ';' || CASE t.tgenabled WHEN 'O' THEN ''
    ELSE pg_catalog.format(E'\\n\\nALTER TABLE %I.%I %s TRIGGER %I;', n.nspname, c.relname, CASE t.tgenabled WHEN 'D' THEN 'DISABLE'
      WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgrelid = $1::oid AND NOT t.tgisinternal AND coalesce(pg_catalog.to_jsonb(t) ->> 'tgparentid', '0') = '0'
  ORDER BY t.tgname COLLATE "C"`,
    [oid],
  );
}

async function readPolicies(reader: Reader, oid: string): Promise<string[]> {
  return readTexts(
    reader,
    `SELECT concat(pg_catalog.format('CREATE POLICY %I ON %I.%I', p.polname, n.nspname, c.relname), CASE
      WHEN NOT p.polpermissive THEN ' AS RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' END,
    CASE WHEN p.polroles <> '{0}' THEN ' TO ' || (SELECT pg_catalog.string_agg(CASE WHEN r.role = 0 THEN 'PUBLIC'
      ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.role)) END, ', ') FROM unnest(p.polroles) r(role)) END,
    ' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK ('
      || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', ';')
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE p.polrelid = $1::oid ORDER BY p.polname COLLATE "C"`,
    [oid],
  );
}

/** Comments on indexes, constraints, triggers and policies. */
async function readComments(reader: Reader, oid: string): Promise<string[]> {
  const comment = (what: string, catalog: string, object: string): string =>
    `SELECT pg_catalog.format('COMMENT ON ${what} IS %L;', ${object}, n.nspname, t.relname, d.description) AS statement, ${object} AS name
FROM pg_catalog.pg_description d JOIN pg_catalog.${catalog} x ON x.oid = d.objoid AND d.classoid = 'pg_catalog.${catalog}'::regclass
  AND d.objsubid = 0`;
  return readTexts(
    reader,
    `SELECT statement FROM (
${comment('CONSTRAINT %I ON %I.%I', 'pg_constraint', 'x.conname')} JOIN pg_catalog.pg_class t ON t.oid = x.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = $1::oid
UNION ALL ${comment('TRIGGER %I ON %I.%I', 'pg_trigger', 'x.tgname')} JOIN pg_catalog.pg_class t ON t.oid = x.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = $1::oid AND NOT x.tgisinternal
UNION ALL ${comment('POLICY %I ON %I.%I', 'pg_policy', 'x.polname')} JOIN pg_catalog.pg_class t ON t.oid = x.polrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace WHERE t.oid = $1::oid
UNION ALL SELECT pg_catalog.format('COMMENT ON INDEX %I.%I IS %L;', n.nspname, x.relname, d.description), x.relname
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
  JOIN pg_catalog.pg_description d ON d.objoid = x.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
  WHERE i.indrelid = $1::oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = x.oid)
) s ORDER BY name COLLATE "C", statement COLLATE "C"`,
    [oid],
  );
}
