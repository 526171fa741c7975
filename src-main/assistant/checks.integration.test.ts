import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realNeighbours } from '../../e2e/assistant/realServer';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import { createSecretsService } from '../secrets/secrets';
import { checkSql, type CheckContext } from './checkSql';
import { createLane } from './lane';

const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };
let database: TestDatabase;
let folder: string;
let real: ReturnType<typeof realNeighbours>;
let context: CheckContext;

beforeAll(async () => {
  database = await testDatabase();
  await database.query(`
    create schema shop;
    create table shop.customers (id bigint primary key, name text not null, email text, zip text, born date, joined_at timestamptz, referrer_id bigint references shop.customers, vip boolean);
    create table shop.orders (id bigint primary key, customer_id bigint not null references shop.customers, placed_at timestamptz not null, status text, total numeric(20,6), note text);
    create table shop.items (id bigint primary key, order_id bigint not null references shop.orders, product_id bigint, quantity int, price numeric(20,6), serial text);
    create table shop.products (id bigint primary key, name text, category_id bigint, tags text[], data jsonb, made date);
    create table shop.categories (id bigint primary key, name text, parent_id bigint references shop.categories);
    create table shop.payments (id bigint primary key, order_id bigint references shop.orders, paid_at timestamp, amount numeric);
    create table shop.events (id bigint primary key, kind text, at timestamptz, order_id bigint references shop.orders);
    alter table shop.items add foreign key (product_id) references shop.products; alter table shop.products add foreign key (category_id) references shop.categories;
    insert into shop.customers select n, 'c' || n from generate_series(1, 50) n; insert into shop.orders select n, n, now() from generate_series(1, 50) n;
    analyze;
    update pg_class set reltuples = 40000000, relpages = 500000 where oid = 'shop.events'::regclass;`);
  folder = mkdtempSync(path.join(os.tmpdir(), 'checks-'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  real = realNeighbours(database);
  const { connections, catalog, guard, results, advise } = await real.neighbours(folder, secrets);
  if (!connections || !catalog || !guard || !results || !advise) throw new Error('no neighbours');
  const profile = await connections.resolve('c1');
  const signal = new AbortController().signal;
  const snapshot = await catalog.snapshot(profile.id, signal);
  context = { guard, snapshot, signal, lane: createLane({ connections, guard, results }, profile, 'checks'), hide: (text) => text, advise: (text) => advise(text, snapshot) };
});
afterAll(async () => {
  await context.lane.close();
  await real.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** All that a check says of a statement. */
async function said(text: string): Promise<string> {
  const { check } = await checkSql(text, context);
  return [...check.problems, ...check.warnings].join('\n');
}

/** By what must be said of them. */
const faulty: readonly (readonly [string, readonly string[]])[] = [
  ['Nearest real names', [
    'select id from shop.custmers', 'select id from shop.order', 'select o.id from shop.ordres o', 'select cusotmer_id from shop.orders', 'select o.plced_at from shop.orders o', 'select custmer_id, count(*) from shop.orders group by custmer_id',
    'select c.nmae from shop.customers c join shop.orders o on o.customer_id = c.id', 'select id from shpo.orders', 'select i.pricee from shop.items i', 'select sum(totall) from shop.orders', 'with x as (select id from shop.payment) select * from x',
  ]],
  ['operator does not exist|invalid input syntax|cannot be matched|must be type|argument of|does not exist|cannot cast|could not', [
    "select id from shop.orders where id = 'abc'", 'select id from shop.customers where zip = 1010', "select id from shop.customers where born > 'soon'", 'select id from shop.orders where total', "select id from shop.orders where placed_at = 5", 'select id from shop.products where tags = 5', "select id from shop.items where quantity in ('one', 'two')",
    'select id from shop.customers where vip = 1', 'select id from shop.orders where status and id > 1', 'select coalesce(total, note) from shop.orders', 'select case when id > 1 then total else note end from shop.orders', "select total + 'x' from shop.orders", 'select lower(id) from shop.orders',
  ]],
  ['several times|once for every row', [
    'select sum(o.total) from shop.orders o join shop.items i on i.order_id = o.id', 'select c.name, sum(o.total) from shop.customers c join shop.orders o on o.customer_id = c.id join shop.items i on i.order_id = o.id group by c.name', 'select avg(o.total) from shop.orders o left join shop.payments p on p.order_id = o.id',
    'select count(o.id), sum(i.price) from shop.orders o join shop.items i on i.order_id = o.id', 'select sum(p.amount) from shop.payments p join shop.orders o on o.id = p.order_id join shop.items i on i.order_id = o.id', 'select sum(i.quantity) from shop.items i join shop.orders o on o.id = i.order_id join shop.payments p on p.order_id = o.id',
    'select count(c.id) from shop.customers c, shop.orders o where o.customer_id = c.id', 'select sum(total) from shop.orders join shop.items on items.order_id = orders.id',
  ]],
  ['every row|each row|combine|cartesian|not joined|no condition', [
    'select c.name, o.id from shop.customers c, shop.orders o', 'select count(*) from shop.orders, shop.items', 'select c.id from shop.customers c join shop.orders o on true', 'select o.id from shop.orders o, shop.items i where o.total > 5', "select p.name from shop.products p, shop.categories g where g.name = 'x'", 'select 1 from shop.customers c, shop.orders o, shop.items i where o.customer_id = c.id',
  ]],
  ['NOT IN', ['select id from shop.customers where id not in (select referrer_id from shop.customers)', 'select name from shop.products where id not in (select product_id from shop.items)', 'select o.id from shop.orders o where o.id not in (select p.order_id from shop.payments p where p.amount > 0)']],
  ['NULL', ['select id from shop.customers where referrer_id = null', 'select id from shop.orders where status <> null', 'select count(*) from shop.payments where order_id = NULL and amount > 1']],
  ['moments', [
    "select id from shop.orders where placed_at between '2024-01-01' and '2024-01-31'", "select count(*) from shop.orders o where o.placed_at <= '2024-12-31'", "select sum(amount) from shop.payments where paid_at between date '2024-01-01' and date '2024-03-31'", "select id from shop.customers where joined_at <= '2023-06-30' and vip",
  ]],
  ['letter by letter', ["select id from shop.customers where zip > '9'", "select id from shop.customers where zip between '1000' and '2000'", "select id from shop.items where serial <= '100'"]],
  ['inner join|drops|undone|as if it were', ["select c.name from shop.customers c left join shop.orders o on o.customer_id = c.id where o.status = 'paid'", 'select c.id from shop.customers c left join shop.orders o on o.customer_id = c.id where o.total > 100', "select p.name from shop.products p left join shop.categories g on g.id = p.category_id where g.name = 'x'"]],
  ['about 40,000,000', ['select id, kind from shop.events', 'select * from shop.events order by at', 'select e.kind from shop.events e order by id']],
  ['EXPLAIN is not run here', ['explain select id from shop.orders']],
  ['refuses', ['delete from shop.orders', 'select pg_sleep(10)', 'select id from shop.orders for update', "select pg_read_file('/etc/passwd')"]],
  ['parse|exactly one', ['select id form shop.orders', 'select id from shop.orders where', 'select 1; select 2', 'select (1']],
];

const good: readonly string[] = [
  'select id, name from shop.customers', 'select count(*) from shop.orders', "select id from shop.orders where status = 'paid'", 'select c.name, count(*) from shop.customers c join shop.orders o on o.customer_id = c.id group by c.name', 'select c.name, sum(o.total) from shop.customers c join shop.orders o on o.customer_id = c.id group by c.name',
  'select sum(i.price * i.quantity) from shop.orders o join shop.items i on i.order_id = o.id', 'select o.id, sum(i.price) from shop.orders o join shop.items i on i.order_id = o.id group by o.id', 'select count(distinct o.id) from shop.orders o join shop.items i on i.order_id = o.id', 'select max(o.total) from shop.orders o join shop.items i on i.order_id = o.id',
  "select id from shop.orders where placed_at >= '2024-01-01' and placed_at < '2024-02-01'", "select id from shop.orders where placed_at <= '2024-01-31 23:59:59'", "select id from shop.customers where born between '1980-01-01' and '1989-12-31'", "select id from shop.customers where zip = '1010'", "select id from shop.customers where zip like '10%'", 'select id from shop.customers where zip::int > 9 and zip is not null',
  'select id from shop.customers where referrer_id is null', 'select id from shop.customers c where not exists (select 1 from shop.customers r where r.referrer_id = c.id)', 'select id from shop.orders where id not in (1, 2, 3)', 'select id from shop.orders where customer_id in (select id from shop.customers where vip)', 'select c.name, o.id from shop.customers c left join shop.orders o on o.customer_id = c.id',
  "select c.name from shop.customers c left join shop.orders o on o.customer_id = c.id and o.status = 'paid'", 'select c.name from shop.customers c left join shop.orders o on o.customer_id = c.id where o.id is null', 'select g.name, count(*) from shop.categories g join shop.products p on p.category_id = g.id group by g.name', 'select id, kind from shop.events where id = 5', 'select id, kind from shop.events order by at desc limit 10', 'select kind, count(*) from shop.events group by kind',
  "select date_trunc('month', placed_at) as month, sum(total) from shop.orders group by 1 order by 1", 'select name from shop.products order by name limit 10', "select name from shop.products where 'x' = any (tags)", "select data ->> 'a' from shop.products where data @> '{\"a\": 1}'", 'with x as (select customer_id, sum(total) as t from shop.orders group by customer_id) select c.name, x.t from x join shop.customers c on c.id = x.customer_id',
  'select c.name, (select count(*) from shop.orders o where o.customer_id = c.id) as n from shop.customers c', 'select name, rank() over (order by id) from shop.products', 'select distinct status from shop.orders', 'select status, count(*) filter (where total > 5) from shop.orders group by status', 'select a.name, b.name from shop.customers a join shop.customers b on b.referrer_id = a.id', 'select coalesce(note, status) from shop.orders', 'select case when total > 5 then 1 else 0 end from shop.orders',
  'select lower(name) from shop.customers', 'select extract(year from placed_at), avg(total) from shop.orders group by 1', 'select id from shop.orders where total between 1 and 5', 'select id from shop.items where quantity in (1, 2)', 'select id from shop.customers where vip', 'select id from shop.orders order by placed_at desc offset 5 limit 5', 'select id from shop.orders union all select id from shop.items', 'select count(*) from (select 1 from shop.orders where total > 5) x', "select string_agg(name, ', ' order by name) from shop.categories",
  'with recursive t as (select id, parent_id from shop.categories where parent_id is null union all select c.id, c.parent_id from shop.categories c join t on c.parent_id = t.id) select count(*) from t', 'select generate_series(1, 5)', 'values (1), (2)', 'select now()', 'select relname from pg_class limit 5', 'select c.name from shop.customers c cross join lateral (select 1 from shop.orders o where o.customer_id = c.id limit 1) x', 'select customer_id, max(placed_at) from shop.orders group by customer_id having count(*) > 1',
  'select p.name from shop.products p join shop.items i on i.product_id = p.id where i.quantity > 1', 'select sum(amount) from shop.payments', 'select o.id from shop.orders o join shop.payments p on p.order_id = o.id', "select id from shop.orders where placed_at > now() - interval '30 days'", "select id from shop.customers where name ilike 'a%'", 'select count(*) from shop.items where order_id = 5',
];

it('has corpora of a size that means something', () => {
  expect(new Set(faulty.flatMap(([, texts]) => texts)).size).toBeGreaterThanOrEqual(60);
  expect(new Set(good).size).toBeGreaterThanOrEqual(60);
});

describe.each(faulty)('says %s', (pattern, texts) => {
  it.each(texts.map((text) => [text]))('%s', async (text) => expect(await said(text)).toMatch(new RegExp(pattern, 'i')));
});

it('says nothing of the good ones', async () => {
  const loud: string[] = [];
  for (const text of good) {
    const words = await said(text);
    if (words !== '') loud.push(`${text}: ${words}`);
  }
  expect(loud).toEqual([]);
});
