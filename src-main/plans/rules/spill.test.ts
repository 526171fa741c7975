import { expect, it } from 'vitest';
import { spill } from './spill';
import { node } from './testSupport';

it('finds sorts on disk and hashes in batches, and says how much memory would do', () => {
  const nodes = [
    node({ title: 'Sort', relation: null, sort: { method: 'external merge', kilobytes: 20_000, disk: true } }),
    node({ id: 1, title: 'Hash', relation: null, hash: { batches: 8, originalBatches: 1, kilobytes: 4096 } }),
    node({ id: 2, title: 'Sort', relation: null, sort: { method: 'quicksort', kilobytes: 50, disk: false } }),
    node({ id: 3, title: 'Hash', relation: null, hash: { batches: 1, originalBatches: 1, kilobytes: 50 } }),
  ];
  expect(spill.check({ analyzed: true, nodes })).toMatchObject([
    { node: 0, message: 'Sort wrote 20,000 kB to disk (external merge).', statement: "SET work_mem = '64MB'" },
    { node: 1, statement: "SET work_mem = '32MB'" },
  ]);
});
