/**
 * What a statement of the read-only lane may be made of: every node type and every field that the lane admits. A node or a field
 * that does not stand here is refused, so that syntax of tomorrow is refused until somebody has looked at it.
 *
 * `value`: a scalar without meaning for the guard. `nodes`: a node or a list of nodes. Any other word: the struct type that
 * stands in the field without a wrapper (see @pgsql/types).
 */
type Field = 'value' | 'nodes' | StructName;
type StructName =
  | 'Alias' | 'CTECycleClause' | 'CTESearchClause' | 'CollateClause' | 'JsonAggConstructor' | 'JsonBehavior' | 'JsonFormat'
  | 'JsonKeyValue' | 'JsonOutput' | 'JsonReturning' | 'JsonTablePathSpec' | 'JsonValueExpr' | 'SelectStmt' | 'TypeName' | 'WindowDef'
  | 'WithClause';

const json = { output: 'JsonOutput', absent_on_null: 'value', unique: 'value' } as const;

const admittedNodes: Record<string, Record<string, Field>> = {
  // intoClause and lockingClause are missing on purpose.
  SelectStmt: {
    distinctClause: 'nodes', targetList: 'nodes', fromClause: 'nodes', whereClause: 'nodes', groupClause: 'nodes', groupDistinct: 'value',
    havingClause: 'nodes', windowClause: 'nodes', valuesLists: 'nodes', sortClause: 'nodes', limitOffset: 'nodes', limitCount: 'nodes',
    limitOption: 'value', withClause: 'WithClause', op: 'value', all: 'value', larg: 'SelectStmt', rarg: 'SelectStmt',
  },
  WithClause: { ctes: 'nodes', recursive: 'value' },
  CommonTableExpr: {
    ctename: 'value', aliascolnames: 'nodes', ctematerialized: 'value', ctequery: 'nodes', search_clause: 'CTESearchClause', cycle_clause: 'CTECycleClause',
  },
  CTESearchClause: { search_col_list: 'nodes', search_breadth_first: 'value', search_seq_column: 'value' },
  CTECycleClause: { cycle_col_list: 'nodes', cycle_mark_column: 'value', cycle_mark_value: 'nodes', cycle_mark_default: 'nodes', cycle_path_column: 'value' },
  ResTarget: { name: 'value', val: 'nodes' },
  ColumnRef: { fields: 'nodes' },
  A_Star: {},
  A_Const: { ival: 'value', fval: 'value', boolval: 'value', sval: 'value', bsval: 'value', isnull: 'value' },
  A_Expr: { kind: 'value', name: 'nodes', lexpr: 'nodes', rexpr: 'nodes', rexpr_list_start: 'value', rexpr_list_end: 'value' },
  BoolExpr: { boolop: 'value', args: 'nodes' },
  FuncCall: {
    funcname: 'nodes', args: 'nodes', agg_order: 'nodes', agg_filter: 'nodes', over: 'WindowDef', agg_within_group: 'value', agg_star: 'value',
    agg_distinct: 'value', func_variadic: 'value', funcformat: 'value',
  },
  NamedArgExpr: { arg: 'nodes', name: 'value', argnumber: 'value' },
  TypeCast: { arg: 'nodes', typeName: 'TypeName' },
  TypeName: { names: 'nodes', typmods: 'nodes', typemod: 'value', arrayBounds: 'nodes' },
  SubLink: { subLinkType: 'value', subLinkId: 'value', testexpr: 'nodes', operName: 'nodes', subselect: 'nodes' },
  CaseExpr: { arg: 'nodes', args: 'nodes', defresult: 'nodes' },
  CaseWhen: { expr: 'nodes', result: 'nodes' },
  CoalesceExpr: { args: 'nodes' },
  MinMaxExpr: { op: 'value', args: 'nodes' },
  NullTest: { arg: 'nodes', nulltesttype: 'value', argisrow: 'value' },
  BooleanTest: { arg: 'nodes', booltesttype: 'value' },
  RowExpr: { args: 'nodes', row_format: 'value', colnames: 'nodes' },
  A_ArrayExpr: { elements: 'nodes', list_start: 'value', list_end: 'value' },
  A_Indirection: { arg: 'nodes', indirection: 'nodes' },
  A_Indices: { is_slice: 'value', lidx: 'nodes', uidx: 'nodes' },
  ParamRef: { number: 'value' },
  CollateClause: { arg: 'nodes', collname: 'nodes' },
  SortBy: { node: 'nodes', sortby_dir: 'value', sortby_nulls: 'value', useOp: 'nodes' },
  WindowDef: { name: 'value', refname: 'value', partitionClause: 'nodes', orderClause: 'nodes', frameOptions: 'value', startOffset: 'nodes', endOffset: 'nodes' },
  RangeVar: { catalogname: 'value', schemaname: 'value', relname: 'value', inh: 'value', relpersistence: 'value', alias: 'Alias' },
  RangeSubselect: { lateral: 'value', subquery: 'nodes', alias: 'Alias' },
  RangeFunction: { lateral: 'value', ordinality: 'value', is_rowsfrom: 'value', functions: 'nodes', alias: 'Alias', coldeflist: 'nodes' },
  RangeTableSample: { relation: 'nodes', method: 'nodes', args: 'nodes', repeatable: 'nodes' },
  ColumnDef: { colname: 'value', typeName: 'TypeName', is_local: 'value', collClause: 'CollateClause' },
  JoinExpr: { jointype: 'value', isNatural: 'value', larg: 'nodes', rarg: 'nodes', usingClause: 'nodes', join_using_alias: 'Alias', quals: 'nodes', alias: 'Alias' },
  Alias: { aliasname: 'value', colnames: 'nodes' },
  GroupingSet: { kind: 'value', content: 'nodes' },
  GroupingFunc: { args: 'nodes' },
  SQLValueFunction: { op: 'value', typmod: 'value' },
  XmlExpr: { op: 'value', name: 'value', named_args: 'nodes', arg_names: 'nodes', args: 'nodes', xmloption: 'value', indent: 'value' },
  XmlSerialize: { xmloption: 'value', expr: 'nodes', typeName: 'TypeName', indent: 'value' },
  List: { items: 'nodes' },
  String: { sval: 'value' },
  Integer: { ival: 'value' },
  Float: { fval: 'value' },
  Boolean: { boolval: 'value' },
  BitString: { bsval: 'value' },
  JsonValueExpr: { raw_expr: 'nodes', format: 'JsonFormat' },
  JsonFormat: { format_type: 'value', encoding: 'value' },
  JsonOutput: { typeName: 'TypeName', returning: 'JsonReturning' },
  JsonReturning: { format: 'JsonFormat' },
  JsonBehavior: { btype: 'value', expr: 'nodes' },
  JsonArgument: { val: 'JsonValueExpr', name: 'value' },
  JsonFuncExpr: {
    op: 'value', column_name: 'value', context_item: 'JsonValueExpr', pathspec: 'nodes', passing: 'nodes', output: 'JsonOutput', on_empty: 'JsonBehavior',
    on_error: 'JsonBehavior', wrapper: 'value', quotes: 'value',
  },
  JsonKeyValue: { key: 'nodes', value: 'JsonValueExpr' },
  JsonObjectConstructor: { exprs: 'nodes', ...json },
  JsonArrayConstructor: { exprs: 'nodes', ...json },
  JsonArrayQueryConstructor: { query: 'nodes', format: 'JsonFormat', ...json },
  JsonAggConstructor: { output: 'JsonOutput', agg_filter: 'nodes', agg_order: 'nodes', over: 'WindowDef' },
  JsonObjectAgg: { ['constructor']: 'JsonAggConstructor' as Field, arg: 'JsonKeyValue', ...json },
  JsonArrayAgg: { ['constructor']: 'JsonAggConstructor' as Field, arg: 'JsonValueExpr', ...json },
  JsonParseExpr: { expr: 'JsonValueExpr', output: 'JsonOutput', unique_keys: 'value' },
  JsonScalarExpr: { expr: 'nodes', output: 'JsonOutput' },
  JsonSerializeExpr: { expr: 'JsonValueExpr', output: 'JsonOutput' },
  JsonIsPredicate: { expr: 'nodes', format: 'JsonFormat', item_type: 'value', unique_keys: 'value' },
  JsonTable: {
    context_item: 'JsonValueExpr', pathspec: 'JsonTablePathSpec', passing: 'nodes', columns: 'nodes', on_error: 'JsonBehavior', alias: 'Alias', lateral: 'value',
  },
  JsonTableColumn: {
    coltype: 'value', name: 'value', typeName: 'TypeName', pathspec: 'JsonTablePathSpec', format: 'JsonFormat', wrapper: 'value', quotes: 'value',
    columns: 'nodes', on_empty: 'JsonBehavior', on_error: 'JsonBehavior',
  },
  JsonTablePathSpec: { string: 'nodes', name: 'value', name_location: 'value' },
};

const admitted = new Map(Object.entries(admittedNodes).map(([type, fields]) => [type, new Map(Object.entries(fields))]));

/** How to read a field of a node type: null when the lane does not admit it. */
export function fieldKind(type: string, field: string): Field | null {
  return field === 'location' ? 'value' : (admitted.get(type)?.get(field) ?? null);
}

export function isAdmittedNode(type: string): boolean {
  return admitted.has(type);
}
