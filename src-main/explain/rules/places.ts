import type { A_Expr } from '@pgsql/types';
import type { Draft } from '../draft';
import type { Span } from '../source';

/** From an expression's first name to the end of what its operator is followed by, up to the next AND, OR or comma. */
export function expressionSpan(draft: Draft, expression: A_Expr): Span | null {
  const begin = draft.begin(expression);
  if (begin === null) return null;
  const operator = draft.source.offset(expression.location ?? 0);
  const range = draft.source.clauseFrom(Math.max(begin, operator), 'AND', 'OR', 'THEN', 'ELSE', 'WHEN', 'ASC', 'DESC');
  const [piece] = draft.source.pieces(range);
  return { from: begin, to: (piece ?? range).to };
}
