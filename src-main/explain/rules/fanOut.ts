import type { ColumnRef, FuncCall, Node, RangeVar, SelectStmt } from '@pgsql/types';
import { knownTable, type ExplainContext, type KnownTable } from '../context';
import { listed, quoted } from '../draft';
import { conjuncts, functionName, isAggregate, nodesOf, strings, visit } from '../tree';
import type { Advice, ExplainRule } from './rule';

/** Aggregates whose value changes when a row is there several times. */
const COUNTING = new Set(['sum', 'avg', 'count']);

interface Member {
  readonly alias: string;
  readonly table: KnownTable;
}

/** A join by a foreign key: each row of `one` has any number of rows of `many`. */
interface KeyJoin {
  readonly one: string;
  readonly many: string;
}

/** An aggregate over a table that a join repeats counts its rows several times; told by the catalog's foreign keys. */
export const fanOut: ExplainRule = {
  id: 'fan-out',
  check({ draft, root, context }) {
    if (!context.catalog) return [];
    return nodesOf(root, 'SelectStmt').flatMap((query): Advice[] => {
      const members = (query.fromClause ?? []).flatMap((item) => membersOf(item, context));
      if (members.length < 2) return [];
      const joins = keyJoins(query, members, context);
      const grouped = columnsIn(query.groupClause).flatMap((column) => ownerOf(column, members) ?? []);
      return aggregatesOf(query).flatMap((call): Advice[] => {
        const [column] = columnsIn(call.args);
        const owner = column && ownerOf(column, members);
        if (!column || !owner) return [];
        const repeats = repeatersOf(owner, joins).filter((alias) => !grouped.includes(alias));
        if (repeats.length === 0) return [];
        const tables = listed(repeats.map((alias) => quoted(alias)));
        const text = `${quoted(`${functionName(call)}(${strings(column.fields).join('.')})`)} meets each row of ${quoted(owner)} once for every row of ${tables} that joins it, so that it counts it several times. Aggregate before the join, in a subquery, or use DISTINCT on a key.`;
        return [{ level: 'warning', text, span: draft.source.name(draft.begin(column) ?? 0) }];
      });
    });
  },
};

function membersOf(item: Node, context: ExplainContext): Member[] {
  if ('JoinExpr' in item) return [item.JoinExpr.larg, item.JoinExpr.rarg].flatMap((side) => (side ? membersOf(side, context) : []));
  const relation: RangeVar | null = 'RangeVar' in item ? item.RangeVar : null;
  const table = relation && knownTable(context, relation);
  return table ? [{ alias: relation.alias?.aliasname ?? relation.relname ?? '', table }] : [];
}

/** Calls of the query itself, without those of its subqueries. */
function aggregatesOf(query: SelectStmt): FuncCall[] {
  const found: FuncCall[] = [];
  visit([query.targetList, query.havingClause, query.sortClause], (value) => {
    if ('SelectStmt' in value) return false;
    const call = value['FuncCall'] as FuncCall | undefined;
    if (call && isAggregate(call) && !call.agg_distinct && COUNTING.has(functionName(call))) found.push(call);
    return undefined;
  });
  return found;
}

function columnsIn(tree: unknown): ColumnRef[] {
  return nodesOf(tree, 'ColumnRef');
}

/** The alias of the member that a column is of; undefined where the name could be of several or of none. */
function ownerOf(column: ColumnRef, members: readonly Member[]): string | undefined {
  const [name, alias] = strings(column.fields).reverse();
  const owners = members.filter((member) => (alias === undefined ? member.table.columns.some((known) => known.name === name) : member.alias === alias));
  return owners.length === 1 ? owners[0]?.alias : undefined;
}

function keyJoins(query: SelectStmt, members: readonly Member[], { catalog }: ExplainContext): KeyJoin[] {
  const equal = [...conjuncts(query.whereClause), ...nodesOf(query.fromClause, 'JoinExpr').flatMap(({ quals }) => conjuncts(quals))].flatMap((condition) => {
    const expression = 'A_Expr' in condition && strings(condition.A_Expr.name).join('') === '=' ? condition.A_Expr : null;
    const [left, right] = [expression?.lexpr, expression?.rexpr].map((side) => (side && 'ColumnRef' in side ? side.ColumnRef : undefined));
    return left && right ? [[left, right] as const] : [];
  });
  const using = new Set(nodesOf(query.fromClause, 'JoinExpr').flatMap(({ usingClause }) => strings(usingClause)));
  const isEqual = (one: Member, oneColumn: string, other: Member, otherColumn: string): boolean =>
    (oneColumn === otherColumn && using.has(oneColumn)) ||
    equal.some((sides) => [sides, [...sides].reverse()].some(([a, b]) => a !== undefined && b !== undefined && is(a, one, oneColumn, members) && is(b, other, otherColumn, members)));
  return members.flatMap((many) =>
    members.flatMap((one): KeyJoin[] => {
      const joined = many !== one && (catalog?.foreignKeys ?? []).some(
        (key) =>
          key.schema === many.table.schema && key.table === many.table.name && key.refSchema === one.table.schema && key.refTable === one.table.name &&
          // A key that is the primary key too has one row at most on this side.
          key.columns.slice().sort().join() !== [...many.table.primaryKey].sort().join() && key.columns.every((column, place) => isEqual(many, column, one, key.refColumns[place] ?? '')),
      );
      return joined ? [{ one: one.alias, many: many.alias }] : [];
    }),
  );
}

function is(column: ColumnRef, member: Member, name: string, members: readonly Member[]): boolean {
  return strings(column.fields).at(-1) === name && ownerOf(column, members) === member.alias;
}

/** What repeats the rows of a member: from it to any number of ones, and then to a many. */
function repeatersOf(start: string, joins: readonly KeyJoin[]): string[] {
  const ones = new Set([start]);
  for (const alias of ones) for (const join of joins) if (join.many === alias) ones.add(join.one);
  return [...new Set(joins.filter(({ one, many }) => ones.has(one) && !ones.has(many)).map(({ many }) => many))];
}
