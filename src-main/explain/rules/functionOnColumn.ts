import type { A_Expr, Node } from '@pgsql/types';
import { knownTable } from '../context';
import { quoted } from '../draft';
import { relationOf } from '../sections';
import { nodesOf, relationName, strings } from '../tree';
import { expressionSpan } from './places';
import type { Advice, ExplainRule, Subject } from './rule';

const COMPARED = new Set(['=', '<', '>', '<=', '>=']);

/** An index on a column does not help where the column is inside of a function; said only in filters and joins. */
export const functionOnColumn: ExplainRule = {
  id: 'function-on-column',
  check(subject) {
    const { draft, root } = subject;
    const filters = [...nodesOf(root, 'SelectStmt').flatMap((query) => [query.whereClause]), ...nodesOf(root, 'UpdateStmt').map((one) => one.whereClause), ...nodesOf(root, 'DeleteStmt').map((one) => one.whereClause), ...nodesOf(root, 'JoinExpr').map((join) => join.quals)];
    const seen = new Set<A_Expr>();
    return filters.flatMap((filter) => nodesOf(filter, 'A_Expr')).flatMap((expression): Advice[] => {
      if (seen.has(expression) || !COMPARED.has(strings(expression.name).at(-1) ?? '') || !['AEXPR_OP', 'AEXPR_IN'].includes(expression.kind ?? '')) return [];
      seen.add(expression);
      const column = columnInside(expression.lexpr) ?? columnInside(expression.rexpr);
      return column === null ? [] : adviceOn(subject, column, draft, expression);
    });
  },
};

/** Where the column stands that is the argument of a function or cast; null where the side is something else. */
function columnInside(side: Node | undefined): number | null {
  const args = side && 'FuncCall' in side && side.FuncCall.over === undefined && side.FuncCall.agg_star !== true ? (side.FuncCall.args ?? []) : side && 'TypeCast' in side && side.TypeCast.arg ? [side.TypeCast.arg] : [];
  for (const arg of args) if ('ColumnRef' in arg) return arg.ColumnRef.location ?? 0;
  return null;
}

function adviceOn({ names, context }: Subject, location: number, draft: Subject['draft'], expression: A_Expr): Advice[] {
  const column = names.columns.find((one) => one.location === location);
  if (!column) return [];
  const relation = relationOf(column, context);
  const indexed = relation && knownTable(context, relation)?.indexes.find(({ definition }) => definition.includes(`(${column.column}`));
  const span = expressionSpan(draft, expression);
  if (indexed && relation) {
    return [{ level: 'warning', text: `The column ${quoted(column.name)} of ${quoted(relationName(relation))} has the index ${quoted(indexed.name)}, which cannot be used here, because a function or cast stands around the column. Compare the bare column with a range or value instead, or index the expression.`, span }];
  }
  return [{ level: 'note', text: `A function or cast stands around ${quoted(column.name)}: an ordinary index on the column cannot be used here, only one on the expression.`, span }];
}
