/**
 * What an attacker with the right to create things could have put into a database. The harm is done by `do_harm`: it opens a second
 * connection and writes through it, which no read-only transaction and no rollback undoes. Placeholders in braces are filled in
 * by the test's world.
 */
export const EVIL = `
create extension dblink; create extension postgres_fdw; create extension file_fdw; create extension xml2; create extension lo; create extension tablefunc;
create extension pageinspect; create extension pgcrypto; create extension adminpack; create extension pg_prewarm; create extension citext; create extension pgrowlocks;
create extension pg_walinspect; create extension hstore; create extension pg_trgm; create extension isn; create extension intarray; create extension ltree; create extension cube; create extension btree_gist; create extension fuzzystrmatch; create extension pg_surgery; create extension amcheck;

create table accounts (id int primary key, name text, balance numeric);
insert into accounts select i, 'name ' || i, i from generate_series(1, 20) i;
create table loot (what text);
create table logs (id serial primary key, line text);
create sequence bait_numbers;
create role bait_role;
select lo_from_bytea(424242, 'bait');

create function do_harm(what text) returns int language plpgsql as $f$ begin perform dblink_exec('{conninfo}', format('insert into loot values (%L)', what)); return 1; end $f$;
create function evil_volatile() returns int language plpgsql volatile as $f$ begin return do_harm('volatile'); end $f$;
create function evil_stable() returns int language plpgsql stable as $f$ begin return do_harm('stable'); end $f$;
create function evil_immutable(int) returns int language plpgsql immutable as $f$ begin return do_harm('immutable'); end $f$;
create function evil_sql() returns int language sql stable as $f$ select do_harm('sql') $f$;
create function evil_definer() returns int language plpgsql stable security definer as $f$ begin return do_harm('definer'); end $f$;
create function evil_table() returns table (a int) language plpgsql stable as $f$ begin return query select do_harm('table'); end $f$;
create function evil_default(a int default do_harm('default')) returns int language sql stable as $f$ select a $f$;
create function evil_attribute(accounts) returns int language plpgsql stable as $f$ begin return do_harm('attribute'); end $f$;
create function evil_any(anyelement) returns int language plpgsql stable as $f$ begin return do_harm('any'); end $f$;
create function nap(float8) returns void language internal stable as 'pg_sleep';
create function reads_file(text) returns text language internal stable as 'pg_read_file_all';
create schema tricks; grant usage on schema tricks to public;
create function tricks.lower(varchar) returns text language plpgsql stable as $f$ begin perform do_harm('lower'); return $1; end $f$;
create function max_step(int, int) returns int language plpgsql immutable as $f$ begin return do_harm('aggregate'); end $f$;
create aggregate evil_max (int) (sfunc = max_step, stype = int);
`;

/** Operators, casts, types, views, policies and what else calls `do_harm` or the server's own harmful functions. */
export const EVIL_OBJECTS = `
create function evil_operator(int, int) returns boolean language plpgsql stable as $f$ begin return do_harm('operator') = 1; end $f$;
create operator === (leftarg = int, rightarg = int, function = evil_operator);
create schema ops;
create operator ops.+ (leftarg = int, rightarg = int, function = max_step);
create function evil_equal(varchar, varchar) returns boolean language plpgsql stable as $f$ begin return do_harm('equal') = 1; end $f$;
create operator tricks.= (leftarg = varchar, rightarg = varchar, function = evil_equal);
create operator !!! (rightarg = float8, function = nap);
create operator @@@ (rightarg = text, function = pg_read_file);

create type pair as (a int, b int);
create function pair_to_int(pair) returns int language plpgsql stable as $f$ begin return do_harm('cast'); end $f$;
create cast (pair as int) with function pair_to_int(pair);
create function int_to_pair(int) returns pair language plpgsql stable as $f$ begin perform do_harm('cast'); return row(1, 2)::pair; end $f$;
create cast (int as pair) with function int_to_pair(int);
create type mood as enum ('good', 'bad');
create function mood_to_json(mood) returns json language plpgsql stable as $f$ begin perform do_harm('json cast'); return '1'; end $f$;
create cast (mood as json) with function mood_to_json(mood);
create table moods (id int, mood mood); insert into moods values (1, 'bad');
create view mood_view as select json_build_object('mood', mood) as x from moods;
create domain evil_domain as int check (do_harm('domain') > value);
create type holds_domain as (a evil_domain);
create type evil_range as range (subtype = evil_domain, multirange_type_name = evil_multirange);
create table domain_table (a evil_domain); insert into domain_table values (null);
create type outer_type as (a domain_table);
create view builder_view as select json_populate_record(t, '{"a": 5}')::text as x from domain_table t;
create table typed (p pair, d text);
insert into typed values (row(1, 2), 'x');

create view evil_view as select id, evil_stable() as x from accounts;
create view evil_view_2 as select * from evil_view where id > 1;
create view evil_view_3 as select x.id from evil_view_2 x join accounts using (id);
create view operator_view as select * from accounts where id === 1;
create view file_view as select pg_read_file('{secret}') as content;
create view hba_view as select * from pg_hba_file_rules;
create view sleep_view as select pg_sleep(5)::text as slept;
create view xml_view as select query_to_xml('select do_harm(''xml'')', true, true, '') as x;
create view locking_view as select * from accounts for update;
create view cast_view as select pair_to_int(p) from typed;
create view domain_view as select id::evil_domain from accounts;
create view sort_view as select id from accounts order by id using operator(pg_catalog.<) limit (select evil_stable());
create recursive view evil_recursive (n) as values (1) union all select n + evil_stable() from evil_recursive where n < 2;
create view dblink_view as select * from dblink('{conninfo}', 'insert into loot values (''dblink view'') returning what') as t(what text);

create server nowhere foreign data wrapper postgres_fdw options (host '127.0.0.1', port '{port}', dbname 'x', connect_timeout '2');
create user mapping for public server nowhere options (user 'x', password 'x');
create foreign table far_away (id int) server nowhere;
create server files foreign data wrapper file_fdw;
create foreign table secret_file (line text) server files options (filename '{secret}');
create foreign table program_output (line text) server files options (program 'echo fired > {drop}/program; echo x');
create view far_view as select * from far_away;
create table parts (id int) partition by range (id);
create table parts_1 partition of parts for values from (0) to (10);
create foreign table parts_2 partition of parts for values from (10) to (20) server nowhere;
create table parent_table (id int);
create foreign table child_table (id int) inherits (parent_table) server nowhere;

create table policed (id int); insert into policed values (1), (2);
alter table policed enable row level security;
create policy evil_policy on policed for select using (evil_stable() = 1);
create table policed_by_view (id int); insert into policed_by_view values (1);
alter table policed_by_view enable row level security;
create policy view_policy on policed_by_view for select using (exists (select from evil_view));
grant usage on schema public to public;

create table indexed (id int); insert into indexed values (1);
create function harmless_now(int) returns int language plpgsql immutable as $f$ begin return 1; end $f$;
create index on indexed ((id + harmless_now(1)));
create table checked (id int check (id > harmless_now(1) - 5)); create table checked_child (check (id < harmless_now(2) + 100)) inherits (checked);
create or replace function harmless_now(int) returns int language plpgsql immutable as $f$ begin return do_harm('planner'); end $f$;

create function compare_pairs(pair, pair) returns int language plpgsql immutable as $f$ begin return do_harm('compare'); end $f$;
create table prepared_harm (x int);
create role plain login password 'plain';
grant select on all tables in schema public to plain;
create role tricked login password 'plain';
alter role tricked set search_path = public, tricks;
create role shadowed login password 'plain';
create schema shadow; grant usage on schema shadow to public;
create function shadow.now() returns timestamptz language plpgsql stable as $f$ begin perform public.do_harm('shadow'); return clock_timestamp(); end $f$;
create view shadow.accounts as select public.evil_stable() as id, 'x'::text as name, 1::numeric as balance;
alter role shadowed set search_path = shadow, pg_catalog, public;
create role front login password 'plain';
alter role front set search_path = shadow, public;
grant select on all tables in schema shadow to public; grant select on all tables in schema public to public;
grant execute on all functions in schema public to public;
truncate loot;`;
