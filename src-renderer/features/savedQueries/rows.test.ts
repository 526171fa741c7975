import { expect, it } from 'vitest';
import type { SavedQuery } from '../../../src-preload/contract/savedQueries';
import { rowsOf } from './rows';

const query = (id: string): SavedQuery => {
  const parts = id.split('/');
  return { id, folder: parts.slice(0, -1).join('/'), name: parts.at(-1) ?? '', path: `/${id}.sql`, connection: null, description: '', changed: '2026-11-25T00:00:00Z' };
};
const shown = (...args: Parameters<typeof rowsOf>): string[] => rowsOf(...args).map(({ depth, folder, query: found }) => `${'  '.repeat(depth)}${folder ?? found?.name ?? ''}`);

it('shows what was found below all the folders that it lies in', () => {
  expect(shown([query('maths/daily/Product'), query('Top')], [], new Set())).toEqual(['maths', '  maths/daily', '    Product', 'Top']);
});

it('leaves out what lies in a closed folder, and keeps empty folders', () => {
  expect(shown([query('a/One')], ['a', 'b'], new Set(['a']))).toEqual(['a', 'b']);
});
