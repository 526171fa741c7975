import { z } from 'zod';
import { call, defineContract } from './core';

const conditionText = z.object({ label: z.string(), text: z.string() });

/** One step of a plan; a plan is the list of its nodes in the order of the tree, each with the place of its parent. */
export const planNode = z.object({
  /** Its place in the list. */
  id: z.number().int(),
  parent: z.number().int().nullable(),
  level: z.number().int(),
  /** As the server calls it, with the kind of join or strategy: `Hash Left Join`, `Parallel Seq Scan`. */
  title: z.string(),
  relation: z.string().nullable(),
  alias: z.string().nullable(),
  index: z.string().nullable(),
  /** What it does for its parent: `Subquery`, `InitPlan`, `CTE users`. */
  role: z.string().nullable(),
  estimated: z.object({ rows: z.number(), width: z.number(), startupCost: z.number(), totalCost: z.number() }),
  /** Averages for each loop, as the server measures them; null where nothing was run. */
  actual: z.object({ rows: z.number(), loops: z.number(), startupMs: z.number().nullable(), totalMs: z.number().nullable() }).nullable(),
  /** Cost of this node without its children, in the engine's units. */
  selfCost: z.number(),
  /** Time of this node without its children over all loops, in milliseconds. */
  selfMs: z.number().nullable(),
  /** How many times more (above 1) or fewer (below 1) rows came than were expected; null where nothing was run. */
  misestimate: z.number().nullable(),
  /** Pages of 8 KiB over all loops. */
  buffers: z.object({ hit: z.number(), read: z.number(), dirtied: z.number(), written: z.number(), tempRead: z.number(), tempWritten: z.number() }).nullable(),
  conditions: z.array(conditionText),
  /** Rows that a condition threw away, for each loop. */
  removed: z.array(z.object({ by: z.string(), rows: z.number() })),
  sort: z.object({ method: z.string(), kilobytes: z.number(), disk: z.boolean() }).nullable(),
  hash: z.object({ batches: z.number(), originalBatches: z.number(), kilobytes: z.number() }).nullable(),
  heapFetches: z.number().nullable(),
  /** Everything else that the server told of it. */
  more: z.array(conditionText),
});
export type PlanNode = z.infer<typeof planNode>;

export const planFinding = z.object({
  rule: z.string(),
  level: z.enum(['note', 'warning', 'serious']),
  node: z.number().int(),
  /** What is wrong, with the numbers that show it. */
  message: z.string(),
  /** What may help. */
  advice: z.string(),
  /** A statement that may mend it; null where none can be written. */
  statement: z.string().nullable(),
});
export type PlanFinding = z.infer<typeof planFinding>;

export const queryPlan = z.object({
  nodes: z.array(planNode),
  /** Whether the statement was run. */
  analyzed: z.boolean(),
  totalCost: z.number(),
  estimatedRows: z.number(),
  planningMs: z.number().nullable(),
  executionMs: z.number().nullable(),
  triggers: z.array(z.object({ name: z.string(), ms: z.number(), calls: z.number() })),
  /** Planner settings that differ from their defaults. */
  settings: z.record(z.string(), z.string()),
  /** The plan as lines. */
  text: z.string(),
  /** The server's JSON, indented. */
  json: z.string(),
  findings: z.array(planFinding),
  /** The statement that was sent. */
  statement: z.string(),
  /** In which way it was run: see `explain`. */
  lane: z.enum(['planned', 'read-only', 'rolled back']),
});
export type QueryPlan = z.infer<typeof queryPlan>;

export const plansContract = defineContract('plans', {
  /**
   * Plans one statement, and with `analyze` runs it and measures. What only reads is run in the read-only lane. What writes is run in
   * a transaction that is rolled back, and only with the yes of a person: without `confirmed` it rejects with `confirm_required`;
   * on a read-only connection with `refused`. Positions of errors are in `text`.
   */
  explain: call(z.object({ connectionId: z.string(), text: z.string().min(1).max(1_000_000), analyze: z.boolean(), confirmed: z.boolean().default(false) }), queryPlan),
});
