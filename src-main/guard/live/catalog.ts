/** What the guard learns from a server; numbers are OIDs. Rows come as arrays, in the order of `lookups.ts`. */

/** FirstNormalObjectId: everything below was made by initdb. */
export const FIRST_USER_OID = 16384;

export interface CatalogFunction {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly volatility: 'i' | 's' | 'v';
  /** f function, a aggregate, w window, p procedure. */
  readonly kind: string;
  readonly language: string;
  readonly args: readonly number[];
  /** Arguments without a default. */
  readonly required: number;
  readonly variadic: boolean;
  readonly result: number;
  readonly extension: string | null;
  /** Of the database's own functions: the MD5 of the text of one in SQL, the name of the server's code behind an internal one. */
  readonly source: string | null;
}

export interface CatalogOperator {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** 0 for a prefix operator. */
  readonly left: number;
  readonly right: number;
  readonly code: number;
}

export interface CatalogType {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** b base, c composite, d domain, e enum, r range, m multirange. */
  readonly kind: string;
  readonly array: number;
  readonly arrayName: string;
  /** Of a domain, else 0. */
  readonly base: number;
  /** Types of the database that it is made of. */
  readonly parts: readonly number[];
  /** Its input, output and similar functions that are not compiled code. */
  readonly interpreted: readonly number[];
  /** Node trees of a domain's checks. */
  readonly checks: readonly string[];
}

export interface CatalogCast {
  readonly source: number;
  readonly target: number;
  /** 0 when no function is called. */
  readonly code: number;
  readonly implicit: boolean;
}

/** Everything in a database that could put code into a harmless looking statement. */
export interface Universe {
  readonly path: readonly string[];
  readonly standardStrings: boolean;
  readonly functions: ReadonlyMap<number, CatalogFunction>;
  readonly functionsByName: ReadonlyMap<string, readonly CatalogFunction[]>;
  /** Built-in names whose code somebody has replaced. */
  readonly replaced: ReadonlySet<string>;
  /** By aggregate, its support functions. */
  readonly aggregates: ReadonlyMap<number, readonly number[]>;
  readonly operators: ReadonlyMap<number, CatalogOperator>;
  readonly operatorsByName: ReadonlyMap<string, readonly CatalogOperator[]>;
  readonly types: ReadonlyMap<number, CatalogType>;
  /** From an array type to its element type. */
  readonly elements: ReadonlyMap<number, number>;
  readonly casts: readonly CatalogCast[];
  /** Functions of operator classes that are not compiled code. */
  readonly supports: readonly number[];
}

/** One relation that reading another reaches. */
export interface RelationRow {
  readonly label: string;
  readonly kind: string;
  readonly types: readonly number[];
  /** Node trees of a view's query. */
  readonly rules: readonly string[];
  readonly policies: readonly string[];
  /** Node trees of which the planner computes the constant parts. */
  readonly planned: readonly string[];
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Row = Json[];

const word = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const rows = (value: Json | undefined): Row[] => (Array.isArray(value) ? (value as Row[]) : []);
const numbers = (value: Json | undefined): number[] => (Array.isArray(value) ? value.map(Number) : []);
const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(word) : []);

function functionsOf(value: Json | undefined): CatalogFunction[] {
  return rows(value).map((row) => {
    const [oid, schema, name, volatility, kind, language, count, defaults, variadic, args, result, extension, source] = row;
    const types = word(args).split(' ').filter(Boolean).map(Number);
    return {
      oid: Number(oid), schema: word(schema), name: word(name), volatility: word(volatility) as 'i' | 's' | 'v', kind: word(kind), language: word(language),
      args: types, required: Number(count) - Number(defaults), variadic: Number(variadic) !== 0, result: Number(result),
      extension: typeof extension === 'string' ? extension : null,
      source: typeof source === 'string' ? source : null,
    };
  });
}

/** From JSON text, null when there is none. */
export function readFunctions(text: string | null): CatalogFunction[] {
  return functionsOf(text === null ? null : (JSON.parse(text) as Json));
}

export function readUniverse(text: string): Universe {
  const json = JSON.parse(text) as Record<string, Json>;
  const functions = functionsOf(json['functions']);
  const operators = rows(json['operators']).map(readOperator);
  const types = rows(json['types']).map(readType);
  return {
    path: texts(json['path']),
    standardStrings: json['strings'] === 'on',
    functions: new Map(functions.map((entry) => [entry.oid, entry])),
    functionsByName: byName(functions),
    replaced: new Set(texts(json['replaced'])),
    aggregates: new Map(rows(json['aggregates']).map((row) => [Number(row[0]), numbers(row.slice(1)).filter((oid) => oid !== 0)])),
    operators: new Map(operators.map((entry) => [entry.oid, entry])),
    operatorsByName: byName(operators),
    types: new Map(types.map((entry) => [entry.oid, entry])),
    elements: new Map(types.map((entry) => [entry.array, entry.oid])),
    casts: rows(json['casts']).map((row) => ({ source: Number(row[0]), target: Number(row[1]), code: Number(row[2]), implicit: row[3] === 'i' })),
    supports: numbers(json['supports']),
  };
}

function readOperator(row: Row): CatalogOperator {
  const [oid, schema, name, left, right, code] = row;
  return { oid: Number(oid), schema: word(schema), name: word(name), left: Number(left), right: Number(right), code: Number(code) };
}

function readType(row: Row): CatalogType {
  const [oid, schema, name, kind, array, arrayName, base, subtype, range, attributes, interpreted, checks] = row;
  return {
    oid: Number(oid), schema: word(schema), name: word(name), kind: word(kind), array: Number(array), arrayName: word(arrayName), base: Number(base),
    parts: [Number(base), Number(subtype ?? 0), Number(range ?? 0), ...numbers(attributes)].filter((part) => part >= FIRST_USER_OID),
    interpreted: numbers(interpreted), checks: texts(checks),
  };
}

/** By the name that was asked for, what reading that relation reaches. */
export function readRelations(text: string | null): Map<string, RelationRow[]> {
  const found = new Map<string, RelationRow[]>();
  for (const row of rows(text === null ? null : (JSON.parse(text) as Json))) {
    const [asked, schema, name, kind, types, rules, policies, planned] = row;
    const relation = {
      label: `${word(schema)}.${word(name)}`, kind: word(kind), types: numbers(types), rules: texts(rules), policies: texts(policies), planned: texts(planned),
    };
    found.set(word(asked), [...(found.get(word(asked)) ?? []), relation]);
  }
  return found;
}

export function byName<T extends { readonly name: string }>(entries: readonly T[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const entry of entries) {
    const list = map.get(entry.name);
    if (list) list.push(entry);
    else map.set(entry.name, [entry]);
  }
  return map;
}
