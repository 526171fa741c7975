/** A message as a node of its conversation's tree. Several questions without a parent, or with the same one, are branches. */
export interface BranchNode {
  readonly id: string;
  readonly parentId: string | null;
  /** Grows with each message of the conversation. */
  readonly position: number;
}

const byPosition = (a: BranchNode, b: BranchNode): number => a.position - b.position;

/** From the first message to `leafId`, which is the last one; all in one line where the leaf is unknown: the newest. */
export function pathTo<N extends BranchNode>(nodes: readonly N[], leafId: string | null): N[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  let node = (leafId === null ? undefined : byId.get(leafId)) ?? nodes.toSorted(byPosition).at(-1);
  const path: N[] = [];
  // A damaged store must not turn into an endless walk.
  for (; node && !path.includes(node); node = node.parentId === null ? undefined : byId.get(node.parentId)) path.push(node);
  return path.reverse();
}

/** The messages that stand at the same place as one, itself included, the oldest first. */
export function siblingsOf<N extends BranchNode>(nodes: readonly N[], node: N): N[] {
  return nodes.filter((other) => other.parentId === node.parentId).sort(byPosition);
}

/** The end of the branch that goes through a message: at each fork the newest way. */
export function leafBelow<N extends BranchNode>(nodes: readonly N[], node: N): N {
  const children = nodes.filter((other) => other.parentId === node.id).sort(byPosition);
  const newest = children.at(-1);
  return newest ? leafBelow(nodes, newest) : node;
}

/** A message and everything that was said after it. */
export function subtree<N extends BranchNode>(nodes: readonly N[], node: N): N[] {
  return [node, ...nodes.filter((other) => other.parentId === node.id).flatMap((child) => subtree(nodes, child))];
}
