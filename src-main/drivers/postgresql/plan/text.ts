import type { PlanNode } from '../../../../src-preload/contract/plans';

/** The plan as EXPLAIN's text shows it, from the same answer as the tree, so that nothing has to be run twice. */
export function planText(nodes: readonly PlanNode[]): string {
  return nodes.flatMap((node) => nodeLines(node)).join('\n');
}

function nodeLines(node: PlanNode): string[] {
  const indent = '      '.repeat(Math.max(0, node.level - 1)) + (node.level > 0 ? '  ' : '');
  const deeper = `${indent}${node.level > 0 ? '      ' : '  '}`;
  const details = [
    ...node.conditions.map(({ label, text }) => `${label}: ${text}`),
    ...node.removed.map(({ by, rows }) => `Rows Removed by ${by}: ${rows}`),
    ...(node.sort ? [`Sort Method: ${node.sort.method}  ${node.sort.disk ? 'Disk' : 'Memory'}: ${node.sort.kilobytes}kB`] : []),
    ...(node.hash ? [`Batches: ${node.hash.batches}  Memory Usage: ${node.hash.kilobytes}kB`] : []),
    ...(node.heapFetches === null ? [] : [`Heap Fetches: ${node.heapFetches}`]),
    ...(node.buffers ? bufferLine(node.buffers) : []),
  ];
  const role = node.role === null ? [] : [`${indent}${node.role}`];
  return [...role, `${indent}${node.level > 0 ? '->  ' : ''}${headOf(node)}`, ...details.map((line) => deeper + line)];
}

/** `Index Scan using users_pkey on users u  (cost=0.29..8.31 rows=1 width=4) (actual time=0.02..0.02 rows=1 loops=1)` */
export function headOf(node: PlanNode): string {
  const using = node.index === null ? '' : node.relation === null ? ` on ${node.index}` : ` using ${node.index}`;
  const alias = node.alias === null || node.relation?.split('.').at(-1) === node.alias ? '' : ` ${node.alias}`;
  const on = node.relation === null ? (node.alias === null ? '' : ` on ${node.alias}`) : ` on ${node.relation}${alias}`;
  const { estimated, actual } = node;
  const cost = `(cost=${estimated.startupCost.toFixed(2)}..${estimated.totalCost.toFixed(2)} rows=${estimated.rows} width=${estimated.width})`;
  const measured = actual === null ? '' : actual.loops === 0 ? ' (never executed)' : ` (actual${actual.totalMs === null ? '' : ` time=${(actual.startupMs ?? 0).toFixed(3)}..${actual.totalMs.toFixed(3)}`} rows=${actual.rows} loops=${actual.loops})`;
  return `${node.title}${using}${on}  ${cost}${measured}`;
}

function bufferLine(buffers: NonNullable<PlanNode['buffers']>): string[] {
  const parts = Object.entries(buffers).filter(([, pages]) => pages > 0);
  return parts.length === 0 ? [] : [`Buffers: ${parts.map(([name, pages]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}=${pages}`).join(' ')}`];
}
