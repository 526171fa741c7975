import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageCache } from './pageCache';
import { HEIGHT_LIMIT, offsetShowing, scrollMap, visibleRows } from './scrollMap';
import { blockOf, moved, ORIGIN, type Selection } from './selection';

const ROW = 26;

describe('scrollMap', () => {
  it('is the identity below the limit', () => {
    const map = scrollMap(1000, ROW, 500);
    expect(map).toMatchObject({ height: 26_000, scaled: false });
    expect(map.toOffset(123)).toBe(123);
  });

  it('reaches both ends of 10,000,000 rows', () => {
    const map = scrollMap(10_000_000, ROW, 500);
    expect(map.height).toBe(HEIGHT_LIMIT);
    expect(visibleRows(map.toOffset(0), 500, ROW, 10_000_000).first).toBe(0);
    expect(visibleRows(map.toOffset(HEIGHT_LIMIT - 500), 500, ROW, 10_000_000).end).toBe(10_000_000);
  });

  it('maps there and back within a fraction of a row, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000_000 }), fc.integer({ min: 100, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, viewport, share) => {
        const map = scrollMap(rows, ROW, viewport);
        const offset = map.maxOffset * share;
        expect(Math.abs(map.toOffset(map.toScrollTop(offset)) - offset)).toBeLessThan(0.01);
        expect(map.toScrollTop(offset)).toBeLessThanOrEqual(HEIGHT_LIMIT);
      }),
    );
  });

  it('scrolls no further than needed to show a row', () => {
    expect(offsetShowing(5, 0, 260, ROW)).toBe(0);
    expect(offsetShowing(10, 0, 260, ROW)).toBe(26);
    expect(offsetShowing(2, 260, 260, ROW)).toBe(52);
  });
});

describe('PageCache', () => {
  interface Asked {
    readonly offset: number;
    readonly signal: AbortSignal;
    answer(rows: number): void;
    fail(): void;
  }
  const build = (parallel = 2) => {
    const asked: Asked[] = [];
    const errors: unknown[] = [];
    const cache = new PageCache<number>({
      pageSize: 10,
      maxPages: 3,
      parallel,
      fetch: (offset, _limit, signal) =>
        new Promise((resolve, reject) => {
          asked.push({ offset, signal, answer: (rows) => resolve({ rows: Array.from({ length: rows }, (_, index) => offset + index) }), fail: () => reject(new Error('gone')) });
        }),
      onChange: () => undefined,
      onError: (error) => errors.push(error),
    });
    return { asked, cache, errors };
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it('asks for what is seen first, then for what is ahead', async () => {
    const { asked, cache } = build();
    cache.want(12, 18, 100, 1);
    expect(asked.map((request) => request.offset)).toEqual([10, 20]);
    asked[0]?.answer(10);
    await settle();
    expect(cache.row(15)).toBe(15);
    expect(cache.row(25)).toBeUndefined();
  });

  it('aborts and forgets what is no longer wanted, and never asks twice at once', async () => {
    const { asked, cache } = build(1);
    cache.want(0, 5, 1000, 0);
    cache.want(0, 5, 1000, 0);
    expect(asked).toHaveLength(1);
    cache.want(500, 505, 1000, 0);
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.fail();
    await settle();
    expect(asked.map((request) => request.offset)).toEqual([0, 500]);
  });

  it('asks again for the last page of a result that grew, and keeps its rows until then', async () => {
    const { asked, cache } = build();
    cache.want(0, 5, 5, 0);
    asked[0]?.answer(5);
    await settle();
    cache.want(0, 8, 8, 0);
    expect(cache.row(4)).toBe(4);
    asked[1]?.answer(8);
    await settle();
    expect(cache.row(7)).toBe(7);
    expect(asked).toHaveLength(2);
  });

  it('stops after a failure until it is wanted again, and does not loop on a short answer', async () => {
    const { asked, cache, errors } = build(1);
    cache.want(0, 5, 5, 0);
    asked[0]?.fail();
    await settle();
    expect(errors).toHaveLength(1);
    expect(asked).toHaveLength(1);
    cache.want(0, 5, 5, 0);
    asked[1]?.answer(3);
    await settle();
    asked[2]?.answer(3);
    await settle();
    expect(asked).toHaveLength(3);
  });

  it('keeps a bounded number of pages', async () => {
    const { asked, cache } = build(9);
    for (let page = 0; page < 20; page += 1) {
      cache.want(page * 10, page * 10 + 10, 200, 0);
      for (const request of asked) request.answer(10);
      await settle();
    }
    expect(cache.row(0)).toBeUndefined();
    expect(cache.row(195)).toBe(195);
  });
});

describe('selection', () => {
  const size = { rows: 100, columns: 5, page: 20 };
  const press = (selection: Selection, key: string, mod = false, shift = false) => moved(selection, { key, mod, shift }, size);

  it('moves, stops at the edges, and extends with shift', () => {
    expect(press(ORIGIN, 'ArrowUp')?.focus).toEqual({ row: 0, column: 0 });
    expect(press(ORIGIN, 'End', true)?.focus).toEqual({ row: 99, column: 4 });
    expect(press(ORIGIN, 'PageDown', false, true)).toEqual({ anchor: { row: 0, column: 0 }, focus: { row: 20, column: 0 } });
    expect(blockOf(press(ORIGIN, 'a', true) ?? ORIGIN)).toEqual({ top: 0, bottom: 99, left: 0, right: 4 });
    expect(press(ORIGIN, 'x')).toBeNull();
  });
});
