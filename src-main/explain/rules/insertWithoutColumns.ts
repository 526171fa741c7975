import { quoted } from '../draft';
import { nodesOf, relationName } from '../tree';
import type { ExplainRule } from './rule';

/** INSERT by position breaks, or fills the wrong columns, when the table changes. */
export const insertWithoutColumns: ExplainRule = {
  id: 'insert-without-columns',
  check({ draft, root }) {
    return nodesOf(root, 'InsertStmt').flatMap(({ relation, cols, selectStmt }) =>
      relation && !cols && selectStmt
        ? [{ level: 'note' as const, text: `The columns of ${quoted(relationName(relation))} are not named, so that values go by position: a change of the table puts them elsewhere or makes the statement fail.`, span: draft.source.name(draft.begin(relation) ?? 0) }]
        : [],
    );
  },
};
