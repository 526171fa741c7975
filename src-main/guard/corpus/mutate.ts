import { nextToken, type Token } from '../lexer';

/** A source of numbers from 0 to below 1 that gives the same ones for the same seed: mulberry32 (Tommy Ettinger, public domain). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
type Mutation = (text: string, random: Random) => string;

/**
 * Another writing of a statement that means the same, or wraps it, by up to four steps: comments, white space, case, quoting of names and
 * strings in all of PostgreSQL's ways, schema qualification, concatenation, nesting, EXPLAIN, a second statement. `same` leaves out what
 * makes a reading statement into something else. Not every result parses.
 */
export function mutate(text: string, random: Random, meaning: 'any' | 'same' = 'any'): string {
  const steps = 1 + Math.floor(random() * 4);
  let mutant = text;
  for (let step = 0; step < steps; step += 1) mutant = pick(meaning === 'same' ? sameMeaning : mutations, random)(mutant, random);
  return mutant;
}

const gaps = [' ', '\n', '\t', '\f', '\r\n', '/**/', '/* ; */', '/*/* nested */*/', ' -- x\n', '--\r', '/* \u2028 */', " /* ' */ ", ' /* $$ */ ', ' --$x$\n', '/* select 1 */'];

/** Puts something else where white space stands, and between words and signs that may have some. */
const space: Mutation = (text, random) => rewrite(text, (token, next) => (next !== undefined && mayPart(text, token, next) && random() < 0.3 ? text.slice(token.from, token.to) + pick(gaps, random) : null));

const letterCase: Mutation = (text, random) =>
  rewrite(text, (token) => (token.kind === 'word' && random() < 0.6 ? [...text.slice(token.from, token.to)].map((letter) => (/[a-z]/i.test(letter) && random() < 0.5 ? swapCase(letter) : letter)).join('') : null));

/** Names that are surely no keywords, quoted, with or without Unicode escapes. */
const quotedNames: Mutation = (text, random) =>
  rewrite(text, (token) => {
    const word = text.slice(token.from, token.to);
    if (token.kind !== 'word' || !/^[a-z]+_[a-z0-9_]+$/i.test(word) || /^(current|session|transaction)_/i.test(word) || random() < 0.4) return null;
    return random() < 0.5 ? `"${word.toLowerCase()}"` : `U&"${escaped(word.toLowerCase(), random)}"`;
  });

const strings: Mutation = (text, random) =>
  rewrite(text, (token) => {
    const value = plainString(text, token);
    if (value === null || random() < 0.3) return null;
    const tag = pick(['', 'x', 'select', '_1'], random);
    const forms = [
      () => (value.includes(`$${tag}$`) || value.endsWith('$') ? null : ` $${tag}$${value}$${tag}$`),
      () => ` E'${[...value].map((letter) => (letter === '\\' ? '\\\\' : letter < '\u007f' && random() < 0.4 ? `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}` : letter)).join('')}'`,
      () => ` U&'${escaped(value, random)}'`,
      () => `('${value.slice(0, 1)}' || '${value.slice(1)}')`,
      () => ` '${value.slice(0, 2)}'\n'${value.slice(2)}'`,
    ];
    return pick(forms, random)();
  });

const qualified: Mutation = (text, random) =>
  rewrite(text, (token) => {
    const word = text.slice(token.from, token.to);
    if (token.kind !== 'word' || !/^(pg|lo|dblink|query|table|txid|json|jsonb|evil)_/i.test(word) || text[token.from - 1] === '.') return null;
    return pick([`pg_catalog.${word}`, `pg_catalog . ${word}`, `public.${word}`, `"pg_catalog"./* */${word}`], random);
  });

const queryWrappers = [
  'X', '(X)', '((X))', 'select * from (X) q1', 'with q2 as (X) select * from q2', 'with q3 as materialized (X) table q3', 'with recursive q4 as (X) select count(*) from q4', 'select exists (X)', 'select 1 where exists (X)',
  'select 1 where not exists (X)', 'select (select count(*) from (X) q5)', 'select q6.* from (select 1) a cross join lateral (X) q6', 'select case when true then (select count(*) from (X) q7) end', 'values ((select count(*) from (X) q8))',
  'select array(select 1 from (X) q9)', '(X) limit 5', 'select q10 from (X) q10', 'select to_jsonb(q11) from (X) q11', 'select 1 from (values (1)) v(a) where a in (select 1 from (X) q12)', 'select count(*) filter (where exists (X)) from (values (1)) w(b)',
  'select 1 order by (select count(*) from (X) q13)', 'select coalesce((select 1 from (X) q14 limit 1), 2)', 'explain X', 'explain analyze X', 'explain (analyze, timing off) X', 'explain (verbose) X',
];
const statementWrappers = ['X', 'explain X', 'explain analyze X', 'X;', ';X', 'select 1; X', 'X; select 1', '/* a */ X', 'begin; X; commit', 'with a as (X) select 1', 'prepare p as X', 'do $$ begin X; end $$', 'copy (X) to stdout', '(X)'];

const wrapped: Mutation = (text, random) => {
  const isQuery = /^[\s(]*(select|with|table|values)\b/i.test(text) && !text.includes(';');
  const wrapper = isQuery && random() < 0.85 ? pick(queryWrappers, random) : pick(statementWrappers, random);
  // A comment at the end of the statement must not swallow what follows.
  return wrapper.replace('X', () => `${text}\n`);
};

/** A query inside another, which reads no more than it. */
const nested: Mutation = (text, random) => (/^[\s(]*(select|with|table|values)\b/i.test(text) && !text.includes(';') ? pick(queryWrappers, random).replace('X', () => `${text}\n`) : text);

const mutations: readonly Mutation[] = [space, letterCase, quotedNames, strings, qualified, wrapped, wrapped];
const sameMeaning: readonly Mutation[] = [space, letterCase, quotedNames, strings, nested, nested];

function rewrite(text: string, other: (token: Token, next: Token | undefined) => string | null): string {
  const tokens: Token[] = [];
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) tokens.push(token);
  let result = '';
  let done = 0;
  for (const [number, token] of tokens.entries()) {
    result += text.slice(done, token.from);
    result += other(token, tokens[number + 1]) ?? text.slice(token.from, token.to);
    done = token.to;
  }
  return result + text.slice(done);
}

/** Whether something may stand between two tokens: where white space is, or beside a bracket or comma. */
function mayPart(text: string, token: Token, next: Token): boolean {
  if (token.kind === 'comment') return false;
  return next.from > token.to ? !text.slice(token.to, next.from).includes('\n') : '(),'.includes(text[token.to - 1] ?? '') || '(),'.includes(text[next.from] ?? '');
}

/** The value of a plain string without quotes in it; null for any other token. */
function plainString(text: string, token: Token): string | null {
  const word = text.slice(token.from, token.to);
  if (!word.startsWith("'") || !word.endsWith("'") || word.length < 2 || /[\w&']/.test(text[token.from - 1] ?? '') || text[token.to] === "'") return null;
  return word.slice(1, -1);
}

function escaped(text: string, random: Random): string {
  return [...text].map((letter) => (letter === '\\' ? '\\\\' : random() < 0.3 ? (random() < 0.5 ? `\\${hex(letter, 4)}` : `\\+${hex(letter, 6)}`) : letter)).join('');
}

const hex = (letter: string, digits: number): string => (letter.codePointAt(0) ?? 0).toString(16).padStart(digits, '0');
const swapCase = (letter: string): string => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase());

function pick<T>(list: readonly T[], random: Random): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}
