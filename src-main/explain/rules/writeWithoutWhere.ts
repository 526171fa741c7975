import { quoted } from '../draft';
import { targetSpan } from '../fromClause';
import { nodesOf, relationName } from '../tree';
import type { ExplainRule } from './rule';

/** UPDATE and DELETE that nothing narrows down. */
export const writeWithoutWhere: ExplainRule = {
  id: 'write-without-where',
  check({ draft, root }) {
    const writes = [...nodesOf(root, 'UpdateStmt').map((statement) => ({ statement, word: 'UPDATE' })), ...nodesOf(root, 'DeleteStmt').map((statement) => ({ statement, word: 'DELETE' }))];
    return writes.flatMap(({ statement: { relation, whereClause }, word }) =>
      relation && !whereClause
        ? [{ level: 'serious' as const, text: `This ${word} has no WHERE: it changes every row of ${quoted(relationName(relation))}. If that is not meant, write the condition first.`, span: targetSpan(draft, relation, word) }]
        : [],
    );
  },
};
