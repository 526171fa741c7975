import type { SelectStmt } from '@pgsql/types';
import { nodesOf } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** A subquery among the results that looks at the row runs once for each row. */
export const scalarPerRow: ExplainRule = {
  id: 'scalar-subquery-per-row',
  check({ draft, root }) {
    return nodesOf(root, 'SelectStmt').flatMap((query: SelectStmt): Advice[] => {
      const outer = aliasesOf(query);
      return nodesOf(query.targetList, 'SubLink').flatMap(({ subselect, subLinkType }): Advice[] => {
        if (!subselect || !('SelectStmt' in subselect) || subLinkType === 'EXISTS_SUBLINK') return [];
        const own = aliasesOf(subselect.SelectStmt);
        const looksOut = nodesOf(subselect, 'ColumnRef').some(({ fields }) => {
          const [qualifier] = (fields ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''));
          return (fields?.length ?? 0) > 1 && qualifier !== undefined && outer.has(qualifier) && !own.has(qualifier);
        });
        const begin = draft.begin(subselect);
        const word = begin === null ? null : draft.source.wordBefore(begin, 'SELECT');
        return looksOut ? [{ level: 'note', text: 'This subquery looks at the row around it, and so runs once for each row that comes back. A join to a grouped subquery, or LATERAL, may do it in one go.', span: word && draft.source.parenthesesAround(word.from) }] : [];
      });
    });
  },
};

function aliasesOf(query: SelectStmt): Set<string> {
  const names = (query.fromClause ?? []).flatMap((item) => nodesOf(item, 'RangeVar'));
  return new Set(names.map(({ alias, relname }) => alias?.aliasname ?? relname ?? ''));
}
