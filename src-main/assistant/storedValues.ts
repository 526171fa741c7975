import { fold } from './linking/words';
import { nearestNames } from './nearest';
import { exactName } from './relationNames';

/** A column of a table or view; `rows` is the planner's estimate, null when it has none. */
export interface ValuePlace {
  readonly schema: string;
  readonly table: string;
  readonly kind: string;
  readonly rows: number | null;
  readonly column: string;
  readonly type: string;
}

/** Runs one statement of a few rows in the read-only lane. */
export type Read = (statement: { text: string; parameters: string[] }) => Promise<{ rows: readonly (readonly (string | null)[])[] }>;

export interface FoundValues {
  /** Best first, each cut to 100 characters. */
  readonly values: readonly string[];
  /** `equal`: but for case and accents. `alike`: nothing equals or contains the text; `none`: nothing is alike either, these are any. */
  readonly match: 'any' | 'equal' | 'contains' | 'alike' | 'none';
  /** Where they were seen; only `all rows` says that nothing else is there. */
  readonly seen: 'statistics' | 'index' | 'sample' | 'all rows';
  readonly more: boolean;
}

const VALUE_CHARS = 100;
/** Rows of which values are read; a table with more by the planner's estimate is sampled. */
const ROWS_LOOKED_AT = 200_000;
const SAMPLED_ROWS = 50_000;
/** Values that are compared here, of those that the server finds most alike. */
const COMPARED = 200;

/** Letters with marks whose plain letter is one letter, and those plain letters, for `translate`: a server may lack `unaccent`. */
const marked = Array.from({ length: 0x250 - 0xc0 }, (_letter, offset) => String.fromCodePoint(0xc0 + offset)).filter((letter) => fold(letter) !== letter && fold(letter).length === 1);
const folding: readonly [string, string] = [marked.join(''), marked.map(fold).join('')];

/**
 * How a value is spelled in a column: what equals the text but for case and accents, else what contains it, else what is most alike by
 * shared trigrams and edit distance. Cheapest first: the planner's statistics, then an index of the column, then all rows, or of a table
 * with more than 200,000 a sample. Needs no extension. At most `limit` values; rejects with AppError as the lane does, after 5 s at the latest.
 */
export async function findValues(place: ValuePlace, text: string | undefined, limit: number, read: Read): Promise<FoundValues> {
  const big = isBig(place);
  if (text === undefined || text.trim() === '') return anyValues(place, big, limit, read);
  const known = await statistics(place, read);
  const equal = known.filter((value) => fold(value) === fold(text));
  if (equal.length > 0) return found([...equal, ...known.filter((value) => fold(value) !== fold(text) && fold(value).includes(fold(text)))], 'equal', 'statistics', limit);
  const indexed = big ? await byIndex(place, text, limit, read) : [];
  if (indexed.length > 0) return found(sorted(indexed, text), matchOf(indexed, text), 'index', limit);
  const seen = big ? 'sample' : 'all rows';
  const containing = sorted([...new Set([...known.filter((value) => fold(value).includes(fold(text))), ...(await valuesContaining(place, big, text, limit, read))])], text);
  if (containing.length > 0) return found(containing, matchOf(containing, text), seen, limit);
  const alike = mostAlike(text, [...new Set([...known, ...(await valuesSharingLetters(place, big, text, read))])], limit);
  return alike.length > 0 ? found(alike, 'alike', seen, limit) : { ...(await anyValues(place, big, limit, read)), match: 'none' };
}

function found(values: readonly string[], match: FoundValues['match'], seen: FoundValues['seen'], limit: number): FoundValues {
  return { values: values.slice(0, limit), match, seen, more: values.length > limit };
}

function isBig({ rows }: ValuePlace): boolean {
  return rows !== null && rows > ROWS_LOOKED_AT;
}

async function anyValues(place: ValuePlace, big: boolean, limit: number, read: Read): Promise<FoundValues> {
  const known = big ? await statistics(place, read) : [];
  if (known.length > 0) return found(known, 'any', 'statistics', limit);
  const values = valuesOf(await read({ text: `SELECT DISTINCT value FROM (${rowsOf(place, big)}) AS looked_at ORDER BY value LIMIT ${limit + 1}`, parameters: [] }));
  return found(values, 'any', big ? 'sample' : 'all rows', limit);
}

/** The most common values and the histogram's bounds, as far as the server lets this user see them; the most common ones first. */
async function statistics({ schema, table, column }: ValuePlace, read: Read): Promise<string[]> {
  const lists = ['most_common_vals', 'histogram_bounds'].map((list) => `coalesce(${list}::text::text[], '{}')`).join(' || ');
  return valuesOf(
    await read({
      text: `SELECT left(value, ${VALUE_CHARS}) FROM pg_catalog.pg_stats AS s, unnest(${lists}) WITH ORDINALITY AS list (value, place) WHERE s.schemaname = $1 AND s.tablename = $2 AND s.attname = $3 ORDER BY place LIMIT ${COMPARED}`,
      parameters: [schema, table, column],
    }),
  );
}

const textTypes = /^(text|citext|character varying|varchar|character|char|bpchar|name)\b/;

/** Through an index that the column leads: common spellings in one that is sorted or hashed, any case in one of trigrams. */
async function byIndex(place: ValuePlace, text: string, limit: number, read: Read): Promise<string[]> {
  if (!textTypes.test(place.type)) return [];
  const { rows } = await read({
    text: `SELECT DISTINCT am.amname, o.opcname FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am am ON am.oid = x.relam JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[0]
WHERE n.nspname = $1 AND t.relname = $2 AND a.attname = $3 AND i.indisvalid AND i.indpred IS NULL`,
    parameters: [place.schema, place.table, place.column],
  });
  const column = exactName(place.column);
  const where = (condition: string, parameter: string): Promise<string[]> =>
    read({ text: `SELECT DISTINCT value FROM (SELECT left(${column}::text, ${VALUE_CHARS}) AS value FROM ${tableOf(place)} WHERE ${condition} LIMIT ${SAMPLED_ROWS}) AS looked_at ORDER BY value LIMIT ${limit + 1}`, parameters: [parameter] }).then(valuesOf);
  if (rows.some(([, operators]) => operators?.endsWith('_trgm_ops'))) return where(`${column} ILIKE $1`, `%${escaped(text)}%`);
  return rows.some(([method]) => method === 'btree' || method === 'hash') ? where(`${column} = ANY (string_to_array($1, chr(10)))`, [...spellings(text)].join('\n')) : [];
}

/** The usual ways to write it; a line break stands in none. */
function spellings(text: string): Set<string> {
  const plain = text.trim().replace(/\s+/g, ' ');
  const title = plain.toLowerCase().replace(/(^|[\s-])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase());
  const sentence = plain.slice(0, 1).toUpperCase() + plain.slice(1).toLowerCase();
  return new Set([plain, plain.toLowerCase(), plain.toUpperCase(), title, sentence].flatMap((spelling) => [spelling, spelling.normalize('NFC')]));
}

async function valuesContaining(place: ValuePlace, big: boolean, text: string, limit: number, read: Read): Promise<string[]> {
  const statement = `SELECT value FROM (${foldedRows(place, big)}) AS one WHERE plain LIKE $3 ORDER BY plain <> $4, length(value), value LIMIT ${limit + 1}`;
  return valuesOf(await read({ text: statement, parameters: [...folding, `%${escaped(fold(text))}%`, fold(text)] }));
}

/** Values that share beginnings of words or trigrams with the text, those with the most first; all there are where they are few. */
async function valuesSharingLetters(place: ValuePlace, big: boolean, text: string, read: Read): Promise<string[]> {
  const shared = `(SELECT count(*) FROM unnest(string_to_array($3, chr(10))) AS part WHERE position(part IN ' ' || plain) > 0)`;
  const statement = `SELECT value FROM (${foldedRows(place, big)}) AS one ORDER BY ${shared} DESC, value LIMIT ${COMPARED}`;
  return valuesOf(await read({ text: statement, parameters: [...folding, [...parts(text)].join('\n')] }));
}

function parts(text: string): Set<string> {
  const words = fold(text).split(/\s+/).map((word) => ` ${word}`);
  return new Set(words.flatMap((word) => [word.slice(0, 2), ...Array.from({ length: Math.max(0, word.length - 2) }, (_part, start) => word.slice(start, start + 3))]));
}

/** Best first by `nearestNames`, which is asked without accents. */
function mostAlike(text: string, values: readonly string[], limit: number): string[] {
  const originals = new Map<string, string[]>();
  for (const value of values) originals.set(fold(value), [...(originals.get(fold(value)) ?? []), value]);
  return nearestNames(fold(text), originals.keys(), limit + 1).flatMap((near) => originals.get(near) ?? []);
}

function sorted(values: readonly string[], text: string): string[] {
  const wanted = fold(text);
  const rank = (value: string): number => (fold(value) === wanted ? 0 : fold(value).startsWith(wanted) ? 1 : 2);
  return [...values].sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1));
}

function matchOf(values: readonly string[], text: string): 'equal' | 'contains' {
  return values.some((value) => fold(value) === fold(text)) ? 'equal' : 'contains';
}

/** The names are quoted and every text is a parameter, so nothing of the model's becomes SQL. */
function rowsOf(place: ValuePlace, big: boolean): string {
  const column = exactName(place.column);
  const canSample = big && (place.kind === 'table' || place.kind === 'materialized_view');
  const percent = Math.min(100, (100 * SAMPLED_ROWS) / Math.max(1, place.rows ?? 1));
  const sample = canSample ? ` TABLESAMPLE SYSTEM (${percent.toFixed(6)}) REPEATABLE (1)` : '';
  return `SELECT left(${column}::text, ${VALUE_CHARS}) AS value FROM ${tableOf(place)}${sample} WHERE ${column} IS NOT NULL LIMIT ${ROWS_LOOKED_AT}`;
}

/**
 * The distinct values, and what `fold` makes of them, from the parameters 1 and 2. `translate` is slow, so that it is spared what has
 * no letters outside ASCII; OFFSET keeps the planner from working it out anew at each use.
 */
function foldedRows(place: ValuePlace, big: boolean): string {
  const plain = 'CASE WHEN octet_length(value) = char_length(value) THEN lower(value) ELSE translate(lower(value), $1, $2) END';
  return `SELECT value, ${plain} AS plain FROM (SELECT DISTINCT value FROM (${rowsOf(place, big)}) AS looked_at) AS each_once OFFSET 0`;
}

function tableOf({ schema, table }: ValuePlace): string {
  return `${exactName(schema)}.${exactName(table)}`;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

function valuesOf({ rows }: { rows: readonly (readonly (string | null)[])[] }): string[] {
  return rows.flatMap((row) => row[0] ?? []);
}
