import { called, count, stoppedEarly, type PlanRule } from './rule';

/** The planner expected many more or fewer rows than came: what it decided above that node rests on a wrong number. */
export const misestimate: PlanRule<{ factor: number; serious: number; minRows: number }> = {
  id: 'misestimate',
  configuration: { factor: 10, serious: 100, minRows: 100 },
  check({ nodes }) {
    const { factor, serious, minRows } = misestimate.configuration;
    return nodes.flatMap((node) => {
      if (node.misestimate === null || node.actual === null) return [];
      const times = Math.max(node.misestimate, 1 / node.misestimate);
      if (times < factor || Math.max(node.actual.rows, node.estimated.rows) < minRows) return [];
      if (node.misestimate < 1 && stoppedEarly(node, nodes)) return [];
      // The cause lies where the error first appears: a parent that only passes it on says nothing new.
      const inherited = nodes.some((child) => child.parent === node.id && child.misestimate !== null && Math.max(child.misestimate, 1 / child.misestimate) >= times / 2);
      if (inherited) return [];
      return [
        {
          rule: misestimate.id,
          level: times >= serious ? ('serious' as const) : ('warning' as const),
          node: node.id,
          message: `${called(node)}: ${count(node.estimated.rows)} rows were expected, ${count(node.actual.rows)} came, ${count(times)} times ${node.misestimate > 1 ? 'more' : 'fewer'}.`,
          advice: node.relation === null ? 'Look at the conditions of the join: columns that depend on each other need CREATE STATISTICS, expressions need an index or statistics on them.' : 'Fresh statistics come first. Columns that depend on each other need CREATE STATISTICS, skewed ones a higher SET STATISTICS.',
          statement: node.relation === null || !/Scan/.test(node.title) || /CTE|Function|Values|Subquery/.test(node.title) ? null : `ANALYZE ${node.relation}`,
        },
      ];
    });
  },
};
