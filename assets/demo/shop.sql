-- step (700): Customers
insert into shop.customers
select id, demo_build.ascii(first_name) || '.' || demo_build.ascii(last_name) || id || '@' || domain,
  first_name, last_name,
  (case when demo_build.r(id, 101) < 0.62 then 'basic' when demo_build.r(id, 101) < 0.86 then 'silver' when demo_build.r(id, 101) < 0.97 then 'gold' else 'platinum' end)::shop.customer_tier,
  9100000000000000000 + id::bigint * 7919000003 + 1,
  case when demo_build.r(id, 102) < 0.7 then '+' || demo_build.pick(array['49', '43', '33', '31', '44', '48'], id, 103) || ' ' || (100 + floor(demo_build.r(id, 104) * 899)) || ' ' || (1000000 + floor(demo_build.r(id, 105) * 8999999)) end,
  case when demo_build.r(id, 106) < 0.8 then date '1948-01-01' + floor(demo_build.r(id, 107) * 21500)::integer end,
  jsonb_build_object('newsletter', demo_build.r(id, 108) < 0.45, 'language', demo_build.pick(array['de', 'de', 'en', 'fr', 'nl', 'pl', 'it'], id, 109), 'theme', demo_build.pick(array['light', 'dark', 'system'], id, 110)),
  array_remove(array[case when demo_build.r(id, 111) < 0.4 then 'kitchen' end, case when demo_build.r(id, 112) < 0.35 then 'outdoor' end, case when demo_build.r(id, 113) < 0.25 then 'garden' end], null),
  registered_at, case when demo_build.r(id, 114) < 0.93 then registered_at + (demo_build.anchor() - registered_at) * sqrt(demo_build.r(id, 115)) end
from (
  select id::integer,
    demo_build.pick(array['Anna', 'Ben', 'Clara', 'David', 'Elif', 'Felix', 'Greta', 'Hannes', 'Ida', 'Jonas', 'Katharina', 'Lukas', 'Marie', 'Noah', 'Olivia', 'Paul', 'Quentin', 'Rosa', 'Samuel', 'Theresa',
      'Ulrich', 'Valentina', 'Wiktor', 'Xenia', 'Yusuf', 'Zoe', 'Aino', 'Björn', 'Camille', 'Dario', 'Élodie', 'Fatima', 'Giulia', 'Hugo', 'Ingrid', 'João', 'Kasia', 'Lena', 'Mateusz', 'Nina', 'Oskar', 'Petra',
      'Rafael', 'Søren', 'Tomáš', 'Una', 'Vera', 'Willem', 'Yara', 'Zofia', 'Aisha', 'Bartosz', 'Chloé', 'Deniz', 'Eoin', 'Freya', 'Gabriel', 'Helena', 'Isabel', 'Jakub'], id, 121) as first_name,
    demo_build.pick(array['Müller', 'Schmidt', 'Schneider', 'Fischer', 'Weber', 'Meyer', 'Wagner', 'Becker', 'Schulz', 'Hoffmann', 'Koch', 'Bauer', 'Richter', 'Klein', 'Wolf', 'Schröder', 'Neumann', 'Schwarz', 'Braun', 'Krüger',
      'Dubois', 'Lefèvre', 'Moreau', 'Laurent', 'Girard', 'Rossi', 'Bianchi', 'Ferrari', 'Romano', 'Ricci', 'García', 'Martínez', 'López', 'Sánchez', 'Silva', 'Santos', 'Pereira', 'Kowalski', 'Nowak', 'Wiśniewski',
      'Novák', 'Svoboda', 'Jensen', 'Nielsen', 'Hansen', 'Johansson', 'Lindberg', 'Virtanen', 'Korhonen', 'O''Brien', 'Murphy', 'Smith', 'Taylor', 'Evans', 'Walker', 'de Vries', 'van den Berg', 'Jansen', 'Peeters', 'Papadopoulos',
      'Nagy', 'Tamm', 'Yılmaz', 'Kaya', 'Haddad', 'Nguyen', 'Okafor', 'Petrov', 'Ivanova', 'Horvat'], id, 122) as last_name,
    demo_build.pick(array['example.com', 'example.org', 'example.net', 'mail.example'], id, 123) as domain,
    demo_build.moment(id, 12000, 131) as registered_at
  from generate_series(1, 12000) as id
) as person;

insert into shop.addresses
select row_number() over (order by customer, number)::integer, customer, 1 + floor(power(demo_build.r(customer * 3 + number, 141), 1.7) * 51)::integer,
  demo_build.pick(array['Lindenstraße', 'Hauptstraße', 'Rue Victor Hugo', 'Kastanienallee', 'Mill Lane', 'Via Garibaldi', 'Kerkstraat', 'Calle Mayor', 'Station Road', 'Gartenweg', 'Parkgatan', 'Am Hang', 'Ulica Długa', 'High Street'], customer * 3 + number, 142)
    || ' ' || (1 + floor(power(demo_build.r(customer * 3 + number, 143), 2) * 190)),
  lpad((floor(demo_build.r(customer * 3 + number, 144) * 99999))::text, 5, '0'), number = 1
from generate_series(1, 12000) as customer
cross join generate_series(1, 1 + (demo_build.r(customer, 145) < 0.3)::integer) as number;

-- step (1300): Orders
insert into shop.order_items
select row_number() over (order by made.order_id, made.line), made.order_id, variant.id, made.quantity, variant.price, made.gift
from (
  select order_id, line, 1 + floor(power(demo_build.r(order_id * 8 + line, 201), 2.2) * (select count(*) from shop.product_variants))::integer as variant_id,
    (1 + floor(power(demo_build.r(order_id * 8 + line, 202), 4) * 4))::smallint as quantity, demo_build.r(order_id * 8 + line, 203) < 0.06 as gift
  from generate_series(1::bigint, 36000) as order_id
  cross join generate_series(1, 1 + floor(power(demo_build.r(order_id, 204), 1.8) * 5)::integer) as line
) as made
join shop.product_variants as variant on variant.id = made.variant_id;

insert into shop.orders
select made.id, made.customer_id, address.id, case when coupon then 1 + floor(demo_build.r(made.id, 211) * 140)::integer end,
  (case when age > interval '12 days' then case when state < 0.05 then 'cancelled' when state < 0.09 then 'returned' else 'delivered' end
    when state < 0.06 then 'cancelled' when age > interval '4 days' then 'shipped' when age > interval '2 days' then 'packed' when age > interval '6 hours' then 'paid' else 'pending' end)::shop.order_status,
  demo_build.pick(array['web', 'web', 'web', 'app', 'app', 'phone', 'store'], made.id, 212), country.currency, subtotal, off, fee,
  round((subtotal - off + fee) * country.vat_rate / (1 + country.vat_rate), 6), subtotal - off + fee,
  case when demo_build.r(made.id, 213) < 0.05 then demo_build.pick(array['Please ring twice.', 'Leave it with the neighbour on the left.', 'It is a present, no invoice in the parcel.', 'Deliver after 5 pm.'], made.id, 214) end, placed_at
from (
  select sold.order_id as id, 1 + floor(power(demo_build.r(sold.order_id, 215), 1.5) * 12000)::integer as customer_id, demo_build.r(sold.order_id, 216) < 0.08 as coupon, demo_build.r(sold.order_id, 217) as state,
    demo_build.anchor() - demo_build.moment(sold.order_id, 36000, 218) as age, demo_build.moment(sold.order_id, 36000, 218) as placed_at, sold.subtotal,
    case when demo_build.r(sold.order_id, 216) < 0.08 then round(sold.subtotal * 0.1, 6) else 0 end as off, case when sold.subtotal > 80 then 0 else 4.95 end as fee
  from (select order_id, sum(quantity * unit_price) as subtotal from shop.order_items group by order_id) as sold
) as made
join shop.addresses as address on address.customer_id = made.customer_id and address.is_default
join shop.cities as city on city.id = address.city_id
join shop.countries as country on country.code = city.country_code
order by made.id;

update shop.coupons as coupon set redeemed = used.times from (select coupon_id, count(*) as times from shop.orders where coupon_id is not null group by coupon_id) as used where used.coupon_id = coupon.id;

-- step (600): Payments and parcels
insert into shop.payments
select row_number() over (order by id, attempt), id, demo_build.pick(array['card', 'card', 'paypal', 'invoice', 'sepa'], id, 221), demo_build.reference(id * 2 + attempt, 222),
  (case when attempt < attempts then 'failed' when status = 'cancelled' or status = 'returned' then 'refunded' when status = 'pending' then 'authorised' else 'captured' end)::shop.payment_state,
  total, round(total * 0.0149 + 0.25, 6),
  jsonb_build_object('code', case when attempt < attempts then '51' else '00' end, 'text', case when attempt < attempts then 'insufficient funds' else 'approved' end, 'risk', round(demo_build.r(id, 223)::numeric, 3)),
  placed_at + make_interval(secs => 20 + 90 * attempt)
from (select id, status, total, placed_at, 1 + (demo_build.r(id, 224) < 0.06)::integer as attempts from shop.orders) as bill
cross join generate_series(1, attempts) as attempt;

insert into shop.shipments
select row_number() over (order by id), id, 1 + floor(demo_build.r(id, 231) * 6)::integer, demo_build.pick(array['DHL', 'DPD', 'GLS', 'PostNL', 'La Poste'], id, 232), 'JD' || lpad((demo_build.reference(id, 233) % 1000000000000)::text, 12, '0'),
  shipped_at, case when status in ('delivered', 'returned') then shipped_at + make_interval(hours => hours) end,
  case when status in ('delivered', 'returned') then array[shipped_at, shipped_at + make_interval(hours => hours / 2), shipped_at + make_interval(hours => hours)] else array[shipped_at] end
from (
  select id, status, placed_at + make_interval(hours => 14 + floor(demo_build.r(id, 234) * 48)::integer) as shipped_at, 20 + floor(demo_build.r(id, 235) * 90)::integer as hours
  from shop.orders where status in ('shipped', 'delivered', 'returned')
) as parcel;

insert into shop.returns
select row_number() over (order by item.id)::integer, item.id, demo_build.pick(array['does not fit', 'damaged on the way', 'other than expected', 'ordered twice', 'arrived too late'], item.id, 241), item.quantity * item.unit_price,
  case when demo_build.r(item.id, 242) < 0.2 then decode(md5(item.id::text) || md5('photo' || item.id), 'hex') end, orders.placed_at + make_interval(days => 6 + floor(demo_build.r(item.id, 243) * 12)::integer)
from shop.orders as orders join shop.order_items as item on item.order_id = orders.id
where orders.status = 'returned';

-- step (900): Reviews and visits
insert into shop.reviews
select id, 1 + floor(power(demo_build.r(id, 251), 2) * 2400)::integer, 1 + floor(demo_build.r(id, 252) * 12000)::integer, rating,
  demo_build.pick(case rating
    when 1 then array['Broke after a week', 'Not again', 'A disappointment', 'Sent back']
    when 2 then array['Could be better', 'Too heavy', 'Not for this price', 'So-so']
    when 3 then array['All right', 'Does its job', 'Fair for the money', 'Neither good nor bad']
    when 4 then array['Good quality', 'Happy with it', 'Well made', 'A fine thing']
    else array['Excellent!', 'Would buy again', 'Best I ever had', 'A joy every day']
  end, id, 253),
  demo_build.pick(array['I use it almost every day', 'It was a present for my sister', 'We took it on a two-week tour', 'My third one from this shop', 'Ordered on Monday, here on Wednesday'], id, 254) || '. '
    || demo_build.pick(array['The material feels solid', 'The colour differs a little from the picture', 'Cleaning is easy', 'The instructions could be clearer', 'Support answered within an hour'], id, 255) || '.',
  floor(power(demo_build.r(id, 256), 5) * 80)::integer, demo_build.moment(id, 15000, 257)
from (select id::integer, (array[5, 5, 5, 5, 4, 4, 4, 3, 2, 1])[1 + floor(demo_build.r(id, 258) * 10)::integer] as rating from generate_series(1, 15000) as id) as made;

insert into shop.page_views
select id, case when demo_build.r(id, 261) < 0.4 then 1 + floor(demo_build.r(id, 262) * 12000)::integer end, product, case when product is null then demo_build.pick(array['/', '/cart', '/search', '/sale', '/account'], id, 263) else '/product/' || product end,
  case when demo_build.r(id, 264) < 0.35 then demo_build.pick(array['https://search.example/', 'https://news.example/gift-ideas', 'https://blog.example/packing-light'], id, 265) end,
  demo_build.pick(array['phone', 'phone', 'phone', 'desktop', 'desktop', 'tablet'], id, 266), (40 + power(demo_build.r(id, 267), 6) * 6000)::real, demo_build.moment(id, 45000, 268)
from (select id, case when demo_build.r(id, 269) < 0.7 then 1 + floor(power(demo_build.r(id, 270), 2) * 2400)::integer end as product from generate_series(1::bigint, 45000) as id) as made;
