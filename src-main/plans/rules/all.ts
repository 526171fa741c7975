import type { PlanFinding, PlanNode } from '../../../src-preload/contract/plans';
import { expensiveSeqScan } from './expensiveSeqScan';
import { heapFetches } from './heapFetches';
import { misestimate } from './misestimate';
import { nestedLoop } from './nestedLoop';
import type { PlanRule } from './rule';
import { rowsRemoved } from './rowsRemoved';
import { seqScanSelective } from './seqScanSelective';
import { spill } from './spill';

const rules: readonly PlanRule[] = [seqScanSelective, expensiveSeqScan, misestimate, spill, nestedLoop, rowsRemoved, heapFetches];
const order = { serious: 0, warning: 1, note: 2 } as const;

/** What is worth a look, the gravest first, in the order of the tree. */
export function findingsOf(nodes: readonly PlanNode[], analyzed: boolean): PlanFinding[] {
  return rules.flatMap((rule) => rule.check({ nodes, analyzed })).sort((a, b) => order[a.level] - order[b.level] || a.node - b.node);
}
