import { expect, it } from 'vitest';
import { samePlace } from './formatting';

it('the cursor stays at the same character', () => {
  const before = 'select a,b from t where a=1';
  const after = 'SELECT\n  a,\n  b\nFROM\n  t\nWHERE\n  a = 1';
  for (const piece of ['b from', 'from', 't where', '=1']) {
    const at = samePlace(before, after, before.indexOf(piece));
    expect(after.slice(at).replace(/\s+/g, '').toLowerCase()).toBe(before.slice(before.indexOf(piece)).replace(/\s+/g, '').toLowerCase());
  }
  expect(samePlace(before, after, before.length)).toBe(after.length);
  expect(samePlace(before, after, 0)).toBe(0);
});
