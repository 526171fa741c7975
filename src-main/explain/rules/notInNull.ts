import { nodesOf } from '../tree';
import type { ExplainRule } from './rule';

/** NOT IN with a subquery gives no row at all as soon as the subquery gives one NULL. */
export const notInNull: ExplainRule = {
  id: 'not-in-null',
  check({ draft, root }) {
    return nodesOf(root, 'BoolExpr').flatMap(({ boolop, args }) => {
      const [inner] = args ?? [];
      if (boolop !== 'NOT_EXPR' || !inner || !('SubLink' in inner) || inner.SubLink.subLinkType !== 'ANY_SUBLINK' || !inner.SubLink.testexpr) return [];
      const at = draft.begin(inner.SubLink.subselect);
      const around = at === null ? null : draft.source.wordBefore(at, 'NOT');
      const end = at === null ? null : draft.source.parenthesesAround(draft.source.wordBefore(at, 'SELECT', 'VALUES')?.from ?? at);
      return [{ level: 'warning' as const, text: 'NOT IN with a subquery keeps no row at all when the subquery gives a single NULL. NOT EXISTS does what is usually meant, and plans better.', span: around && end ? { from: around.from, to: end.to } : null }];
    });
  },
};
