import type { PlanFinding, PlanNode } from '../../../src-preload/contract/plans';

/** A plan as the rules see it: plain data. */
export interface Plan {
  readonly nodes: readonly PlanNode[];
  /** Whether it was run. */
  readonly analyzed: boolean;
}

/** One rule of advice: one file, one test. `check` is pure. */
export interface PlanRule<Configuration extends object = object> {
  readonly id: string;
  readonly configuration: Configuration;
  check(plan: Plan): PlanFinding[];
}

/** Rows of a node over all loops. */
export const rowsOf = ({ actual, estimated }: PlanNode): number => (actual === null ? estimated.rows : actual.rows * actual.loops);

export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** How a node is named in a sentence. */
export function called(node: PlanNode): string {
  return node.relation === null ? node.title : `${node.title} on ${node.relation}`;
}

/** Whether something above stops the node early, so that it gives fewer rows than it could. */
export function stoppedEarly(node: PlanNode, nodes: readonly PlanNode[]): boolean {
  for (let at = node.parent === null ? undefined : nodes[node.parent]; at; at = at.parent === null ? undefined : nodes[at.parent]) {
    if (at.title === 'Limit' || /\b(Semi|Anti)\b/.test(at.title) || at.title.startsWith('Merge ')) return true;
    if (at.title === 'Sort' || at.title === 'Hash' || at.title.includes('Aggregate') || at.title === 'Materialize') return false;
  }
  return false;
}
