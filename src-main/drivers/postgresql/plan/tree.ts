import type { PlanNode } from '../../../../src-preload/contract/plans';
import { AppError } from '../../../errors';
import type { ExplainResult } from '../../explain';

type Json = Readonly<Record<string, unknown>>;

/** What is told by fields of a node of its own, or says nothing to a person. */
const known = new Set(
  `Node Type|Parent Relationship|Subplan Name|Parallel Aware|Async Capable|Relation Name|Schema|Alias|Index Name|Join Type|Strategy|Partial Mode|Scan Direction|Command|Operation|Plans|Plan Rows|Plan Width|Startup Cost|Total Cost|
Actual Rows|Actual Loops|Actual Startup Time|Actual Total Time|Sort Method|Sort Space Used|Sort Space Type|Hash Batches|Original Hash Batches|Peak Memory Usage|Heap Fetches|CTE Name|Function Name|Workers|Inner Unique|Disabled|Output|
Shared Hit Blocks|Shared Read Blocks|Shared Dirtied Blocks|Shared Written Blocks|Local Hit Blocks|Local Read Blocks|Local Dirtied Blocks|Local Written Blocks|Temp Read Blocks|Temp Written Blocks`
    .split(/[|\n]+/),
);
const isCondition = (label: string): boolean => !label.startsWith('Rows Removed by ') && / (Cond|Filter|Key)$|^(Filter|Sort Key|Presorted Key|Group Key|One-Time Filter|Order By)$/.test(label);

/** Reads EXPLAIN's JSON; fields as in the PostgreSQL manual, "EXPLAIN", and src/backend/commands/explain.c. */
export function readPlan(json: unknown): Omit<ExplainResult, 'text' | 'json' | 'statement'> {
  const top = (Array.isArray(json) ? json[0] : null) as Json | null;
  const plan = top?.['Plan'] as Json | undefined;
  if (!top || !plan) throw new AppError('server_error', 'The server answered EXPLAIN with a plan that cannot be read.', { hint: 'Only SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, EXECUTE, DECLARE and CREATE ... AS have a plan.' });
  const nodes: PlanNode[] = [];
  walk(plan, nodes, null, 0, 1);
  const triggers = (top['Triggers'] as Json[] | undefined) ?? [];
  return {
    nodes,
    totalCost: number(plan, 'Total Cost') ?? 0,
    estimatedRows: rowsOf(plan),
    planningMs: number(top, 'Planning Time'),
    executionMs: number(top, 'Execution Time'),
    triggers: triggers.map((trigger) => ({ name: text(trigger, 'Trigger Name') ?? '', ms: number(trigger, 'Time') ?? 0, calls: number(trigger, 'Calls') ?? 0 })),
    settings: (top['Settings'] as Record<string, string> | undefined) ?? {},
  };
}

/** A statement that changes rows returns none; the rows that it changes are those of its input. */
function rowsOf(plan: Json): number {
  const input = children(plan)[0];
  return number(plan['Node Type'] === 'ModifyTable' && input ? input : plan, 'Plan Rows') ?? 0;
}

const number = (json: Json, key: string): number | null => (typeof json[key] === 'number' ? json[key] : null);
const text = (json: Json, key: string): string | null => (typeof json[key] === 'string' ? json[key] : null);
const children = (json: Json): Json[] => (Array.isArray(json['Plans']) ? (json['Plans'] as Json[]) : []);

/** `shares`: how many processes run the node at the same time; the server's times are averages of one of them. */
function walk(json: Json, nodes: PlanNode[], parent: number | null, level: number, shares: number): void {
  const id = nodes.length;
  const below = json['Node Type'] === 'Gather' || json['Node Type'] === 'Gather Merge' ? (number(json, 'Workers Launched') ?? 0) + 1 : shares;
  nodes.push(nodeOf(json, id, parent, level, shares, below));
  for (const child of children(json)) walk(child, nodes, id, level + 1, below);
}

/** Milliseconds on the clock over all loops. */
function wallMs(json: Json, shares: number): number | null {
  const total = number(json, 'Actual Total Time');
  return total === null ? null : (total * (number(json, 'Actual Loops') ?? 1)) / shares;
}

function nodeOf(json: Json, id: number, parent: number | null, level: number, shares: number, below: number): PlanNode {
  const inner = children(json);
  const wall = wallMs(json, shares);
  const innerMs = inner.reduce((sum, child) => sum + (wallMs(child, below) ?? 0), 0);
  // An InitPlan's cost is paid once, where it is used; those of the other children are in this node's.
  const innerCost = inner.reduce((sum, child) => sum + (number(child, 'Total Cost') ?? 0), 0);
  const estimated = { rows: number(json, 'Plan Rows') ?? 0, width: number(json, 'Plan Width') ?? 0, startupCost: number(json, 'Startup Cost') ?? 0, totalCost: number(json, 'Total Cost') ?? 0 };
  const actual = actualOf(json);
  return {
    id,
    parent,
    level,
    title: titleOf(json),
    relation: text(json, 'Relation Name') === null ? (text(json, 'CTE Name') ?? text(json, 'Function Name')) : [text(json, 'Schema'), text(json, 'Relation Name')].filter((part) => part !== null).join('.'),
    alias: text(json, 'Alias'),
    index: text(json, 'Index Name'),
    role: roleOf(json),
    estimated,
    actual,
    selfCost: Math.max(0, estimated.totalCost - innerCost),
    selfMs: wall === null ? null : Math.max(0, wall - innerMs),
    misestimate: actual === null || actual.loops === 0 ? null : Math.max(actual.rows, 1) / Math.max(estimated.rows, 1),
    buffers: buffersOf(json),
    conditions: Object.entries(json).filter(([label]) => isCondition(label)).map(([label, value]) => ({ label, text: written(value) })),
    removed: Object.entries(json).flatMap(([label, value]) => (label.startsWith('Rows Removed by ') && typeof value === 'number' ? [{ by: label.slice('Rows Removed by '.length), rows: value }] : [])),
    sort: sortOf(json),
    hash: hashOf(json),
    heapFetches: number(json, 'Heap Fetches'),
    more: Object.entries(json).filter(([label]) => !known.has(label) && !isCondition(label) && !label.startsWith('Rows Removed by ') && !label.endsWith('I/O Read Time') && !label.endsWith('I/O Write Time')).map(([label, value]) => ({ label, text: written(value) })),
  };
}

function actualOf(json: Json): PlanNode['actual'] {
  const loops = number(json, 'Actual Loops');
  return loops === null ? null : { rows: number(json, 'Actual Rows') ?? 0, loops, startupMs: number(json, 'Actual Startup Time'), totalMs: number(json, 'Actual Total Time') };
}

const written = (value: unknown): string => (Array.isArray(value) ? value.map(written).join(', ') : typeof value === 'string' ? value : JSON.stringify(value));

/** As EXPLAIN's text names it: `Hash Left Join`, `HashAggregate`, `Partial Aggregate`, `Parallel Seq Scan`, `Update`. */
function titleOf(json: Json): string {
  const type = text(json, 'Node Type') ?? 'Node';
  const operation = text(json, 'Operation');
  if (type === 'ModifyTable' && operation !== null) return operation;
  const join = text(json, 'Join Type');
  const joined = join === null || join === 'Inner' ? (type === 'Nested Loop' || join === null ? type : `${type} Join`) : `${type} ${join} Join`;
  const strategy = { Sorted: 'Group', Hashed: 'Hash', Mixed: 'Mixed' }[text(json, 'Strategy') ?? ''];
  const named = type === 'Aggregate' && strategy !== undefined ? `${strategy}Aggregate` : joined.replace('Join Join', 'Join');
  const partial = text(json, 'Partial Mode');
  const backward = text(json, 'Scan Direction') === 'Backward' ? ' Backward' : '';
  return `${json['Parallel Aware'] === true ? 'Parallel ' : ''}${partial === null || partial === 'Simple' ? '' : `${partial} `}${named}${backward}`;
}

function roleOf(json: Json): string | null {
  const relationship = text(json, 'Parent Relationship');
  const name = text(json, 'Subplan Name');
  if (name !== null) return name;
  return relationship === 'InitPlan' || relationship === 'SubPlan' ? relationship : null;
}

function buffersOf(json: Json): PlanNode['buffers'] {
  if (number(json, 'Shared Hit Blocks') === null) return null;
  const sum = (name: string): number => (number(json, `Shared ${name} Blocks`) ?? 0) + (number(json, `Local ${name} Blocks`) ?? 0);
  return { hit: sum('Hit'), read: sum('Read'), dirtied: sum('Dirtied'), written: sum('Written'), tempRead: number(json, 'Temp Read Blocks') ?? 0, tempWritten: number(json, 'Temp Written Blocks') ?? 0 };
}

/** The figures of parallel workers stand with each of them: the largest counts. */
function sortOf(json: Json): PlanNode['sort'] {
  const all = [json, ...((json['Workers'] as Json[] | undefined) ?? [])].filter((one) => text(one, 'Sort Method') !== null);
  const worst = all.sort((a, b) => Number(text(b, 'Sort Space Type') === 'Disk') - Number(text(a, 'Sort Space Type') === 'Disk') || (number(b, 'Sort Space Used') ?? 0) - (number(a, 'Sort Space Used') ?? 0))[0];
  return worst ? { method: text(worst, 'Sort Method') ?? '', kilobytes: number(worst, 'Sort Space Used') ?? 0, disk: text(worst, 'Sort Space Type') === 'Disk' } : null;
}

function hashOf(json: Json): PlanNode['hash'] {
  const batches = number(json, 'Hash Batches') ?? number(json, 'HashAgg Batches');
  if (batches === null) return null;
  return { batches, originalBatches: number(json, 'Original Hash Batches') ?? 1, kilobytes: number(json, 'Peak Memory Usage') ?? 0 };
}
