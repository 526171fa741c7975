/**
 * Reads PostgreSQL's stored node trees (pg_node_tree as text), such as a view's rule. The format is that of outfuncs.c: nodes as
 * `{TYPE :field value ...}`, lists in parentheses, special characters of strings behind a backslash.
 */
export interface TreeReferences {
  readonly functions: number[];
  readonly operators: number[];
  /** Types that a value is turned into. */
  readonly casts: number[];
  /** The rows that it reads are locked. */
  readonly locksRows: boolean;
}

const FUNCTIONS = /:(?:funcid|aggfnoid|winfnoid|tsmhandler|startInRangeFunc|endInRangeFunc|hashfuncid|negfuncid) (\d+)/g;
const OPERATORS = /:(?:opno|eqop|sortop|cycle_mark_neop) (\d+)/g;
const OPERATOR_LISTS = /:opnos \(o ([\d ]+)\)/g;
const CASTS = /:(?:resulttype|typid) (\d+)/g;

export function treeReferences(tree: string): TreeReferences {
  const lists = captured(OPERATOR_LISTS, tree).flatMap((list) => list.trim().split(' '));
  const numbers = (list: string[]): number[] => [...new Set(list.map(Number))].filter((oid) => oid !== 0);
  return {
    functions: numbers(captured(FUNCTIONS, tree)),
    operators: numbers([...captured(OPERATORS, tree), ...lists]),
    casts: numbers(captured(CASTS, tree)),
    locksRows: tree.includes('{ROWMARKCLAUSE '),
  };
}

function captured(pattern: RegExp, tree: string): string[] {
  return Array.from(tree.matchAll(pattern), (match) => match[1] ?? '');
}

/**
 * Calls that the planner may compute already when it plans, because no column takes part in them: functions and operators of
 * nodes that hold no VAR.
 */
export function constantCalls(tree: string): { functions: number[]; operators: number[] } {
  const calls = nodeTexts(tree).filter((node) => !node.includes('{VAR '));
  const functions = calls.flatMap((node) => firstNumber(/^\{FUNCEXPR :funcid (\d+)/, node));
  const operators = calls.flatMap((node) => firstNumber(/^\{(?:OPEXPR|DISTINCTEXPR|NULLIFEXPR|SCALARARRAYOPEXPR) :opno (\d+)/, node));
  return { functions, operators };
}

function firstNumber(pattern: RegExp, node: string): number[] {
  const match = pattern.exec(node);
  return match ? [Number(match[1])] : [];
}

/** The texts of all nodes, inner ones too. */
function nodeTexts(tree: string): string[] {
  const found: string[] = [];
  const open: number[] = [];
  for (let index = 0; index < tree.length; index += 1) {
    if (tree[index] === '\\') index += 1;
    else if (tree[index] === '{') open.push(index);
    else if (tree[index] === '}') found.push(tree.slice(open.pop() ?? 0, index + 1));
  }
  return found;
}
