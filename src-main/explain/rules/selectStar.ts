import type { SelectStmt } from '@pgsql/types';
import { nodesOf } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** All columns, also those that come later. Not said of EXISTS, where nobody looks at them, and of count(*). */
export const selectStar: ExplainRule = {
  id: 'select-star',
  check({ draft, root }) {
    const exists = new Set(nodesOf(root, 'SubLink').flatMap((link) => (link.subLinkType === 'EXISTS_SUBLINK' && link.subselect && 'SelectStmt' in link.subselect ? [link.subselect.SelectStmt] : [])));
    return nodesOf(root, 'SelectStmt').flatMap((query: SelectStmt): Advice[] => {
      if (exists.has(query)) return [];
      const star = (query.targetList ?? []).flatMap((node) => ('ResTarget' in node && node.ResTarget.val && 'ColumnRef' in node.ResTarget.val && node.ResTarget.val.ColumnRef.fields?.some((field) => 'A_Star' in field) ? [node.ResTarget] : []))[0];
      if (!star) return [];
      const begin = draft.begin(star);
      return [{ level: 'note', text: 'All columns are taken, also wide ones and those that are added later. Naming the ones that are needed reads less, can use covering indexes, and does not change when the table does.', span: begin === null ? null : draft.source.name(begin) }];
    });
  },
};
