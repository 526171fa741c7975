import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cell, Column, Filter, Sort } from '../../../src-preload/contract/queries';
import { encodeRows } from '../../drivers/rows';
import { createResultStore, type ResultStore } from './resultStore';

type Row = (string | null)[];

let base: string;
let store: ResultStore;

const column = (name: string, family: Column['family'] = 'text'): Column => ({ name, type: family, family, source: null });
const never = new AbortController().signal;

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'results-'));
  store = createResultStore({ folder: base });
});
afterEach(async () => {
  await store.close();
  rmSync(base, { recursive: true, force: true });
});

async function filled(columns: Column[], rows: Row[], batchRows = 100): Promise<string> {
  const writer = store.create(columns);
  for (let from = 0; from < rows.length; from += batchRows) await writer.append(encodeRows(rows.slice(from, from + batchRows)));
  await writer.finish();
  return writer.resultId;
}

const allRows = async (resultId: string, viewId: string | null = null, maxChars = 10_000): Promise<Cell[][]> => {
  const rows: Cell[][] = [];
  for (;;) {
    const page = await store.window({ resultId, viewId }, rows.length, 1000, maxChars);
    rows.push(...page.rows);
    if (rows.length >= page.total) return rows;
  }
};

const files = (): string[] => readdirSync(base).flatMap((folder) => readdirSync(path.join(base, folder)));

describe('windows', () => {
  it('are slices of what was written, at any time and of any size', async () => {
    const cellArb = fc.oneof(fc.constant(null), fc.constant(''), fc.string({ unit: 'binary', maxLength: 30 }), fc.integer({ min: 1, max: 20_000 }).map((n) => 'é'.repeat(n)));
    const rowsArb = fc.integer({ min: 0, max: 4 }).chain((columns) => fc.array(fc.array(cellArb, { minLength: columns, maxLength: columns }), { maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(rowsArb, fc.integer({ min: 1, max: 90 }), fc.nat(320), fc.integer({ min: 1, max: 320 }), fc.nat(300), async (rows, batch, offset, limit, cutAt) => {
        const writer = store.create((rows[0] ?? []).map((_, index) => column(`c${index}`)));
        let written = 0;
        for (let from = 0; from < rows.length; from += batch) {
          await writer.append(encodeRows(rows.slice(from, from + batch)));
          written = Math.min(rows.length, from + batch);
          if (from <= cutAt && cutAt < from + batch) {
            const early = await store.window({ resultId: writer.resultId, viewId: null }, offset, limit, 50_000);
            expect(early).toEqual({ total: written, complete: false, rows: rows.slice(0, written).slice(offset, offset + limit) });
          }
        }
        await writer.finish();
        const late = await store.window({ resultId: writer.resultId, viewId: null }, offset, limit, 50_000);
        expect(late).toEqual({ total: rows.length, complete: true, rows: rows.slice(offset, offset + limit) });
        store.release([writer.resultId]);
      }),
      { numRuns: 60 },
    );
  });

  it('of a small result need no file, of a large one do', async () => {
    await filled([column('a')], [['x']]);
    expect(files()).toEqual([]);
    const rows = Array.from({ length: 40_000 }, (_, n) => [`${n}`, 'y'.repeat(100), n % 3 ? null : '']);
    const id = await filled([column('n', 'number'), column('t'), column('e')], rows, 500);
    expect(files()).toEqual([`${id}.rows`]);
    for (const offset of [0, 1, 255, 256, 257, 9_999, 20_000, 39_990]) {
      expect((await store.window({ resultId: id, viewId: null }, offset, 20, 300)).rows).toEqual(rows.slice(offset, offset + 20));
    }
    expect((await store.window({ resultId: id, viewId: null }, 40_000, 20, 300)).rows).toEqual([]);
    store.release([id]);
    await expect(store.window({ resultId: id, viewId: null }, 0, 1, 300)).rejects.toMatchObject({ data: { code: 'not_found' } });
  });

  it('cut long cells at whole characters, and give the rest by pieces', async () => {
    const long = '𝄞ab€'.repeat(2_000_000);
    const rows: Row[] = [['1', long, 'z'], ['2', null, ''], ['3', 'é'.repeat(300), '😀'.repeat(200)]];
    const id = await filled([column('n', 'number'), column('t'), column('z')], rows);
    const window = await store.window({ resultId: id, viewId: null }, 0, 10, 300);
    expect(window.rows[0]?.[1]).toEqual({ text: long.slice(0, 300), cut: Buffer.byteLength(long) });
    expect(window.rows.slice(1)).toEqual([['2', null, ''], ['3', 'é'.repeat(300), { text: '😀'.repeat(150), cut: 800 }]]);
    // An odd limit falls into a pair of surrogates.
    expect((await store.window({ resultId: id, viewId: null }, 2, 1, 17)).rows[0]?.[2]).toEqual({ text: '😀'.repeat(8), cut: 800 });
    const pieces: string[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const piece = await store.cell({ resultId: id, viewId: null }, 0, 1, offset, 262_143);
      expect(piece.bytes).toBe(Buffer.byteLength(long));
      pieces.push(piece.text ?? '');
      offset = piece.nextOffset;
    }
    expect(pieces.join('') === long).toBe(true);
    expect(await store.cell({ resultId: id, viewId: null }, 1, 1, 0, 100)).toEqual({ text: null, bytes: 0, nextOffset: null });
    expect(await store.cell({ resultId: id, viewId: null }, 1, 2, 0, 100)).toEqual({ text: '', bytes: 0, nextOffset: null });
    await expect(store.cell({ resultId: id, viewId: null }, 3, 0, 0, 100)).rejects.toMatchObject({ data: { code: 'not_found' } });
    await expect(store.cell({ resultId: id, viewId: null }, 0, 3, 0, 100)).rejects.toMatchObject({ data: { code: 'not_found' } });
  });

  it('give the piece of a cell even when one character is longer than the limit', async () => {
    const id = await filled([column('t')], [['😀x']]);
    expect(await store.cell({ resultId: id, viewId: null }, 0, 0, 0, 1)).toEqual({ text: '😀', bytes: 5, nextOffset: 4 });
    expect(await store.cell({ resultId: id, viewId: null }, 0, 0, 4, 1)).toEqual({ text: 'x', bytes: 5, nextOffset: null });
  });
});

describe('views', () => {
  const sorted = async (columns: Column[], rows: Row[], sorts: Sort[], filters: Filter[] = []): Promise<Cell[][]> => {
    const id = await filled(columns, rows);
    const { viewId } = await store.view(id, { sorts, filters }, never);
    return allRows(id, viewId);
  };

  it('sort stably over several columns, NULL as the largest value', async () => {
    const rowsArb = fc.array(fc.tuple(fc.option(fc.integer({ min: -20, max: 20 })), fc.option(fc.string({ unit: 'grapheme', maxLength: 3 })), fc.nat()), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(rowsArb, fc.boolean(), fc.boolean(), async (model, numberDown, textDown) => {
        const rows = model.map(([number, text], index): Row => [number === null ? null : String(number), text, String(index)]);
        const compare = <T>(a: T | null, b: T | null, order: (a: T, b: T) => number): number => (a === null || b === null ? Number(a === null) - Number(b === null) : order(a, b));
        const reference = [...rows].sort(
          (a, b) =>
            (numberDown ? -1 : 1) * compare(a[0] ?? null, b[0] ?? null, (x, y) => Number(x) - Number(y)) ||
            (textDown ? -1 : 1) * compare(a[1] ?? null, b[1] ?? null, (x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))),
        );
        const sorts: Sort[] = [
          { column: 0, direction: numberDown ? 'desc' : 'asc' },
          { column: 1, direction: textDown ? 'desc' : 'asc' },
        ];
        expect(await sorted([column('n', 'number'), column('t'), column('i', 'number')], rows, sorts)).toEqual(reference);
      }),
      { numRuns: 25 },
    );
  });

  it('cover a result that is still coming, and say that it was', async () => {
    const writer = store.create([column('n', 'number')]);
    await writer.append(encodeRows([['3'], ['1']]));
    const { viewId, total } = await store.view(writer.resultId, { sorts: [{ column: 0, direction: 'asc' }], filters: [] }, never);
    await writer.append(encodeRows([['2']]));
    expect(total).toBe(2);
    expect(await store.window({ resultId: writer.resultId, viewId }, 0, 10, 300)).toEqual({ total: 2, complete: false, rows: [['1'], ['3']] });
    const next = await store.view(writer.resultId, { sorts: [{ column: 0, direction: 'desc' }], filters: [] }, never);
    expect(await allRows(writer.resultId, next.viewId)).toEqual([['3'], ['2'], ['1']]);
    await expect(store.window({ resultId: writer.resultId, viewId }, 0, 10, 300)).rejects.toMatchObject({ data: { code: 'not_found' } });
    expect((await store.cell({ resultId: writer.resultId, viewId: next.viewId }, 2, 0, 0, 10)).text).toBe('1');
  });

  it('refuse what does not fit the columns', async () => {
    const id = await filled([column('n', 'number')], [['1']]);
    await expect(store.view(id, { sorts: [], filters: [{ column: 0, op: 'gt', value: 'much' }] }, never)).rejects.toMatchObject({ data: { code: 'bad_input' } });
    await expect(store.view(id, { sorts: [{ column: 1, direction: 'asc' }], filters: [] }, never)).rejects.toMatchObject({ data: { code: 'bad_input' } });
    await expect(store.view('r99', { sorts: [], filters: [] }, never)).rejects.toMatchObject({ data: { code: 'not_found' } });
  });

  it('can be cancelled and leave nothing', async () => {
    const id = await filled([column('t')], Array.from({ length: 100_000 }, (_, n) => [`${(n * 7919) % 100_000}`]), 1000);
    const abort = new AbortController();
    const building = store.view(id, { sorts: [{ column: 0, direction: 'asc' }], filters: [] }, abort.signal);
    setImmediate(() => abort.abort());
    await expect(building).rejects.toMatchObject({ data: { code: 'cancelled' } });
    expect(files()).toEqual([`${id}.rows`]);
    expect((await store.view(id, { sorts: [], filters: [{ column: 0, op: 'eq', value: '77' }] }, never)).total).toBe(1);
  });

  it('work on rows with a 20 MB cell', async () => {
    const long = 'x'.repeat(20_000_000);
    const rows: Row[] = [['b', long], ['c', 'small'], ['a', `${long}Y`]];
    const id = await filled([column('k'), column('t')], rows);
    const { viewId } = await store.view(id, { sorts: [{ column: 0, direction: 'asc' }], filters: [{ column: 1, op: 'contains', value: 'xy' }] }, never);
    expect((await store.window({ resultId: id, viewId }, 0, 10, 20)).rows).toEqual([['a', { text: 'x'.repeat(20), cut: 20_000_001 }]]);
  });
});

describe('files', () => {
  it('of a released result go, also when it is released while rows come', async () => {
    const writer = store.create([column('t')]);
    const batch = encodeRows(Array.from({ length: 1000 }, () => ['x'.repeat(2000)]));
    await writer.append(batch);
    await store.view(writer.resultId, { sorts: [{ column: 0, direction: 'asc' }], filters: [] }, never);
    expect(files()).toHaveLength(2);
    store.release([writer.resultId, 'r77']);
    await expect(Promise.resolve(writer.append(batch))).rejects.toMatchObject({ data: { code: 'cancelled' } });
    await store.close();
    expect(readdirSync(base)).toEqual([]);
  });

  it('of dead processes are removed at start, of living ones and strangers not', async () => {
    const dead = path.join(base, `run-${process.pid}-00000000-1-AbCdEf`);
    const stranger = path.join(base, 'holiday');
    for (const folder of [dead, stranger]) mkdirSync(folder);
    const other = createResultStore({ folder: base });
    await other.close();
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(stranger)).toBe(true);
    expect(readdirSync(base)).toHaveLength(2);
  });
});
