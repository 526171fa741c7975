import type { JoinExpr, Node } from '@pgsql/types';
import { quoted } from '../draft';
import { conjuncts, nodesOf, visit } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** A filter on the optional side of an outer join throws away the rows that the join kept. */
export const outerJoinUndone: ExplainRule = {
  id: 'outer-join-undone',
  check({ draft, root }) {
    return nodesOf(root, 'SelectStmt').flatMap((query) => {
      const optional = new Set((query.fromClause ?? []).flatMap(optionalSides));
      return conjuncts(query.whereClause).flatMap((condition): Advice[] => {
        const name = rejectsNull(condition) ? sidesOf(condition).find((side) => optional.has(side)) : undefined;
        const begin = draft.begin(condition);
        if (name === undefined || begin === null) return [];
        const range = draft.source.clauseFrom(begin, 'AND', 'OR');
        return [{ level: 'warning', text: `The outer join keeps rows without a partner in ${quoted(name)}, and this filter throws them away again, so that it works like an inner join. Put the condition into ON to keep them, or write an inner join.`, span: range }];
      });
    });
  },
};

function optionalSides(item: Node): string[] {
  if (!('JoinExpr' in item)) return [];
  const { jointype, larg, rarg }: JoinExpr = item.JoinExpr;
  const inner = [larg, rarg].flatMap((side) => (side ? optionalSides(side) : []));
  const named = (side: Node | undefined): string[] => (side && 'RangeVar' in side ? [side.RangeVar.alias?.aliasname ?? side.RangeVar.relname ?? ''] : side && 'RangeSubselect' in side ? [side.RangeSubselect.alias?.aliasname ?? ''] : []);
  return [...inner, ...(jointype === 'JOIN_LEFT' ? named(rarg) : jointype === 'JOIN_RIGHT' ? named(larg) : [])];
}

/** Plain comparisons are not true for NULL; whatever calls a function such as coalesce, or asks for NULL, may be. */
function rejectsNull(condition: Node): boolean {
  if (!('A_Expr' in condition) || ['AEXPR_DISTINCT', 'AEXPR_NOT_DISTINCT'].includes(condition.A_Expr.kind ?? '')) return false;
  let plain = true;
  visit(condition, (value) => {
    if ('FuncCall' in value || 'CoalesceExpr' in value || 'CaseExpr' in value || 'SubLink' in value) plain = false;
  });
  return plain;
}

function sidesOf(condition: Node): string[] {
  return nodesOf(condition, 'ColumnRef').flatMap(({ fields }) => {
    const parts = (fields ?? []).map((node) => ('String' in node ? node.String.sval : undefined));
    return parts.length > 1 && parts.at(-2) !== undefined ? [parts.at(-2) as string] : [];
  });
}
