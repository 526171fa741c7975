import type { PlanNode, QueryPlan } from '../../src-preload/contract/plans';
import type { ExplainContext } from './context';
import { listed, plural, quoted, type Draft } from './draft';
import { hasAggregate, nodesOf } from './tree';
import type { Node, SelectStmt } from '@pgsql/types';

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });

/** What the planner expects; without a plan, what the text alone shows. */
export function performanceSection(draft: Draft, root: Node, { plan, catalog }: ExplainContext): void {
  const say = (text: string): void => draft.say('performance', text, null);
  if (plan) planWords(plan).forEach(say);
  else textWords(root).forEach(say);
  if (!plan) say(catalog ? 'There is no plan of this statement, so that nothing is said of its real cost.' : 'No database was looked at, so that nothing is said of real sizes, indexes and costs.');
}

function planWords(plan: QueryPlan): string[] {
  const scans = plan.nodes.filter(({ relation, title }) => relation !== null && / Scan\b/.test(title)).map(scanWords);
  const heavy = [...plan.nodes].sort((a, b) => b.selfCost - a.selfCost)[0];
  const share = heavy && plan.totalCost > 0 ? Math.min(100, Math.round((heavy.selfCost / plan.totalCost) * 100)) : 0;
  return [
    `The planner expects about ${plural(Math.round(plan.estimatedRows), 'row')} at a cost of ${number(plan.totalCost)}, in units in which reading one page of a table in order costs 1. Nothing was run.`,
    ...new Set(scans),
    ...(heavy && share >= 40 && plan.nodes.length > 1 ? [`The most costly step is ${heavy.title}${heavy.relation === null ? '' : ` on ${quoted(heavy.relation)}`}, with ${share} % of the cost.`] : []),
    ...settingsWords(plan.settings),
  ];
}

function settingsWords(settings: QueryPlan['settings']): string[] {
  const entries = Object.entries(settings).map(([name, value]) => `${quoted(name)} is ${quoted(value)}`);
  return entries.length === 0 ? [] : [`Settings of the planner differ from their defaults: ${listed(entries)}.`];
}

function scanWords(node: PlanNode): string {
  const how = node.index !== null ? `through the index ${quoted(node.index)}` : /Seq Scan$/.test(node.title) ? 'from one end to the other' : `by a ${node.title}`;
  const conditions = node.conditions.map(({ label, text }) => `${label} ${quoted(text)}`);
  return `Reads ${quoted(node.relation ?? '')} ${how}, for up to about ${plural(Math.round(node.estimated.rows), 'row')}${conditions.length === 0 ? '' : ` (${listed(conditions)})`}.`;
}

/** What must be done whatever the plan. */
function textWords(root: Node): string[] {
  const queries = [...nodesOf(root, 'SelectStmt')] as SelectStmt[];
  const sorted = queries.some((query) => query.sortClause);
  const grouped = queries.some((query) => query.groupClause ?? query.distinctClause ?? (hasAggregate(query) || undefined));
  return [
    ...(sorted ? ['The rows must be sorted, unless an index gives them in that order.'] : []),
    ...(grouped ? ['All the rows that the filters leave are read before the first result comes.'] : []),
  ];
}
