import { nodesOf } from '../tree';
import type { ExplainRule } from './rule';

/** OFFSET reads and throws away all that it skips. */
export const offsetPaging: ExplainRule = {
  id: 'offset-paging',
  check({ draft, root }) {
    return nodesOf(root, 'SelectStmt').flatMap(({ limitOffset }) =>
      limitOffset && !('A_Const' in limitOffset && (limitOffset.A_Const.isnull === true || limitOffset.A_Const.ival?.ival === undefined))
        ? [{ level: 'note' as const, text: 'OFFSET reads all the rows that it skips, so that later pages take longer, and rows that come or go meanwhile shift the pages. Going on after the last key that was shown (WHERE with the sorted columns) does neither.', span: draft.clause(limitOffset, ['OFFSET']) }]
        : [],
    );
  },
};
