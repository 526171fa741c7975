import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnGuesser } from './columnGuesser';

function guess(values: readonly (string | null)[], asText = false): [string, string | null] {
  const guesser = new ColumnGuesser();
  for (const value of values) guesser.add(value);
  const { type, dateOrder } = guesser.guess('c', { asText, declared: undefined });
  return [type, dateOrder];
}

describe('types from all values', () => {
  it.each([
    [['1', '-2', null], 'integer'],
    [['1', '2147483648'], 'bigint'],
    [['1', '9223372036854775808'], 'numeric'],
    [['1', '0.50', '.5', '1.5e-7'], 'numeric'],
    [['1', '007'], 'text'],
    [['1', '+5'], 'text'],
    [['-0'], 'text'],
    [['1', ' 2'], 'text'],
    [['1', ''], 'text'],
    [['1e400'], 'text'],
    [['NaN'], 'text'],
    [['true', 'FALSE'], 'boolean'],
    [['t', 'f'], 'boolean'],
    [['f', 'f'], 'text'],
    [['2024-02-29'], 'date'],
    [['2023-02-29'], 'text'],
    [['2024-01-01', '2024-01-01 10:00'], 'timestamp'],
    [['2024-01-01T10:00:00.123456'], 'timestamp'],
    [['2024-01-01T10:00:00.1234567'], 'text'],
    [['2024-01-01T10:00:00Z', '2024-01-01 10:00:00+05:30'], 'timestamptz'],
    [['2024-01-01T10:00:00Z', '2024-01-01 10:00:00'], 'text'],
    [['24:00:00'], 'text'],
    [['6f9619ff-8b86-d011-b42d-00c04fc964ff'], 'uuid'],
    [['{"a":1}', '[1]'], 'jsonb'],
    [['{"a":"\\u0000"}'], 'text'],
    [['{a:1}'], 'text'],
    [[null, null], 'text'],
    [[], 'text'],
  ])('%j is %s', (values, type) => {
    expect(guess(values)[0]).toBe(type);
  });

  it('asks where nothing tells day from month, and knows where a value does', () => {
    expect(guess(['01/02/2024', '03.04.2024'])).toEqual(['text', 'ask']);
    expect(guess(['01/02/2024', '13/04/2024'])).toEqual(['date', 'dmy']);
    expect(guess(['01/02/2024 10:00', '01/31/2024'])).toEqual(['timestamp', 'mdy']);
    expect(guess(['13/02/2024', '01/31/2024'])).toEqual(['text', null]);
  });

  it('leaves texts of the file texts', () => {
    expect(guess(['1', '2'], true)[0]).toBe('text');
    expect(guess(['2024-01-01'], true)[0]).toBe('date');
  });

  it('does not depend on the order of the values', () => {
    const value = fc.constantFrom('1', '007', '2.5', 'x', '2024-01-01', '01/02/2024', 't', 'f', '{}', null);
    fc.assert(fc.property(fc.array(value, { maxLength: 6 }), (values) => void expect(guess(values)).toEqual(guess([...values].reverse()))));
  });
});
