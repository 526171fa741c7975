import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedColumn, pinnedColumn, restored, type Arrangement } from './columnLayout';

const start: Arrangement = { order: ['0', '1', '2', '3'], pinned: [] };

describe('the arrangement of columns', () => {
  it('puts a column before or after another one', () => {
    expect(movedColumn(start, '0', '2', true).order).toEqual(['1', '2', '0', '3']);
    expect(movedColumn(start, '3', '0', false).order).toEqual(['3', '0', '1', '2']);
    expect(movedColumn(start, '1', '1', true)).toEqual(start);
  });

  it('pins what is put beside a pinned column, and unpins what is put elsewhere', () => {
    const pinned = pinnedColumn(pinnedColumn(start, '2', true), '0', true);
    expect(pinned.pinned).toEqual(['2', '0']);
    expect(movedColumn(pinned, '3', '2', true).pinned).toEqual(['2', '3', '0']);
    expect(movedColumn(pinned, '0', '3', false)).toEqual({ order: ['1', '2', '0', '3'], pinned: ['2'] });
    expect(pinnedColumn(pinned, '2', false)).toEqual({ order: start.order, pinned: ['0'] });
  });

  it('never loses or doubles a column, whatever is done', () => {
    const step = fc.record({ column: fc.integer({ min: 0, max: 5 }), target: fc.integer({ min: 0, max: 5 }), after: fc.boolean(), pin: fc.option(fc.boolean()) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let now: Arrangement = { order: ['0', '1', '2', '3', '4', '5'], pinned: [] };
        for (const { column, target, after, pin } of steps) now = pin === null ? movedColumn(now, String(column), String(target), after) : pinnedColumn(now, String(column), pin);
        expect([...now.order].sort()).toEqual(['0', '1', '2', '3', '4', '5']);
        expect(new Set(now.pinned).size).toBe(now.pinned.length);
      }),
    );
  });

  it('takes a kept layout of another number of columns without losing one, and never hides all', () => {
    expect(restored({ order: [2, 9, 0, 2], pinned: [9, 1], hidden: [0, 1, 2], widths: { 0: 90, 7: 50 } }, 3)).toEqual({ order: ['2', '0', '1'], pinned: ['1'], hidden: {}, widths: { 0: 90 } });
    expect(restored({ order: [], pinned: [], hidden: [1], widths: {} }, 3)).toMatchObject({ order: ['0', '1', '2'], hidden: { 1: false } });
  });
});
