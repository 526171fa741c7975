-- step (200): Warehouses, purchasing and staff
insert into ops.warehouses
select id, code, (select cities.id from shop.cities where cities.name = city), capacity, opened::date
from (values (1, 'LEJ1', 'Leipzig', 42000, '2016-03-01'), (2, 'HAM1', 'Hamburg', 18000, '2018-09-15'), (3, 'LYS1', 'Lyon', 15000, '2019-05-01'), (4, 'UTC1', 'Utrecht', 12000, '2020-02-10'),
  (5, 'KRK1', 'Kraków', 30000, '2021-11-02'), (6, 'GOT1', 'Göteborg', 9000, '2023-06-01')) as house (id, code, city, capacity, opened);

insert into ops.suppliers
select id::integer, demo_build.pick(array['Alpen', 'Baltic', 'Continental', 'Delta', 'Euro', 'First', 'Global', 'Hanse', 'Iberia'], id, 301) || ' ' || demo_build.pick(array['Textil', 'Metall', 'Holz', 'Glas', 'Keramik', 'Outdoor'], id, 302) || ' ' || lpad(id::text, 2, '0') || ' ' || demo_build.pick(array['GmbH', 'SARL', 'Sp. z o.o.', 'AB', 'B.V.'], id, 303),
  demo_build.pick(array['DE', 'FR', 'PL', 'SE', 'NL', 'IT', 'PT'], id, 304), round((2.5 + demo_build.r(id, 305) * 2.5)::numeric, 2),
  jsonb_build_object('email', 'orders' || id || '@supplier.example', 'lead_days', 5 + floor(demo_build.r(id, 306) * 40))
from generate_series(1, 45) as id;

insert into ops.employees
select id::integer, case when id > 1 then greatest(1, floor(id / 6.0)::integer) end, case when id > 12 then 1 + floor(demo_build.r(id, 311) * 6)::integer end, first_name || ' ' || last_name, 'e' || lpad(id::text, 4, '0') || '@shop.example',
  case when id = 1 then 'Managing director' when id < 8 then 'Head of ' || (array['finance', 'purchasing', 'logistics', 'support', 'marketing', 'software'])[id - 1] else demo_build.pick(array['Packer', 'Packer', 'Forklift driver', 'Support agent', 'Buyer', 'Developer', 'Accountant'], id, 312) end,
  round((28000 + power(demo_build.r(id, 313), 3) * 70000 + case when id < 8 then 60000 else 0 end)::numeric, 2), date '2016-01-01' + floor(demo_build.r(id, 314) * 3800)::integer
from generate_series(1, 120) as id join (select id as customer_id, first_name, last_name from shop.customers) as customers on customer_id = 11000 + id * 7;

insert into ops.stock_levels
select warehouse, variant.id, floor(power(demo_build.r(variant.id * 6 + warehouse, 321), 2) * 240)::integer, floor(power(demo_build.r(variant.id * 6 + warehouse, 322), 6) * 12)::integer,
  demo_build.anchor() - make_interval(mins => floor(demo_build.r(variant.id * 6 + warehouse, 323) * 43200)::integer)
from shop.product_variants as variant cross join generate_series(1, 6) as warehouse
where demo_build.r(variant.id * 6 + warehouse, 324) < 0.35;

insert into ops.purchase_orders
select id, 1 + floor(demo_build.r(id, 331) * 45)::integer, 1 + floor(demo_build.r(id, 332) * 6)::integer, 8 + floor(demo_build.r(id, 333) * 112)::integer, ordered_at, (ordered_at + make_interval(days => 20))::date,
  case when ordered_at < demo_build.anchor() - interval '25 days' then ordered_at + make_interval(hours => 200 + floor(demo_build.r(id, 334) * 500)::integer) end
from (select id::integer, demo_build.moment(id, 1500, 335) as ordered_at from generate_series(1, 1500) as id) as made;

insert into ops.purchase_order_items
select purchase, line, variant.id, 10 * (1 + floor(demo_build.r(purchase * 8 + line, 341) * 20)::integer), round(variant.price * 0.42, 6)
from generate_series(1, 1500) as purchase cross join generate_series(1, 4) as line
join shop.product_variants as variant on variant.id = 1 + floor(demo_build.r(purchase * 8 + line, 342) * 5000)::integer;

insert into ops.exchange_rates
select currency, day::date, round((base * (1 + 0.03 * sin(extract(doy from day)::float8 / 40 + ordinal) + 0.01 * demo_build.r(ordinal * 10000 + extract(epoch from day)::bigint / 86400, 351)))::numeric, 10)
from (values (1, 'CHF', 1.0421), (2, 'GBP', 1.1713), (3, 'PLN', 0.2331), (4, 'CZK', 0.0398), (5, 'DKK', 0.1340), (6, 'SEK', 0.0877), (7, 'NOK', 0.0861), (8, 'HUF', 0.0025)) as money (ordinal, currency, base)
cross join generate_series(demo_build.anchor() - interval '730 days', demo_build.anchor() - interval '1 day', interval '1 day') as day;

-- step (600): Support and the machine room
insert into ops.support_tickets
select ticket.id, customer_id, order_id, case when demo_build.r(ticket.id, 361) < 0.92 then 8 + floor(demo_build.r(ticket.id, 362) * 112)::integer end,
  (case when opened_at < demo_build.anchor() - interval '20 days' then demo_build.pick(array['closed', 'closed', 'solved'], ticket.id, 363) else demo_build.pick(array['open', 'waiting', 'solved'], ticket.id, 363) end)::ops.ticket_state,
  demo_build.pick(array['low', 'normal', 'normal', 'normal', 'high', 'urgent'], ticket.id, 364)::ops.priority,
  demo_build.pick(array['Where is my parcel?', 'Item arrived damaged', 'Wrong size delivered', 'Invoice is missing', 'Change the delivery address', 'Question about the warranty', 'Coupon does not work'], ticket.id, 365),
  array_remove(array[case when demo_build.r(ticket.id, 366) < 0.5 then 'delivery' end, case when demo_build.r(ticket.id, 367) < 0.2 then 'refund' end, case when demo_build.r(ticket.id, 368) < 0.1 then 'vip' end], null),
  opened_at, case when demo_build.r(ticket.id, 369) < 0.95 then make_interval(mins => 3 + floor(power(demo_build.r(ticket.id, 370), 3) * 2800)::integer) end
from (select made.id::integer, orders.customer_id, case when demo_build.r(made.id, 371) < 0.8 then orders.id end as order_id, orders.placed_at + make_interval(hours => 30 + floor(demo_build.r(made.id, 372) * 200)::integer) as opened_at
  from generate_series(1, 6000) as made (id) join shop.orders on orders.id = made.id * 6 - floor(demo_build.r(made.id, 373) * 5)::integer) as ticket;

insert into ops.ticket_messages
select row_number() over (order by ticket.id, number)::integer, ticket.id, case when number % 2 = 0 then coalesce(ticket.assigned_to, 12) end,
  case when number = 1 then ticket.subject || ' ' || demo_build.pick(array['I ordered last week and have heard nothing since.', 'Please have a look, the photo is attached.', 'Can you help me with this?', 'I am a bit annoyed, to be honest.'], ticket.id, 381)
    when number % 2 = 0 then demo_build.pick(array['Thank you for writing. I have asked the warehouse and will come back to you today.', 'I am sorry for the trouble. A replacement leaves tomorrow.', 'Your refund is on its way; it takes two working days.', 'Could you send us the number on the label?'], ticket.id * 4 + number, 382)
    else demo_build.pick(array['Thanks, that was quick!', 'Still nothing, unfortunately.', 'The number is on the photo.', 'Great, you can close this.'], ticket.id * 4 + number, 383) end,
  ticket.opened_at + make_interval(hours => (number - 1) * 5, mins => floor(demo_build.r(ticket.id * 4 + number, 384) * 240)::integer)
from ops.support_tickets as ticket cross join generate_series(1, 1 + floor(demo_build.r(ticket.id, 385) * 4)::integer) as number;

insert into ops.job_runs
select id, job, started_at, case when demo_build.r(id, 391) < 0.99 then started_at + make_interval(secs => 4 + power(demo_build.r(id, 392), 4) * 1800) end, case when demo_build.r(id, 391) < 0.99 then demo_build.r(id, 393) < 0.97 end,
  case when demo_build.r(id, 393) >= 0.97 then demo_build.pick(array['connection refused', 'disk full on /var', 'timeout after 1800 s', 'duplicate key in stock import'], id, 394) end,
  ('10.20.' || floor(demo_build.r(id, 395) * 4) || '.' || (2 + floor(demo_build.r(id, 396) * 30)))::inet
from (select id, demo_build.pick(array['stock-import', 'nightly-report', 'search-index', 'mail-queue', 'backup'], id, 397) as job, demo_build.moment(id, 4000, 398) as started_at from generate_series(1::bigint, 4000) as id) as made;

insert into ops.audit_log
select md5(demo_build.reference(id, 401)::text || id)::uuid, id, case when demo_build.r(id, 402) < 0.9 then 8 + floor(demo_build.r(id, 403) * 112)::integer end, action, object || '/' || (1 + floor(demo_build.r(id, 404) * 9000)),
  case action when 'update' then jsonb_build_object('field', field, 'from', floor(demo_build.r(id, 405) * 100), 'to', floor(demo_build.r(id, 406) * 100)) when 'login' then '{}' else jsonb_build_object('reason', demo_build.pick(array['requested by customer', 'clean-up', 'correction'], id, 407)) end,
  ('192.168.' || floor(demo_build.r(id, 408) * 8) || '.' || floor(demo_build.r(id, 409) * 255))::inet, demo_build.moment(id, 18000, 410)
from (select id, demo_build.pick(array['update', 'update', 'update', 'login', 'delete', 'export'], id, 411) as action, demo_build.pick(array['product', 'order', 'customer', 'coupon'], id, 412) as object,
  demo_build.pick(array['price', 'state', 'stock', 'note'], id, 413) as field from generate_series(1::bigint, 18000) as id) as made;
