import { expect, it } from 'vitest';
import { qualifiedName } from './names';

it('qualifies and quotes where needed', () => {
  expect(qualifiedName({ schema: 'shop', name: 'order' })).toBe('shop."order"');
  expect(qualifiedName({ schema: 'Shop', name: 'items' })).toBe('"Shop".items');
  expect(qualifiedName({ schema: '', name: 'plpgsql' })).toBe('plpgsql');
});
