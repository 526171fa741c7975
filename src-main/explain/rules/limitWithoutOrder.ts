import { nodesOf } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** Without an order nobody knows which rows LIMIT and DISTINCT ON keep. */
export const limitWithoutOrder: ExplainRule = {
  id: 'limit-without-order',
  check({ draft, root }) {
    return nodesOf(root, 'SelectStmt').flatMap((query): Advice[] => {
      if (query.sortClause || !query.fromClause) return [];
      const on = query.distinctClause?.some((node) => Object.keys(node).length > 0) ?? false;
      if (on) return [{ level: 'warning', text: 'DISTINCT ON without ORDER BY keeps whichever row of each group comes first, which may be another one each time.', span: draft.clause(query.distinctClause, ['DISTINCT']) }];
      const { limitCount } = query;
      if (!limitCount || ('A_Const' in limitCount && limitCount.A_Const.isnull === true)) return [];
      return [{ level: 'note', text: 'There is a limit and no ORDER BY: which rows come back is left to chance, and may differ each time.', span: draft.clause(limitCount, ['LIMIT', 'FETCH']) }];
    });
  },
};
