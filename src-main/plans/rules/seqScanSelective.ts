import { called, count, rowsOf, type PlanRule } from './rule';

/** Reads a whole table to keep a small part of it, which is what indexes are for. */
export const seqScanSelective: PlanRule<{ minRows: number; keptShare: number }> = {
  id: 'seq-scan-selective',
  configuration: { minRows: 10_000, keptShare: 0.1 },
  check({ nodes }) {
    const { minRows, keptShare } = seqScanSelective.configuration;
    return nodes.flatMap((node) => {
      const filter = node.conditions.find(({ label }) => label === 'Filter');
      if (!/Seq Scan$/.test(node.title) || !filter || node.actual === null) return [];
      const kept = rowsOf(node);
      const removed = node.removed.reduce((sum, { rows }) => sum + rows, 0) * node.actual.loops;
      const read = kept + removed;
      if (read < minRows || kept / read > keptShare) return [];
      return [
        {
          rule: seqScanSelective.id,
          level: 'warning' as const,
          node: node.id,
          message: `${called(node)} read ${count(read)} rows to keep ${count(kept)} (${((kept / read) * 100).toFixed(1)} %): ${filter.text}`,
          advice: 'An index on the columns of the filter would read only the rows that are kept. Try it on a copy or with CREATE INDEX CONCURRENTLY, and compare the plans.',
          statement: null,
        },
      ];
    });
  },
};
