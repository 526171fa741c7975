import { expect, test } from 'vitest';
import type { StoredRead } from '../queries/service';
import { sanityOf } from './sanity';

const read = (preview: (string | null)[][], more: Partial<StoredRead> = {}): StoredRead => ({
  ...{ resultId: 'r', rows: preview.length, truncated: false, preview },
  columns: (preview[0] ?? ['']).map((_cell, place) => ({ name: `c${place}`, type: 'text' }) as StoredRead['columns'][number]),
  ...more,
});

test('an ordinary result says nothing', () => {
  expect(sanityOf(read([['a', '1'], ['b', null]]))).toEqual([]);
  expect(sanityOf(read([['7']]))).toEqual([]);
  expect(sanityOf(read([['a'], ['a']]))).toEqual([]);
});

test.each<[string, StoredRead, RegExp]>([
  ['empty', read([]), /is empty/],
  ['all NULL', read([['a', null], ['b', null]]), /NULL in every row: c1\./],
  ['NULL as far as was seen', read([['a', null], ['b', null]], { rows: 900 }), /NULL in the first 2 rows: c1\./],
  ['the same row again and again', read([['a'], ['a'], ['a']]), /all the same/],
  ['a count of nothing', read([['0']]), /counts nothing/],
  ['a huge cell', read([['x'.repeat(20_000)], ['y']]), /20000 characters/],
])('%s', (_what, result, said) => {
  expect(sanityOf(result).join(' ')).toMatch(said);
});
