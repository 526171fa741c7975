import { nodesOf } from '../tree';
import { expressionSpan } from './places';
import type { Advice, ExplainRule } from './rule';

/** A pattern that begins with a wildcard cannot use an ordinary index. */
export const leadingWildcard: ExplainRule = {
  id: 'leading-wildcard',
  check({ draft, root }) {
    return nodesOf(root, 'A_Expr').flatMap((expression): Advice[] => {
      if (!['AEXPR_LIKE', 'AEXPR_ILIKE'].includes(expression.kind ?? '') || !expression.rexpr || !('A_Const' in expression.rexpr)) return [];
      if (!/^[%_]/.test(expression.rexpr.A_Const.sval?.sval ?? '')) return [];
      return [{ level: 'warning', text: 'The pattern begins with a wildcard, so that an ordinary index cannot find it and every value is looked at. An index with trigrams can (extension pg_trgm, method GIN).', span: expressionSpan(draft, expression) }];
    });
  },
};
