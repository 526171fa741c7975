import { expect, it } from 'vitest';
import { heapFetches } from './heapFetches';
import { node } from './testSupport';

const scan = (fetches: number) => heapFetches.check({ analyzed: true, nodes: [node({ title: 'Index Only Scan', rows: 10_000, heapFetches: fetches })] });

it('finds an index-only scan that is none', () => {
  expect(scan(9000)).toMatchObject([{ level: 'note', statement: 'VACUUM public.t' }]);
  expect(scan(20)).toEqual([]);
  expect(scan(1500)).toEqual([]);
});
