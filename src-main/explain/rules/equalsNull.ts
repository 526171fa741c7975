import { nodesOf } from '../tree';
import { expressionSpan } from './places';
import type { Advice, ExplainRule } from './rule';

/** A comparison with NULL is never true. */
export const equalsNull: ExplainRule = {
  id: 'equals-null',
  check({ draft, root }) {
    return nodesOf(root, 'A_Expr').flatMap((expression): Advice[] => {
      const sides = [expression.lexpr, expression.rexpr];
      const isNull = sides.some((side) => side && 'A_Const' in side && side.A_Const.isnull === true);
      return isNull && expression.kind === 'AEXPR_OP' ? [{ level: 'warning', text: 'A comparison with NULL is never true, so that it keeps nothing. IS NULL and IS NOT NULL, or IS DISTINCT FROM, ask what is usually meant.', span: expressionSpan(draft, expression) }] : [];
    });
  },
};
