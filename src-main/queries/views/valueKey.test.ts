import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyWriter } from './keyWriter';
import { ValueKey, type Family } from './valueKey';

const keys = new ValueKey();

function keyOf(family: Family, text: string, byInstant = true): Buffer {
  const key = new KeyWriter();
  const source = Buffer.from(`[${text}]`);
  keys.value(key, family, source, 1, source.length - 1, byInstant);
  return Buffer.from(key.bytes.subarray(0, key.length));
}

const compare = (family: Family, a: string, b: string): number => Math.sign(Buffer.compare(keyOf(family, a), keyOf(family, b)));

/** Checks that the values are in strictly ascending order, groups of equal ones in brackets. */
function expectAscending(family: Family, ...groups: (string | string[])[]): void {
  const lists = groups.map((group) => (Array.isArray(group) ? group : [group]));
  lists.forEach((list, index) => {
    for (const a of list) {
      for (const b of list) expect([a, b, compare(family, a, b)]).toEqual([a, b, 0]);
      for (const b of lists.slice(index + 1).flat()) {
        expect([a, b, compare(family, a, b)]).toEqual([a, b, -1]);
        expect([b, a, compare(family, b, a)]).toEqual([b, a, 1]);
      }
    }
  });
}

/** A decimal as an exact fraction: digits and how many of them stand behind the point. */
const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(45));
const write = ([digits, scale]: [bigint, number]): string => {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale > 0 ? `.${text.slice(text.length - scale)}` : ''}`;
};

describe('number keys', () => {
  it('order numbers as PostgreSQL does, beyond what a double can tell apart', () => {
    expectAscending(
      'number',
      '-Infinity',
      '-1e400',
      '-9223372036854775808',
      '-9223372036854775807',
      ['-10', '-10.000', '-1e1'],
      '-9.99',
      '-0.1',
      '-0.01',
      ['0', '-0', '0.000', '0e5', '00'],
      '1e-400',
      '5e-324',
      '0.000001',
      ['0.1', '.1', '1e-1', '0.10'],
      '0.11',
      ['1', '1.0', '+1', '10e-1', '01'],
      '9',
      ['10', '1e+01', '1E1'],
      '9007199254740992',
      '9007199254740993',
      '9223372036854775806',
      '9223372036854775807',
      '9223372036854775807.000000000000000001',
      '1e+308',
      '1e400',
      ['Infinity', 'inf'],
      'NaN',
      'something else',
    );
  });

  it('agree with exact decimals of any length', () => {
    fc.assert(
      fc.property(decimal, decimal, ([a, aScale], [b, bScale]) => {
        const left = a * 10n ** BigInt(bScale);
        const right = b * 10n ** BigInt(aScale);
        expect(compare('number', write([a, aScale]), write([b, bScale]))).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('agree with doubles in their shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        expect(compare('number', String(a), String(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('datetime keys', () => {
  it('order moments by instant, with infinity and years before Christ', () => {
    expectAscending(
      'datetime',
      '-infinity',
      '4713-01-01 BC',
      '0044-03-15 BC',
      '0001-12-31 BC',
      ['0001-01-01', '0001-01-01 00:00:00'],
      '1969-12-31 23:59:59.999999',
      ['1970-01-01 00:00:00+00', '1970-01-01 05:45:00+05:45', '1969-12-31 14:00:00-10', '1970-01-01T00:00:00Z', '1970-01-01'],
      '1970-01-01 00:00:00.000001+00',
      '1970-01-01 00:00:00.00001+00',
      ['2000-02-29 12:00:00+00', '2000-02-29 12:19:32+00:19:32'],
      '2000-03-01',
      '2024-12-31 23:59:59.999999',
      ['2025-01-01', '2024-12-31 24:00:00'],
      '9999-12-31',
      '10000-01-01',
      '294276-12-31 23:59:59.999999',
      '5874897-12-31',
      'infinity',
      'not a date',
    );
  });

  it('order times of day and intervals', () => {
    expectAscending('datetime', '00:00:00', '00:00:00.000001', '09:30:00', ['12:00:00+00', '14:00:00+02'], '23:59:59.999999', '24:00:00');
    expectAscending(
      'datetime',
      '-10000000:00:00',
      '-1 years -2 mons +3 days',
      '-00:00:00.000001',
      '00:00:00',
      '00:00:01',
      ['1 day', '24:00:00'],
      '1 day 00:00:00.5',
      '29 days 23:59:59',
      ['1 mon', '30 days', '29 days 24:00:00', '720:00:00'],
      ['1 year', '12 mons', '360 days'],
      '1 year 2 mons 3 days 04:05:06.789',
      '178000000 years',
    );
  });

  it('agree with Date over five thousand years', () => {
    const moment = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('5000-01-01T00:00:00Z'), noInvalidDate: true });
    const shown = (date: Date, offsetHours: number): string => {
      const local = new Date(date.getTime() + offsetHours * 3_600_000).toISOString().replace('T', ' ').replace('Z', '');
      return `${local}${offsetHours < 0 ? '-' : '+'}${String(Math.abs(offsetHours)).padStart(2, '0')}`;
    };
    fc.assert(
      fc.property(moment, moment, fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 12 }), (a, b, east, west) => {
        fc.pre(a.getTime() > -62_000_000_000_000 && b.getTime() > -62_000_000_000_000);
        expect(compare('datetime', shown(a, east), shown(b, -west))).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
      { numRuns: 2000 },
    );
  });

  it('compare by the clock that is shown when asked to', () => {
    expect(Buffer.compare(keyOf('datetime', '2024-01-01 10:00:00+02', false), keyOf('datetime', '2024-01-01 10:00:00', false))).toBe(0);
  });
});

describe('other keys', () => {
  it('order booleans and texts', () => {
    expectAscending('boolean', ['f', 'false'], ['t', 'true'], 'perhaps');
    expectAscending('text', '', '\u0000', '\u0000\u0000', '\u0001', 'A', 'B', 'a', 'aa', 'ab', 'b', 'é', '€', '\uffff', '😀');
  });

  it('of texts are in the order of code points, and none begins another', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compare('text', a, b)).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
        const [first, second] = [keyOf('text', a), keyOf('text', b)];
        expect(a !== b && second.subarray(0, first.length).equals(first)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});
