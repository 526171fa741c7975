import { fieldKind, isAdmittedNode } from './admitted';

/** A parse tree's node without its wrapper: its type's name and its fields. */
export interface TreeNode {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the walk met that the lane does not admit. */
export interface Foreign {
  readonly type: string;
  /** Null when the node itself is not admitted. */
  readonly field: string | null;
}

/**
 * Visits every node of a tree, parents first, without recursion so that no depth overflows the stack. Stops at the first node or
 * field that is not admitted and returns it; null when all is admitted.
 */
export function walkAdmitted(root: TreeNode, visit: (node: TreeNode) => void): Foreign | null {
  const pending: TreeNode[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (!isAdmittedNode(node.type)) return { type: node.type, field: null };
    visit(node);
    for (const [field, value] of Object.entries(node.fields)) {
      const kind = fieldKind(node.type, field);
      if (kind === null) return { type: node.type, field };
      if (kind === 'nodes') pending.push(...wrappedNodes(value));
      else if (kind !== 'value') pending.push({ type: kind, fields: value as TreeNode['fields'] });
    }
  }
  return null;
}

/** The nodes in a field that holds a wrapped node or a list of them; empty wrappers stand for absent entries. */
export function wrappedNodes(value: unknown): TreeNode[] {
  const list = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
  return list.flatMap((wrapped) => {
    const [entry] = Object.entries(wrapped as Record<string, unknown>);
    return entry ? [{ type: entry[0], fields: entry[1] as TreeNode['fields'] }] : [];
  });
}

export function wrappedNode(value: unknown): TreeNode | null {
  return wrappedNodes(value)[0] ?? null;
}

/** The texts of a list of String nodes, such as a qualified name. */
export function names(value: unknown): string[] {
  return wrappedNodes(value).flatMap((node) => (node.type === 'String' ? [typeof node.fields['sval'] === 'string' ? node.fields['sval'] : ''] : []));
}
