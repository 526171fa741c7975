import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../src-preload/contract/explain';
import { createGuardService } from '../guard/create';
import { explainTree } from './explain';
import { nothingKnown } from './context';

/**
 * What a statement holds is worked out here by a small walk of its own over the grammar's tree, which shares nothing with the code that
 * explains. Of each explanation it is asked: is every table, filter and aggregate in it, and nothing that the statement does not have?
 */
interface Facts {
  readonly tables: Set<string>;
  readonly aggregates: Set<string>;
  /** Places (in UTF-16), columns and constants of each condition that must hold by itself. */
  readonly filters: { readonly at: number; readonly words: readonly string[] }[];
}

const AGGREGATES = /^(count|sum|avg|min|max|string_agg|array_agg|percentile_cont|mode|json_agg|jsonb_object_agg|bool_and|bool_or|every|stddev|variance|corr)$/;
const FILTERS = ['whereClause', 'havingClause', 'quals', 'joinCondition', 'agg_filter', 'condition', 'whenClause', 'qual', 'with_check', 'raw_expr'];

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [field: string]: Json };
/** A field, whatever stands there; undefined where there is none. */
const at = (json: Json, ...path: readonly string[]): Json => path.reduce<Json>((value, field) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>)[field] : undefined), json);
const list = (json: Json): readonly Json[] => (Array.isArray(json) ? (json as readonly Json[]) : []);
const text = (json: Json): string => (typeof json === 'string' ? json : '');
const named = (json: Json): string[] => list(at(json, 'List', 'items')).map((item) => text(at(item, 'String', 'sval')));

function factsOf(statement: string, root: Json): Facts {
  const utf8 = Buffer.from(statement, 'utf8');
  const facts: Facts = { tables: new Set(), aggregates: new Set(), filters: [] };
  const look = (value: Json, key: string, ctes: readonly string[]): void => {
    const [relation, schema] = [at(value, 'relname'), at(value, 'schemaname')];
    if (typeof relation === 'string' && !(schema === undefined && ctes.includes(relation))) facts.tables.add([text(schema), relation].filter(Boolean).join('.'));
    const name = text(at(list(at(value, 'funcname')).at(-1), 'String', 'sval'));
    if (key === 'FuncCall' && at(value, 'over') === undefined && AGGREGATES.test(name)) facts.aggregates.add(name);
    for (const filter of FILTERS) {
      if (filter === 'raw_expr' && at(value, 'contype') !== 'CONSTR_CHECK') continue;
      for (const part of partsOf(at(value, filter))) facts.filters.push({ at: utf8.subarray(0, placeOf(part)).toString('utf8').length, words: wordsOf(part) });
    }
  };
  const walk = (value: Json, key: string, ctes: readonly string[]): void => {
    if (Array.isArray(value)) return (value as readonly Json[]).forEach((item) => walk(item, key, ctes));
    if (typeof value !== 'object' || value === null) return;
    look(value, key, ctes);
    const clause = at(value, 'withClause');
    const own = list(at(clause, 'ctes')).map((cte) => text(at(cte, 'CommonTableExpr', 'ctename')));
    // Without RECURSIVE a query of WITH sees those before it only.
    list(at(clause, 'ctes')).forEach((cte, index) => walk(cte, '', [...ctes, ...(at(clause, 'recursive') === true ? own : own.slice(0, index))]));
    // Locks name tables of FROM once more, by their aliases.
    for (const [name, field] of Object.entries(value)) if (name !== 'withClause' && name !== 'lockedRels') walk(field, name, [...ctes, ...own]);
  };
  walk(root, '', []);
  for (const object of list(at(root, 'DropStmt', 'objects'))) facts.tables.add(named(object).join('.'));
  if (at(root, 'CommentStmt') !== undefined) facts.tables.add(named(at(root, 'CommentStmt', 'object')).slice(0, -1).join('.'));
  return facts;
}

function partsOf(condition: Json): Json[] {
  if (condition === undefined) return [];
  return at(condition, 'BoolExpr', 'boolop') === 'AND_EXPR' ? list(at(condition, 'BoolExpr', 'args')).flatMap(partsOf) : [condition];
}

/** The operator, or the first thing that has a place: it must stand inside of what the explanation points at. */
function placeOf(part: Json): number {
  const own = Object.values(part as Record<string, Json>).map((fields) => at(fields, 'location'))[0];
  return typeof own === 'number' && own > 0 ? own : Math.min(...[...JSON.stringify(part).matchAll(/"location":(\d+)/g)].map((match) => Number(match[1])));
}

/** Names of columns, and constants. What stands in a subquery is told by the subquery's own steps. */
function wordsOf(part: Json): string[] {
  if (Array.isArray(part)) return (part as readonly Json[]).flatMap(wordsOf);
  if (typeof part !== 'object' || part === null) return [];
  const column = at(part, 'ColumnRef', 'fields');
  if (column !== undefined) return [text(at(list(column).at(-1), 'String', 'sval'))].filter(Boolean);
  const constant = at(part, 'A_Const');
  if (constant !== undefined) return [at(constant, 'sval', 'sval'), at(constant, 'fval', 'fval'), at(constant, 'ival', 'ival')].flatMap((value) => (typeof value === 'number' ? String(value) : text(value) || []));
  return Object.entries(part).flatMap(([key, field]) => (key === 'subselect' || key === 'typeName' ? [] : wordsOf(field)));
}

const items = (explanation: Explanation) => explanation.sections.flatMap((section) => section.items.map((item) => ({ ...item, section: section.id })));
const codesOf = (words: string): string[] => [...words.matchAll(/``? ?(.+?) ?``?(?!`)/g)].map((match) => match[1] ?? '');
const squeezed = (words: string): string => words.replace(/\s+/g, '').toLowerCase();
const withoutComments = (sql: string): string => sql.replace(/\/\*.*?\*\//gs, ' ').replace(/--.*$/gm, ' ');

type Item = ReturnType<typeof items>[number];

/** Everything that is wrong with an explanation, as sentences. */
function problemsOf(statement: string, facts: Facts, explanation: Explanation): string[] {
  const all = items(explanation);
  return [...missingIn(statement, facts, all), ...all.flatMap((item) => strangeIn(statement, explanation.command, item))];
}

function missingIn(statement: string, facts: Facts, all: readonly Item[]): string[] {
  const problems: string[] = [];
  const told = new Set(all.filter(({ section }) => section === 'tables').map((item) => codesOf(item.text)[0] ?? ''));
  const steps = all.filter(({ section }) => section === 'steps');
  for (const table of facts.tables) {
    if (!told.has(table)) problems.push(`the table ${table} is not among the tables`);
    if (!steps.some((item) => item.text.includes(`\`${table}\``))) problems.push(`no step speaks of the table ${table}`);
  }
  for (const name of told) if (!facts.tables.has(name)) problems.push(`${name} is told as a table and is none`);
  for (const name of facts.aggregates) if (!all.some((item) => item.section === 'joins' && squeezed(item.text).startsWith(`\`${name}(`))) problems.push(`the aggregate ${name} is not told`);
  for (const { at: place, words } of facts.filters) {
    // A step that points at the whole statement points at nothing.
    const near = steps.filter(({ span }) => span && span.from <= place && place < span.to && span.to - span.from < statement.length);
    if (!near.some((item) => words.every((word) => squeezed(item.text).includes(squeezed(word))))) problems.push(`no step tells the filter at ${place} (${words.join(', ')})`);
  }
  return problems;
}

function strangeIn(statement: string, command: string, { text: words, span }: Item): string[] {
  const bare = squeezed(withoutComments(statement));
  const strange = codesOf(words).filter((code) => {
    const shown = squeezed(code.replace(/…$/, ''));
    // The command's own name is made of its words, which need not stand side by side.
    return !bare.includes(shown) && !bare.replaceAll('"', '').includes(shown) && !squeezed(command).startsWith(shown);
  });
  const problems = strange.map((code) => `\`${code}\` is not in the statement`);
  if (/[a-z]_[a-z]/i.test(words.replace(/``.*?``|`[^`]*`/g, '').replaceAll('pg_trgm', ''))) problems.push(`a name stands outside of code in: ${words}`);
  if (span && (span.from < 0 || span.to > statement.length || span.from >= span.to)) problems.push(`a place is outside of the text in: ${words}`);
  if (span && !balanced(statement.slice(span.from, span.to))) problems.push(`a place cuts through parentheses: ${statement.slice(span.from, span.to)}`);
  return problems;
}

function balanced(sql: string): boolean {
  let depth = 0;
  for (const sign of withoutComments(sql).replace(/'[^']*'/g, '')) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

interface Case {
  readonly text: string;
  readonly facts: Facts;
  readonly explanation: Explanation;
}
const cases: Case[] = [];

beforeAll(async () => {
  const guard = createGuardService();
  const { statements, error } = await guard.split(readFileSync(path.join(import.meta.dirname, 'corpus.sql'), 'utf8'));
  if (error) throw new Error(`${error.message} at ${error.position}`);
  for (const { text } of statements) {
    const parsed = await guard.parse(text);
    const node = parsed.ok ? parsed.statements[0]?.node : undefined;
    if (!node) throw new Error(`Does not parse: ${text}`);
    cases.push({ text, facts: factsOf(text, node as unknown as Json), explanation: explainTree(text, node, nothingKnown) });
  }
});

describe('every explanation of 200 statements', () => {
  test('tells every table, filter and aggregate, and nothing that is not there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    const wrong = cases.flatMap(({ text, facts, explanation }) => problemsOf(text, facts, explanation).map((problem) => `${text}\n   ${problem}`));
    expect(wrong).toEqual([]);
  });

  test('has a summary and steps, each step with the text that it speaks of', () => {
    for (const { text, explanation } of cases) {
      const ids = explanation.sections.map(({ id }) => id);
      expect(ids, text).toContain('summary');
      expect(ids, text).toContain('steps');
    }
    const steps = cases.flatMap(({ explanation }) => items(explanation).filter(({ section }) => section === 'steps'));
    expect(steps.filter(({ span }) => span === null).length / steps.length).toBeLessThan(0.02);
  });

  test('would be found wrong when a sentence is missing, names another thing, or points elsewhere', () => {
    const rich = cases.filter(({ facts }) => facts.filters.length > 0 && facts.tables.size > 0);
    const changed = (explanation: Explanation, section: string, change: (all: Explanation['sections'][number]['items']) => Explanation['sections'][number]['items']): Explanation => ({
      ...explanation,
      sections: explanation.sections.map((one) => (one.id === section ? { ...one, items: change(one.items) } : one)),
    });
    const mutations: Record<string, (explanation: Explanation) => Explanation> = {
      'no filter': (explanation) => changed(explanation, 'steps', (all) => all.filter(({ text }) => !/where|must have/i.test(text))),
      'a table less': (explanation) => changed(explanation, 'tables', (all) => all.slice(1)),
      'a table more': (explanation) => changed(explanation, 'tables', (all) => [...all, ...all.slice(0, 1).map((item) => ({ ...item, text: item.text.replace(/`[^`]+`/, '`ghosts`') }))]),
      'another table in the steps': (explanation) => changed(explanation, 'steps', (all) => all.map((item) => ({ ...item, text: item.text.replace(/^((?:Takes|Joins|Left|Looks|Creates|Compares|Inserts)[^`]*)`[^`]+`/, '$1`ghosts`') }))),
      'places moved': (explanation) => changed(explanation, 'steps', (all) => all.map((item) => ({ ...item, span: item.span && { from: item.span.from + 1_000_000, to: item.span.to + 1_000_000 } }))),
      'another value': (explanation) => changed(explanation, 'steps', (all) => all.map((item) => ({ ...item, text: item.text.replace(/`[^`]+`\.$/, '`31337`.') }))),
    };
    for (const [name, mutate] of Object.entries(mutations)) {
      const mutants = rich.map((one) => ({ ...one, mutant: mutate(one.explanation) })).filter(({ explanation, mutant }) => JSON.stringify(mutant) !== JSON.stringify(explanation));
      expect(mutants.length, name).toBeGreaterThan(40);
      const unnoticed = mutants.filter(({ text, facts, mutant }) => problemsOf(text, facts, mutant).length === 0).map(({ text }) => text);
      expect(unnoticed, name).toEqual([]);
    }
    const gathering = cases.filter(({ facts }) => facts.aggregates.size > 0);
    expect(gathering.length).toBeGreaterThan(25);
    for (const one of gathering) expect(problemsOf(one.text, one.facts, changed(one.explanation, 'joins', () => [])), one.text).not.toEqual([]);
  });
});
