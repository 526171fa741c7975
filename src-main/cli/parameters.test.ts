import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindParameters, parseParameters } from './parameters';

const values = new Map([
  ['a', '1'],
  ['b', '2'],
]);

test.each<[string, string, string[]]>([
  ['SELECT :a, :b, :a', 'SELECT $1, $2, $1', ['1', '2']],
  ['SELECT :b + :a', 'SELECT $1 + $2', ['2', '1']],
  ["SELECT ':a', \":b\", $$ :a $$, /* :a */ :a::text, x::b, :b -- :a", "SELECT ':a', \":b\", $$ :a $$, /* :a */ $1::text, x::b, $2 -- :a", ['1', '2']],
  ["SELECT E'it\\':a' || :a, arr[1:n], :b", "SELECT E'it\\':a' || $1, arr[1:n], $2", ['1', '2']],
  ['SELECT :a,:b', 'SELECT $1,$2', ['1', '2']],
])('%s', (text, bound, parameters) => {
  expect(bindParameters(text, values)).toMatchObject({ text: bound, parameters });
});

test('what cannot be meant is refused', () => {
  expect(() => bindParameters('SELECT :a', values)).toThrow(/no :b/);
  expect(() => bindParameters('SELECT $1, :a, :b', values)).toThrow(/numbered/);
  expect(() => bindParameters("SELECT ':a', :b", values)).toThrow(/no :a/);
  expect(() => parseParameters(['a'])).toThrow(/name=value/);
  expect(() => parseParameters(['a=1', 'a=2'])).toThrow(/twice/);
  expect(parseParameters(['a=x=y', 'b=', 'c=1\n2'])).toEqual(new Map([['a', 'x=y'], ['b', ''], ['c', '1\n2']]));
});

test('offsets lead back to the text as it was written', () => {
  const piece = fc.constantFrom(':a', ':b', "':a'", 'x', '::text', ' , ', 'é😀');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = [':a', ...pieces, ':b @'].join(' ');
      const bound = bindParameters(text, values);
      expect(bound.original(bound.text.length - 1)).toBe(text.length - 1);
      expect(bound.text).not.toMatch(/(?<!['\w:]):[ab]\b/);
    }),
  );
});
