import { called, count, type PlanRule } from './rule';

/** A sort, hash or aggregate that did not fit into work_mem and went through files. */
export const spill: PlanRule<Record<never, never>> = {
  id: 'spill-to-disk',
  configuration: {},
  check({ nodes }) {
    return nodes.flatMap((node) => {
      const sorted = node.sort?.disk === true ? `wrote ${count(node.sort.kilobytes)} kB to disk (${node.sort.method})` : null;
      const hashed = node.hash !== null && node.hash.batches > 1 ? `needed ${count(node.hash.batches)} batches${node.hash.originalBatches > 1 ? '' : ' where one was planned'}, with files in between` : null;
      const what = sorted ?? hashed;
      if (what === null) return [];
      const kilobytes = sorted === null ? (node.hash?.kilobytes ?? 0) * (node.hash?.batches ?? 1) : (node.sort?.kilobytes ?? 0) * 3;
      return [
        {
          rule: spill.id,
          level: 'warning' as const,
          node: node.id,
          message: `${called(node)} ${what}.`,
          advice: 'More work_mem for this session, or fewer and narrower rows on the way here. Every node of every session may use that much.',
          statement: `SET work_mem = '${Math.max(8, 2 ** Math.ceil(Math.log2(Math.max(1, kilobytes) / 1024)))}MB'`,
        },
      ];
    });
  },
};
