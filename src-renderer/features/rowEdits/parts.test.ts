import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayElements } from '../../components/cell/formatValue';
import { arrayText } from './arrayText';
import { parseTsv } from './pasting';
import { keyInResult } from './TracedGrid';

describe('arrayText', () => {
  it('is read back as the same elements', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.oneof(fc.string(), fc.constantFrom('NULL', 'null', '', ' ', '"', '\\', 'a,b', '{x}'))), { minLength: 1 }), (elements) => {
        expect(arrayElements(arrayText(elements))).toEqual(elements);
      }),
    );
    expect(arrayText([])).toBe('{}');
    expect(arrayText(['{1,2}', '{3,4}'], true)).toBe('{{1,2},{3,4}}');
  });
});

describe('parseTsv', () => {
  it('reads a block of a spreadsheet', () => {
    expect(parseTsv('a\tb\r\n1\t"x\ty\n""z"""\r\n')).toEqual([['a', 'b'], ['1', 'x\ty\n"z"']]);
    expect(parseTsv('one')).toEqual([['one']]);
    expect(parseTsv('a\t\n\tb')).toEqual([['a', ''], ['', 'b']]);
    expect(parseTsv('say "hi"\t"odd" one')).toEqual([['say "hi"', '"odd" one']]);
    expect(parseTsv('')).toEqual([['']]);
  });
});

describe('keyInResult', () => {
  const column = (name: string, relation: number, attribute: number) => ({ name, type: 'int', family: 'number' as const, source: { relation, attribute } });
  const key = [{ name: 'a', attribute: 1 }, { name: 'b', attribute: 2 }];

  it('finds the whole key of the table, under any alias', () => {
    expect(keyInResult([column('x', 7, 2), column('a', 8, 1), column('y', 7, 1)], 7, key, ['2', '9', '1'])).toEqual([{ column: 'a', value: '1' }, { column: 'b', value: '2' }]);
  });

  it('refuses where it is not known which row is meant', () => {
    expect(() => keyInResult([column('a', 7, 1)], 7, key, ['1'])).toThrow('does not have “b”');
    expect(() => keyInResult([column('a', 7, 1), column('b', 7, 2), column('b2', 7, 2)], 7, key, ['1', '2', '3'])).toThrow('more than once');
    expect(() => keyInResult([column('a', 7, 1), column('b', 7, 2)], 7, key, ['1', null])).toThrow('no value');
    expect(() => keyInResult([column('a', 7, 1)], 7, [], ['1'])).toThrow('No key');
  });
});
