import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../src-preload/contract/queries';
import { rowWriter, type RowFormat } from './rowFormats';
import { displayWidth } from './textTable';

const column = (name: string, type = 'text', family: Column['family'] = 'text'): Column => ({ name, type, family, source: null });
const summary = { rows: 0, truncated: false, command: 'SELECT', rowsAffected: null };

function written(format: RowFormat, columns: Column[], rows: (string | null)[][]): string {
  const writer = rowWriter(format, false, 'result');
  return writer.begin(columns) + rows.map((row) => writer.row(row)).join('') + writer.end({ ...summary, rows: rows.length });
}

test('a table is aligned by what a terminal shows, tells NULL from empty and from steering characters', () => {
  const text = written('table', [column('name'), column('n', 'integer', 'number')], [['日本', '5'], [null, null], ['', '12345'], ['a\nb\u001b[31m', '-1']]);
  const lines = text.trimEnd().split('\n');
  const bars = lines.filter((_line, index) => index !== 1).map((line) => displayWidth(line.slice(0, line.indexOf('|'))));
  expect(new Set(bars).size).toBe(1);
  expect(lines.slice(0, 3)).toEqual([' name           |     n', '----------------+-------', ' 日本           |     5']);
  expect(lines[3]).toContain('NULL');
  expect(lines[4]).not.toContain('NULL');
  expect(text).toContain('a\\nb\\u001b[31m');
});

test('rows behind the sample are not lost', () => {
  const text = written('table', [column('n')], Array.from({ length: 1203 }, (_, index) => [String(index)]));
  expect(text.trimEnd().split('\n')).toHaveLength(1205);
});

test('CSV: what PostgreSQL itself would read back', () => {
  expect(written('csv', [column('a'), column('b,c')], [['x', null], ['', 'say "hi"'], ['1\n2', ' pad ']])).toBe('a,"b,c"\nx,\n"","say ""hi"""\n"1\n2"," pad "\n');
});

test('JSON keeps every digit: as a number only where a reader gets the same value back', () => {
  const columns = [column('i', 'integer', 'number'), column('big', 'bigint', 'number'), column('num', 'numeric(20,6)', 'number'), column('f', 'double precision', 'number'), column('b', 'boolean', 'boolean'), column('j', 'json', 'json'), column('i', 'text')];
  const row = ['7', '9007199254740993', '1.100000', '1e+300', 't', '{"a":\n 12345678901234567890}', 'second'];
  const text = written('ndjson', columns, [row, ['-7', null, 'NaN', 'Infinity', 'f', 'null', '']]);
  expect(text.split('\n')[0]).toBe('{"i":7,"big":"9007199254740993","num":"1.100000","f":1e+300,"b":true,"j":{"a":  12345678901234567890},"i_2":"second"}');
  expect(JSON.parse(text.split('\n')[1] ?? '')).toEqual({ i: -7, big: null, num: 'NaN', f: 'Infinity', b: false, j: null, i_2: '' });
  expect(JSON.parse(written('json', columns, [row, row]))).toHaveLength(2);
  expect(JSON.parse(written('json', columns, []))).toEqual([]);
  expect(JSON.parse(written('document', columns, [row]))).toMatchObject({ columns: [{ name: 'i', type: 'integer' }, {}, {}, {}, {}, {}, {}], rows: [[7, '9007199254740993', '1.100000', 1e300, true, {}, 'second']], rowCount: 1, truncated: false });
});

test('any text comes back from CSV, JSON and NDJSON exactly', () => {
  const cell = fc.option(fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text)), { nil: null });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 6 }), (rows) => {
      const columns = [column('a'), column('b')];
      const objects = rows.map(([a, b]) => ({ a, b }));
      expect(JSON.parse(written('json', columns, rows))).toEqual(objects);
      expect(written('ndjson', columns, rows).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)).toEqual(objects);
      expect(readCsv(written('csv', columns, rows)).slice(1)).toEqual(rows);
    }),
  );
});

/** A plain reading of RFC 4180; an unquoted empty field is NULL. */
function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n)/g)) {
    row.push(quoted === undefined ? (plain === '' ? null : plain) : quoted.replaceAll('""', '"'));
    if (end !== '\n') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
