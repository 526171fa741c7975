import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayElements } from '../../components/cell/formatValue';
import { arrayText } from './arrayText';
import { parseTsv } from './pasting';

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
