import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayElements, breakLongLines, hexBytes, hexDump, prettyJson } from './formatValue';

describe('prettyJson', () => {
  it('changes nothing but white space', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const pretty = prettyJson(text);
        expect(pretty === null ? null : JSON.parse(pretty)).toEqual(JSON.parse(text));
        // Through the parser of JavaScript all values look alike; the strings outside of quotes must too.
        expect(prettyJson(pretty ?? '')).toBe(pretty);
      }),
    );
  });

  it('keeps digits and repeated keys, and indents by two', () => {
    expect(prettyJson('{"a":12345678901234567890.10,"a":[1,{}],"b":[]}')).toBe('{\n  "a": 12345678901234567890.10,\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}');
  });

  it('indents the beginning of a value that was read in part', () => {
    expect(prettyJson('[{"a":1},{"b', true)).toBe('[\n  {\n    "a": 1\n  },\n  {\n    "b');
    expect(prettyJson(']', true)).toBeNull();
  });

  it('says so when the text is cut', () => {
    for (const text of ['{"a":1', '["x', '{"a":"b\\', ']']) expect(prettyJson(text)).toBeNull();
  });
});

describe('breakLongLines', () => {
  it('breaks only what is too long, and loses nothing', () => {
    const long = 'x'.repeat(50_001);
    expect(breakLongLines(`short\n${long}`).split('\n').every((line) => line.length <= 2_000)).toBe(true);
    expect(breakLongLines(long).replaceAll('\n', '')).toBe(long);
    expect(breakLongLines('a\nb')).toBe('a\nb');
  });
});

describe('hex', () => {
  it('reads bytea and dumps it in lines of sixteen', () => {
    const bytes = hexBytes(`\\x${'48690a'}${'00'.repeat(14)}ff`);
    expect(bytes).toHaveLength(18);
    expect(hexDump(bytes ?? new Uint8Array())).toBe(
      '00000000  48 69 0a 00 00 00 00 00  00 00 00 00 00 00 00 00  |Hi..............|\n00000010  00 ff                                             |..|',
    );
  });

  it('leaves half a byte out and refuses other texts', () => {
    expect(hexBytes('\\xabc')).toEqual(new Uint8Array([0xab]));
    expect(hexBytes('hello')).toBeNull();
  });
});

describe('arrayElements', () => {
  it('reads quotes, escapes, NULL, the word NULL in quotes, nesting and bounds', () => {
    expect(arrayElements('{a,NULL,"NULL","","x,\\"y\\\\","{"}')).toEqual(['a', null, 'NULL', '', 'x,"y\\', '{']);
    expect(arrayElements('{{1,2},{3,4}}')).toEqual(['{1,2}', '{3,4}']);
    expect(arrayElements('[2:3]={7,8}')).toEqual(['7', '8']);
    expect(arrayElements('{}')).toEqual([]);
  });

  it('refuses what is no whole array', () => {
    for (const text of ['', 'x', '{a,"b', '{{1,2}', 'y{1}']) expect(arrayElements(text)).toBeNull();
  });
});
