import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportSource } from '../../../src-preload/contract/imports';
import { CsvRecords } from './csvRecords';
import { dateText, isDateFormat } from './excelDates';
import { encodeRows } from './encodeRows';
import { openReader } from './openReader';
import type { Row } from './rowReader';
import { sniff } from './sniff';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'readers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array, over: Partial<ImportSource> = {}): Promise<{ source: ImportSource; columns: readonly string[]; rows: Row[]; lines: number[]; problems: { line: number; message: string }[]; texts: number[] }> {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const { source } = sniff({ path: file, ...over });
  const reader = await openReader(source, null);
  const found = { rows: [] as Row[], lines: [] as number[], problems: [] as { line: number; message: string }[] };
  try {
    for await (const batch of reader.batches()) {
      found.rows.push(...batch.rows);
      found.lines.push(...batch.lines);
      found.problems.push(...batch.problems.map(({ line, message }) => ({ line, message })));
    }
    return { source, columns: reader.columns, ...found, texts: [...reader.textColumns] };
  } finally {
    reader.close();
  }
}

const dialect = { delimiter: ',', quote: '"', escape: '"', nullText: '', nullQuoted: false };

function records(text: string, sizes: readonly number[]): (string | null)[][] {
  const found: (string | null)[][] = [];
  const parser = new CsvRecords(dialect);
  for (let at = 0, index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    parser.push(text.slice(at, at + size), false, ({ fields }) => found.push(fields));
    at += size;
  }
  parser.push('', true, ({ fields }) => found.push(fields));
  return found;
}

describe('CSV', () => {
  it('reads back what a writer wrote, wherever it is cut', () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '😀', '\\') }), { nil: null });
    const table = fc.integer({ min: 2, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(table, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r'), (rows, sizes, end) => {
        const text = rows.map((row) => row.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')).join(end) + end;
        expect(records(text, sizes)).toEqual(rows);
      }),
    );
  });

  it('finds the dialect, the names and the lines', async () => {
    const semicolon = await read('a.csv', '\uFEFFid;name\r\n1;"x\r\ny"\r\n\r\n2;\r\n');
    expect(semicolon).toMatchObject({ columns: ['id', 'name'], rows: [['1', 'x\r\ny'], ['2', null]], lines: [2, 5], source: { delimiter: ';', header: true } });
    expect(await read('b.tsv', '1\t2\n3\t4\n')).toMatchObject({ columns: ['column_1', 'column_2'], rows: [['1', '2'], ['3', '4']] });
    expect(await read('c.csv', '')).toMatchObject({ columns: [], rows: [] });
    expect(await read('d.csv', 'a,b')).toMatchObject({ columns: ['a', 'b'], rows: [] });
    expect(await read('e.csv', 'a,a,a\n1,2,3\n')).toMatchObject({ columns: ['a', 'a_2', 'a_3'] });
  });

  it('tells ragged rows and broken bytes by their line', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,2\n3\n'), Buffer.from([0x34, 0x2c, 0xe9, 0x0a]), Buffer.from('5,6,7\n8,9\n')]);
    const found = await read('bad.csv', bytes);
    expect(found.rows).toEqual([['1', '2'], ['8', '9']]);
    expect(found.problems.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect((await read('latin.csv', bytes, { encoding: 'windows-1252' })).rows[1]).toEqual(['4', 'é']);
  });

  it('reads UTF-16, a field of 5 MB, and refuses a quote that is never closed', async () => {
    expect((await read('u.csv', Buffer.from('\uFEFFa,b\n1,é😀\n', 'utf16le'))).rows).toEqual([['1', 'é😀']]);
    const huge = 'x'.repeat(5_000_000);
    expect((await read('huge.csv', `a,b\n1,"${huge}"\n`)).rows[0]?.[1]?.length).toBe(5_000_000);
    await expect(read('open.csv', 'a,b\n1,"x\n2,y\n')).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('sends nothing that the server cannot hold', () => {
    const rows = [['1', 'a\tb\\c\n'], ['2', 'x\0y'], ['3', '\ud800'], ['4', null]];
    const encoded = encodeRows({ rows, lines: [2, 3, 4, 5], problems: [] }, [1, 0], 'copy', ['n', 't']);
    expect(Buffer.from(encoded.copy ?? []).toString()).toBe('2\ta\\tb\\\\c\\n\t1\n5\t\\N\t4\n');
    expect(encoded.problems.map(({ line, column }) => [line, column])).toEqual([[3, 't'], [4, 't']]);
    expect(encodeRows({ rows: [['a"\\', null]], lines: [1], problems: [] }, [0, 1], 'arrays', ['x', 'y']).arrays).toEqual(['{"1"}', '{"a\\"\\\\"}', '{NULL}']);
  });
});

describe('JSON', () => {
  it('keeps digits, nested values and late keys', async () => {
    const found = await read('a.json', ' [ {"id": 9007199254740993, "n": 1.10, "x": null, "s": "a\\"b"}, {"o": {"k": [1, "}"]}, "id": -0.0, "b": true} ] ');
    expect(found.columns).toEqual(['id', 'n', 'x', 's', 'o', 'b']);
    expect(found.rows).toEqual([['9007199254740993', '1.10', null, 'a"b'], ['-0.0', null, null, null, '{"k": [1, "}"]}', 'true']]);
    expect(found.texts).toEqual([3]);
  });

  it('goes to the array that was named, and reads lines one by one', async () => {
    expect(await read('p.json', '{"meta": {"items": [1]}, "data": {"skip": "]", "items": [{"a": 1}, {"a": 2}]}}', { jsonPath: 'data.items' })).toMatchObject({ rows: [['1'], ['2']] });
    const lines = await read('l.ndjson', '{"a":1}\n\n{"a":\n{"a":3,"a":4}\n{"b":5}');
    expect(lines.rows).toEqual([['1'], [null, '5']]);
    expect(lines.problems.map(({ line }) => line)).toEqual([3, 4]);
  });

  it('reads any JSON back as JSON.parse does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }), { maxLength: 5 }), fc.boolean(), async (values, pretty) => {
        const { columns, rows } = await read('any.json', JSON.stringify(values, null, pretty ? 1 : undefined), { format: 'json' });
        const back = rows.map((row, index) => Object.fromEntries(columns.flatMap((name, column) => (Object.hasOwn(values[index] ?? {}, name) ? [[name, typeof values[index]?.[name] === 'string' ? row[column] : (JSON.parse(row[column] ?? 'null') as unknown)]] : []))));
        expect(back).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('dates of spreadsheets', () => {
  it('are told from numbers by their format', () => {
    expect([isDateFormat(14, undefined), isDateFormat(0, undefined), isDateFormat(164, 'yyyy\\-mm\\-dd'), isDateFormat(165, '#,##0.00 "days"'), isDateFormat(166, '[h]:mm'), isDateFormat(167, '[Red]0.00')]).toEqual([true, false, true, false, false, false]);
  });
  it('are days since 1900 or 1904', () => {
    expect([dateText(1, false), dateText(59, false), dateText(60, false), dateText(61, false), dateText(45351, false), dateText(45351.5, false), dateText(0.25, false), dateText(0, true)]).toEqual(['1900-01-01', '1900-02-28', null, '1900-03-01', '2024-02-29', '2024-02-29 12:00:00', '06:00:00', '1904-01-01']);
  });
});
