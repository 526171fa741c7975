import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindPlaceholders, findPlaceholders } from './placeholders';

const names = (text: string): string[] => findPlaceholders(text).map(({ name }) => name);

describe('placeholders', () => {
  it.each([
    ['select * from t where a = :id and b = $2', ['id', '2']],
    ['select :a, :b , :a', ['a', 'b', 'a']],
    ["select ':a', E'\\':b', $x$ :c $x$, \":d\" -- :e\n /* :f /* :g */ */", []],
    ['select a::text, :b::int, now()::date', ['b']],
    ['select x[1:2], x[lo:hi], x[:hi], x[(:i)]', ['i']],
    ['select array[:a, :b], array[[:c],[:d]]', ['a', 'b', 'c', 'd']],
    ["select '12:30', f(a := 1), f(b => :v)", ['v']],
    ['select $1; create function f(int) returns int language sql return $1; select $2', ['1', '2']],
    ['prepare p as select $1', []],
    ['select foo$1 from t', []],
    ['select :größe', ['größe']],
    ['select :', []],
  ])('%s', (text, expected) => expect(names(text)).toEqual(expected));

  it('are replaced by one number a name, and every offset leads back', () => {
    const text = 'select :long_name, :b, :long_name from t';
    const bound = bindPlaceholders(text, findPlaceholders(text));
    expect(bound.text).toBe('select $1, $2, $1 from t');
    expect(bound.names).toEqual(['long_name', 'b']);
    expect(text.slice(bound.original(bound.text.indexOf('from')))).toBe('from t');
    expect(bound.original(bound.text.indexOf('$2'))).toBe(text.indexOf(':b'));
  });

  it('never change what stands outside of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(':a', '$1', "'", '"', '$$', '[', ']', 'array', '::', ':', ' ', '--', '\n', '/*', '*/', 'x', ';', '1'), { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const found = findPlaceholders(text);
        let at = 0;
        for (const { from, to, name } of found) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect([`:${name}`, `$${name}`]).toContain(text.slice(from, to));
          at = to;
        }
        const bound = bindPlaceholders(text, found);
        expect(bound.original(bound.text.length)).toBe(text.length);
      }),
    );
  });
});
