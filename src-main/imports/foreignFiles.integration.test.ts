import { DuckDBInstance } from '@duckdb/node-api';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreignWorkbook } from './testFiles';
import { never, startTestProgram, type TestProgram } from './testSupport';

let program: TestProgram;
beforeAll(async () => {
  program = await startTestProgram();
});
afterAll(() => program.close());

const rows = (text: string): Promise<Record<string, unknown>[]> => program.database.query(text);

describe('a workbook of another program', () => {
  it('gives its values, with types', async () => {
    const file = program.file('foreign.xlsx', foreignWorkbook());
    expect((await program.imports.inspect({ path: file }, never)).sheets).toEqual(['Orders & more', 'Größe']);
    const request = await program.request(file, { table: 'orders' });
    expect(request.columns.map(({ name, type }) => [name, type])).toEqual([['id', 'integer'], ['name', 'text'], ['on', 'date'], ['at', 'timestamp'], ['share', 'numeric'], ['total', 'numeric'], ['fine', 'boolean']]);
    expect(await program.run(request)).toMatchObject({ error: null, rowsLoaded: 4, problems: [] });
    expect(await rows('SELECT id, name, "on"::text, at::text, share::text, total::text, fine FROM orders ORDER BY id')).toEqual([
      { id: 1, name: 'rich text', on: '2024-02-29', at: '2024-02-29 18:00:00', share: '0.1', total: '2.5', fine: true },
      { id: 2, name: ' in <line>\né 😀 ', on: '1900-01-01', at: '2024-02-29 02:57:46.598', share: '0.00001', total: null, fine: false },
      { id: 3, name: '007', on: null, at: null, share: null, total: '2', fine: null },
      { id: 4, name: 'ab', on: null, at: null, share: '12', total: null, fine: null },
    ]);
  });

  it('has other sheets, and says which when one is not there', async () => {
    const file = program.file('sheets.xlsx', foreignWorkbook());
    const request = await program.request(file, { table: 'sizes', source: { sheet: 'Größe' } });
    expect(await program.run(request)).toMatchObject({ error: null, rowsLoaded: 1 });
    expect(await rows('SELECT * FROM sizes')).toEqual([{ größe: 42 }]);
    await expect(program.imports.inspect({ path: file, sheet: 'Nope' }, never)).rejects.toMatchObject({ code: 'bad_input', data: { hint: expect.stringContaining('Größe') as string } });
  });

  it('that is cut short is refused', async () => {
    const whole = foreignWorkbook();
    await expect(program.imports.inspect({ path: program.file('cut.xlsx', whole.subarray(0, whole.length - 400)) }, never)).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('a Parquet file of another program', () => {
  it('gives every value exactly', async () => {
    const file = path.join(program.folder, "it's foreign.parquet");
    const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT * FROM (VALUES
      (1, 18446744073709551615::UBIGINT, 1234567890123456789012345678.0123456789::DECIMAL(38,10), TIMESTAMP_NS '2024-01-01 00:00:00.123456789', ['a"b\\', NULL, ''], [0.1::DECIMAL(20,10)], {'d': 12345678901234567890.0123456789::DECIMAL(38,10), 'x': NULL}, [[1], [2, 3]], '\\x00\\xFFA'::BLOB, ['\\x00"'::BLOB], TIMESTAMPTZ '2024-01-01 00:00:00.000001+02', DATE '2024-02-29', 1e-7::DOUBLE, 0.1::FLOAT, '007', INTERVAL '1 month 2 days 3 hours'),
      (2, NULL, NULL, NULL, [], NULL, NULL, NULL, ''::BLOB, [], NULL, NULL, 'nan'::DOUBLE, '-inf'::FLOAT, '', NULL),
      (3, 0, -0.0000000001, NULL, NULL, [NULL], {'d': NULL, 'x': 5}, [], NULL, NULL, NULL, DATE '0044-03-15 (BC)', NULL, NULL, NULL, NULL)
      ) t(id, big, exact, ns, texts, decimals, struct, nested, bytes, blobs, tz, d, dbl, flt, code, span)) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const request = await program.request(file, { table: 'foreign_parquet' });
    expect(Object.fromEntries(request.columns.map(({ name, type }) => [name, type]))).toEqual({
      id: 'integer', big: 'numeric(20,0)', exact: 'numeric(38,10)', ns: 'text', texts: 'text[]', decimals: 'numeric(20,10)[]', struct: 'jsonb', nested: 'jsonb', bytes: 'bytea', blobs: 'bytea[]',
      tz: 'timestamptz', d: 'date', dbl: 'double precision', flt: 'real', code: 'text', span: 'interval',
    });
    expect(await program.run(request)).toMatchObject({ error: null, problems: [], rowsLoaded: 3 });
    expect(await rows(`SELECT ${request.columns.map(({ name }) => `"${name}"::text`).join(', ')} FROM foreign_parquet ORDER BY id`)).toEqual([
      {
        id: '1', big: '18446744073709551615', exact: '1234567890123456789012345678.0123456789', ns: '2024-01-01 00:00:00.123456789', texts: '{"a\\"b\\\\",NULL,""}', decimals: '{0.1000000000}',
        struct: '{"d": 12345678901234567890.0123456789, "x": null}', nested: '[[1], [2, 3]]', bytes: '\\x00ff41', blobs: '{"\\\\x0022"}', tz: '2023-12-31 22:00:00.000001+00', d: '2024-02-29', dbl: '1e-07', flt: '0.1', code: '007', span: '1 mon 2 days 03:00:00',
      },
      { id: '2', big: null, exact: null, ns: null, texts: '{}', decimals: null, struct: null, nested: null, bytes: '\\x', blobs: '{}', tz: null, d: null, dbl: 'NaN', flt: '-Infinity', code: '', span: null },
      { id: '3', big: '0', exact: '-0.0000000001', ns: null, texts: null, decimals: '{NULL}', struct: '{"d": null, "x": 5}', nested: '[]', bytes: null, blobs: null, tz: null, d: '0044-03-15 BC', dbl: null, flt: null, code: null, span: null },
    ]);
  });

  it('takes HUGEINT, which Parquet itself holds as a double, as what the file has', async () => {
    const file = path.join(program.folder, 'huge.parquet');
    const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT 1267650600228229401496703205376::HUGEINT AS huge UNION ALL SELECT NULL) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const request = await program.request(file, { table: 'huge' });
    expect(request.columns.map(({ type }) => type)).toEqual(['double precision']);
    expect(await program.run(request)).toMatchObject({ error: null, rowsLoaded: 2 });
    expect(await rows('SELECT huge::text FROM huge ORDER BY 1')).toEqual([{ huge: '1.2676506002282294e+30' }, { huge: null }]);
  });

  it('that is none is refused', async () => {
    await expect(program.imports.inspect({ path: program.file('none.parquet', 'PAR1 nothing') }, never)).rejects.toMatchObject({ code: 'bad_input' });
  });
});
