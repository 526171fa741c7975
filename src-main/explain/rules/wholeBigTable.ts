import type { SelectStmt } from '@pgsql/types';
import { knownTable } from '../context';
import { plural, quoted } from '../draft';
import { hasAggregate, nodesOf, relationName } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** Rows from which on a table is not fetched whole by chance. */
const BIG = 1_000_000;

/** A query that gives back every row of a big table. */
export const wholeBigTable: ExplainRule = {
  id: 'whole-big-table',
  check({ draft, root, context }) {
    return nodesOf(root, 'SelectStmt').flatMap((query): Advice[] => {
      const [item, ...more] = query.fromClause ?? [];
      if (!item || more.length > 0 || !('RangeVar' in item) || narrowed(query)) return [];
      const rows = knownTable(context, item.RangeVar)?.rows ?? 0;
      if (rows < BIG) return [];
      return [{ level: 'warning', text: `${quoted(relationName(item.RangeVar))} has about ${plural(Math.round(rows), 'row')}, and nothing narrows them: every one is read. WHERE or LIMIT may be missing.`, span: draft.source.name(draft.begin(item) ?? 0) }];
    });
  },
};

function narrowed(query: SelectStmt): boolean {
  return query.whereClause !== undefined || query.limitCount !== undefined || query.groupClause !== undefined || query.distinctClause !== undefined || hasAggregate(query);
}
