import { expect, it } from 'vitest';
import { nestedLoop } from './nestedLoop';
import { node } from './testSupport';

const join = (loops: number, title = 'Nested Loop', inner = 1) =>
  nestedLoop.check({ analyzed: true, nodes: [node({ title, relation: null, selfMs: 10 }), node({ id: 1, parent: 0, level: 1, loops, selfMs: inner * loops, actual: { rows: 1, loops, startupMs: 0, totalMs: inner } })] });

it('finds an inner side that runs very often and takes the time', () => {
  expect(join(20_000)).toMatchObject([{ node: 1, message: 'Seq Scan on public.t was run 20,000 times, once for each row of the other side.' }]);
  expect(join(200)).toEqual([]);
  expect(join(20_000, 'Hash Join')).toEqual([]);
});
