import type { PlanNode } from '../../../src-preload/contract/plans';

/** A node for tests of rules: 100 rows expected and come, in one run, unless said otherwise. */
export function node(over: Partial<PlanNode> & { rows?: number; expected?: number; loops?: number }): PlanNode {
  const { rows = 100, expected = 100, loops = 1, ...rest } = over;
  return {
    id: 0,
    parent: null,
    level: 0,
    title: 'Seq Scan',
    relation: 'public.t',
    alias: 't',
    index: null,
    role: null,
    estimated: { rows: expected, width: 4, startupCost: 0, totalCost: 100 },
    actual: { rows, loops, startupMs: 0, totalMs: 1 },
    selfCost: 100,
    selfMs: 1,
    misestimate: Math.max(rows, 1) / Math.max(expected, 1),
    buffers: null,
    conditions: [],
    removed: [],
    sort: null,
    hash: null,
    heapFetches: null,
    more: [],
    ...rest,
  };
}
