/**
 * The guard's own questions to the catalog. Each gives one row with one JSON cell. They must not be misled by the very things that
 * they look for, so that every relation, function, type and operator is written with its schema, and nothing uses IN, CASE x WHEN,
 * LIKE or BETWEEN, which would look for operators along the search path. 16384 is FirstNormalObjectId: what initdb made is below.
 */

const eq = 'operator(pg_catalog.=)';
const ne = 'operator(pg_catalog.<>)';
const USER = "operator(pg_catalog.>=) '16384'::pg_catalog.oid";
const NOT_COMPILED = `l.lanname ${ne} all ('{internal,c}'::pg_catalog.name[])`;

/** One function as an array; see `readFunctions`. The extension by index look-up (1255 is pg_proc): as a join it is planned badly. */
const functionRow = `pg_catalog.json_build_array(p.oid, n.nspname, p.proname, p.provolatile, p.prokind, l.lanname, p.pronargs, p.pronargdefaults,
  p.provariadic, p.proargtypes::pg_catalog.text, p.prorettype,
  (select e.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid ${eq} d.refobjid
    where d.classid ${eq} '1255'::pg_catalog.oid and d.objid ${eq} p.oid and d.deptype ${eq} 'e'),
  case when p.oid ${USER} then case when l.lanname ${eq} 'internal' then p.prosrc when l.lanname ${eq} 'sql' then pg_catalog.md5(p.prosrc) end end)`;
const functionTables = `pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid ${eq} p.pronamespace
  join pg_catalog.pg_language l on l.oid ${eq} p.prolang`;

/** The server's own functions that every server of this version has under the same number. */
export const BUILTIN_FUNCTIONS = `select pg_catalog.json_agg(${functionRow})::pg_catalog.text from ${functionTables} where p.oid operator(pg_catalog.<) '10000'::pg_catalog.oid`;

/** Everything in the database that could put code into a harmless looking statement; see `Universe`. Multiranges exist since PostgreSQL 14. */
export const universeLookup = (versionNumber: number): string => `select pg_catalog.json_build_object(
 'path', pg_catalog.current_schemas(true),
 'database', pg_catalog.current_database(),
 'strings', pg_catalog.current_setting('standard_conforming_strings'),
 'functions', (select pg_catalog.json_agg(${functionRow}) from ${functionTables} where p.oid operator(pg_catalog.>=) '10000'::pg_catalog.oid),
 'replaced', (select pg_catalog.json_agg(p.proname) from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid ${eq} p.prolang
   where p.oid operator(pg_catalog.<) '16384'::pg_catalog.oid and l.lanname ${ne} all ('{internal,c,sql}'::pg_catalog.name[])),
 'aggregates', (select pg_catalog.json_agg(pg_catalog.json_build_array(a.aggfnoid::pg_catalog.oid, a.aggtransfn::pg_catalog.oid, a.aggfinalfn::pg_catalog.oid,
   a.aggcombinefn::pg_catalog.oid, a.aggserialfn::pg_catalog.oid, a.aggdeserialfn::pg_catalog.oid, a.aggmtransfn::pg_catalog.oid,
   a.aggminvtransfn::pg_catalog.oid, a.aggmfinalfn::pg_catalog.oid)) from pg_catalog.pg_aggregate a where a.aggfnoid::pg_catalog.oid ${USER}),
 'operators', (select pg_catalog.json_agg(pg_catalog.json_build_array(o.oid, n.nspname, o.oprname, o.oprleft, o.oprright, o.oprcode::pg_catalog.oid))
   from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid ${eq} o.oprnamespace where o.oid ${USER}),
 'types', (select pg_catalog.json_agg(pg_catalog.json_build_array(t.oid, n.nspname, t.typname, t.typtype, t.typarray, y.typname, t.typbasetype, r.rngsubtype, ${versionNumber >= 140000 ? `(select g.rngtypid from pg_catalog.pg_range g where g.rngmultitypid ${eq} t.oid)` : 'null'},
   (select pg_catalog.json_agg(a.atttypid) from pg_catalog.pg_attribute a where a.attrelid ${eq} t.typrelid and a.attnum operator(pg_catalog.>) '0'::pg_catalog.int2
     and not a.attisdropped and a.atttypid ${USER}),
   (select pg_catalog.json_agg(p.oid) from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid ${eq} p.prolang
     where p.oid ${eq} any (array[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, r.rngcanonical]::pg_catalog.oid[]) and ${NOT_COMPILED}),
   (select pg_catalog.json_agg(k.conbin::pg_catalog.text) from pg_catalog.pg_constraint k where k.contypid ${eq} t.oid and k.conbin is not null)))
   from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid ${eq} t.typnamespace left join pg_catalog.pg_range r on r.rngtypid ${eq} t.oid
   left join pg_catalog.pg_class c on c.oid ${eq} t.typrelid left join pg_catalog.pg_type y on y.oid ${eq} t.typarray
   where t.oid ${USER} and t.typcategory ${ne} 'A' and (t.typtype ${ne} 'c' or c.relkind ${eq} 'c')),
 'casts', (select pg_catalog.json_agg(pg_catalog.json_build_array(k.castsource, k.casttarget, k.castfunc, k.castcontext))
   from pg_catalog.pg_cast k where k.oid ${USER}),
 'supports', (select pg_catalog.json_agg(distinct s.proc) from (
   select m.amproc::pg_catalog.oid as proc from pg_catalog.pg_amproc m where m.oid ${USER}
   union all select o.oprcode::pg_catalog.oid from pg_catalog.pg_amop m join pg_catalog.pg_operator o on o.oid ${eq} m.amopopr where m.oid ${USER}
 ) s join pg_catalog.pg_proc p on p.oid ${eq} s.proc join pg_catalog.pg_language l on l.oid ${eq} p.prolang where ${NOT_COMPILED})
)::pg_catalog.text`;

const RELIDS = (tree: string): string => `select ((m.m)[1])::pg_catalog.oid as oid from pg_catalog.regexp_matches(${tree}, ':relid ([0-9]+)', 'g') m(m)`;

/**
 * For each name of $1 (quoted), the relation and all that reading it reaches: views' rules, row policies, partitions and children;
 * see `RelationRow`. Expressions of indexes, constraints and partition keys come along where they call code of the database: the
 * planner computes their constant parts. Statistics on expressions exist since PostgreSQL 14.
 */
export const relationLookup = (versionNumber: number): string => `with recursive named as (
  select w.name, pg_catalog.to_regclass(w.name)::pg_catalog.oid as oid from pg_catalog.unnest($1::pg_catalog.text[]) w(name)
), reached as (
  select n.name, n.oid, true as direct, true as whole from named n where n.oid is not null
  union
  select r.name, s.oid, false, s.whole from reached r join pg_catalog.pg_class c on c.oid ${eq} r.oid cross join lateral (
    select v.oid, true as whole from pg_catalog.pg_rewrite w cross join lateral (${RELIDS('w.ev_action::pg_catalog.text')}) v
      where c.relkind ${eq} 'v' and w.ev_class ${eq} r.oid and w.ev_type ${eq} '1'
    union all
    select v.oid, true from pg_catalog.pg_policy y cross join lateral (${RELIDS('y.polqual::pg_catalog.text')}) v where y.polrelid ${eq} r.oid and c.relrowsecurity and r.whole
    union all
    select i.inhrelid, false from pg_catalog.pg_inherits i where i.inhparent ${eq} r.oid
  ) s
), looked as (
  select r.name, c.oid, n.nspname, c.relname, c.relkind, r.whole,
  (select pg_catalog.json_agg(distinct a.atttypid) from pg_catalog.pg_attribute a where r.whole and a.attrelid ${eq} c.oid and a.attnum operator(pg_catalog.>) '0'::pg_catalog.int2
    and not a.attisdropped and a.atttypid ${USER}) as types,
  (select pg_catalog.json_agg(w.ev_action::pg_catalog.text) from pg_catalog.pg_rewrite w where c.relkind ${eq} 'v' and w.ev_class ${eq} c.oid and w.ev_type ${eq} '1') as rules,
  (select pg_catalog.json_agg(y.polqual::pg_catalog.text) from pg_catalog.pg_policy y where r.whole and c.relrowsecurity and y.polrelid ${eq} c.oid and y.polqual is not null
    and y.polcmd ${eq} any ('{r,*}'::"char"[]) and (not r.direct or pg_catalog.row_security_active(c.oid))) as policies,
  (select pg_catalog.json_agg(t.tree) from (
    select i.indexprs::pg_catalog.text as tree from pg_catalog.pg_index i where i.indrelid ${eq} c.oid
    union all select i.indpred::pg_catalog.text from pg_catalog.pg_index i where i.indrelid ${eq} c.oid
    union all select k.conbin::pg_catalog.text from pg_catalog.pg_constraint k where k.conrelid ${eq} c.oid
    union all select g.partexprs::pg_catalog.text from pg_catalog.pg_partitioned_table g where g.partrelid ${eq} c.oid
    ${versionNumber >= 140000 ? `union all select x.stxexprs::pg_catalog.text from pg_catalog.pg_statistic_ext x where x.stxrelid ${eq} c.oid` : ''}
  ) t where t.tree operator(pg_catalog.~) ':(funcid|opno) [0-9]{5}') as planned
  from (select q.name, q.oid, pg_catalog.bool_or(q.direct) as direct, pg_catalog.bool_or(q.whole) as whole from reached q group by q.name, q.oid) r
  join pg_catalog.pg_class c on c.oid ${eq} r.oid join pg_catalog.pg_namespace n on n.oid ${eq} c.relnamespace
)
select pg_catalog.json_agg(pg_catalog.json_build_array(l.name, l.nspname, l.relname, l.relkind, l.types, l.rules, l.policies, l.planned))::pg_catalog.text
from looked l where l.whole or l.relkind ${eq} 'f' or l.planned is not null`;

/**
 * For each name of $1 (quoted) what the check of private columns needs: schema, name, columns, the relations that share its columns by
 * inheritance or partitioning (itself among them), and the query of a view.
 */
export const PRIVATE_LOOKUP = `with recursive named as (
  select w.name, pg_catalog.to_regclass(w.name)::pg_catalog.oid as oid from pg_catalog.unnest($1::pg_catalog.text[]) w(name)
), family as (
  select n.oid as root, n.oid from named n where n.oid is not null
  union
  select f.root, s.oid from family f cross join lateral (
    select i.inhparent as oid from pg_catalog.pg_inherits i where i.inhrelid ${eq} f.oid
    union all
    select i.inhrelid from pg_catalog.pg_inherits i where i.inhparent ${eq} f.oid
  ) s
)
select pg_catalog.json_agg(pg_catalog.json_build_array(n.name, s.nspname, c.relname,
  (select pg_catalog.json_agg(a.attname) from pg_catalog.pg_attribute a where a.attrelid ${eq} c.oid and a.attnum operator(pg_catalog.>) '0'::pg_catalog.int2 and not a.attisdropped),
  (select pg_catalog.json_agg(pg_catalog.json_build_array(t.nspname, r.relname)) from family f join pg_catalog.pg_class r on r.oid ${eq} f.oid
    join pg_catalog.pg_namespace t on t.oid ${eq} r.relnamespace where f.root ${eq} c.oid),
  case when c.relkind ${eq} any ('{v,m}'::"char"[]) then pg_catalog.pg_get_viewdef(c.oid) end))::pg_catalog.text
from named n join pg_catalog.pg_class c on c.oid ${eq} n.oid join pg_catalog.pg_namespace s on s.oid ${eq} c.relnamespace`;
