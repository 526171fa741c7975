import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLog, foldEdits, newRowId, redo, undo, withStep } from '../../src-preload/contract/rowEditFold';
import { editLog, type EditLog, type RowEdit } from '../../src-preload/contract/rowEditLog';

const original = { id: '1', name: 'a', note: null };
const set = (column: string, text: string): RowEdit => ({ kind: 'set', row: '["1"]', column, value: { kind: 'text', text }, original });
const fold = (...edits: RowEdit[]) => foldEdits({ steps: edits.map((edit) => [edit]) });

describe('foldEdits', () => {
  it('keeps the last value of a cell, and forgets one that is as it was read', () => {
    expect(fold(set('name', 'b'), set('name', 'c'))).toEqual([{ kind: 'update', row: '["1"]', original, values: { name: { kind: 'text', text: 'c' } } }]);
    expect(fold(set('name', 'b'), set('name', 'a'))).toEqual([]);
    expect(fold({ kind: 'set', row: '["1"]', column: 'note', value: { kind: 'null' }, original })).toEqual([]);
    expect(fold(set('note', ''))).toHaveLength(1);
  });

  it('deletes a row whatever was set, and takes back an inserted one', () => {
    expect(fold(set('name', 'b'), { kind: 'delete', row: '["1"]' }, set('name', 'c'))).toEqual([{ kind: 'delete', row: '["1"]', original }]);
    expect(fold({ kind: 'insert', row: 'new:1', values: {} }, { kind: 'delete', row: 'new:1' })).toEqual([]);
  });

  it('discards a cell or a row', () => {
    expect(fold(set('name', 'b'), set('note', 'n'), { kind: 'discard', row: '["1"]', column: 'name' })[0]).toMatchObject({ values: { note: { text: 'n' } } });
    expect(fold(set('name', 'b'), { kind: 'discard', row: '["1"]' })).toEqual([]);
  });

  it('keeps the edits over a row that was seen anew', () => {
    const theirs = { id: '1', name: 'theirs', note: null };
    expect(fold(set('name', 'mine'), { kind: 'rebase', row: '["1"]', original: theirs })).toEqual([{ kind: 'update', row: '["1"]', original: theirs, values: { name: { kind: 'text', text: 'mine' } } }]);
  });
});

const edits = fc.oneof(
  fc.record({ row: fc.constantFrom('["1"]', '["2"]'), column: fc.constantFrom('name', 'note'), text: fc.string() }).map(({ row, column, text }): RowEdit => ({ kind: 'set', row, column, value: { kind: 'text', text }, original })),
  fc.constantFrom<RowEdit>({ kind: 'delete', row: '["1"]', original }, { kind: 'discard', row: '["2"]' }, { kind: 'insert', row: 'new:1', values: {} }),
);

describe('the log', () => {
  it('comes back to the same changes by undo and redo, and survives being stored', () => {
    fc.assert(
      fc.property(fc.array(fc.array(edits, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), fc.nat(12), (steps, back) => {
        const log = steps.reduce<EditLog>((now, step) => withStep(now, step), emptyLog);
        let moved = log;
        for (let count = 0; count < back; count++) moved = undo(moved);
        expect(foldEdits(moved)).toEqual(foldEdits({ steps: steps.slice(0, Math.max(0, steps.length - back)) }));
        for (let count = 0; count < back; count++) moved = redo(moved);
        expect(moved).toEqual(log);
        expect(editLog.parse(JSON.parse(JSON.stringify(log)))).toEqual(log);
      }),
    );
  });

  it('never gives a new row an id that was used', () => {
    const log = withStep(emptyLog, [{ kind: 'insert', row: newRowId(emptyLog), values: {} }]);
    expect(newRowId(log)).toBe('new:2');
    expect(newRowId(undo(log))).toBe('new:2');
  });
});
