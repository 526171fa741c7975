import type { TreeNode } from './walk';
import { names, walkAdmitted, wrappedNode, wrappedNodes } from './walk';

/** Longer values than this, in characters, are not made out of nothing. A page of text is about 3,000. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Why a statement of the lane makes a value so large that one call on it takes seconds, and nothing can interrupt that call at its
 * time-out (measured on PostgreSQL 15: md5 of 100 MB takes 0.5 s, whatever statement_timeout says); null when it does not. Looks at
 * what the text itself says: a value that grows by the rows of a table is held by the limits of the server alone.
 */
export function growthRefusal(statement: TreeNode): string | null {
  let refusal: string | null = null;
  // The planner works constant calls out, so that EXPLAIN alone computes them too.
  const query = statement.type === 'ExplainStmt' ? wrappedNode(statement.fields['query']) : statement;
  if (!query) return null;
  walkAdmitted(query, (node) => {
    const length = node.type === 'FuncCall' ? grownLength(node) : null;
    if (length !== null && length > MOST_CHARACTERS)
      refusal ??= `calls ${names(node.fields['funcname']).at(-1)} to make a value of ${size(length)}; what works on such a value cannot be interrupted at its time-out`;
  });
  return refusal;
}

function size(characters: number): string {
  return Number.isFinite(characters) ? `${characters.toLocaleString('en-US')} characters` : 'a computed, perhaps huge length';
}

/** The length that `repeat`, `lpad` or `rpad` gives its value; null for other calls and where rows decide. */
function grownLength(call: TreeNode): number | null {
  const [value, count] = wrappedNodes(call.fields['args']);
  if (!value || !count) return null;
  switch (names(call.fields['funcname']).at(-1)) {
    case 'repeat': {
      const times = constantNumber(count);
      return times === null ? null : times * valueLength(value);
    }
    case 'lpad':
    case 'rpad':
      return constantNumber(count);
    default:
      return null;
  }
}

function valueLength(node: TreeNode): number {
  if (node.type === 'TypeCast') return Math.max(1, ...wrappedNodes(node.fields['arg']).map(valueLength));
  if (node.type === 'FuncCall') return Math.max(1, grownLength(node) ?? 1);
  const text = node.type === 'A_Const' ? (node.fields['sval'] as { sval?: string } | undefined)?.sval : undefined;
  return Math.max(1, text?.length ?? 1);
}

/** A literal's value; infinity for an expression of literals, whose value is not worked out here; null where a column takes part. */
function constantNumber(node: TreeNode): number | null {
  if (node.type === 'A_Const') {
    const integer = node.fields['ival'] as { ival?: number } | undefined;
    // The parser leaves a zero out.
    return integer === undefined ? Infinity : (integer.ival ?? 0);
  }
  let fromRows = false;
  walkAdmitted(node, ({ type }) => {
    if (type === 'ColumnRef' || type === 'ParamRef') fromRows = true;
  });
  return fromRows ? null : Infinity;
}
