import type { PlanNode, QueryPlan } from '../../src-preload/contract/plans';

/** How far an explain goes: only planned; run in a transaction that the server keeps read-only; run in one that is rolled back. */
export type ExplainLane = QueryPlan['lane'];

/** What the planner expects of a statement, and what a run of it measured. */
export interface ExplainResult extends Pick<QueryPlan, 'totalCost' | 'estimatedRows' | 'planningMs' | 'executionMs' | 'triggers' | 'settings' | 'statement'> {
  readonly nodes: readonly PlanNode[];
  /** The plan as the engine prints it. */
  readonly text: string;
  /** The plan as the engine's JSON. */
  readonly json: unknown;
}
