import type { PlanNode, QueryPlan } from '../../src-preload/contract/plans';
import { AppError, toAppError } from '../errors';
import { connectionOf, readAll, readyDemo, timedOut, type CliContext } from './context';
import type { AreaCommand } from './program';

/** `plan "SQL" -c NAME [--analyze]` */
export function addPlanArea(area: AreaCommand): void {
  const top = area(null, '');
  top('plan [sql]', 'estimated cost and rows, the plan as a tree, and what is worth a look', (command) => command.option('--analyze', 'run the statement and measure; one that writes is rolled back and needs --yes'), plan);
}

async function plan(context: CliContext, [operand]: readonly string[], { analyze = false }: { analyze?: boolean }): Promise<void> {
  const { services, options, output, signal } = context;
  const profile = await connectionOf(context);
  const text = operand ?? (context.stdin.isTTY || options.passwordStdin ? undefined : await readAll(context.stdin));
  if (text === undefined || text.trim() === '') throw new AppError('bad_input', 'Which statement?', { hint: 'Give it as an operand or on stdin.' });
  if (services.connections.isDemo(profile.id)) await readyDemo(context);
  const found = await services.plans.explain({ connectionId: options.connection ?? profile.id, text, analyze, confirmed: options.yes ?? false, origin: 'command' }, signal).catch((thrown: unknown) => {
    throw timedOut(signal, options.timeout, true) ?? confirmable(toAppError(thrown));
  });
  if (output.json) return output.document({ ...found, json: JSON.parse(found.json) as unknown });
  await output.results.write(planLines(found).join('\n') + '\n');
}

function confirmable(error: AppError): AppError {
  const { code, message, ...rest } = error.data;
  return code === 'confirm_required' ? new AppError(code, message, { ...rest, hint: `Nothing was sent. Say yes with --yes. ${rest.hint ?? ''}`.trim() }, { cause: error }) : error;
}

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });

/** Cost and rows, the tree, then what is worth a look. */
export function planLines(plan: QueryPlan): string[] {
  const root = plan.nodes[0];
  const head = [
    `Cost ${number(plan.totalCost)}, about ${number(plan.estimatedRows)} ${plan.estimatedRows === 1 ? 'row' : 'rows'} expected`,
    ...(plan.executionMs === null ? [] : [`Ran in ${number(plan.executionMs)} ms (planned in ${number(plan.planningMs ?? 0)} ms)${plan.lane === 'rolled back' ? ', and was rolled back' : ''}${root?.actual ? `; ${number(root.actual.rows * root.actual.loops)} rows came` : ''}`]),
    ...(Object.keys(plan.settings).length === 0 ? [] : [`Settings: ${Object.entries(plan.settings).map(([name, value]) => `${name} = ${value}`).join(', ')}`]),
  ];
  const findings = plan.findings.flatMap((finding) => [
    `${finding.level.toUpperCase()}  ${finding.message}`,
    `  ${finding.advice}`,
    ...(finding.statement === null ? [] : [`  ${finding.statement};`]),
  ]);
  return [...head, '', ...treeLines(plan.nodes), ...(findings.length === 0 ? [] : ['', ...findings])];
}

/** The tree with lines, one node a line, its conditions below. */
function treeLines(nodes: readonly PlanNode[]): string[] {
  const last = (node: PlanNode): boolean => nodes.findLast((other) => other.parent === node.parent) === node;
  const stem = (node: PlanNode): string => {
    const above = node.parent === null ? undefined : nodes[node.parent];
    return above ? `${stem(above)}${above.parent === null ? '' : last(above) ? '   ' : '│  '}` : '';
  };
  return nodes.flatMap((node) => {
    const before = stem(node);
    const branch = node.parent === null ? '' : last(node) ? '└─ ' : '├─ ';
    const inner = node.parent === null ? '' : last(node) ? '   ' : '│  ';
    const deeper = nodes.some((child) => child.parent === node.id) ? '│  ' : '   ';
    return [`${before}${branch}${nodeWords(node)}`, ...node.conditions.map(({ label, text }) => `${before}${inner}${deeper}${label}: ${text}`)];
  });
}

function nodeWords(node: PlanNode): string {
  const where = [node.index === null ? '' : `using ${node.index}`, node.relation === null ? '' : `on ${node.relation}`].filter(Boolean).join(' ');
  const times = node.misestimate === null ? 1 : Math.max(node.misestimate, 1 / node.misestimate);
  const rows = node.actual === null ? `rows ${number(node.estimated.rows)}` : node.actual.loops === 0 ? 'never run' : `rows ${number(node.actual.rows)} of ${number(node.estimated.rows)} expected${times >= 10 ? ` (x${number(times)})` : ''}${node.actual.loops > 1 ? `, ${number(node.actual.loops)} times` : ''}`;
  const effort = node.selfMs === null ? `cost ${number(node.estimated.totalCost)}` : `${number(node.selfMs)} ms`;
  return `${node.role === null ? '' : `${node.role}: `}${[node.title, where].filter(Boolean).join(' ')}  (${rows}, ${effort})`;
}
