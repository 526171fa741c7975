import { expect, it } from 'vitest';
import { rowsRemoved } from './rowsRemoved';
import { node } from './testSupport';

const scan = (removed: number, title = 'Index Scan') => rowsRemoved.check({ analyzed: true, nodes: [node({ title, index: 't_a', rows: 10, removed: [{ by: 'Filter', rows: removed }] })] });

it('finds an index that finds too many', () => {
  expect(scan(100_000)).toMatchObject([{ message: 'Index Scan on public.t found 100,010 rows and threw 100,000 of them away (filter).' }]);
  expect(scan(100)).toEqual([]);
  // A whole scan is another rule's.
  expect(scan(100_000, 'Seq Scan')).toEqual([]);
});
