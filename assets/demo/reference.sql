-- step (180): Countries, cities and the catalogue
insert into shop.countries values
  ('DE', 'Germany', 'EUR', 0.19), ('AT', 'Austria', 'EUR', 0.20), ('CH', 'Switzerland', 'CHF', 0.081), ('FR', 'France', 'EUR', 0.20),
  ('NL', 'Netherlands', 'EUR', 0.21), ('BE', 'Belgium', 'EUR', 0.21), ('IT', 'Italy', 'EUR', 0.22), ('ES', 'Spain', 'EUR', 0.21),
  ('PT', 'Portugal', 'EUR', 0.23), ('PL', 'Poland', 'PLN', 0.23), ('CZ', 'Czechia', 'CZK', 0.21), ('DK', 'Denmark', 'DKK', 0.25),
  ('SE', 'Sweden', 'SEK', 0.25), ('NO', 'Norway', 'NOK', 0.25), ('FI', 'Finland', 'EUR', 0.255), ('IE', 'Ireland', 'EUR', 0.23),
  ('GB', 'United Kingdom', 'GBP', 0.20), ('GR', 'Greece', 'EUR', 0.24), ('HU', 'Hungary', 'HUF', 0.27), ('EE', 'Estonia', 'EUR', 0.24);

insert into shop.cities
select row_number() over ()::integer, code, name, prefix, point(longitude, latitude) from (values
  ('DE', 'Berlin', '10', 13.40, 52.52), ('DE', 'Hamburg', '20', 9.99, 53.55), ('DE', 'München', '80', 11.58, 48.14), ('DE', 'Köln', '50', 6.96, 50.94),
  ('DE', 'Leipzig', '04', 12.37, 51.34), ('DE', 'Freiburg', '79', 7.85, 47.99), ('DE', 'Bremen', '28', 8.81, 53.08), ('DE', 'Göttingen', '37', 9.94, 51.53),
  ('AT', 'Wien', '10', 16.37, 48.21), ('AT', 'Graz', '80', 15.44, 47.07), ('AT', 'Innsbruck', '60', 11.39, 47.27),
  ('CH', 'Zürich', '80', 8.54, 47.37), ('CH', 'Bern', '30', 7.45, 46.95), ('CH', 'Genève', '12', 6.14, 46.20),
  ('FR', 'Paris', '75', 2.35, 48.86), ('FR', 'Lyon', '69', 4.84, 45.76), ('FR', 'Nantes', '44', -1.55, 47.22), ('FR', 'Strasbourg', '67', 7.75, 48.57),
  ('NL', 'Amsterdam', '10', 4.90, 52.37), ('NL', 'Utrecht', '35', 5.12, 52.09), ('NL', 'Groningen', '97', 6.57, 53.22),
  ('BE', 'Gent', '90', 3.72, 51.05), ('BE', 'Liège', '40', 5.57, 50.63), ('IT', 'Milano', '20', 9.19, 45.46), ('IT', 'Bologna', '40', 11.34, 44.49),
  ('IT', 'Torino', '10', 7.69, 45.07), ('ES', 'Madrid', '28', -3.70, 40.42), ('ES', 'Valencia', '46', -0.38, 39.47), ('ES', 'Bilbao', '48', -2.93, 43.26),
  ('PT', 'Porto', '40', -8.61, 41.15), ('PT', 'Lisboa', '11', -9.14, 38.72), ('PL', 'Kraków', '30', 19.94, 50.06), ('PL', 'Gdańsk', '80', 18.65, 54.35),
  ('CZ', 'Praha', '11', 14.42, 50.09), ('CZ', 'Brno', '60', 16.61, 49.20), ('DK', 'København', '10', 12.57, 55.68), ('DK', 'Aarhus', '80', 10.20, 56.16),
  ('SE', 'Göteborg', '41', 11.97, 57.71), ('SE', 'Uppsala', '75', 17.64, 59.86), ('NO', 'Bergen', '50', 5.32, 60.39), ('NO', 'Oslo', '01', 10.75, 59.91),
  ('FI', 'Turku', '20', 22.27, 60.45), ('FI', 'Helsinki', '00', 24.94, 60.17), ('IE', 'Dublin', 'D0', -6.26, 53.35), ('IE', 'Galway', 'H9', -9.05, 53.27),
  ('GB', 'Edinburgh', 'EH', -3.19, 55.95), ('GB', 'Bristol', 'BS', -2.59, 51.45), ('GB', 'Leeds', 'LS', -1.55, 53.80), ('GR', 'Thessaloniki', '54', 22.94, 40.64),
  ('HU', 'Budapest', '10', 19.04, 47.50), ('EE', 'Tartu', '51', 26.72, 58.38)
) as city (code, name, prefix, longitude, latitude);

insert into shop.categories values
  (1, null, 'Kitchen', 'kitchen', 1), (2, null, 'Outdoor', 'outdoor', 2), (3, null, 'Living', 'living', 3), (4, null, 'Office', 'office', 4),
  (5, null, 'Travel', 'travel', 5), (6, null, 'Garden', 'garden', 6),
  (11, 1, 'Pans and pots', 'kitchen-pans', 1), (12, 1, 'Knives', 'kitchen-knives', 2), (13, 1, 'Coffee and tea', 'kitchen-coffee', 3), (14, 1, 'Storage', 'kitchen-storage', 4),
  (21, 2, 'Tents', 'outdoor-tents', 1), (22, 2, 'Sleeping', 'outdoor-sleeping', 2), (23, 2, 'Lights', 'outdoor-lights', 3), (24, 2, 'Cooking outside', 'outdoor-cooking', 4),
  (31, 3, 'Lamps', 'living-lamps', 1), (32, 3, 'Textiles', 'living-textiles', 2), (33, 3, 'Shelves', 'living-shelves', 3),
  (41, 4, 'Desks', 'office-desks', 1), (42, 4, 'Chairs', 'office-chairs', 2), (43, 4, 'Paper and pens', 'office-paper', 3),
  (51, 5, 'Suitcases', 'travel-suitcases', 1), (52, 5, 'Backpacks', 'travel-backpacks', 2), (53, 5, 'Small helpers', 'travel-helpers', 3),
  (61, 6, 'Tools', 'garden-tools', 1), (62, 6, 'Pots and beds', 'garden-pots', 2), (63, 6, 'Watering', 'garden-watering', 3);

insert into shop.brands
select row_number() over ()::integer, name, (1890 + floor(demo_build.r(row_number() over (), 11) * 130))::smallint, 'https://' || demo_build.ascii(name) || '.example'
from unnest(array['Nordlicht', 'Hafen & Söhne', 'Bergkamm', 'Atelier Lune', 'Castelli Casa', 'Fjellro', 'Oakfield', 'Tramontana', 'Kupferhof', 'Lichtung', 'Blauwal',
  'Maison Tilleul', 'Pinecroft', 'Sturmvogel', 'Vega Home', 'Zwölf Grad', 'Ardea', 'Brisa', 'Cobalt Works', 'Drei Linden', 'Eskola', 'Fernweh', 'Granit', 'Hollister Lane',
  'Isbjørn', 'Juniper', 'Kestrel', 'Linnea', 'Moorland', 'Naut', 'Ostwind', 'Paloma', 'Quarry', 'Rosmarin', 'Saga', 'Terra Nova', 'Umbra', 'Valkea', 'Wildpfad', 'Yara']) as name;

insert into shop.products
select id, brand_id, category, brand_name || ' ' || line || ' ' || noun,
  format('%s from %s. %s %s', noun, material, demo_build.pick(array['Made to last', 'Light and tough', 'A classic, redesigned', 'Tested in our own workshop', 'Repairable: every part can be had again'], id, 22) || '.',
    demo_build.pick(array['Cleans easily.', 'Packs small.', 'Comes with a care booklet.', 'Ten years of spare parts.', 'Delivered without plastic.'], id, 23)),
  (case when demo_build.r(id, 24) < 0.04 then 'draft' when demo_build.r(id, 24) < 0.13 then 'discontinued' else 'active' end)::shop.product_state,
  round((base * (0.6 + demo_build.r(id, 25) * 1.8))::numeric, 0) - 0.05,
  jsonb_build_object('material', material, 'warranty_months', demo_build.pick(array[24, 24, 36, 60, 120], id, 26),
    'dimensions', jsonb_build_object('width_cm', 5 + floor(demo_build.r(id, 27) * 120), 'height_cm', 3 + floor(demo_build.r(id, 28) * 90)),
    'certificates', case when demo_build.r(id, 29) < 0.3 then jsonb_build_array('FSC') when demo_build.r(id, 29) < 0.5 then jsonb_build_array('GOTS', 'Fair Wear') else '[]'::jsonb end),
  array_remove(array[case when demo_build.r(id, 30) < 0.2 then 'bestseller' end, case when demo_build.r(id, 31) < 0.15 then 'new' end, case when demo_build.r(id, 32) < 0.25 then 'sustainable' end, slug], null),
  (demo_build.anchor() - make_interval(days => floor(demo_build.r(id, 33) * 1800)::integer))::date,
  demo_build.anchor() - make_interval(secs => floor(demo_build.r(id, 34) * 63072000))
from (
  select id, kind.*, demo_build.pick(nouns, id, 35) as noun, demo_build.pick(materials, id, 36) as material,
    demo_build.pick(array['Alba', 'Brava', 'Cirrus', 'Delta', 'Eira', 'Fjord', 'Gaia', 'Hektor', 'Iris', 'Juno', 'Kairo', 'Luma', 'Mira', 'Nova', 'Orion', 'Pico', 'Rondo', 'Sol', 'Tara', 'Vento'], id, 37)
      || ' ' || (10 + id % 90) as line
  from generate_series(1, 2400) as id
  join (values
    (0, 11, 'pans', 49, array['frying pan', 'saucepan', 'casserole', 'wok', 'grill pan'], array['cast iron', 'stainless steel', 'carbon steel', 'copper']),
    (1, 12, 'knives', 59, array['chef''s knife', 'bread knife', 'paring knife', 'santoku'], array['Damascus steel', 'stainless steel', 'ceramic']),
    (2, 13, 'coffee', 39, array['coffee grinder', 'teapot', 'French press', 'moka pot', 'kettle'], array['glass', 'stainless steel', 'porcelain', 'enamel']),
    (3, 14, 'storage', 19, array['bread box', 'storage jar', 'spice rack', 'lunch box'], array['bamboo', 'glass', 'oak', 'tinplate']),
    (4, 21, 'tents', 320, array['dome tent', 'tunnel tent', 'tarp', 'trekking tent'], array['ripstop nylon', 'cotton', 'polyester']),
    (5, 22, 'sleeping', 140, array['sleeping bag', 'sleeping mat', 'hammock', 'travel pillow'], array['down', 'merino wool', 'recycled polyester']),
    (6, 23, 'lights', 45, array['head lamp', 'camping lantern', 'torch'], array['aluminium', 'recycled plastic']),
    (7, 24, 'cooking', 55, array['camping stove', 'cook set', 'spork', 'fire bowl'], array['titanium', 'aluminium', 'steel']),
    (8, 31, 'lamps', 95, array['table lamp', 'floor lamp', 'pendant lamp', 'reading light'], array['brass', 'oak', 'linen', 'glass']),
    (9, 32, 'textiles', 35, array['wool blanket', 'cushion', 'bed linen', 'bath towel', 'curtain'], array['merino wool', 'linen', 'organic cotton']),
    (10, 33, 'shelves', 160, array['wall shelf', 'bookcase', 'coat rack'], array['oak', 'ash', 'powder-coated steel']),
    (11, 41, 'desks', 420, array['standing desk', 'writing desk', 'folding desk'], array['oak', 'birch plywood', 'linoleum']),
    (12, 42, 'chairs', 280, array['office chair', 'stool', 'kneeling chair'], array['mesh', 'wool felt', 'beech']),
    (13, 43, 'paper', 14, array['notebook', 'fountain pen', 'pencil set', 'calendar'], array['recycled paper', 'brass', 'cedar']),
    (14, 51, 'suitcases', 190, array['cabin suitcase', 'trunk', 'garment bag'], array['polycarbonate', 'canvas', 'aluminium']),
    (15, 52, 'backpacks', 110, array['day pack', 'trekking backpack', 'bike bag'], array['canvas', 'recycled nylon', 'leather']),
    (16, 53, 'helpers', 18, array['packing cube', 'neck pouch', 'adapter', 'wash bag'], array['recycled nylon', 'cork', 'cotton']),
    (17, 61, 'tools', 42, array['spade', 'pruning shears', 'rake', 'hand trowel'], array['forged steel', 'stainless steel', 'ash']),
    (18, 62, 'pots', 30, array['flower pot', 'raised bed', 'window box'], array['terracotta', 'larch', 'zinc']),
    (19, 63, 'watering', 26, array['watering can', 'garden hose', 'rain barrel'], array['zinc', 'recycled plastic', 'copper'])
  ) as kind (number, category, slug, base, nouns, materials) on kind.number = floor(demo_build.r(id, 38) * 20)
) as made
join (select id as brand_id, name as brand_name from shop.brands) as brand on brand_id = 1 + floor(power(demo_build.r(made.id, 21), 1.6) * 40)::integer
order by made.id;

insert into shop.product_variants
select row_number() over (order by product.id, number)::integer, product.id, format('%s-%s-%s', upper(left(split_part(product.name, ' ', 1), 3)), lpad(product.id::text, 5, '0'), number),
  demo_build.pick(array['black', 'white', 'natural', 'forest green', 'ocean blue', 'brick red', 'sand', 'graphite'], product.id * 8 + number, 41),
  case when product.category_id in (22, 32, 52) then demo_build.pick(array['S', 'M', 'L', 'XL'], product.id * 8 + number, 42) end,
  product.list_price + case when number > 1 and demo_build.r(product.id * 8 + number, 43) < 0.3 then 5 else 0 end,
  (80 + floor(power(demo_build.r(product.id, 44), 3) * 24000))::integer,
  4000000000000 + product.id::bigint * 1000 + number * 7
from shop.products as product
cross join generate_series(1, 1 + floor(demo_build.r(product.id, 45) * 4)::integer) as number;

insert into shop.coupons
select id, demo_build.pick(array['SPRING', 'HELLO', 'THANKS', 'SUMMER', 'AUTUMN', 'WINTER', 'FRIENDS'], id, 51) || lpad(id::text, 3, '0'), demo_build.pick(array[5, 10, 10, 15, 20, 25], id, 52),
  tstzrange(demo_build.anchor() - make_interval(days => 730 - id * 5), demo_build.anchor() - make_interval(days => 730 - id * 5 - 30)), 0
from generate_series(1, 140) as id;
