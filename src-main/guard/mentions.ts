import { names, walkAdmitted, wrappedNode, wrappedNodes } from './walk';
import type { Foreign, TreeNode } from './walk';

/** How much is known of an argument before the server has looked at it: an `unknown` literal or parameter takes any type. */
export type Shape = 'unknown' | 'row' | 'typed';

export interface FunctionMention {
  readonly schema: string | null;
  readonly name: string;
  /** Null when the number of arguments is not known. */
  readonly args: readonly Shape[] | null;
  readonly named: readonly string[];
}

export interface OperatorMention {
  readonly schema: string | null;
  readonly name: string;
  readonly left: Shape | null;
  readonly right: Shape | null;
}

export interface TypeMention {
  readonly schema: string | null;
  readonly name: string;
  /** It was written as a call with one argument, which is a cast only when no function has the name. */
  readonly asCall: boolean;
}

export interface RelationMention {
  readonly catalog: string | null;
  readonly schema: string | null;
  readonly name: string;
}

/** Everything in a statement that has a name which the server looks up, and which may run code. */
export interface Mentions {
  readonly functions: FunctionMention[];
  readonly operators: OperatorMention[];
  /** Types that values are turned into. */
  readonly types: TypeMention[];
  readonly relations: RelationMention[];
  /** Names behind a dot: `t.f` is the function f(t) when t has no such column. */
  readonly attributes: Set<string>;
  /** Names that a WITH clause gives; a relation of this name may be meant where the clause does not reach. */
  readonly withNames: Set<string>;
  /** Syntax that older servers read as calls of ordinary functions. */
  readonly newSyntax: Set<string>;
}

/** Collects the mentions of an admitted tree; `foreign` is the first thing in it that the lane does not admit. */
export function collectMentions(root: TreeNode): { mentions: Mentions; foreign: Foreign | null } {
  const mentions: Mentions = {
    functions: [], operators: [], types: [], relations: [], attributes: new Set(), withNames: new Set(), newSyntax: new Set(),
  };
  const foreign = walkAdmitted(root, (node) => collectors[node.type]?.(node.fields, mentions));
  return { mentions, foreign };
}

type Fields = TreeNode['fields'];
type Collector = (fields: Fields, into: Mentions) => void;

const collectors: Record<string, Collector> = {
  FuncCall: collectCall,
  A_Expr: collectExpression,
  TypeName: (fields, into) => {
    const [name = '', schema = null] = names(fields['names']).reverse();
    into.types.push({ schema, name, asCall: false });
  },
  RangeVar: (fields, into) =>
    into.relations.push({ catalog: text(fields['catalogname']), schema: text(fields['schemaname']), name: text(fields['relname']) ?? '' }),
  CommonTableExpr: (fields, into) => into.withNames.add(text(fields['ctename']) ?? ''),
  CTECycleClause: (_fields, into) => addOperator(into, ['=']),
  ColumnRef: (fields, into) => {
    for (const name of names(fields['fields']).slice(1)) into.attributes.add(name);
  },
  A_Indirection: (fields, into) => {
    for (const name of names(fields['indirection'])) into.attributes.add(name);
  },
  SubLink: (fields, into) => {
    const operator = names(fields['operName']);
    if (fields['testexpr'] !== undefined) addOperator(into, operator.length > 0 ? operator : ['='], shape(fields['testexpr']));
  },
  CaseExpr: (fields, into) => {
    if (fields['arg'] === undefined) return;
    for (const when of wrappedNodes(fields['args'])) addOperator(into, ['='], shape(fields['arg']), shape(when.fields['expr']));
  },
  SortBy: (fields, into) => {
    const operator = names(fields['useOp']);
    if (operator.length > 0) addOperator(into, operator, 'typed', 'typed');
  },
  JoinExpr: (fields, into) => {
    if (fields['usingClause'] !== undefined || fields['isNatural'] === true) addOperator(into, ['='], 'typed', 'typed');
  },
  RangeFunction: (fields) => {
    for (const list of wrappedNodes(fields['functions'])) {
      const call = wrappedNodes(list.fields['items'])[0];
      if (call?.type === 'FuncCall' && isSpreadUnnest(call.fields)) spreadCalls.add(call.fields);
    }
  },
  RangeTableSample: (fields, into) => {
    const [name, schema] = names(fields['method']).reverse();
    into.functions.push({ schema: schema ?? null, name: name ?? '', args: null, named: [] });
  },
  JsonFuncExpr: (fields, into) => into.newSyntax.add({ JSON_EXISTS_OP: 'json_exists', JSON_QUERY_OP: 'json_query' }[String(fields['op'])] ?? 'json_value'),
  JsonObjectConstructor: (_fields, into) => into.newSyntax.add('json_object'),
  JsonArrayConstructor: (_fields, into) => into.newSyntax.add('json_array'),
  JsonArrayQueryConstructor: (_fields, into) => into.newSyntax.add('json_array'),
  JsonObjectAgg: (_fields, into) => into.newSyntax.add('json_objectagg'),
  JsonArrayAgg: (_fields, into) => into.newSyntax.add('json_arrayagg'),
  JsonParseExpr: (_fields, into) => into.newSyntax.add('json'),
  JsonScalarExpr: (_fields, into) => into.newSyntax.add('json_scalar'),
  JsonSerializeExpr: (_fields, into) => into.newSyntax.add('json_serialize'),
  JsonTable: (_fields, into) => into.newSyntax.add('json_table'),
};

/** Calls in FROM that stand for one call for each argument. */
const spreadCalls = new WeakSet<Fields>();

/** `FROM unnest(a, b)` is `ROWS FROM (unnest(a), unnest(b))`; source: PostgreSQL's transformRangeFunction. */
function isSpreadUnnest(fields: Fields): boolean {
  const plain = ['agg_order', 'agg_filter', 'over', 'agg_star', 'agg_distinct', 'func_variadic'].every((field) => fields[field] === undefined);
  return plain && names(fields['funcname']).join('.') === 'unnest' && wrappedNodes(fields['args']).length > 1;
}

function collectCall(fields: Fields, into: Mentions): void {
  if (spreadCalls.has(fields)) {
    for (const arg of wrappedNodes(fields['args'])) into.functions.push({ schema: null, name: 'unnest', args: [nodeShape(arg)], named: [] });
    return;
  }
  const [name = '', schema = null] = names(fields['funcname']).reverse();
  const args = wrappedNodes(fields['args']);
  const direct = args.map((arg) => nodeShape(arg));
  const ordered = fields['agg_within_group'] === true ? wrappedNodes(fields['agg_order']).map((sort) => shape(sort.fields['node'])) : [];
  const named = args.flatMap((arg) => (arg.type === 'NamedArgExpr' ? [text(arg.fields['name']) ?? ''] : []));
  into.functions.push({ schema, name, args: fields['func_variadic'] === true ? null : [...direct, ...ordered], named });
  // A call with one argument is a cast when its name is a type's.
  if (direct.length === 1) into.types.push({ schema, name, asCall: true });
}

/** The operators behind the keywords; source: PostgreSQL's parse_expr.c. */
const BETWEEN: Record<string, readonly string[]> = {
  AEXPR_BETWEEN: ['>=', '<='],
  AEXPR_NOT_BETWEEN: ['<', '>'],
  AEXPR_BETWEEN_SYM: ['>=', '<='],
  AEXPR_NOT_BETWEEN_SYM: ['<', '>'],
};

function collectExpression(fields: Fields, into: Mentions): void {
  const left = fields['lexpr'] === undefined ? null : shape(fields['lexpr']);
  const between = BETWEEN[String(fields['kind'])];
  const rights = rightOperands(fields['rexpr']);
  if (!between) {
    for (const right of rights) addOperator(into, names(fields['name']), left, right);
    return;
  }
  for (const operator of between) {
    for (const right of rights) addOperator(into, [operator], left, right);
  }
}

/** `x IN (1, 'a')` compares with each; `x = ANY (array)` with the array's elements, which are typed. */
function rightOperands(value: unknown): (Shape | null)[] {
  const node = wrappedNode(value);
  if (!node) return [null];
  return node.type === 'List' ? [...new Set(wrappedNodes(node.fields['items']).map((item) => nodeShape(item)))] : [nodeShape(node)];
}

function addOperator(into: Mentions, qualified: readonly string[], left: Shape | null = 'typed', right: Shape | null = 'typed'): void {
  const [name = '', schema = null] = [...qualified].reverse();
  into.operators.push({ schema, name, left, right });
}

function shape(value: unknown): Shape {
  const node = wrappedNode(value);
  return node ? nodeShape(node) : 'typed';
}

function nodeShape(start: TreeNode): Shape {
  let node: TreeNode | null = start;
  while (node && (node.type === 'NamedArgExpr' || node.type === 'CollateClause')) node = wrappedNode(node.fields['arg']);
  if (!node) return 'typed';
  if (node.type === 'ParamRef' || (node.type === 'A_Const' && (node.fields['sval'] !== undefined || node.fields['isnull'] === true))) return 'unknown';
  return node.type === 'RowExpr' ? 'row' : 'typed';
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * The mentions as a server of this major version understands them: JSON constructors came with 16, the other JSON syntax with 17, and
 * older servers look for ordinary functions of these names.
 */
export function withOldSyntax(mentions: Mentions, version: number): Mentions {
  const since16 = ['json_object', 'json_array', 'json_objectagg', 'json_arrayagg'];
  const calls = [...mentions.newSyntax].filter((name) => version < (since16.includes(name) ? 16 : 17));
  if (calls.length === 0) return mentions;
  return { ...mentions, functions: [...mentions.functions, ...calls.map((name) => ({ schema: null, name, args: null, named: [] }))] };
}
