-- step (200): Tables
create schema shop;
create schema ops;
comment on schema shop is 'What customers see: the catalogue, orders, payments and reviews.';
comment on schema ops is 'What the staff works with: warehouses, purchasing, support and the books of the machine room.';

create type shop.product_state as enum ('draft', 'active', 'discontinued');
create type shop.customer_tier as enum ('basic', 'silver', 'gold', 'platinum');
create type shop.order_status as enum ('pending', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned');
create type shop.payment_state as enum ('authorised', 'captured', 'failed', 'refunded');
create type ops.ticket_state as enum ('open', 'waiting', 'solved', 'closed');
create type ops.priority as enum ('low', 'normal', 'high', 'urgent');

create table shop.countries (
  code char(2) primary key,
  name text not null unique,
  currency char(3) not null,
  vat_rate numeric(6, 4) not null check (vat_rate >= 0 and vat_rate < 1)
);
create table shop.cities (
  id integer primary key,
  country_code char(2) not null,
  name text not null,
  postcode_prefix text not null,
  location point
);
create table shop.categories (
  id integer primary key,
  parent_id integer,
  name text not null,
  slug text not null unique,
  position smallint not null default 0
);
create table shop.brands (
  id integer primary key,
  name text not null unique,
  founded_year smallint,
  website text
);
create table shop.products (
  id integer primary key,
  brand_id integer not null,
  category_id integer not null,
  name text not null,
  description text not null,
  state shop.product_state not null default 'draft',
  list_price numeric(20, 6) not null check (list_price > 0),
  attributes jsonb not null default '{}',
  tags text[] not null default '{}',
  launched_on date,
  updated_at timestamptz not null
);
create table shop.product_variants (
  id integer primary key,
  product_id integer not null,
  sku text not null unique,
  colour text not null,
  size text,
  price numeric(20, 6) not null,
  weight_grams integer not null,
  barcode bigint not null unique
);
create table shop.customers (
  id integer primary key,
  email text not null unique,
  first_name text not null,
  last_name text not null,
  tier shop.customer_tier not null default 'basic',
  loyalty_number bigint not null unique,
  phone text,
  born_on date,
  preferences jsonb not null default '{}',
  interests text[] not null default '{}',
  registered_at timestamptz not null,
  last_seen_at timestamptz
);
create table shop.addresses (
  id integer primary key,
  customer_id integer not null,
  city_id integer not null,
  street text not null,
  postcode text not null,
  is_default boolean not null default false
);
create table shop.coupons (
  id integer primary key,
  code text not null unique,
  percent_off numeric(5, 2) not null check (percent_off > 0 and percent_off <= 100),
  valid tstzrange not null,
  redeemed integer not null default 0
);
create table shop.orders (
  id bigint primary key,
  customer_id integer not null,
  address_id integer not null,
  coupon_id integer,
  status shop.order_status not null,
  channel text not null check (channel in ('web', 'app', 'phone', 'store')),
  currency char(3) not null,
  subtotal numeric(20, 6) not null,
  discount numeric(20, 6) not null default 0,
  shipping_fee numeric(20, 6) not null,
  tax numeric(20, 6) not null,
  total numeric(20, 6) not null,
  note text,
  placed_at timestamptz not null
);
create table shop.order_items (
  id bigint primary key,
  order_id bigint not null,
  variant_id integer not null,
  quantity smallint not null check (quantity > 0),
  unit_price numeric(20, 6) not null,
  gift_wrap boolean not null default false
);
create table shop.payments (
  id bigint primary key,
  order_id bigint not null,
  provider text not null,
  provider_reference bigint not null,
  state shop.payment_state not null,
  amount numeric(20, 6) not null,
  fee numeric(20, 6) not null,
  response jsonb not null,
  paid_at timestamptz not null
);
create table shop.shipments (
  id bigint primary key,
  order_id bigint not null,
  warehouse_id integer not null,
  carrier text not null,
  tracking_code text not null,
  shipped_at timestamptz not null,
  delivered_at timestamptz,
  events timestamptz[] not null default '{}'
);
create table shop.returns (
  id integer primary key,
  order_item_id bigint not null,
  reason text not null,
  refund numeric(20, 6) not null,
  photo bytea,
  requested_at timestamptz not null
);
create table shop.reviews (
  id integer primary key,
  product_id integer not null,
  customer_id integer not null,
  rating smallint not null check (rating between 1 and 5),
  title text not null,
  body text not null,
  helpful integer not null default 0,
  written_at timestamptz not null
);
create table shop.page_views (
  id bigint not null,
  customer_id integer,
  product_id integer,
  path text not null,
  referrer text,
  device text not null,
  milliseconds real not null,
  viewed_at timestamptz not null,
  primary key (id, viewed_at)
) partition by range (viewed_at);
do $$
declare
  month date := date '2024-11-01';
begin
  while month < date '2026-11-01' loop
    execute format('create table shop.page_views_%s partition of shop.page_views for values from (%L) to (%L)',
      to_char(month, 'YYYY_MM'), month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
    month := month + interval '1 month';
  end loop;
end $$;

create table ops.warehouses (
  id integer primary key,
  code text not null unique,
  city_id integer not null,
  capacity integer not null,
  opened_on date not null
);
create table ops.suppliers (
  id integer primary key,
  name text not null unique,
  country_code char(2) not null,
  rating numeric(3, 2),
  contact jsonb not null
);
create table ops.employees (
  id integer primary key,
  manager_id integer,
  warehouse_id integer,
  name text not null,
  email text not null unique,
  job_title text not null,
  salary numeric(20, 6) not null,
  hired_on date not null
);
create table ops.stock_levels (
  warehouse_id integer not null,
  variant_id integer not null,
  on_hand integer not null,
  reserved integer not null default 0,
  counted_at timestamptz not null,
  primary key (warehouse_id, variant_id)
);
create table ops.purchase_orders (
  id integer primary key,
  supplier_id integer not null,
  warehouse_id integer not null,
  ordered_by integer not null,
  ordered_at timestamptz not null,
  expected_on date not null,
  received_at timestamptz
);
create table ops.purchase_order_items (
  purchase_order_id integer not null,
  line smallint not null,
  variant_id integer not null,
  quantity integer not null,
  unit_cost numeric(20, 6) not null,
  primary key (purchase_order_id, line)
);
create table ops.support_tickets (
  id integer primary key,
  customer_id integer not null,
  order_id bigint,
  assigned_to integer,
  state ops.ticket_state not null,
  priority ops.priority not null,
  subject text not null,
  labels text[] not null default '{}',
  opened_at timestamptz not null,
  first_answer_after interval
);
create table ops.ticket_messages (
  id integer primary key,
  ticket_id integer not null,
  employee_id integer,
  body text not null,
  sent_at timestamptz not null
);
create table ops.exchange_rates (
  currency char(3) not null,
  day date not null,
  to_eur numeric(20, 10) not null,
  primary key (currency, day)
);
create table ops.job_runs (
  id bigint primary key,
  job text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  succeeded boolean,
  output text,
  host inet not null
);
create table ops.audit_log (
  id uuid primary key,
  sequence bigint not null,
  employee_id integer,
  action text not null,
  object text not null,
  change jsonb not null,
  address inet not null,
  happened_at timestamptz not null
);

comment on table shop.countries is 'Countries that the shop delivers to.';
comment on column shop.countries.vat_rate is 'Value-added tax as a fraction: 0.19 is 19 %.';
comment on table shop.cities is 'Cities of the delivery addresses.';
comment on table shop.categories is 'Tree of categories; products hang on the leaves.';
comment on column shop.categories.position is 'Order among the children of the same parent.';
comment on table shop.brands is 'Makers of the products.';
comment on table shop.products is 'What is sold, without colours and sizes.';
comment on column shop.products.list_price is 'Recommended price in EUR, tax included.';
comment on column shop.products.attributes is 'Free facts: material, warranty, dimensions, certificates.';
comment on table shop.product_variants is 'What can be put into a basket: one colour and size of a product.';
comment on column shop.product_variants.barcode is 'EAN-13.';
comment on table shop.customers is 'People who have registered, made up from a seed.';
comment on column shop.customers.loyalty_number is '19 digits, as printed on the card: more than a double holds exactly.';
comment on column shop.customers.preferences is 'Newsletter, language, theme.';
comment on table shop.addresses is 'Delivery addresses; a customer has one default.';
comment on table shop.coupons is 'Codes for a discount.';
comment on column shop.coupons.valid is 'From the first moment to the first moment after.';
comment on table shop.orders is 'One purchase. total = subtotal - discount + shipping_fee; tax is contained in it.';
comment on column shop.orders.currency is 'Currency in which the customer paid; the amounts are in EUR.';
comment on column shop.orders.note is 'What the customer wrote for the packers.';
comment on table shop.order_items is 'Lines of an order.';
comment on column shop.order_items.unit_price is 'Price at the time of the order, in EUR.';
comment on table shop.payments is 'Attempts to pay an order.';
comment on column shop.payments.provider_reference is 'The number that the payment provider knows it by; 64 bits.';
comment on table shop.shipments is 'Parcels.';
comment on column shop.shipments.events is 'Every scan of the parcel on its way.';
comment on table shop.returns is 'Lines that were sent back.';
comment on table shop.reviews is 'What customers say about products.';
comment on table shop.page_views is 'Visits of the web shop, one partition a month.';
comment on column shop.page_views.milliseconds is 'Until the page could be used.';
comment on table ops.warehouses is 'Where goods lie.';
comment on table ops.suppliers is 'From whom goods are bought.';
comment on table ops.employees is 'Staff; manager_id makes a tree.';
comment on column ops.employees.salary is 'A year, gross, in EUR.';
comment on table ops.stock_levels is 'How much of a variant lies in a warehouse.';
comment on table ops.purchase_orders is 'What was ordered from suppliers.';
comment on table ops.purchase_order_items is 'Lines of a purchase order.';
comment on table ops.support_tickets is 'Questions and complaints.';
comment on column ops.support_tickets.first_answer_after is 'NULL until somebody has answered.';
comment on table ops.ticket_messages is 'The conversation of a ticket; employee_id is NULL for what the customer wrote.';
comment on table ops.exchange_rates is 'Daily rates: one unit of the currency in EUR.';
comment on table ops.job_runs is 'Runs of the nightly jobs.';
comment on table ops.audit_log is 'Who changed what in the back office.';
