import type { Node, SelectStmt } from '@pgsql/types';
import { listed, quoted } from '../draft';
import { nodesOf, visit } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** Members of FROM with no condition between them multiply their rows. */
export const cartesianJoin: ExplainRule = {
  id: 'cartesian-join',
  check({ draft, root }) {
    return nodesOf(root, 'SelectStmt').flatMap((query): Advice[] => {
      const groups = unconnected(query);
      if (groups.length < 2) return [];
      return [{ level: 'warning', text: `Nothing connects ${listed(groups.map((group) => quoted(group)))}: every row of one is combined with every row of the other. If that is not meant, a join condition is missing.`, span: draft.clause(query.fromClause, ['FROM']) }];
    });
  },
};

/** One name for each group of members of FROM that conditions connect; members that are worked out from others are connected to them. */
function unconnected(query: SelectStmt): string[] {
  const group = new Map<string, string>();
  const find = (name: string): string => (group.get(name) === name || !group.has(name) ? name : find(group.get(name) as string));
  const join = (names: readonly string[]): void => {
    const [first, ...rest] = names.filter((name) => group.has(name)).map(find);
    for (const name of rest) group.set(find(name), find(first as string));
  };
  const members = (query.fromClause ?? []).flatMap(membersOf);
  // A function or subquery may well give a single row; only tables multiply for sure.
  const tables = members.filter(({ table }) => table);
  if (tables.length < 2) return [];
  for (const { name } of members) group.set(name, name);
  const loose = connect(query, members.map(({ name }) => name), join);
  return loose ? [] : [...new Set(tables.map(({ name }) => find(name)))];
}

/** Joins what conditions name together; true where a column without its table could be of any. */
function connect(query: SelectStmt, names: readonly string[], join: (names: readonly string[]) => void): boolean {
  let loose = false;
  const condition = (tree: unknown): void => {
    const used = new Set<string>();
    let bare = 0;
    visit(tree, (value) => {
      const fields = (value['ColumnRef'] as { fields?: Node[] } | undefined)?.fields;
      if (!fields) return;
      const parts = fields.map((node) => ('String' in node ? node.String.sval : undefined));
      if (parts.length === 1) bare += 1;
      else used.add(parts.at(-2) ?? '');
    });
    if (bare > 0 && bare + used.size > 1) loose = true;
    join([...used]);
  };
  const conditions = (node: Node): void => {
    if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') node.BoolExpr.args?.forEach(conditions);
    else condition(node);
  };
  if (query.whereClause) conditions(query.whereClause);
  visit(query.fromClause, (value) => {
    if ('SelectStmt' in value) return false;
    const joining = value['JoinExpr'] as { quals?: Node; usingClause?: Node[]; isNatural?: boolean; larg?: Node; rarg?: Node } | undefined;
    if (joining?.quals ?? joining?.usingClause ?? (joining?.isNatural || undefined)) {
      if (joining?.quals) conditions(joining.quals);
      else join(membersOf(joining?.larg as Node).concat(membersOf(joining?.rarg as Node)).map(({ name }) => name));
    }
    return undefined;
  });
  // What is LATERAL, or a function, is worked out from what stands before it.
  for (const item of query.fromClause ?? []) if (!('RangeVar' in item) && !('JoinExpr' in item)) join(names);
  return loose;
}

function membersOf(item: Node): { name: string; table: boolean }[] {
  if ('JoinExpr' in item) return [item.JoinExpr.larg, item.JoinExpr.rarg].flatMap((side) => (side ? membersOf(side) : []));
  if ('RangeVar' in item) return [{ name: item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? '', table: true }];
  const alias = 'RangeSubselect' in item ? item.RangeSubselect.alias?.aliasname : 'RangeFunction' in item ? item.RangeFunction.alias?.aliasname : undefined;
  return alias === undefined ? [] : [{ name: alias, table: false }];
}
