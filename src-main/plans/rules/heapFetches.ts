import { called, count, rowsOf, type PlanRule } from './rule';

/** An index-only scan that has to look into the table all the same, because pages are not marked all-visible. */
export const heapFetches: PlanRule<{ minFetches: number; share: number }> = {
  id: 'heap-fetches',
  configuration: { minFetches: 1000, share: 0.2 },
  check({ nodes }) {
    const { minFetches, share } = heapFetches.configuration;
    return nodes.flatMap((node) => {
      const fetches = node.heapFetches ?? 0;
      if (fetches < minFetches || fetches < rowsOf(node) * share) return [];
      return [
        {
          rule: heapFetches.id,
          level: 'note' as const,
          node: node.id,
          message: `${called(node)} went to the table for ${count(fetches)} rows, though the index has all that is asked for.`,
          advice: 'VACUUM marks pages as visible to all, after which the table need not be looked at. Is autovacuum keeping up?',
          statement: node.relation === null ? null : `VACUUM ${node.relation}`,
        },
      ];
    });
  },
};
