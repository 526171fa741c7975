import { expect, it } from 'vitest';
import { misestimate } from './misestimate';
import { node } from './testSupport';

it('finds where the error begins, says how large it is, and proposes fresh statistics', () => {
  const found = misestimate.check({ analyzed: true, nodes: [node({ title: 'Hash Join', relation: null, rows: 50_000, expected: 10 }), node({ id: 1, parent: 0, level: 1, rows: 50_000, expected: 10 })] });
  expect(found).toMatchObject([{ node: 1, level: 'serious', statement: 'ANALYZE public.t', message: 'Seq Scan on public.t: 10 rows were expected, 50,000 came, 5,000 times more.' }]);
});

it('warns from ten times on, and not of small numbers', () => {
  expect(misestimate.check({ analyzed: true, nodes: [node({ rows: 2000, expected: 100 })] })).toMatchObject([{ level: 'warning' }]);
  expect(misestimate.check({ analyzed: true, nodes: [node({ rows: 500, expected: 100 })] })).toEqual([]);
  expect(misestimate.check({ analyzed: true, nodes: [node({ rows: 90, expected: 1 })] })).toEqual([]);
});

it('does not blame a scan that a LIMIT stopped', () => {
  const below = (title: string) => misestimate.check({ analyzed: true, nodes: [node({ title, relation: null }), node({ id: 1, parent: 0, level: 1, rows: 5, expected: 100_000 })] });
  expect(below('Limit')).toEqual([]);
  expect(below('Sort')).toHaveLength(1);
});
