-- step (10): Helpers
-- Everything random comes from PostgreSQL's own seeded 64-bit hash. Hash partitioning relies on its values, so that they are the
-- same on every machine and in every version. The schema is dropped at the end.
create schema demo_build;

-- A number from 0 up to 1, fixed for each (i, salt).
create function demo_build.r(i bigint, salt integer) returns double precision language sql immutable parallel safe
  return ((pg_catalog.hashint8extended(i, :seed + salt) >> 11) & 9007199254740991)::double precision / 9007199254740992;

-- A positive number beyond 2^62.
create function demo_build.reference(i bigint, salt integer) returns bigint language sql immutable parallel safe
  return (pg_catalog.hashint8extended(i, :seed + salt) & 4611686018427387903) | 4611686018427387904;

create function demo_build.pick(choices anyarray, i bigint, salt integer) returns anyelement language sql immutable parallel safe
  as 'select choices[1 + floor(demo_build.r(i, salt) * cardinality(choices))::integer]';

-- The first moment after everything that happens.
create function demo_build.anchor() returns timestamptz language sql immutable parallel safe
  return timestamptz '2026-11-01 00:00:00+00';

-- When the i-th of n things happened: over the two years before the anchor, more of them lately, mostly in the afternoon.
create function demo_build.moment(i bigint, n integer, salt integer) returns timestamptz language sql immutable parallel safe
  return date_trunc('day', demo_build.anchor() - make_interval(secs => 63072000 * (1 - power((i - 0.001 - 0.99 * demo_build.r(i, salt))::double precision / n, 0.75))), 'UTC')
    + make_interval(secs => 86399.999 * (0.2 + 0.4 * (demo_build.r(i, salt + 5000) + demo_build.r(i, salt + 6000))));

create function demo_build.ascii(name text) returns text language sql immutable parallel safe
  return regexp_replace(normalize(lower(translate(name, 'ßøłıØŁ', 'solioOL')), NFKD), '[^a-z]', '', 'g');
