import { called, count, type PlanRule } from './rule';

/** The inner side of a join is run very often, which is cheap a few times and ruinous many times. */
export const nestedLoop: PlanRule<{ loops: number; share: number }> = {
  id: 'nested-loop-many',
  configuration: { loops: 10_000, share: 0.3 },
  check({ nodes }) {
    const { loops, share } = nestedLoop.configuration;
    const all = nodes.reduce((sum, node) => sum + (node.selfMs ?? 0), 0);
    return nodes.flatMap((node) => {
      const above = node.parent === null ? undefined : nodes[node.parent];
      if (!above?.title.startsWith('Nested Loop') || node.actual === null || node.actual.loops < loops) return [];
      const spent = (node.actual.totalMs ?? 0) * node.actual.loops;
      if (all > 0 && spent / all < share) return [];
      return [
        {
          rule: nestedLoop.id,
          level: 'warning' as const,
          node: node.id,
          message: `${called(node)} was run ${count(node.actual.loops)} times, once for each row of the other side.`,
          advice: 'A hash or merge join reads it once. The planner chose this because it expected fewer rows: look for a misestimate on the other side.',
          statement: null,
        },
      ];
    });
  },
};
