import { expect, it } from 'vitest';
import { seqScanSelective } from './seqScanSelective';
import { node } from './testSupport';

const scan = (kept: number, removed: number) => seqScanSelective.check({ analyzed: true, nodes: [node({ rows: kept, conditions: [{ label: 'Filter', text: '(a = 1)' }], removed: [{ by: 'Filter', rows: removed }] })] });

it('finds a scan that keeps little of much, and leaves small tables and wide filters alone', () => {
  expect(scan(10, 99_990)).toMatchObject([{ rule: 'seq-scan-selective', node: 0, message: 'Seq Scan on public.t read 100,000 rows to keep 10 (0.0 %): (a = 1)' }]);
  expect(scan(10, 500)).toEqual([]);
  expect(scan(50_000, 50_000)).toEqual([]);
});
