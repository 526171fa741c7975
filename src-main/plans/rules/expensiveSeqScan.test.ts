import { expect, it } from 'vitest';
import { expensiveSeqScan } from './expensiveSeqScan';
import { node } from './testSupport';

const expected = (totalCost: number, rows: number, analyzed = false) =>
  expensiveSeqScan.check({ analyzed, nodes: [node({ actual: null, misestimate: null, conditions: [{ label: 'Filter', text: '(a = 1)' }], estimated: { rows, width: 4, startupCost: 0, totalCost } })] });

it('finds what the planner itself finds dear, only where nothing was measured', () => {
  expect(expected(50_000, 5)).toMatchObject([{ rule: 'seq-scan-expected', node: 0 }]);
  expect(expected(50, 5)).toEqual([]);
  expect(expected(50_000, 40_000)).toEqual([]);
  expect(expected(50_000, 5, true)).toEqual([]);
});
