import type { A_Expr, Node } from '@pgsql/types';
import { knownTable } from '../context';
import { quoted } from '../draft';
import { relationOf } from '../sections';
import { nodesOf, strings } from '../tree';
import { expressionSpan } from './places';
import type { Advice, ExplainRule, Subject } from './rule';

const ORDERED = new Set(['<', '>', '<=', '>=']);

/** Comparisons that the server takes and that seldom mean what they say: a moment up to a bare date, and numbers compared as text. */
export const comparedTypes: ExplainRule = {
  id: 'compared-types',
  check(subject) {
    return nodesOf(subject.root, 'A_Expr').flatMap((expression): Advice[] => {
      const column = typeOf(expression.lexpr, subject);
      if (column === null) return [];
      const text = /^timestamp/.test(column.type) ? upToDate(expression, column.name) : /^(text|character|varchar|bpchar|citext)/.test(column.type) ? asText(expression, column.name) : null;
      return text === null ? [] : [{ level: 'warning', text, span: expressionSpan(subject.draft, expression) }];
    });
  },
};

/** `BETWEEN ... AND '2024-01-31'` and `<= '2024-01-31'` end with that day's first moment. */
function upToDate(expression: A_Expr, name: string): string | null {
  const operator = strings(expression.name).at(-1);
  const upper = expression.kind === 'AEXPR_BETWEEN' ? listOf(expression.rexpr)[1] : expression.kind === 'AEXPR_OP' && operator === '<=' ? expression.rexpr : undefined;
  const date = constantOf(upper);
  if (date === null || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  return `${quoted(name)} holds moments, and ${quoted(date)} is that day’s first one: what happened later on that day is left out. Compare with ${quoted('<')} and the next day.`;
}

/** As text `10` comes before `9`. */
function asText(expression: A_Expr, name: string): string | null {
  const ordered = expression.kind === 'AEXPR_BETWEEN' || (expression.kind === 'AEXPR_OP' && ORDERED.has(strings(expression.name).at(-1) ?? ''));
  const values = expression.kind === 'AEXPR_BETWEEN' ? listOf(expression.rexpr) : [expression.rexpr];
  if (!ordered || !values.some((value) => /^-?\d+(\.\d+)?$/.test(constantOf(value) ?? ''))) return null;
  return `${quoted(name)} is text, so that it is compared letter by letter: ${quoted('10')} comes before ${quoted('9')}. Cast it to a number where it holds one.`;
}

function typeOf(side: Node | undefined, { names, context }: Subject): { name: string; type: string } | null {
  const column = side && 'ColumnRef' in side ? names.columns.find(({ location }) => location === (side.ColumnRef.location ?? 0)) : undefined;
  const relation = column && relationOf(column, context);
  const known = relation && knownTable(context, relation)?.columns.find(({ name }) => name === column.column);
  return known ? { name: column.name, type: known.type } : null;
}

const listOf = (node: Node | undefined): readonly Node[] => (node && 'List' in node ? (node.List.items ?? []) : []);

/** A string constant, cast or not. */
function constantOf(node: Node | undefined): string | null {
  if (node && 'TypeCast' in node) return constantOf(node.TypeCast.arg);
  return node && 'A_Const' in node ? (node.A_Const.sval?.sval ?? null) : null;
}
