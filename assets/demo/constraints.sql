-- step (400): Keys
alter table shop.cities add foreign key (country_code) references shop.countries;
alter table shop.categories add foreign key (parent_id) references shop.categories;
alter table shop.products add foreign key (brand_id) references shop.brands, add foreign key (category_id) references shop.categories;
alter table shop.product_variants add foreign key (product_id) references shop.products;
alter table shop.addresses add foreign key (customer_id) references shop.customers, add foreign key (city_id) references shop.cities;
alter table shop.orders add foreign key (customer_id) references shop.customers, add foreign key (address_id) references shop.addresses, add foreign key (coupon_id) references shop.coupons;
alter table shop.order_items add foreign key (order_id) references shop.orders on delete cascade, add foreign key (variant_id) references shop.product_variants;
alter table shop.payments add foreign key (order_id) references shop.orders;
alter table shop.shipments add foreign key (order_id) references shop.orders, add foreign key (warehouse_id) references ops.warehouses;
alter table shop.returns add foreign key (order_item_id) references shop.order_items;
alter table shop.reviews add foreign key (product_id) references shop.products, add foreign key (customer_id) references shop.customers;
alter table shop.page_views add foreign key (customer_id) references shop.customers, add foreign key (product_id) references shop.products;
alter table ops.warehouses add foreign key (city_id) references shop.cities;
alter table ops.suppliers add foreign key (country_code) references shop.countries;
alter table ops.employees add foreign key (manager_id) references ops.employees, add foreign key (warehouse_id) references ops.warehouses;
alter table ops.stock_levels add foreign key (warehouse_id) references ops.warehouses, add foreign key (variant_id) references shop.product_variants;
alter table ops.purchase_orders add foreign key (supplier_id) references ops.suppliers, add foreign key (warehouse_id) references ops.warehouses, add foreign key (ordered_by) references ops.employees;
alter table ops.purchase_order_items add foreign key (purchase_order_id) references ops.purchase_orders, add foreign key (variant_id) references shop.product_variants;
alter table ops.support_tickets add foreign key (customer_id) references shop.customers, add foreign key (order_id) references shop.orders, add foreign key (assigned_to) references ops.employees;
alter table ops.ticket_messages add foreign key (ticket_id) references ops.support_tickets on delete cascade, add foreign key (employee_id) references ops.employees;
alter table ops.audit_log add foreign key (employee_id) references ops.employees;

-- step (400): Indexes
create index products_category_id_idx on shop.products (category_id);
create index products_brand_id_idx on shop.products (brand_id);
create index products_attributes_idx on shop.products using gin (attributes);
create index product_variants_product_id_idx on shop.product_variants (product_id);
create index customers_last_name_idx on shop.customers (lower(last_name), first_name);
create index addresses_customer_id_idx on shop.addresses (customer_id);
create index orders_customer_id_idx on shop.orders (customer_id);
create index orders_placed_at_idx on shop.orders (placed_at);
create index orders_open_idx on shop.orders (placed_at) where status in ('pending', 'paid', 'packed');
-- Flaw, on purpose: order_items.variant_id, a foreign key of the largest table, has no index.
create index order_items_order_id_idx on shop.order_items (order_id);
create index payments_order_id_idx on shop.payments (order_id);
create index shipments_order_id_idx on shop.shipments (order_id);
create index returns_order_item_id_idx on shop.returns (order_item_id);
create index reviews_product_id_idx on shop.reviews (product_id);
create index reviews_customer_id_idx on shop.reviews (customer_id);
-- Flaw, on purpose: nothing ever asks for the body of a review.
create index reviews_body_idx on shop.reviews (body);
create index page_views_viewed_at_idx on shop.page_views (viewed_at);
create index page_views_product_id_idx on shop.page_views (product_id);
create index stock_levels_variant_id_idx on ops.stock_levels (variant_id);
create index support_tickets_customer_id_idx on ops.support_tickets (customer_id);
create index support_tickets_assigned_to_idx on ops.support_tickets (assigned_to) where state in ('open', 'waiting');
-- Tempts to N + 1 queries, on purpose: the list of tickets needs each ticket's last message, which a program easily fetches one by one.
create index ticket_messages_ticket_id_idx on ops.ticket_messages (ticket_id, sent_at);
create index audit_log_happened_at_idx on ops.audit_log (happened_at);

-- step (100): Views, functions and defaults
create view shop.order_overview as
select orders.id, orders.placed_at, orders.status, customers.first_name || ' ' || customers.last_name as customer, countries.name as country,
  (select count(*) from shop.order_items where order_items.order_id = orders.id) as items, orders.total, payments.state as payment
from shop.orders
join shop.customers on customers.id = orders.customer_id
join shop.addresses on addresses.id = orders.address_id
join shop.cities on cities.id = addresses.city_id
join shop.countries on countries.code = cities.country_code
left join lateral (select state from shop.payments where payments.order_id = orders.id order by paid_at desc limit 1) as payments on true;
comment on view shop.order_overview is 'Orders as the back office lists them.';

create materialized view shop.monthly_revenue as
select date_trunc('month', placed_at, 'UTC') as month, currency, count(*) as orders, sum(total) as revenue
from shop.orders where status not in ('cancelled', 'returned') group by 1, 2 order by 1, 2;
create unique index monthly_revenue_month_idx on shop.monthly_revenue (month, currency);
comment on materialized view shop.monthly_revenue is 'Refreshed by the nightly report.';

create function shop.order_total(wanted bigint) returns numeric language sql stable
  return (select sum(quantity * unit_price) from shop.order_items where order_id = wanted);
comment on function shop.order_total is 'Value of an order''s lines before discount and shipping.';

create function shop.touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;
create trigger products_touch before update on shop.products for each row execute function shop.touch_updated_at();

do $$
declare
  target text;
  last bigint;
begin
  foreach target in array array['shop.customers', 'shop.addresses', 'shop.orders', 'shop.order_items', 'shop.payments', 'shop.shipments', 'shop.returns', 'shop.reviews',
    'ops.purchase_orders', 'ops.support_tickets', 'ops.ticket_messages', 'ops.job_runs'] loop
    execute format('select max(id) from %s', target) into last;
    execute format('alter table %s alter column id add generated by default as identity (start with %s)', target, last + 1);
  end loop;
end $$;

drop schema demo_build cascade;
alter database postgres set search_path = shop, ops, public;

-- step (700): Statistics
vacuum (analyze);
