/** The harmless part of the database that both corpora run against: a small shop. */
export const SHOP = `
create table customers (id int primary key generated always as identity, name text not null, email varchar(200) unique, country char(2), tags text[], profile jsonb,
  created_at timestamptz not null default now(), birthday date, address inet, search tsvector);
create type order_state as enum ('new', 'paid', 'sent', 'returned');
create domain positive_money as numeric(20,6) check (value >= 0);
create table orders (id bigint primary key generated always as identity, customer_id int not null references customers, state order_state not null default 'new',
  total positive_money not null, placed_at timestamptz not null default now(), note text, delivery tstzrange);
create table order_lines (order_id bigint references orders, line int, product_id int, quantity int, price numeric(12,2), primary key (order_id, line));
create table products (id int primary key, sku uuid default gen_random_uuid(), name text, price numeric(12,2), attributes jsonb, parent_id int references products, picture bytea);
create table events (at timestamptz not null, kind text, payload jsonb) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table events_rest partition of events default;
create view big_spenders as select c.id, c.name, sum(o.total) as total from customers c join orders o on o.customer_id = c.id group by c.id, c.name having sum(o.total) > 100;
create materialized view monthly as select date_trunc('month', placed_at) as month, count(*) as orders, sum(total) as total from orders group by 1;
create index customers_lower on customers (lower(name));
create index orders_open on orders (placed_at) where state in ('new', 'paid');
create index customers_search on customers using gin (search);
create sequence invoice_numbers start 1000;
insert into customers (name, email, country, tags, profile, birthday, address, search)
  select 'Customer ' || i, 'c' || i || '@example.com', (array['DE','FR','US'])[1 + i % 3], array['a', 'b' || i % 4], jsonb_build_object('level', i % 5, 'likes', array['x','y']),
  date '1970-01-01' + i, ('10.0.0.' || i % 250)::inet, to_tsvector('english', 'the quick brown fox number ' || i) from generate_series(1, 200) i;
insert into products (id, name, price, attributes, parent_id) select i, 'Product ' || i, i * 1.5, jsonb_build_object('color', 'red', 'size', i), nullif(i / 10, 0) from generate_series(1, 60) i;
insert into orders (customer_id, state, total, placed_at, delivery) select 1 + i % 200, (array['new','paid','sent','returned'])[1 + i % 4]::order_state, i * 1.25,
  timestamptz '2026-01-01' + i * interval '3 hours', tstzrange(timestamptz '2026-01-01', timestamptz '2026-01-01' + i * interval '3 hours') from generate_series(1, 400) i;
insert into order_lines select o.id, l, 1 + (o.id + l) % 60, l, 9.99 from orders o, generate_series(1, 3) l;
insert into events select timestamptz '2026-03-01' + i * interval '1 hour', (array['login','logout','buy'])[1 + i % 3], jsonb_build_object('n', i) from generate_series(1, 300) i;
refresh materialized view monthly;
analyze;`;
