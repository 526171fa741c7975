import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { exportSpec, type ExportSpec } from '../../../src-preload/contract/exportSpec';
import { encodeRows } from '../../drivers/rows';
import { RowCells, visitRows } from '../views/rowScan';
import { arrayElements } from './arrayText';
import { fileEncoder } from './encoders';
import { OutputBuffer } from './outputBuffer';
import type { ExportColumn } from './rowEncoder';
import { xlsxEncoder } from './xlsx';
import { sheetNumber, sheetTime } from './xlsxValues';

type Row = (string | null)[];
/** The options that a test names; the others have their defaults. */
type Options = { readonly format: ExportSpec['format'] } & Readonly<Record<string, unknown>>;
let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'formats-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const column = (name: string, type: string, family: ExportColumn['family'], index: number): ExportColumn => ({ name, type, family, index });
const texts = (...names: string[]): ExportColumn[] => names.map((name, index) => column(name, 'text', 'text', index));

/** Feeds rows to an encoder as the worker does. */
async function feed(encoder: ReturnType<typeof fileEncoder>, width: number, rows: Row[]): Promise<string[]> {
  const cells = new RowCells(width);
  await encoder.begin();
  const { bytes } = encodeRows(rows);
  visitRows(Buffer.from(bytes), cells, 0, () => encoder.row(cells));
  await encoder.end();
  return encoder.notes?.() ?? [];
}

async function written(spec: Options, columns: ExportColumn[], rows: Row[], gzip = false): Promise<Buffer> {
  const target = path.join(folder, `out-${Math.random()}`);
  await feed(fileEncoder({ columns, spec: exportSpec.parse(spec), gzip, target, title: 'A <title>' }), Math.max(0, ...columns.map(({ index }) => index + 1)), rows);
  return readFileSync(target);
}

describe('CSV with options', () => {
  const rows: Row[] = [['=1+1', null], ['NULL', ''], ['-5', 'a;b'], ['\\.', 'ä']];
  it('separates, quotes, marks and names as asked', async () => {
    const text = (await written({ format: 'csv', delimiter: ';', nullText: 'NULL', lineEnd: 'lf', bom: true }, texts('a', 'b'), rows)).toString();
    expect(text).toBe('\uFEFFa;b\n=1+1;NULL\n"NULL";""\n-5;"a;b"\n"\\.";ä\n');
    expect((await written({ format: 'csv', quoteAll: true, header: false, lineEnd: 'lf' }, texts('a', 'b'), [['1', null]])).toString()).toBe('"1",\n');
  });
  it('guards text that a spreadsheet would run, but not numbers', async () => {
    const columns = [column('t', 'text', 'text', 0), column('n', 'integer', 'number', 1)];
    expect((await written({ format: 'csv', guardFormulas: true, lineEnd: 'lf' }, columns, [['=1+1', '-5'], ['@x', '1']])).toString()).toBe('t,n\n"\'=1+1",-5\n"\'@x",1\n');
  });
  it('writes chosen columns in the chosen order, compressed when asked', async () => {
    const columns = [column('b', 'text', 'text', 1), column('a', 'text', 'text', 0)];
    expect(gunzipSync(await written({ format: 'csv', lineEnd: 'lf' }, columns, [['1', '2']], true)).toString()).toBe('b,a\n2,1\n');
  });
});

describe('Markdown and HTML', () => {
  it('escape what would be markup', async () => {
    const columns = [column('n', 'integer', 'number', 0), column('a|b', 'text', 'text', 1)];
    expect((await written({ format: 'markdown' }, columns, [['1', 'x|y\n<b>*z*'], ['2', null]])).toString()).toBe('| n | a\\|b |\n|---:|---|\n| 1 | x\\|y<br>\\<b\\>\\*z\\* |\n| 2 | _NULL_ |\n');
    const html = (await written({ format: 'html' }, columns, [['1', '<script>alert(1)</script> & "x"'], ['2', null]])).toString();
    expect(html).toContain('<td>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;</td>');
    expect(html).toContain('<title>A &lt;title&gt;</title>');
    expect(html).toContain('<i>NULL</i>');
    expect(html).not.toContain('<script');
    expect(html).toContain('<p>2 rows</p>');
  });
});

/** Every part of an archive as text. */
function unzipped(file: string): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const parts = new Map<string, string>();
      zip.on('error', reject);
      zip.on('end', () => resolve(parts));
      zip.on('entry', (entry: yauzl.Entry) =>
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            parts.set(entry.fileName, Buffer.concat(chunks).toString());
            zip.readEntry();
          });
        }),
      );
      zip.readEntry();
    });
  });
}

/** The cells of a sheet by their place: what `<v>` or `<t>` holds, with the type and style before it. */
function cellsOf(sheet: string): Map<string, string> {
  const unescaped = (text: string): string => text.replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return new Map([...sheet.matchAll(/<c r="([A-Z]+\d+)"([^>]*)>(?:<v>([^<]*)<\/v>|<is><t[^>]*>([^<]*)<\/t><\/is>)<\/c>/g)].map(([, place = '', marks = '', value, text]) => [place, value === undefined ? unescaped(text ?? '') : `#${value}${marks.includes('t="b"') ? '?' : ''}`]));
}

async function workbook(columns: ExportColumn[], rows: Row[], rowsPerSheet?: number): Promise<{ parts: Map<string, string>; notes: string[] }> {
  const target = path.join(folder, 'book.xlsx');
  const notes = await feed(xlsxEncoder(columns, new OutputBuffer(target), { header: 'bold', types: 'typed' }, rowsPerSheet), columns.length, rows);
  const parts = await unzipped(target);
  rmSync(target);
  return { parts, notes };
}

describe('XLSX', () => {
  const columns = [
    column('i', 'bigint', 'number', 0),
    column('n', 'numeric(12,2)', 'number', 1),
    column('b', 'boolean', 'boolean', 2),
    column('d', 'timestamp without time zone', 'datetime', 3),
    column('z', 'timestamp with time zone', 'datetime', 4),
    column('t', 'text', 'text', 5),
  ];
  it('has numbers, dates and truth values only where a cell holds them exactly, and text is never a formula', async () => {
    const { parts, notes } = await workbook(columns, [
      ['9007199254740993', '1.50', 't', '2024-02-29 12:00:00', '2024-01-01 00:00:00+01', '=HYPERLINK("x")'],
      ['42', 'NaN', 'f', '2024-02-29 12:00:00.000001', 'infinity', 'a_x0041_<&>\u0001\r\n'],
      [null, null, null, '1899-01-01 00:00:00', null, null],
    ]);
    const cells = cellsOf(parts.get('xl/worksheets/sheet1.xml') ?? '');
    expect(Object.fromEntries(cells)).toEqual({
      A1: 'i', B1: 'n', C1: 'b', D1: 'd', E1: 'z (UTC)', F1: 't',
      A2: '9007199254740993', B2: '#1.50', C2: '#1?', D2: '#45351.5', E2: '#45291.958333333336', F2: '=HYPERLINK("x")',
      A3: '#42', B3: 'NaN', C3: '#0?', D3: '2024-02-29 12:00:00.000001', E3: 'infinity', F3: 'a_x0041_<&>\u0001\r\n',
      D4: '1899-01-01 00:00:00',
    });
    expect([...parts.values()].join('')).not.toContain('<f>');
    expect(notes).toContain('i: 1 value written as text, because a cell would not hold it exactly.');
    expect(parts.get('xl/workbook.xml')).toContain('name="Notes"');
  });

  it('goes on in further sheets with the names again, and lists what it cut', async () => {
    const long = '😀'.repeat(20_000);
    const { parts, notes } = await workbook(texts('t'), [['1'], ['2'], ['3'], [long], ['5']], 3);
    const sheets = [1, 2, 3].map((number) => cellsOf(parts.get(`xl/worksheets/sheet${number}.xml`) ?? ''));
    expect(sheets.map((cells) => cells.get('A1'))).toEqual(['t', 't', 't']);
    expect([...(sheets[0]?.values() ?? [])]).toEqual(['t', '1', '2']);
    // 32,767 is in the middle of a pair: the half is left out.
    expect(sheets[1]?.get('A3')).toHaveLength(32_766);
    expect(notes).toEqual(['t: 1 value cut to the 32,767 characters that a cell holds.']);
    expect([...cellsOf(parts.get('xl/worksheets/sheet4.xml') ?? '').values()]).toEqual([notes[0], 'Cut: sheet', 'Cell', 'Column', 'Characters', 'Rows 2', 'A3', 't', '40000']);
  });

  it('gives any text back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[\uD800-\uDFFF]/.test(text) && !text.includes('\0')), { minLength: 1, maxLength: 20 }), async (values) => {
        const { parts } = await workbook(texts('t'), values.map((value) => [value]));
        const cells = cellsOf(parts.get('xl/worksheets/sheet1.xml') ?? '');
        expect(values.map((_, index) => cells.get(`A${index + 2}`))).toEqual(values);
      }),
      { numRuns: 40 },
    );
  });

  it('takes numbers of 15 digits and times of whole milliseconds', () => {
    expect(sheetNumber('123456789012345', false)).toBe('123456789012345');
    expect(sheetNumber('1234567890123456', false)).toBeNull();
    expect(sheetNumber('1000000000000000000000', false)).toBe('1000000000000000000000');
    expect(sheetNumber('0.30000000000000004', true)).toBe('0.30000000000000004');
    expect(sheetNumber('1e400', false)).toBeNull();
    expect(sheetTime('1900-03-01', 'date')).toBe('61');
    expect(sheetTime('1900-02-28', 'date')).toBeNull();
    expect(sheetTime('9999-12-31', 'date')).toBe('2958465');
    expect(sheetTime('10000-01-01', 'date')).toBeNull();
    expect(sheetTime('0044-03-15 BC', 'date')).toBeNull();
    expect(sheetTime('24:00:00', 'time')).toBeNull();
    expect(sheetTime('06:00:00', 'time')).toBe('0.25');
  });
});

describe('Parquet', () => {
  it('has exact types', async () => {
    const types: [string, ExportColumn['family'], string | null][] = [
      ['bigint', 'number', '9223372036854775807'],
      ['numeric(20,4)', 'number', '-1234567890123456.1234'],
      ['numeric', 'number', '123456789012345678901234567890123456789.5'],
      ['double precision', 'number', '0.1'],
      ['boolean', 'boolean', 't'],
      ['uuid', 'text', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['jsonb', 'json', '{"a": 1.10}'],
      ['bytea', 'binary', '\\x00ff'],
      ['date', 'datetime', '0044-03-15 BC'],
      ['timestamp without time zone', 'datetime', '0001-01-01 00:00:00.000001 BC'],
      ['timestamp with time zone', 'datetime', '2024-01-01 00:00:00.123456+05:45'],
      ['text[]', 'array', '{"a,\\"b\\\\",NULL,""}'],
      ['bigint[]', 'array', '{1,NULL}'],
      ['interval', 'other', '1 mon 00:00:00.000001'],
      ['text', 'text', ''],
    ];
    const columns = types.map(([type, family], index) => column(index === 1 ? 'C0' : `c${index}`, type, family, index));
    const target = path.join(folder, "it's.parquet");
    const notes = await feed(fileEncoder({ columns, spec: exportSpec.parse({ format: 'parquet' }), gzip: false, target, title: '' }), types.length, [types.map(([, , value]) => value), types.map(() => null)]);
    expect(notes).toEqual(['c2: numeric without a precision has no counterpart in Parquet, so that its values are text.']);
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const source = `'${target.replaceAll("'", "''")}'`;
    const read = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRowsJson();
    expect((await read(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`)).map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
      'c0 BIGINT', 'C0_2 DECIMAL(20,4)', 'c2 VARCHAR', 'c3 DOUBLE', 'c4 BOOLEAN', 'c5 UUID', 'c6 JSON', 'c7 BLOB', 'c8 DATE', 'c9 TIMESTAMP', 'c10 TIMESTAMP WITH TIME ZONE', 'c11 VARCHAR[]', 'c12 BIGINT[]', 'c13 VARCHAR', 'c14 VARCHAR',
    ]);
    await connection.run("SET TimeZone = 'UTC'");
    const [first, second] = await read(`SELECT c0::VARCHAR, C0_2::VARCHAR, c2, c3::VARCHAR, c4, c5::VARCHAR, c6::VARCHAR, hex(c7), c8::VARCHAR, c9::VARCHAR, c10::VARCHAR, c11, c12, c13, c14 FROM ${source}`);
    expect(first).toEqual(['9223372036854775807', '-1234567890123456.1234', '123456789012345678901234567890123456789.5', '0.1', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1.10}', '00FF', '0044-03-15 (BC)', expect.stringMatching(/^0001-01-01 \(BC\) 00:00:00\.000001$/), '2023-12-31 18:15:00.123456+00', ['a,"b\\', null, ''], ['1', null], '1 mon 00:00:00.000001', '']);
    expect(second?.every((value) => value === null)).toBe(true);
    connection.closeSync();
  });

  it('ends with a word about a value that its type cannot hold, and has a way out', async () => {
    const columns = [column('n', 'numeric(4,2)', 'number', 0)];
    await expect(written({ format: 'parquet' }, columns, [['1.50'], ['NaN']])).rejects.toMatchObject({ data: { code: 'bad_input', message: expect.stringContaining('a value of n is no DECIMAL(4,2)') as string, hint: expect.stringContaining('as text') as string } });
    expect((await written({ format: 'parquet', types: 'text' }, columns, [['NaN']])).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('reads arrays of one dimension only', () => {
    expect(arrayElements('{}')).toEqual([]);
    expect(arrayElements('{"NULL",NULL,a b}')).toEqual(['NULL', null, 'a b']);
    expect(arrayElements('{{1},{2}}')).toBeNull();
    expect(arrayElements('[0:1]={1,2}')).toBeNull();
  });
});
