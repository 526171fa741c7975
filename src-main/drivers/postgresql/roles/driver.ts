import type { ObjectKind, ObjectRef } from '../../../../src-preload/contract/catalog';
import type { GrantEntry, ObjectGrants, RoleEntry } from '../../../../src-preload/contract/roles';
import { AppError } from '../../../errors';
import type { Holding, RolesDriver } from '../../roles';
import { inOneState, type Reader, readObjects } from '../introspect/read';
import { planDrop, planGrant, planPassword, planRole } from './plan';

const roles = `SELECT r.rolname::text AS name, r.rolsuper AS superuser, r.rolinherit AS inherit, r.rolcreaterole AS "createRole", r.rolcreatedb AS "createDatabase",
  r.rolcanlogin AS login, r.rolreplication AS replication, r.rolbypassrls AS "bypassRls", r.rolconnlimit AS "connectionLimit",
  CASE WHEN r.rolvaliduntil <> 'infinity' THEN r.rolvaliduntil::text END AS "validUntil", pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment,
  coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', g.rolname, 'admin', m.admin) ORDER BY g.rolname COLLATE "C") FROM
    (SELECT roleid, bool_or(admin_option) AS admin FROM pg_catalog.pg_auth_members WHERE member = r.oid GROUP BY roleid) m
    JOIN pg_catalog.pg_roles g ON g.oid = m.roleid), '[]') AS "memberOf",
  ARRAY(SELECT DISTINCT u.rolname::text FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles u ON u.oid = m.member WHERE m.roleid = r.oid ORDER BY 1) AS members,
  r.rolname ~ '^pg_' AS system
FROM pg_catalog.pg_roles r ORDER BY r.rolname ~ '^pg_', r.rolname COLLATE "C"`;

interface Kind {
  readonly catalog: 'pg_class' | 'pg_proc' | 'pg_type';
  readonly privileges: readonly string[];
  readonly acl: string;
  readonly owner: string;
  /** The letter of acldefault() and of default privileges. */
  readonly letter: string;
}

const table: Kind = { catalog: 'pg_class', privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'], acl: 'relacl', owner: 'relowner', letter: 'r' };
const kinds: Partial<Record<ObjectKind, Kind>> = {
  table,
  partition: table,
  view: table,
  materialized_view: table,
  foreign_table: table,
  sequence: { ...table, privileges: ['USAGE', 'SELECT', 'UPDATE'], letter: 'S' },
  function: { catalog: 'pg_proc', privileges: ['EXECUTE'], acl: 'proacl', owner: 'proowner', letter: 'f' },
  type: { catalog: 'pg_type', privileges: ['USAGE'], acl: 'typacl', owner: 'typowner', letter: 'T' },
};

interface Found {
  readonly oid: string;
  readonly owner: string;
  readonly rls: boolean;
  readonly forced: boolean;
  readonly signature: string | null;
}

async function find(reader: Reader, object: ObjectRef): Promise<{ kind: Kind; found: Found }> {
  const kind = kinds[object.kind];
  if (!kind) throw new AppError('unsupported', `An ${object.kind} has no grants of its own.`);
  const { catalog, owner } = kind;
  const prefix = { pg_class: 'rel', pg_proc: 'pro', pg_type: 'typ' }[catalog];
  const rls = catalog === 'pg_class' ? 'o.relrowsecurity AS rls, o.relforcerowsecurity AS forced' : 'false AS rls, false AS forced';
  const signature = catalog === 'pg_proc' ? `CASE o.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.proname) || '(' || pg_catalog.pg_get_function_identity_arguments(o.oid) || ')'` : 'NULL';
  const [found] = await readObjects<Found>(
    reader,
    `SELECT o.oid::text AS oid, pg_catalog.pg_get_userbyid(o.${owner})::text AS owner, ${rls}, ${signature} AS signature
FROM pg_catalog.${catalog} o JOIN pg_catalog.pg_namespace n ON n.oid = o.${prefix}namespace
WHERE n.nspname = $1 AND o.${prefix}name = $2 AND ($3::oid IS NULL OR o.oid = $3::oid) ORDER BY o.oid LIMIT 1`,
    [object.schema, object.name, object.oid === undefined ? null : String(object.oid)],
  );
  if (!found) throw new AppError('not_found', `There is no ${object.schema}.${object.name} any more.`, { hint: 'Refresh the tree.' });
  return { kind, found };
}

/** Rights as they stand in the ACL, column by column too; where there is none, the rights that every object of its kind has. */
async function readGrants(reader: Reader, { catalog, acl, owner, letter }: Kind, oid: string): Promise<GrantEntry[]> {
  const name = (id: string): string => `CASE ${id} WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(${id})::text END`;
  const columns =
    catalog === 'pg_class'
      ? `UNION ALL SELECT ${name('x.grantee')}, x.privilege_type, x.is_grantable, ${name('x.grantor')}, a.attname::text, false
FROM pg_catalog.pg_attribute a, LATERAL pg_catalog.aclexplode(a.attacl) x WHERE a.attrelid = $1::oid AND a.attacl IS NOT NULL AND NOT a.attisdropped`
      : '';
  return readObjects<GrantEntry>(
    reader,
    `SELECT * FROM (SELECT ${name('x.grantee')} AS grantee, x.privilege_type AS privilege, x.is_grantable AS grantable, ${name('x.grantor')} AS grantor,
  NULL::text AS "column", o.${acl} IS NULL AS implicit
FROM pg_catalog.${catalog} o, LATERAL pg_catalog.aclexplode(coalesce(o.${acl}, pg_catalog.acldefault('${letter === 'S' ? 's' : letter}', o.${owner}))) x WHERE o.oid = $1::oid
${columns}) g ORDER BY grantee <> 'PUBLIC', grantee COLLATE "C", "column" NULLS FIRST, privilege`,
    [oid],
  );
}

function readPolicies(reader: Reader, oid: string): Promise<ObjectGrants['rowSecurity']['policies']> {
  return readObjects(
    reader,
    `SELECT p.polname::text AS name, CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
  ARRAY(SELECT CASE r.role WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(r.role)::text END FROM unnest(p.polroles) r(role)) AS roles,
  p.polpermissive AS permissive, pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS "using", pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS "check"
FROM pg_catalog.pg_policy p WHERE p.polrelid = $1::oid ORDER BY p.polname COLLATE "C"`,
    [oid],
  );
}

function readDefaults(reader: Reader, letter: string, schema: string): Promise<ObjectGrants['defaults']> {
  return readObjects(
    reader,
    `SELECT pg_catalog.pg_get_userbyid(d.defaclrole)::text AS owner, n.nspname::text AS schema,
  CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee)::text END AS grantee, pg_catalog.array_agg(x.privilege_type ORDER BY x.privilege_type) AS privileges
FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace, LATERAL pg_catalog.aclexplode(d.defaclacl) x
WHERE d.defaclobjtype = $1 AND (n.nspname IS NULL OR n.nspname = $2) GROUP BY d.defaclrole, n.nspname, x.grantee ORDER BY 1, 2, 3`,
    [letter, schema],
  );
}

function readEffective(reader: Reader, { catalog, privileges, letter }: Kind, oid: string): Promise<ObjectGrants['effective']> {
  const has = letter === 'S' ? 'has_sequence_privilege' : { pg_class: 'has_table_privilege', pg_proc: 'has_function_privilege', pg_type: 'has_type_privilege' }[catalog];
  return readObjects(
    reader,
    `SELECT r.rolname::text AS role, ARRAY(SELECT p FROM unnest($2::text[]) p WHERE pg_catalog.${has}(r.oid, $1::oid, p)) AS privileges
FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY r.rolname COLLATE "C" LIMIT 1000`,
    [oid, `{${privileges.join(',')}}`],
  );
}

const holdings = `SELECT n.nspname || '.' || c.relname AS object, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
  c.relacl AS acl, c.relowner AS owner FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL SELECT n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', 'function', p.proacl, p.proowner
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
UNION ALL SELECT n.nspname, 'schema', n.nspacl, n.nspowner FROM pg_catalog.pg_namespace n
UNION ALL SELECT d.datname, 'database', d.datacl, d.datdba FROM pg_catalog.pg_database d`;

async function limitsOf(reader: Reader): Promise<string[]> {
  const [may] = await readObjects<{ superuser: boolean; creates: boolean }>(reader, 'SELECT r.rolsuper AS superuser, r.rolcreaterole AS creates FROM pg_catalog.pg_roles r WHERE r.rolname = current_user');
  if (may?.superuser) return [];
  return [may?.creates ? 'This role may make and change roles, but no superusers.' : 'This role may not make or change other roles: it needs CREATEROLE. The statements can still be read and copied.'];
}

/** Roles and grants of PostgreSQL 12 and newer. */
export const postgresqlRoles: RolesDriver = {
  list: (connection, signal) =>
    inOneState({ connection, signal }, async () => {
      const reader = { connection, signal };
      return { roles: await readObjects<RoleEntry>(reader, roles), current: connection.server.user, limits: await limitsOf(reader) };
    }),
  grants: (connection, object, signal) =>
    inOneState({ connection, signal }, async () => {
      const reader = { connection, signal };
      const { kind, found } = await find(reader, object);
      return {
        owner: found.owner,
        grants: await readGrants(reader, kind, found.oid),
        privileges: [...kind.privileges],
        rowSecurity: { enabled: found.rls, forced: found.forced, policies: kind.catalog === 'pg_class' ? await readPolicies(reader, found.oid) : [] },
        defaults: await readDefaults(reader, kind.letter, object.schema),
        effective: await readEffective(reader, kind, found.oid),
      };
    }),
  holdings: (connection, role, signal) =>
    readObjects<Holding>(
      { connection, signal },
      `SELECT h.object, h.kind, coalesce(pg_catalog.array_agg(x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.privilege_type IS NOT NULL), '{}') AS privileges,
  bool_or(h.owner = r.oid) AS owner
FROM pg_catalog.pg_roles r CROSS JOIN (${holdings}) h LEFT JOIN LATERAL (SELECT e.privilege_type FROM pg_catalog.aclexplode(h.acl) e WHERE e.grantee = r.oid) x ON true
WHERE r.rolname = $1 AND (h.owner = r.oid OR x.privilege_type IS NOT NULL) AND h.object !~ '^(pg_catalog|information_schema|pg_toast)'
GROUP BY h.object, h.kind ORDER BY h.kind, h.object COLLATE "C" LIMIT 1000`,
      [role],
    ),
  planRole,
  planGrant: async (connection, change, signal) => planGrant(change, (await find({ connection, signal }, change.object)).found.signature),
  planDrop,
  planPassword,
};
