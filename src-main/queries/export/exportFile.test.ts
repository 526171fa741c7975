import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Column } from '../../../src-preload/contract/queries';
import { encodeRows } from '../../drivers/rows';
import { createResultStore, type ResultStore } from '../results/resultStore';
import { exportSpec, type ExportFormat } from '../../../src-preload/contract/exportSpec';
import { exportFile, type ExportOptions } from './exportFile';
import { distinctNames } from './json';

type Row = (string | null)[];
let folder: string;
let store: ResultStore;
const never = new AbortController().signal;
const column = (name: string, family: Column['family'] = 'text'): Column => ({ name, type: family, family, source: null });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'export-'));
  store = createResultStore({ folder: path.join(folder, 'results') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const all = { columns: null, rows: null };
const write = (ref: { resultId: string; viewId: string | null }, format: ExportFormat, target: string, options: ExportOptions) => exportFile(store, ref, all, { spec: exportSpec.parse({ format }), gzip: false, target }, options);

async function filled(columns: Column[], rows: Row[]): Promise<string> {
  const writer = store.create(columns);
  for (let from = 0; from < rows.length; from += 1000) await writer.append(encodeRows(rows.slice(from, from + 1000)));
  await writer.finish();
  return writer.resultId;
}

async function exported(columns: Column[], rows: Row[], format: ExportFormat): Promise<string> {
  const target = path.join(folder, 'out');
  const resultId = await filled(columns, rows);
  expect(await write({ resultId, viewId: null }, format, target, { signal: never })).toMatchObject({ rows: rows.length });
  expect(readdirSync(folder).sort()).toEqual(['out', 'results']);
  return readFileSync(target, 'utf8');
}

/** Reads RFC 4180; a field without quotes that is empty is NULL. */
function readCsv(text: string): Row[] {
  const rows: Row[] = [];
  let at = 0;
  while (at < text.length) {
    const row: Row = [];
    for (;;) {
      if (text[at] === '"') {
        let field = '';
        at += 1;
        for (;;) {
          const end = text.indexOf('"', at);
          field += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          field += '"';
          at += 1;
        }
        row.push(field);
      } else {
        const field = /[^,\r\n]*/y;
        field.lastIndex = at;
        const plain = field.exec(text)?.[0] ?? '';
        at += plain.length;
        row.push(plain === '' ? null : plain);
      }
      if (text[at] !== ',') break;
      at += 1;
    }
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    rows.push(row);
  }
  return rows;
}

describe('CSV', () => {
  it('comes back as it was, with NULL apart from the empty string', async () => {
    const cell = fc.oneof(fc.constantFrom(null, '', ',', '"', '\r\n', '\n', ' a ', "it's", 'NULL', '\\N', 'ä€😀'), fc.string({ unit: 'binary', maxLength: 12 }));
    const rowsArb = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(rowsArb, async (rows) => {
        const names = (rows[0] ?? []).map((_, index) => `na"me, ${index}`);
        const text = await exported(names.map((name) => column(name)), rows, 'csv');
        expect(readCsv(text)).toEqual([names, ...rows]);
      }),
      { numRuns: 25 },
    );
  });

  it('is what stands in the specification', async () => {
    expect(await exported([column('a'), column('b')], [['x', null], ['', '1,5'], ['say "hi"', 'y']], 'csv')).toBe('a,b\r\nx,\r\n"","1,5"\r\n"say ""hi""",y\r\n');
  });
});

describe('JSON', () => {
  const columns = [column('n', 'number'), column('b', 'boolean'), column('j', 'json'), column('t'), column('n')];
  const rows: Row[] = [
    ['9223372036854775807', 't', '{"a": [1,\n 2]}', 'é"\\\n\u0001\u2028', 'x'],
    ['1.500', 'f', 'null', '', null],
    ['NaN', null, '"s"', null, '5'],
    ['-Infinity', 't', '{"cut', '{}', ''],
  ];
  const lines = [
    '{"n":9223372036854775807,"b":true,"j":{"a": [1,\n 2]},"t":"é\\"\\\\\\n\\u0001\u2028","n_2":"x"}',
    '{"n":1.500,"b":false,"j":null,"t":"","n_2":null}',
    '{"n":"NaN","b":null,"j":"s","t":null,"n_2":"5"}',
    '{"n":"-Infinity","b":true,"j":"{\\"cut","t":"{}","n_2":""}',
  ];

  it('keeps the digits of numbers and embeds documents', async () => {
    const text = await exported(columns, rows, 'json');
    expect(text).toBe(`[\n${lines.join(',\n')}\n]\n`);
    expect(JSON.parse(text)).toHaveLength(4);
    expect(JSON.parse(await exported(columns, [], 'json'))).toEqual([]);
  });

  it('of lines has one line a row', async () => {
    const text = await exported(columns, rows, 'ndjson');
    expect(text).toBe(lines.map((line) => `${line.replace('[1,\n 2]', '[1,  2]')}\n`).join(''));
  });

  it('parses back to any text', async () => {
    const cell = fc.option(fc.string({ unit: 'binary', maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (cells) => {
        const text = await exported([column('a'), column('ä')], cells, 'ndjson');
        expect(text.trimEnd().split('\n').map((line) => Object.values(JSON.parse(line) as Record<string, unknown>))).toEqual(cells);
      }),
      { numRuns: 15 },
    );
  });

  it('writes numbers only where JSON has such numbers', async () => {
    const numbers = ['0', '-0', '1e+20', '01', '.5', '5.', '+1', '1_000', '$1', '--1', '1e', '12345678901234567890.123456789'];
    const text = await exported([column('n', 'number')], numbers.map((n) => [n]), 'ndjson');
    expect(text.trimEnd().split('\n')).toEqual(['0', '-0', '1e+20', '"01"', '".5"', '"5."', '"+1"', '"1_000"', '"$1"', '"--1"', '"1e"', '12345678901234567890.123456789'].map((n) => `{"n":${n}}`));
  });

  it('tells columns of one name apart without taking a name that is there', () => {
    expect(distinctNames(['a', 'a', 'a_2', 'b', 'a'])).toEqual(['a', 'a_3', 'a_2', 'b', 'a_4']);
  });
});

describe('an export', () => {
  it('of a view has its rows and its order, also of rows far apart', async () => {
    const rows: Row[] = Array.from({ length: 30_000 }, (_, n) => [String((n * 7919) % 30_000), 'x'.repeat(n % 500), n % 1000 === 0 ? 'long'.repeat(5000) : null]);
    const resultId = await filled([column('n', 'number'), column('t'), column('l')], rows);
    const { viewId } = await store.view(resultId, { sorts: [{ column: 0, direction: 'desc' }], filters: [{ column: 0, op: 'lt', value: '20000' }] }, never);
    const target = path.join(folder, 'out.csv');
    const progress: [number, number][] = [];
    await write({ resultId, viewId }, 'csv', target, { signal: never, onProgress: (done, total) => progress.push([done, total]) });
    const expected = rows.filter(([n]) => Number(n) < 20_000).sort((a, b) => Number(b[0]) - Number(a[0]));
    expect(readCsv(readFileSync(target, 'utf8')).slice(1)).toEqual(expected.map(([n, t, l]) => [n, t, l]));
    expect(progress.at(-1)).toEqual([20_000, 20_000]);
  });

  it('waits for the last rows, and survives the release of its result', async () => {
    const writer = store.create([column('t')]);
    const target = path.join(folder, 'out.csv');
    await writer.append(encodeRows([['a']]));
    const exporting = write({ resultId: writer.resultId, viewId: null }, 'csv', target, { signal: never });
    await writer.append(encodeRows([['b']]));
    await writer.finish();
    await Promise.resolve();
    store.release([writer.resultId]);
    expect(await exporting).toMatchObject({ rows: 2, bytes: 9, notes: [] });
    expect(readFileSync(target, 'utf8')).toBe('t\r\na\r\nb\r\n');
  });

  it('that is aborted leaves no half file, and the old one as it was', async () => {
    const resultId = await filled([column('t')], Array.from({ length: 200_000 }, () => ['x'.repeat(60)]));
    const target = path.join(folder, 'out.csv');
    writeFileSync(target, 'old');
    const abort = new AbortController();
    const exporting = write({ resultId, viewId: null }, 'json', target, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(exporting).rejects.toMatchObject({ data: { code: 'cancelled' } });
    expect(readdirSync(folder).sort()).toEqual(['out.csv', 'results']);
    expect(readFileSync(target, 'utf8')).toBe('old');
  });

  it('says why it cannot write', async () => {
    const resultId = await filled([column('t')], [['x']]);
    const ref = { resultId, viewId: null };
    await expect(write(ref, 'csv', 'relative.csv', { signal: never })).rejects.toMatchObject({ data: { code: 'bad_input' } });
    const missing = path.join(folder, 'nowhere', 'out.csv');
    await expect(write(ref, 'csv', missing, { signal: never })).rejects.toMatchObject({ data: { code: 'disk', detail: 'ENOENT' } });
    expect(existsSync(missing)).toBe(false);
  });
});
