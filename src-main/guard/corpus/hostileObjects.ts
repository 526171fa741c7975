import type { Hostile } from './hostile';

const bySuperuser = (...texts: string[]): Hostile[] => texts.map((text) => ({ text }));

const userFunctions = bySuperuser(
  `select evil_volatile()`,
  `select evil_stable()`,
  `select evil_immutable(1)`,
  `explain select evil_immutable(1)`,
  `explain select * from accounts where id = evil_stable()`,
  `select evil_sql()`,
  `select evil_definer()`,
  `select * from evil_table()`,
  `select evil_default()`,
  `select evil_any(1)`,
  `select evil_attribute(a) from accounts a`,
  `select a.evil_attribute from accounts a`,
  `select (a).evil_attribute from accounts a`,
  `select (a.*).evil_attribute from accounts a`,
  `select (1).evil_any`,
  `select (row(1, 'x', 2)::accounts).evil_attribute`,
  `select nap(5)`,
  `select (5::float8).nap`,
  `select reads_file('{secret}')`,
  `select evil_max(id) from accounts`,
  `select evil_max(id) over () from accounts`,
  `select "evil_stable"()`,
  `select public.evil_stable()`,
  `select U&"\\0065vil_stable"()`,
  `select * from accounts where id in (select evil_stable())`,
  `with x as (select evil_stable() as y) select * from x`,
  `with evil_view as (select 1) select * from evil_view, (select * from public.evil_view) y`,
  `select (with evil_view as (select 1 as id) select max(id) from evil_view), id from evil_view`,
  `select * from json_populate_record(null::holds_domain, '{"a": 1}')`,
  `select * from jsonb_to_record('{"a": 1}') as t(a evil_domain)`,
);

const operatorsAndCasts = bySuperuser(
  `select 1 === 2`,
  `select 1 operator(public.===) 2`,
  `select 1 operator(ops.+) 2`,
  `select !!! 5.0::float8`,
  `select !!! 5`,
  `select @@@ '{secret}'::text`,
  `select (row(1, 2)::pair)::int`,
  `select cast(row(1, 2)::pair as int)`,
  `select p::int from typed`,
  `select 5::pair`,
  `select int4(p) from typed`,
  `select 5::evil_domain`,
  `select evil_domain(5)`,
  `select '5'::evil_domain`,
  `select array[5]::evil_domain[]`,
  `select '{5}'::_evil_domain`,
  `select '[5,6)'::evil_range`,
  `select '{[5,6)}'::evil_multirange`,
  `select '(5)'::domain_table`,
  `select '{(5)}'::domain_table[]`,
  `select '{(5)}'::_domain_table`,
  `select '("(5)")'::outer_type`,
  `select t #= 'a=>5'::hstore from domain_table t`,
  `select json_populate_record(t, '{"a": 5}') from domain_table t`,
  `select * from builder_view`,
  `select x.a from xmltable('/r' passing xml '<r>5</r>' columns a evil_domain path '.') x`,
  `select '{5}'::evil_domain[]`,
  `select row(5)::holds_domain`,
  `select xmlserialize(content '<a/>'::xml as text), 5::public.evil_domain`,
  `select json_populate_record(null::holds_domain, '{"a": 5}')`,
);

const viewsAndTables = bySuperuser(
  `select * from evil_view`,
  `table evil_view`,
  `select * from evil_view_3`,
  `select 1 from accounts where exists (select from evil_view_3)`,
  `explain analyze select * from evil_view`,
  `select * from operator_view`,
  `select * from file_view`,
  `select * from hba_view`,
  `select * from sleep_view`,
  `select * from xml_view`,
  `select * from locking_view`,
  `select * from cast_view`,
  `select * from domain_view`,
  `select * from sort_view`,
  `select * from evil_recursive`,
  `select * from dblink_view`,
  `select * from far_away`,
  `select count(*) from far_view`,
  `explain verbose select * from far_away`,
  `select * from secret_file`,
  `select * from program_output`,
  `select * from parts`,
  `select * from parent_table`,
  `select * from indexed`,
  `explain select * from indexed`,
  `select * from checked`,
);

/** A schema behind `public` holds functions and operators that fit varchar better than the server's own. */
const tricks = [
  `select lower(name::varchar) from accounts`,
  `select lower('X'::varchar)`,
  `select 'a'::varchar = 'b'::varchar`,
  `select 'a'::varchar in ('b'::varchar)`,
  `select nullif('a'::varchar, 'b'::varchar)`,
  `select case 'a'::varchar when 'b'::varchar then 1 end`,
  `select 'a'::varchar is distinct from 'b'::varchar`,
  `select 'a'::varchar = any (array['b'::varchar])`,
  `select ('a'::varchar, 1) = ('b'::varchar, 1)`,
  `select * from (select 'a'::varchar as v) x join (select 'a'::varchar as v) y using (v)`,
  `select * from (select 'a'::varchar as v) x natural join (select 'a'::varchar as v) y`,
].map((text): Hostile => ({ text, role: 'tricked' }));

const otherRoles: Hostile[] = [
  ...tricks,
  { text: `select * from policed`, role: 'plain' },
  { text: `select count(*) from policed_by_view`, role: 'plain' },
  { text: `explain analyze select id from policed`, role: 'plain' },
  { text: `select now()`, role: 'shadowed' },
  { text: `select current_date, shadow.now()`, role: 'shadowed' },
  { text: `select id from accounts`, role: 'shadowed' },
  { text: `select * from accounts`, role: 'front' },
];

/** Traps that would spring on most statements, set for one statement only. */
const traps: Hostile[] = [
  {
    text: `select chr(name) from accounts`,
    before: `create function text_to_int(text) returns int language plpgsql stable as $f$ begin return do_harm('text cast') + 64; end $f$; create cast (text as int) with function text_to_int(text) as implicit`,
    after: `drop cast (text as int); drop function text_to_int(text)`,
  },
  {
    text: `select distinct p from typed order by p`,
    before: `create operator class evil_pairs default for type pair using btree as operator 3 ===! (pair, pair), function 1 compare_pairs(pair, pair)`.replace(
      'create operator class',
      `create function same_pairs(pair, pair) returns boolean language plpgsql immutable as $f$ begin return do_harm('same') = 1; end $f$; create operator ===! (leftarg = pair, rightarg = pair, function = same_pairs); create operator class`,
    ),
    after: `drop operator family evil_pairs using btree cascade; drop operator ===! (pair, pair); drop function same_pairs(pair, pair)`,
  },
  {
    text: `select * from t_rule`,
    before: `create view t_rule as select 1 as a; create or replace view t_rule as select evil_stable() as a`,
    after: `drop view t_rule`,
  },
  {
    text: `select abs(-5)`,
    before: `create or replace function pg_catalog.abs(int) returns int language plpgsql immutable strict as $f$ begin return public.do_harm('replaced'); end $f$`,
    after: `create or replace function pg_catalog.abs(int) returns int language internal immutable strict as 'int4abs'`,
  },
  {
    text: `select '\\' || evil_stable() || '\\'`,
    before: `alter role current_user set standard_conforming_strings = off`,
    after: `alter role current_user reset standard_conforming_strings`,
  },
  {
    text: `select '\\'' as a, evil_stable(), '' as b`,
    before: `alter role current_user set standard_conforming_strings = off`,
    after: `alter role current_user reset standard_conforming_strings`,
  },
  {
    text: `select strpos('abc', 'b')`,
    before: `create or replace function strpos(citext, citext) returns int language sql immutable strict as $f$ select do_harm('citext') $f$`,
    after: `create or replace function strpos(citext, citext) returns int language sql immutable strict parallel safe as $f$
    SELECT pg_catalog.strpos( pg_catalog.lower( $1::pg_catalog.text ), pg_catalog.lower( $2::pg_catalog.text ) );
$f$`,
  },
  {
    text: `select abs('5'::citext)`,
    before: `create function citext_to_int(citext) returns int language plpgsql stable as $f$ begin return do_harm('citext'); end $f$; create cast (citext as int) with function citext_to_int(citext) as implicit`,
    after: `drop cast (citext as int); drop function citext_to_int(citext)`,
  },
  {
    text: `select json_scalar(1)`,
    before: `create function json_scalar(int) returns int language plpgsql stable as $f$ begin return do_harm('json_scalar'); end $f$`,
    after: `drop function json_scalar(int)`,
  },
  {
    text: `select json_value('x', 'y')`,
    before: `create function json_value(text, text) returns int language plpgsql stable as $f$ begin return do_harm('json_value'); end $f$`,
    after: `drop function json_value(text, text)`,
  },
  {
    text: `select * from accounts tablesample evil_sample (10)`,
  },
];

export const hostileCatalogObjects: readonly Hostile[] = [...userFunctions, ...operatorsAndCasts, ...viewsAndTables, ...otherRoles, ...traps];
