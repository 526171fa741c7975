import type { FuncCall, Node, RangeVar, SelectStmt } from '@pgsql/types';

/** The name of a node's type, such as `SelectStmt`. */
export function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? '';
}

/** The fields of a node, whatever its type. */
export function fieldsOf(node: Node): Readonly<Record<string, unknown>> {
  return Object.values(node)[0] as Readonly<Record<string, unknown>>;
}

/** The texts of a list of String nodes. */
export function strings(list: readonly Node[] | undefined): string[] {
  return (list ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

/** A relation as it is written: `schema.name`, in the grammar's spelling (names without quotes are lower case there). */
export function relationName({ catalogname, schemaname, relname }: RangeVar): string {
  return [catalogname, schemaname, relname].filter((part) => part !== undefined && part !== '').join('.');
}

/** Where the first node of a tree stands, in bytes; null where none says. A place of 0 is left out by the grammar and cannot be told from none. */
export function firstLocation(tree: unknown): number | null {
  let least: number | null = null;
  visit(tree, (value) => {
    for (const field of ['location', 'name_location']) {
      const place = value[field];
      if (typeof place === 'number' && place >= 0 && (least === null || place < least)) least = place;
    }
  });
  return least;
}

type Struct = Readonly<Record<string, unknown>>;

/** Calls `see` with every struct of a tree, parents first; what it answers with false is not gone into. No depth overflows the stack. */
export function visit(tree: unknown, see: (value: Struct) => boolean | void): void {
  const pending: unknown[] = [tree];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (Array.isArray(value)) pending.push(...(value as unknown[]).filter((item) => item !== undefined).reverse());
    else if (typeof value === 'object' && value !== null) {
      if (see(value as Struct) === false) continue;
      pending.push(...Object.values(value as Struct).reverse().filter((field) => typeof field === 'object'));
    }
  }
}

/** All nodes of a type, in the order of the text as far as the tree has it. */
export function nodesOf<K extends string>(tree: unknown, kind: K): Extract<Node, Record<K, unknown>>[K][] {
  const found: Extract<Node, Record<K, unknown>>[K][] = [];
  visit(tree, (value) => {
    if (kind in value) found.push(value[kind] as Extract<Node, Record<K, unknown>>[K]);
  });
  return found;
}

const AGGREGATES = new Set(
  (
    'any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank every json_agg json_agg_strict json_object_agg json_object_agg_strict ' +
    'json_object_agg_unique jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique max min mode percent_rank percentile_cont percentile_disc range_agg ' +
    'range_intersect_agg rank regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg'
  ).split(' '),
);
/** Aggregates only with WITHIN GROUP, else window functions. */
const HYPOTHETICAL = new Set(['cume_dist', 'dense_rank', 'percent_rank', 'rank']);

export function functionName(call: FuncCall): string {
  return strings(call.funcname).at(-1) ?? '';
}

/** Whether a call gathers rows: PostgreSQL's own aggregates by name, others where their syntax shows it. A window function is none. */
export function isAggregate(call: FuncCall): boolean {
  if (call.over !== undefined) return false;
  if (call.agg_star || call.agg_distinct || call.agg_filter !== undefined || call.agg_within_group || call.agg_order !== undefined) return true;
  const [name = '', schema = 'pg_catalog'] = strings(call.funcname).reverse();
  return schema === 'pg_catalog' && AGGREGATES.has(name) && !HYPOTHETICAL.has(name);
}

/** Whether a query itself gathers rows, not counting queries inside of it. */
export function hasAggregate(query: SelectStmt): boolean {
  let found = false;
  visit([query.targetList, query.havingClause, query.sortClause], (value) => {
    if ('SelectStmt' in value) return false;
    if ('FuncCall' in value && isAggregate(value['FuncCall'] as FuncCall)) found = true;
    if ('JsonObjectAgg' in value || 'JsonArrayAgg' in value) found = true;
    return undefined;
  });
  return found;
}

/** What AND joins: the conditions that must all hold. */
export function conjuncts(condition: Node | undefined): Node[] {
  if (condition === undefined) return [];
  return 'BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR' ? (condition.BoolExpr.args ?? []).flatMap(conjuncts) : [condition];
}
