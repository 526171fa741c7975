import { z } from 'zod';
import { AppError } from '../errors';
import type { Lane } from './lane';

/** What the planner expects of a statement that was not run. */
export interface PlanSummary {
  /** The engine's cost units. */
  readonly cost: number;
  /** Rows that come back. */
  readonly rows: number;
  /** One line a node, indented. */
  readonly lines: readonly string[];
}

const prefix = 'EXPLAIN (FORMAT JSON) ';

interface PlanNode {
  'Node Type': string;
  'Plan Rows': number;
  'Total Cost': number;
  'Relation Name'?: string | undefined;
  'Index Name'?: string | undefined;
  'Filter'?: string | undefined;
  'Index Cond'?: string | undefined;
  'Hash Cond'?: string | undefined;
  'Plans'?: PlanNode[] | undefined;
}

/** The fields used here; source: PostgreSQL manual, EXPLAIN, FORMAT JSON. */
const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Plan Rows': z.number(),
    'Total Cost': z.number(),
    'Relation Name': z.string().optional(),
    'Index Name': z.string().optional(),
    'Filter': z.string().optional(),
    'Index Cond': z.string().optional(),
    'Hash Cond': z.string().optional(),
    'Plans': z.array(planNode).optional(),
  }),
);
const planJson = z.array(z.object({ Plan: planNode })).min(1);

/**
 * EXPLAIN through the read-only lane, so that a text that the guard does not admit is not planned either: planning runs stable
 * functions. Positions of errors are in `text`. Rejects as the lane does.
 */
export async function planOf(lane: Lane, text: string, signal: AbortSignal): Promise<PlanSummary> {
  const { rows } = await lane.rows({ text: prefix + text }, signal).catch((error: unknown) => {
    throw error instanceof AppError ? shifted(error, prefix.length) : error;
  });
  const plan = planJson.safeParse(JSON.parse(rows.map((row) => row[0] ?? '').join('\n') || 'null'));
  const root = plan.data?.[0]?.Plan;
  if (!root) throw new AppError('server_error', 'The server answered EXPLAIN with a plan that cannot be read.', { hint: 'The query itself may still be right: run it in the editor.' });
  return { cost: root['Total Cost'], rows: root['Plan Rows'], lines: planLines(root, 0) };
}

function shifted(error: AppError, by: number): AppError {
  const { code, message, ...rest } = error.data;
  if (rest.position === undefined) return error;
  return new AppError(code, message, { ...rest, position: Math.max(0, rest.position - by) }, { cause: error });
}

function planLines(node: PlanNode, depth: number): string[] {
  const on = node['Relation Name'] ? ` on ${node['Relation Name']}` : '';
  const using = node['Index Name'] ? ` using ${node['Index Name']}` : '';
  const condition = node['Index Cond'] ?? node['Hash Cond'] ?? node.Filter;
  const line = `${'  '.repeat(depth)}${node['Node Type']}${using}${on}  rows ${node['Plan Rows']}  cost ${node['Total Cost']}${condition ? `  ${condition.slice(0, 200)}` : ''}`;
  return [line, ...(node.Plans ?? []).flatMap((child) => planLines(child, depth + 1))].slice(0, 60);
}
