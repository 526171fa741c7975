import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../e2e/servers/postgresql';
import type { Column } from '../../../src-preload/contract/queries';
import { encodeRows } from '../../drivers/rows';
import { createResultStore, type ResultStore } from '../results/resultStore';
import { createResultAnalysis, type ResultAnalysis } from './resultAnalysis';

type Row = (string | null)[];

const never = new AbortController().signal;
const quiet = { signal: never, onProgress: () => undefined };

let base: string;
let store: ResultStore;
let analysis: ResultAnalysis;
let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  base = mkdtempSync(path.join(tmpdir(), 'analysis-'));
  store = createResultStore({ folder: base });
  analysis = createResultAnalysis(store);
  database = await testDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
  await store.close();
  rmSync(base, { recursive: true, force: true });
});

const column = (name: string, type: string, family: Column['family']): Column => ({ name, type, family, source: null });

async function filled(columns: Column[], rows: Row[]): Promise<string> {
  const writer = store.create(columns);
  for (let from = 0; from < rows.length; from += 100) await writer.append(encodeRows(rows.slice(from, from + 100)));
  await writer.finish();
  return writer.resultId;
}

/** Rows of the server as the text that it sends. */
async function textRows(sql: string): Promise<Row[]> {
  const result = await client.query<Row>({ text: sql, rowMode: 'array', types: { getTypeParser: () => (value: string) => value } });
  return result.rows;
}

const copy = (resultId: string, over: Partial<Parameters<ResultAnalysis['copy']>[0]>) =>
  analysis.copy({ resultId, viewId: null, top: 0, bottom: 1_000_000, columns: [0], format: 'tsv', table: 't', ...over }, never);

describe('statistics', () => {
  const types = [
    ['integer', 'number', "(ARRAY[NULL, 1, -5, 2147483647, 1, 0])[1 + n % 6]"],
    ['numeric', 'number', "(ARRAY[NULL, 1.0, 1, -0.000000000000000000000000000000000000000000001, 99999999999999999999999999999999999999999.5, 12.50])[1 + n % 6]"],
    ['double precision', 'number', '(n * 1.5)::float8'],
    ['timestamp with time zone', 'datetime', "timestamptz '2024-02-29 23:59:59.999999+05:30' + n * interval '1 hour'"],
    ['date', 'datetime', "date '0044-03-15 BC' + n"],
    ['boolean', 'boolean', '(ARRAY[true, false, NULL])[1 + n % 3]'],
  ] as const;

  it.each(types)('of %s are those of the server', async (type, family, expression) => {
    const rows = await textRows(`SELECT ${expression} FROM generate_series(1, 997) n`);
    const id = await filled([column('v', type, family)], rows);
    const found = await analysis.statistics({ resultId: id, viewId: null }, 0, quiet);
    const ends = type === 'boolean' ? 'bool_and(v)::text, bool_or(v)::text' : 'min(v)::text, max(v)::text';
    const sum = type === 'integer' || type === 'numeric' ? 'sum(v::numeric)::text, avg(v::numeric)' : 'NULL::text, NULL::numeric';
    const [[nulls, distinct, min, max, total, average] = []] = await textRows(`SELECT count(*) - count(v), count(DISTINCT v), ${ends}, ${sum} FROM (SELECT ${expression} AS v FROM generate_series(1, 997) n) s`);
    expect(found).toMatchObject({ rows: 997, nulls: Number(nulls), distinct: Number(distinct), estimated: null });
    if (type === 'boolean') return;
    const same = async (ours: string | null, theirs: string | null | undefined): Promise<void> => expect(await textRows(`SELECT ${ours === null ? 'NULL' : `'${ours}'::${type} = '${theirs ?? ''}'::${type}`}`)).toEqual([['t']]);
    await same(found.min, min);
    await same(found.max, max);
    if (total) {
      expect(await textRows(`SELECT '${found.sum ?? ''}'::numeric = '${total}'::numeric`)).toEqual([['t']]);
      expect(Number(found.average?.text)).toBeCloseTo(Number(average), 6);
    }
    const { counts = [], outside = 0 } = found.histogram ?? {};
    expect(counts.reduce((sum_, count) => sum_ + count, 0) + outside).toBe(997 - Number(nulls));
  });

  it('add exactly what a double cannot hold, and take NaN and infinities as the server does', async () => {
    const of = async (values: Row): Promise<{ sum: string | null; average: unknown }> => {
      const id = await filled([column('v', 'numeric', 'number')], values.map((value) => [value]));
      const { sum, average } = await analysis.statistics({ resultId: id, viewId: null }, 0, quiet);
      return { sum, average };
    };
    expect(await of(['9007199254740993', '0.1', '0.2', '-9007199254740993'])).toEqual({ sum: '0.3', average: { text: '0.075', exact: true } });
    expect(await of(['1e300', '1', '-1e300'])).toMatchObject({ sum: '1' });
    expect(await of(['1', 'NaN', 'Infinity'])).toMatchObject({ sum: 'NaN' });
    expect(await of(['1', '-Infinity'])).toMatchObject({ sum: '-Infinity' });
    expect(await of([null])).toEqual({ sum: null, average: null });
    expect(await of(['1', '1', '2'])).toMatchObject({ average: { text: '1.33333333333333333333', exact: false } });
  });

  it('sum decimals as BigInt does, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 40 }), async (parts) => {
        const text = ([value, scale]: [bigint, number]): string => {
          const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
          return `${value < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
        };
        const id = await filled([column('v', 'numeric', 'number')], parts.map((part) => [text(part)]));
        const { sum } = await analysis.statistics({ resultId: id, viewId: null }, 0, quiet);
        const exact = parts.reduce((total, [value, scale]) => total + value * 10n ** BigInt(9 - scale), 0n);
        expect(BigInt((sum ?? '').replace('.', '')) * 10n ** BigInt(9 - ((sum ?? '').split('.')[1]?.length ?? 0))).toBe(exact);
      }),
      { numRuns: 15 },
    );
  });

  it('say that a count of too many values is an estimate, and keep it near', async () => {
    const small = createResultAnalysis(store, { distinct: { values: 1000, bytes: 1e6 }, matches: 10 });
    const id = await filled([column('v', 'text', 'text')], Array.from({ length: 60_000 }, (_, index) => [`value ${index % 30_000}`]));
    const found = await small.statistics({ resultId: id, viewId: null }, 0, quiet);
    expect(found.estimated).toContain('HyperLogLog');
    expect(Math.abs(found.distinct - 30_000)).toBeLessThan(30_000 * 0.04);
    expect(found.top).toEqual([]);
  });

  it('tell NULL from empty, count characters, rank the values, and follow a filter', async () => {
    const id = await filled([column('v', 'text', 'text')], [[null], [''], ['é😀'], ['a'], ['a']]);
    expect(await analysis.statistics({ resultId: id, viewId: null }, 0, quiet)).toMatchObject({
      nulls: 1, empty: 1, distinct: 3, lengths: { min: 0, max: 2, average: 1 }, top: [{ value: 'a', count: 2 }, { value: '', count: 1 }, { value: 'é😀', count: 1 }],
    });
    const { viewId } = await store.view(id, { sorts: [], filters: [{ column: 0, op: 'eq', value: 'a' }] }, never);
    expect(await analysis.statistics({ resultId: id, viewId }, 0, quiet)).toMatchObject({ rows: 2, distinct: 1 });
  });
});

describe('find', () => {
  it('finds what a look at every cell finds, and walks through it in the order of the screen', async () => {
    const cell = fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é', 'Σ', '1'), maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 60 }), fc.constantFrom('a', 'ab', 'é', 'Σ', '1'), fc.boolean(), fc.boolean(), async (rows, text, caseSensitive, regex) => {
        const id = await filled(['x', 'y', 'z'].map((name) => column(name, 'text', 'text')), rows);
        const order = [2, 0];
        const { findId, matches } = await analysis.find({ resultId: id, viewId: null }, order, { text, caseSensitive, regex }, quiet);
        const holds = (value: string): boolean => (regex ? new RegExp(text, caseSensitive ? 'u' : 'iu').test(value) : caseSensitive ? value.includes(text) : value.toLowerCase().includes(text.toLowerCase()));
        const expected = rows.flatMap((row, at) => order.flatMap((index) => (typeof row[index] === 'string' && holds(row[index]) ? [{ row: at, column: index }] : [])));
        expect(matches).toBe(expected.length);
        expect(analysis.findMarks(findId, 0, rows.length)).toHaveLength(expected.length);
        let from = { row: 0, column: 2 };
        for (const [ordinal, match] of expected.entries()) {
          const found = analysis.findNext(findId, from, 1, order);
          expect(found).toEqual({ ...match, ordinal });
          from = match.column === 2 ? { row: match.row, column: 0 } : { row: match.row + 1, column: 2 };
        }
        if (expected.length > 0) {
          expect(analysis.findNext(findId, from.row >= rows.length ? { row: rows.length, column: 2 } : from, 1, order)).toMatchObject(expected[0] ?? {});
          expect(analysis.findNext(findId, { row: 0, column: 2 }, -1, order)).toMatchObject(expected.at(-1) ?? {});
        }
      }),
      { numRuns: 25 },
    );
  });

  it('says what is no pattern, and ends when it is cancelled', async () => {
    const id = await filled([column('v', 'text', 'text')], [[`${'a'.repeat(40)}!`]]);
    await expect(analysis.find({ resultId: id, viewId: null }, [0], { text: '(', caseSensitive: false, regex: true }, quiet)).rejects.toMatchObject({ data: { code: 'bad_input' } });
    const abort = new AbortController();
    // A pattern that would take years on this value.
    const work = analysis.find({ resultId: id, viewId: null }, [0], { text: '^(a+)+$', caseSensitive: true, regex: true }, { signal: abort.signal, onProgress: () => undefined });
    setTimeout(() => abort.abort(), 200);
    await expect(work).rejects.toMatchObject({ data: { code: 'cancelled' } });
  });
});

describe('copying', () => {
  const rows: Row[] = [['1', 'a,"b"\tc', null], ['2', '', 'x|y\nz'], ['2', 'O\'Re\\il', null]];
  const columns = [column('id', 'integer', 'number'), column('tèxt', 'text', 'text'), column('n', 'text', 'text')];

  it('tells NULL from the empty text in every format, and keeps every character', async () => {
    const id = await filled(columns, rows);
    const all = { columns: [0, 1, 2] };
    expect((await copy(id, { ...all, format: 'csv' })).text).toBe('id,tèxt,n\n1,"a,""b""\tc",\n2,"","x|y\nz"\n2,O\'Re\\il,');
    expect((await copy(id, { ...all, format: 'tsvWithNames' })).text).toBe('id\ttèxt\tn\n1\t"a,""b""\tc"\t\n2\t""\t"x|y\nz"\n2\tO\'Re\\il\t');
    expect(JSON.parse((await copy(id, { ...all, format: 'json' })).text)).toEqual([{ id: '1', tèxt: 'a,"b"\tc', n: null }, { id: '2', tèxt: '', n: 'x|y\nz' }, { id: '2', tèxt: "O'Re\\il", n: null }]);
    expect((await copy(id, { ...all, format: 'markdown' })).text).toBe('| id | tèxt | n |\n| ---: | --- | --- |\n| 1 | a,"b"\tc | *NULL* |\n| 2 |  | x\\|y<br>z |\n| 2 | O\'Re\\\\il | *NULL* |');
    expect((await copy(id, { top: 1, bottom: 1, columns: [0] })).text).toBe('2');
    // In the order in which the columns stand, and from a view as from the result.
    const { viewId } = await store.view(id, { sorts: [{ column: 0, direction: 'desc' }], filters: [] }, never);
    expect((await copy(id, { viewId, top: 1, bottom: 2, columns: [2, 0], format: 'tsvWithNames' })).text).toBe('n\tid\n\t2\n\t1');
  });

  it('leaves NULL out of an IN list and says so', async () => {
    const id = await filled(columns, rows);
    expect(await copy(id, { columns: [0], format: 'inList' })).toMatchObject({ text: '(1, 2)', notes: [expect.stringContaining('repeated')] });
    expect(await copy(id, { columns: [2], format: 'inList' })).toMatchObject({ text: "('x|y\nz')", notes: [expect.stringContaining('2 NULL were left out')] });
    const list = (await copy(id, { columns: [1], format: 'inList' })).text;
    expect(await textRows(`SELECT count(*) FROM (VALUES ('a,"b"'||chr(9)||'c'), (''), (E'O\\'Re\\\\il'), ('other')) v(t) WHERE t IN ${list}`)).toEqual([['3']]);
  });

  it('refuses what is over 100 MB, with a way out', async () => {
    const id = await filled([column('v', 'text', 'text')], Array.from({ length: 30 }, () => ['x'.repeat(4_000_000)]));
    await expect(copy(id, { format: 'csv' })).rejects.toMatchObject({ data: { code: 'bad_input', message: expect.stringContaining('100 MB') } });
  });

  it('gives INSERTs that make the same rows again, whatever the types hold', async () => {
    const list: [string, string, Column['family'], fc.Arbitrary<string>][] = [
      ['b', 'boolean', 'boolean', fc.constantFrom('t', 'f')],
      ['i', 'bigint', 'number', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
      ['n', 'numeric', 'number', fc.oneof(fc.constantFrom('NaN', 'Infinity', '-Infinity'), fc.bigInt().map((value) => `${value}.50`))],
      ['d', 'double precision', 'number', fc.double().map((value) => String(value))],
      ['x', 'xid8', 'number', fc.nat().map(String)],
      ['t', 'text', 'text', fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, ''))],
      ['y', 'bytea', 'binary', fc.uint8Array({ maxLength: 6 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`)],
      ['a', 'text[]', 'array', fc.constantFrom('{}', '{a,"b,c",NULL,"NULL"}', '{"quo\\"te","back\\\\slash",""}')],
      ['j', 'jsonb', 'json', fc.jsonValue().map((value) => JSON.stringify(value).replaceAll('\\u0000', ''))],
      ['z', 'timestamp with time zone', 'datetime', fc.constantFrom('infinity', '2024-02-29 23:59:59.999999+00', '0044-03-15 00:00:00+00 BC')],
      ['m', 'money', 'other', fc.constantFrom('$1,234.50', '-$0.01')],
      ['v', 'interval', 'other', fc.constantFrom('1 year -2 days', '-00:00:01.5')],
    ];
    const names = list.map(([name]) => name).join(', ');
    await client.query(`CREATE TABLE made (k serial, ${list.map(([name, type]) => `${name} ${type}`).join(', ')}); CREATE TABLE again (LIKE made INCLUDING ALL); SET TimeZone = 'UTC'`);
    const row = fc.tuple(...list.map(([, , , value]) => fc.option(value, { nil: null })));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (given) => {
        await client.query('TRUNCATE made, again RESTART IDENTITY');
        for (const values of given) await client.query(`INSERT INTO made (${names}) VALUES (${values.map((_, at) => `$${at + 1}`).join(', ')})`, values);
        const stored = await textRows(`SELECT ${names} FROM made ORDER BY k`);
        const id = await filled(list.map(([name, type, family]) => column(name, type, family)), stored);
        const { text } = await copy(id, { columns: list.map((_, at) => at), format: 'insert', table: 'again' });
        await client.query(text);
        expect(await textRows(`SELECT ${names} FROM again ORDER BY k`)).toEqual(stored);
      }),
      { numRuns: 40 },
    );
  });
});

describe('charts', () => {
  const chart = (id: string, spec: Partial<Parameters<ResultAnalysis['chart']>[1]>) => analysis.chart({ resultId: id, viewId: null }, { kind: 'bar', x: 'g', y: ['v'], series: null, aggregate: 'sum', ...spec }, quiet);

  it('add exactly, and say what was left out', async () => {
    const id = await filled([column('g', 'text', 'text'), column('v', 'numeric', 'number')], [['a', '0.1'], ['b', '1'], ['a', '0.2'], [null, '9'], ['b', 'NaN'], ['b', null]]);
    const data = await chart(id, {});
    expect(data).toMatchObject({ axis: 'category', x: ['a', 'b'], series: [{ name: 'v', values: ['0.3', '1'] }], rows: 6 });
    expect(data.notes.join(' ')).toContain('1 row left out');
    expect(data.notes.join(' ')).toContain('no finite number');
    expect((await chart(id, { y: [], aggregate: 'count' })).series[0]?.values).toEqual(['2', '3']);
    await expect(chart(id, { y: ['gone'] })).rejects.toMatchObject({ data: { code: 'bad_input' } });
  });

  it('group long lines, sample many points, and say so', async () => {
    const id = await filled([column('g', 'integer', 'number'), column('v', 'integer', 'number')], Array.from({ length: 12_000 }, (_, at) => [String(at), String(at % 10)]));
    const line = await chart(id, { kind: 'line', aggregate: 'count', y: [] });
    expect(line.x.length).toBeLessThanOrEqual(2001);
    expect(line.series[0]?.values.reduce((sum, value) => sum + Number(value), 0)).toBe(12_000);
    expect(line.notes.join(' ')).toContain('equal steps');
    const points = await chart(id, { kind: 'scatter', aggregate: 'none' });
    expect(points.x).toHaveLength(4000);
    expect(points.notes.join(' ')).toContain('sample');
    const histogram = await chart(id, { kind: 'histogram', aggregate: 'count' });
    expect(histogram.series[0]?.values.reduce((sum, value) => sum + Number(value), 0)).toBe(12_000);
  });

  it('draw instants where values state a zone, and the shown clock where they do not', async () => {
    const zoned = await filled([column('g', 'timestamp with time zone', 'datetime'), column('v', 'integer', 'number')], [['2024-01-01 02:00:00+02', '1'], ['infinity', '2']]);
    expect(await chart(zoned, { kind: 'line' })).toMatchObject({ axis: 'time', zoned: true, x: [String(Date.UTC(2024, 0, 1))] });
    const plain = await filled([column('g', 'timestamp without time zone', 'datetime'), column('v', 'integer', 'number')], [['2024-01-01 02:00:00', '1']]);
    expect(await chart(plain, { kind: 'line' })).toMatchObject({ zoned: false, x: [String(Date.UTC(2024, 0, 1, 2))] });
  });
});
