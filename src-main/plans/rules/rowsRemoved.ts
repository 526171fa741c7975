import { called, count, rowsOf, type PlanRule } from './rule';

/** An index finds rows that a further filter then throws away. */
export const rowsRemoved: PlanRule<{ minRows: number; share: number }> = {
  id: 'rows-removed-by-filter',
  configuration: { minRows: 10_000, share: 0.9 },
  check({ nodes }) {
    const { minRows, share } = rowsRemoved.configuration;
    return nodes.flatMap((node) => {
      if (/Seq Scan$/.test(node.title) || node.actual === null) return [];
      const removed = node.removed.reduce((sum, { rows }) => sum + rows, 0) * node.actual.loops;
      const kept = rowsOf(node);
      if (removed < minRows || removed / (removed + kept) < share) return [];
      const by = node.removed.map(({ by: label }) => label.toLowerCase()).join(', ');
      return [
        {
          rule: rowsRemoved.id,
          level: 'warning' as const,
          node: node.id,
          message: `${called(node)} found ${count(removed + kept)} rows and threw ${count(removed)} of them away (${by}).`,
          advice: node.index === null ? 'Filter earlier, before rows are joined or built.' : `The index ${node.index} finds too many: one with the filter's columns too, or a partial one, would find the right rows at once.`,
          statement: null,
        },
      ];
    });
  },
};
