import { called, count, type PlanRule } from './rule';

/** Before anything was run: a whole big table is to be read for a few rows, by the planner's own numbers. */
export const expensiveSeqScan: PlanRule<{ minCost: number; keptRows: number }> = {
  id: 'seq-scan-expected',
  configuration: { minCost: 2000, keptRows: 1000 },
  check({ nodes, analyzed }) {
    const { minCost, keptRows } = expensiveSeqScan.configuration;
    if (analyzed) return [];
    return nodes.flatMap((node) => {
      const filter = node.conditions.find(({ label }) => label === 'Filter');
      if (!/Seq Scan$/.test(node.title) || !filter || node.estimated.totalCost < minCost || node.estimated.rows > keptRows) return [];
      return [
        {
          rule: expensiveSeqScan.id,
          level: 'warning' as const,
          node: node.id,
          message: `${called(node)} would read the whole table, cost ${count(node.estimated.totalCost)}, for about ${count(node.estimated.rows)} rows: ${filter.text}`,
          advice: 'An index on the columns of the filter may help. Measure (ANALYZE) to see how many rows it really throws away.',
          statement: null,
        },
      ];
    });
  },
};
