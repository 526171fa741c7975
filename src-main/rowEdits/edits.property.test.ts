import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldEdits } from '../../src-preload/contract/rowEditFold';
import type { EditValue, Original, RowEdit } from '../../src-preload/contract/rowEditLog';
import { createGuardService } from '../guard/create';
import { benchWith, type Bench } from './testSupport';

const rowEditsBench = benchWith(createGuardService());

/** Rows of `t` by id. */
type Rows = Record<string, { a: string | null; b: string | null; n: string | null }>;

const start: Rows = { '1': { a: 'one', b: '', n: '1.50' }, '2': { a: null, b: "O'H\\", n: null }, '3': { a: 'three', b: 'ü😀', n: '-0.01' } };

const cellText = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0'));
const value = (column: string): fc.Arbitrary<EditValue> =>
  fc.oneof(
    fc.constant<EditValue>({ kind: 'null' }),
    (column === 'n' ? fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)) : cellText).map((text): EditValue => ({ kind: 'text', text })),
  );
const anyCell = fc.constantFrom('a', 'b', 'n').chain((column) => value(column).map((one) => ({ column, value: one })));

const originalOf = (row: string): Original => ({ id: row, ...start[row] });
const known = fc.constantFrom('1', '2', '3');
const edit: fc.Arbitrary<RowEdit> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(known, anyCell).map(([row, cell]): RowEdit => ({ kind: 'set', row: JSON.stringify([row]), original: originalOf(row), ...cell })) },
  { weight: 2, arbitrary: known.map((row): RowEdit => ({ kind: 'delete', row: JSON.stringify([row]), original: originalOf(row) })) },
  { weight: 2, arbitrary: fc.tuple(known, fc.option(fc.constantFrom('a', 'b', 'n'), { nil: undefined })).map(([row, column]): RowEdit => ({ kind: 'discard', row: JSON.stringify([row]), ...(column === undefined ? {} : { column }) })) },
  { weight: 2, arbitrary: fc.nat(3).map((number): RowEdit => ({ kind: 'insert', row: `new:${number}`, values: { id: { kind: 'text', text: String(100 + number) } } })) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(3), anyCell).map(([number, cell]): RowEdit => ({ kind: 'set', row: `new:${number}`, ...cell })) },
);

/** What the table must hold afterwards, worked out edit by edit, without the fold. */
function expected(edits: readonly RowEdit[]): Rows {
  const rows = structuredClone(start);
  const deleted = new Set<string>();
  for (const one of edits) {
    const id = one.row.startsWith('new:') ? String(100 + Number(one.row.slice(4))) : (JSON.parse(one.row) as string[])[0] ?? '';
    const fresh = start[id];
    if (one.kind === 'insert') rows[id] = { a: null, b: 'def', n: null };
    else if (one.kind === 'delete') {
      deleted.add(id);
      delete rows[id];
    }
    else if (one.kind === 'discard' && fresh !== undefined) discard(rows, id, deleted.delete(id) ? undefined : one.column, fresh);
    else if (one.kind === 'set' && rows[id] !== undefined && one.column in rows[id]) rows[id] = { ...rows[id], [one.column]: one.value.kind === 'text' ? one.value.text : null };
  }
  return rows;
}

function discard(rows: Rows, id: string, column: string | undefined, fresh: Rows[string]): void {
  rows[id] = column === undefined ? { ...fresh } : { ...(rows[id] ?? fresh), [column]: fresh[column as 'a'] };
}

describe('random edits', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await rowEditsBench(`CREATE TABLE t (id bigint PRIMARY KEY, a text, b text DEFAULT 'def', n numeric(10,2))`);
  });
  afterAll(() => bench.close());

  it('leave the table as they say, through the statements of the plan', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 15 }), async (edits) => {
        await bench.run(`TRUNCATE t; INSERT INTO t VALUES (1, 'one', '', 1.50), (2, NULL, E'O''H\\\\', NULL), (3, 'three', 'ü😀', -0.01)`);
        const changes = foldEdits({ steps: edits.map((one) => [one]) });
        const outcome = await bench.apply('t', changes);
        expect(outcome).toMatchObject({ kind: 'applied' });
        const rows = await bench.run('SELECT id, a, b, n FROM t ORDER BY id');
        expect(Object.fromEntries(rows.map(([id, a, b, n]) => [id, { a, b, n }]))).toEqual(expected(edits));
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
