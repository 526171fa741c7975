/** A value that stands only in private columns. */
export const MARKER = 'zq4711marker';

/** What the fixture's connection keeps private, as a person writes it. */
export const privateTexts = ['shop.customers.email', '*.*.ssn', 'vault.keys.*', 'shop.events.payload', 'shop.logs_1.line', 'shop.shown.alias'] as const;

/** Tables with private columns, and the things through which a statement could reach them. */
export const privateFixture = `
create schema shop; create schema vault;
create table shop.customers (id int primary key, name text, email text, status text default 'new', extra jsonb);
insert into shop.customers select n, 'name' || n, '${MARKER}', 'active', '{"a": 1}' from generate_series(1, 40) n;
create index customers_mail on shop.customers (lower(email)) where email <> '';
comment on column shop.customers.email is 'the ${MARKER} column';
create statistics shop.customers_stat (mcv) on name, email from shop.customers;
create table shop.orders (id int primary key, customer_id int references shop.customers, total numeric(10,2), email text);
insert into shop.orders select n, n, n * 10, 'public' || n from generate_series(1, 40) n;
create table shop.people (id int primary key, ssn text, city text);
insert into shop.people values (1, '${MARKER}', 'Wien');
create table shop.status (id int, status text); insert into shop.status values (1, 'open');
create table vault.keys (id int, secret text); insert into vault.keys values (1, '${MARKER}');
create table shop.events (id int, day date, payload text) partition by range (id);
create table shop.events_1 partition of shop.events for values from (0) to (1000);
insert into shop.events values (1, '2026-01-01', '${MARKER}');
create table shop.logs (id int, line text); create table shop.logs_1 () inherits (shop.logs);
insert into shop.logs_1 values (1, '${MARKER}');
create view shop.everything as select * from shop.customers;
create view shop.names as select id, name from shop.customers;
create view shop.rows as select c from shop.customers c;
create view shop.lowered as select id, lower(email) as l from shop.customers;
create view shop.twice as select id, l from shop.lowered;
create view shop.filtered as select id from shop.customers where email <> '';
create view shop.statistics as select most_common_vals::text as v from pg_stats where tablename = 'customers';
create view shop.shown as select id, name as alias from shop.customers;
create view shop.totals as select c.name, sum(o.total) as total from shop.customers c join shop.orders o on o.customer_id = c.id group by c.name;
create materialized view shop.mails as select email as m from shop.customers;
analyze;`;

/** Each would show or tell the marker. `oracle`: it answers questions about the value without showing it. */
export const privateBypasses: readonly { readonly text: string; readonly oracle?: true }[] = [
  { text: 'select email from shop.customers' },
  { text: 'select c.email from shop.customers c' },
  { text: 'select shop.customers.email from shop.customers' },
  { text: 'select * from shop.customers' },
  { text: 'select c.* from shop.customers c' },
  { text: 'table shop.customers' },
  { text: 'select c from shop.customers c' },
  { text: 'select customers from shop.customers' },
  { text: 'select c::text from shop.customers c' },
  { text: 'select row_to_json(c) from shop.customers c' },
  { text: 'select c.row_to_json from shop.customers c' },
  { text: 'select to_jsonb(c) ->> \'email\' from shop.customers c' },
  { text: 'select c.to_jsonb from shop.customers c' },
  { text: 'select (c).email from shop.customers c' },
  { text: 'select (c).* from shop.customers c' },
  { text: 'select row(c.*) from shop.customers c' },
  { text: 'select array_agg(c) from shop.customers c' },
  { text: 'select json_agg(x) from (select * from shop.customers) x' },
  { text: 'select string_agg(c::text, \',\') from shop.customers c' },
  { text: 'select format(\'%s\', c) from shop.customers c' },
  { text: 'select concat(c) from shop.customers c' },
  { text: 'select d from shop.customers c(a, b, d)' },
  { text: 'select x.d from shop.customers as x(a, b, d, e)' },
  { text: 'select j.q from (shop.customers c join shop.orders o on o.customer_id = c.id) as j(a, b, q)' },
  { text: 'select j from (shop.customers c join shop.orders o on o.customer_id = c.id) as j' },
  { text: 'select j.* from (shop.customers c join shop.orders o on o.customer_id = c.id) as j' },
  { text: 'select j.row_to_json from (shop.customers c cross join shop.status s) as j' },
  { text: 'select * from shop.orders o join shop.customers c on c.id = o.customer_id' },
  { text: 'select max(email) over () from shop.customers' },
  { text: 'select (select email from shop.customers limit 1)' },
  { text: 'with x as (select email as e from shop.customers) select e from x' },
  { text: 'with x as (table shop.customers) select * from x' },
  { text: 'select l.e from shop.orders o, lateral (select c.email as e from shop.customers c where c.id = o.id) l' },
  { text: 'select btrim("email") from shop.customers' },
  { text: 'select U&"em\\0061il" from shop.customers' },
  { text: 'select EMAIL from SHOP.customers' },
  { text: 'select email from only shop.customers' },
  { text: 'select email from shop.customers tablesample system (100)' },
  { text: 'select name from shop.customers union all select email from shop.customers' },
  { text: 'select name from shop.customers order by case when status = \'x\' then name else email end, name limit 1', oracle: true },
  { text: `select count(*) from shop.customers where email like '${MARKER.slice(0, 3)}%'`, oracle: true },
  { text: 'select count(distinct email) from shop.customers', oracle: true },
  { text: 'select count(*) from shop.customers group by email', oracle: true },
  { text: 'select 1 from shop.customers having max(length(email)) > 3', oracle: true },
  { text: 'select o.id from shop.orders o join shop.customers c using (email)', oracle: true },
  { text: 'select id from shop.orders natural join shop.customers', oracle: true },
  { text: 'select count(*) from shop.customers c where c is not null', oracle: true },
  { text: `select count(*) from shop.customers c where c::text like '%${MARKER.slice(0, 4)}%'`, oracle: true },
  { text: 'select name from shop.customers c order by c', oracle: true },
  { text: 'select count(*) from shop.customers c group by c', oracle: true },
  { text: 'select rank() over (partition by email) from shop.customers', oracle: true },
  { text: 'select status from shop.customers group by grouping sets ((status, email))', oracle: true },
  { text: 'select count(c) from shop.customers c', oracle: true },
  { text: 'select c.id from shop.customers c join shop.orders o on o.email = c.email', oracle: true },
  { text: 'select 1 from shop.customers c where (c.id, c.email) > (1, \'z\')', oracle: true },
  { text: 'select value from shop.customers c cross join lateral jsonb_each_text(to_jsonb(c)) t' },
  { text: 'select (c.*)::text from shop.customers c' },
  { text: 'select xmlforest(email) from shop.customers' },
  { text: 'select coalesce(email, name) from shop.customers' },
  { text: 'select array(select email from shop.customers)' },
  { text: 'select case when id > 0 then email end from shop.customers' },
  { text: 'select x.y from (values (1)) v(n) cross join lateral (select c.email as y from shop.customers c) x' },
  { text: 'with recursive r as (select 1 as n, email as e from shop.customers where id = 1 union all select n + 1, e from r where n < 3) select e from r' },
  { text: 'select e from (select email from shop.customers) as x(e)' },
  { text: 'select email::int from shop.customers' },
  { text: 'select 1 from shop.customers where email::int > 0' },
  { text: 'select ssn from shop.people' },
  { text: 'select p.ssn from shop.people p' },
  { text: 'select * from shop.people' },
  { text: 'select secret from vault.keys' },
  { text: 'select * from vault.keys' },
  { text: 'select payload from shop.events' },
  { text: 'select payload from shop.events_1' },
  { text: 'select * from shop.events_1' },
  { text: 'select line from shop.logs' },
  { text: 'select line from shop.logs_1' },
  { text: 'select * from shop.everything' },
  { text: 'select email from shop.everything' },
  { text: 'select id from shop.everything', oracle: true },
  { text: 'select c from shop.rows' },
  { text: 'select l from shop.lowered' },
  { text: 'select l from shop.twice' },
  { text: 'select id from shop.filtered', oracle: true },
  { text: 'select m from shop.mails' },
  { text: 'select v from shop.statistics' },
  { text: 'select alias from shop.shown', oracle: true },
  { text: 'select most_common_vals from pg_stats where tablename = \'customers\'' },
  { text: 'select stavalues1::text from pg_statistic' },
  { text: 'select most_common_vals::text from pg_catalog.pg_stats' },
  { text: 'select most_common_vals::text from pg_stats_ext' },
  { text: 'select description from pg_description where objoid = \'shop.customers\'::regclass' },
  { text: 'select col_description(\'shop.customers\'::regclass, 3)' },
  { text: 'select pg_get_indexdef(indexrelid) from pg_index where indrelid = \'shop.customers\'::regclass', oracle: true },
  { text: 'select attname from pg_attribute where attrelid = \'shop.customers\'::regclass', oracle: true },
  { text: 'select column_name from information_schema.columns where table_name = \'customers\'', oracle: true },
  { text: 'select query from pg_stat_activity', oracle: true },
  { text: 'explain (verbose) select id from shop.customers order by name', oracle: true },
  { text: 'explain analyze select * from shop.customers where email = \'x\'', oracle: true },
];

/** What a person's question may well need, and reads nothing private. */
export const privateBenign: readonly string[] = [
  'select id, name from shop.customers', 'select c.id, c.name, c.status from shop.customers c where c.status = \'active\'', 'select count(*) from shop.customers', 'select count(*) from shop.customers c where c.id > 3',
  'select shop.customers.name from shop.customers', 'select c.extra ->> \'a\' from shop.customers c', 'select max(c.name) from shop.customers c group by c.status', 'select status, count(*) from shop.customers group by status order by 2 desc',
  'select o.* from shop.orders o join shop.customers c on c.id = o.customer_id', 'select o.id, c.name from shop.orders o join shop.customers c on c.id = o.customer_id', 'select * from shop.orders', 'select o.email from shop.orders o', 'select email from shop.orders',
  'select o.email, c.name from shop.orders o join shop.customers c on c.id = o.customer_id', 'select * from (select id, name from shop.customers) c', 'with c as (select id, name from shop.customers) select * from c',
  'with x as (select id, name from shop.customers) select x.* from x', 'select x from (select id, name from shop.customers) x', 'select row_to_json(x) from (select id, name from shop.customers) x', 'select * from shop.status', 'select status from shop.status', 'select s.status from shop.status s',
  'select city from shop.people', 'select p.id, p.city from shop.people p', 'select id, day from shop.events', 'select day from shop.events_1', 'select id from shop.logs', 'select id from shop.logs_1', 'select id, name from shop.names', 'select * from shop.names', 'select n from shop.names n',
  'select id from shop.shown', 'select * from shop.totals', 'select c.ctid, c.id from shop.customers c', 'select c.tableoid::regclass, count(*) from shop.customers c group by 1', 'select name from shop.customers order by name limit 3 offset 2',
  'select c.name from shop.customers c where exists (select 1 from shop.orders o where o.customer_id = c.id and o.total > 100)', 'select c.name, (select sum(o.total) from shop.orders o where o.customer_id = c.id) from shop.customers c',
  'select c.name, l.total from shop.customers c cross join lateral (select sum(o.total) as total from shop.orders o where o.customer_id = c.id) l', 'select name, rank() over (partition by status order by name) from shop.customers', 'select distinct on (status) status, name from shop.customers order by status, name',
  'select a.name, b.name from shop.customers a join shop.customers b on b.id = a.id + 1', 'select o.id from shop.orders o join shop.customers c using (id)', 'select name from shop.customers intersect select \'name\' || id from shop.orders', 'explain select id from shop.customers', 'explain analyze select c.name from shop.customers c',
  'select relname, relkind from pg_class where relname = \'customers\'', 'select n_live_tup from pg_stat_user_tables where relname = \'customers\'', 'select pg_total_relation_size(\'shop.customers\')', 'select version()', 'select table_name from information_schema.tables where table_schema = \'shop\'', 'show server_version', 'values (1), (2)', 'select unnest(array[1, 2])', 'select * from generate_series(1, 3) g',
];
