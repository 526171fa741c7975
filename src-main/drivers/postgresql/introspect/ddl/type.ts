import { type Reader, readObjects, readTexts } from '../read';

interface TypeFacts {
  readonly kind: 'e' | 'c' | 'd' | 'r' | 'b';
  readonly name: string;
  readonly relation: string;
  readonly commentLiteral: string | null;
}

/** CREATE TYPE or CREATE DOMAIN. */
export async function typeDdl(reader: Reader, oid: string): Promise<string> {
  const [facts] = await readObjects<TypeFacts>(
    reader,
    `SELECT t.typtype AS kind, pg_catalog.format('%I.%I', n.nspname, t.typname) AS name, t.typrelid::text AS relation,
  pg_catalog.quote_literal(pg_catalog.obj_description(t.oid, 'pg_type')) AS "commentLiteral"
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = $1::oid`,
    [oid],
  );
  if (facts === undefined) return '';
  const what = facts.kind === 'd' ? 'DOMAIN' : 'TYPE';
  const comment = facts.commentLiteral === null ? [] : [`COMMENT ON ${what} ${facts.name} IS ${facts.commentLiteral};`];
  return [...(await definition(reader, oid, facts)), ...comment].join('\n\n');
}

function definition(reader: Reader, oid: string, facts: TypeFacts): Promise<string[]> {
  switch (facts.kind) {
    case 'e':
      return enumDefinition(reader, oid, facts);
    case 'c':
      return compositeDefinition(reader, facts);
    case 'd':
      return domainDefinition(reader, oid, facts);
    case 'r':
      return rangeDefinition(reader, oid, facts);
    case 'b':
      return baseDefinition(reader, oid, facts);
  }
}

async function enumDefinition(reader: Reader, oid: string, { name }: TypeFacts): Promise<string[]> {
  const labels = await readTexts(
    reader,
    'SELECT pg_catalog.quote_literal(e.enumlabel) FROM pg_catalog.pg_enum e WHERE e.enumtypid = $1::oid ORDER BY e.enumsortorder',
    [oid],
  );
  return [`CREATE TYPE ${name} AS ENUM (\n${labels.map((label) => `  ${label}`).join(',\n')}\n);`];
}

/** A collation of `x` that is not its type's own. */
const collation = (column: string, owner: string): string =>
  `(SELECT pg_catalog.format(' COLLATE %I.%I', cn.nspname, cl.collname) FROM pg_catalog.pg_collation cl JOIN pg_catalog.pg_namespace cn
    ON cn.oid = cl.collnamespace WHERE cl.oid = ${column} AND ${column} <> ${owner}.typcollation)`;

async function compositeDefinition(reader: Reader, { name, relation }: TypeFacts): Promise<string[]> {
  const attributes = await readObjects<{ clause: string; comment: string | null }>(
    reader,
    `SELECT concat(pg_catalog.quote_ident(a.attname), ' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
      ${collation('a.attcollation', 't')}) AS clause,
  'COMMENT ON COLUMN ' || $2::text || '.' || pg_catalog.quote_ident(a.attname) || ' IS '
    || pg_catalog.quote_literal(pg_catalog.col_description(a.attrelid, a.attnum)) || ';' AS comment
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::oid AND a.attnum > 0
  AND NOT a.attisdropped ORDER BY a.attnum`,
    [relation, name],
  );
  const list = attributes.length === 0 ? '()' : `(\n${attributes.map(({ clause }) => `  ${clause}`).join(',\n')}\n)`;
  return [`CREATE TYPE ${name} AS ${list};`, ...attributes.flatMap(({ comment }) => (comment === null ? [] : [comment]))];
}

/** From version 18 on NOT NULL of a domain is one of its constraints as well; it is written once. */
async function domainDefinition(reader: Reader, oid: string, { name }: TypeFacts): Promise<string[]> {
  const [domain] = await readObjects<{ base: string; notNull: boolean }>(
    reader,
    `SELECT concat(pg_catalog.format_type(t.typbasetype, t.typtypmod), ${collation('t.typcollation', 'b')},
  ' DEFAULT ' || coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), pg_catalog.quote_literal(t.typdefault))) AS base, t.typnotnull
    AS "notNull"
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype WHERE t.oid = $1::oid`,
    [oid],
  );
  const checks = await readObjects<{ clause: string; valid: boolean }>(
    reader,
    `SELECT pg_catalog.format('CONSTRAINT %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)) AS clause, k.convalidated AS valid
FROM pg_catalog.pg_constraint k WHERE k.contypid = $1::oid AND k.contype = 'c' ORDER BY k.conname COLLATE "C"`,
    [oid],
  );
  const inline = [...(domain?.notNull === true ? ['NOT NULL'] : []), ...checks.filter(({ valid }) => valid).map(({ clause }) => clause)];
  return [
    `CREATE DOMAIN ${name} AS ${domain?.base ?? ''}${inline.map((clause) => `\n  ${clause}`).join('')};`,
    ...checks.filter(({ valid }) => !valid).map(({ clause }) => `ALTER DOMAIN ${name} ADD ${clause};`),
  ];
}

async function rangeDefinition(reader: Reader, oid: string, { name }: TypeFacts): Promise<string[]> {
  const [options = ''] = await readTexts(
    reader,
    `SELECT concat_ws(E',\\n  ', 'SUBTYPE = ' || pg_catalog.format_type(r.rngsubtype, NULL),
  CASE WHEN NOT o.opcdefault THEN pg_catalog.format('SUBTYPE_OPCLASS = %I.%I', n.nspname, o.opcname) END,
  'COLLATION =' || pg_catalog.substr(${collation('r.rngcollation', 's')}, 9),
  'CANONICAL = ' || nullif(r.rngcanonical::pg_catalog.regproc::text, '-'), 'SUBTYPE_DIFF = '
    || nullif(r.rngsubdiff::pg_catalog.regproc::text, '-'),
  'MULTIRANGE_TYPE_NAME = ' || (SELECT pg_catalog.format('%I.%I', mn.nspname, m.typname) FROM pg_catalog.pg_type m
    JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace
    WHERE m.oid = (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid))
FROM pg_catalog.pg_range r JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype WHERE r.rngtypid = $1::oid`,
    [oid],
  );
  return [`CREATE TYPE ${name} AS RANGE (\n  ${options}\n);`];
}

/** A type written in C, usually an extension's; its functions must be there first. */
async function baseDefinition(reader: Reader, oid: string, { name }: TypeFacts): Promise<string[]> {
  const functions = [
    'INPUT typinput',
    'OUTPUT typoutput',
    'RECEIVE typreceive',
    'SEND typsend',
    'TYPMOD_IN typmodin',
    'TYPMOD_OUT typmodout',
    'ANALYZE typanalyze',
  ].map((pair) => {
    const [option = '', column = ''] = pair.split(' ');
    return `'${option} = ' || nullif(t.${column}::pg_catalog.regproc::text, '-')`;
  });
  const [options = ''] = await readTexts(
    reader,
    `SELECT concat_ws(E',\\n  ', ${functions.join(', ')}, 'INTERNALLENGTH = ' || CASE WHEN t.typlen < 0 THEN 'VARIABLE'
      ELSE t.typlen::text END,
  CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END, 'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'
    WHEN 'i' THEN 'int4' ELSE 'double' END,
  'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END,
  'CATEGORY = ' || pg_catalog.quote_literal(t.typcategory::text), CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
  'DEFAULT = ' || pg_catalog.quote_literal(t.typdefault), CASE WHEN t.typelem <> 0 THEN 'ELEMENT = '
    || pg_catalog.format_type(t.typelem, NULL) END,
  CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || pg_catalog.quote_literal(t.typdelim::text) END, CASE
    WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END)
FROM pg_catalog.pg_type t WHERE t.oid = $1::oid`,
    [oid],
  );
  return [`CREATE TYPE ${name} (\n  ${options}\n);`];
}
