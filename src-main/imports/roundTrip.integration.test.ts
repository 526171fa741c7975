import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportSpec, type ExportFormat } from '../../src-preload/contract/exportSpec';
import { createResultStore, createQueriesService, createHistoryService, type QueriesService } from '../queries/service';
import { openStore, type Store } from '../store/service';
import { startTestProgram, type TestProgram } from './testSupport';

/** What our own writers wrote, our own readers read: every value comes back, through a real server on both sides. */
const columns = ['id', 'i2', 'i4', 'i8', 'scaled', 'n', 'b', 'd', 'ts', 'tz', 'u', 't', 'code', 'j', 'bytes', 'ints'] as const;
type Name = (typeof columns)[number];
type Texts = Record<Name, string | null>;

const source = `CREATE TABLE source (id int, i2 int2, i4 int4, i8 int8, scaled numeric(20,6), n numeric, b boolean, d date, ts timestamp, tz timestamptz, u uuid, t text, code text, j jsonb, bytes bytea, ints int[]);
INSERT INTO source VALUES
 (1, -32768, 2147483647, 9007199254740993, 12345678901234.000001, 123456789012345678901234567890.000000000123, true, '2024-02-29', '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.999999+00',
  '6f9619ff-8b86-d011-b42d-00c04fc964ff', E'two\\nlines, "quoted" ''and'' é 😀\\t\\\\', '007', '{"a": [1, 9007199254740993, null], "é": "x\\ny"}', '\\x00ff0a22', '{1,NULL,-3}'),
 (2, 32767, -2147483648, -9223372036854775808, -0.5, 0.10, false, '1850-01-01', '1850-01-01 00:00:00', '1999-12-31 23:59:59.5+00', '00000000-0000-0000-0000-000000000000', '', '0', '[]', '\\x', '{}'),
 (3, 0, 0, 9223372036854775807, 7, 42, true, '9999-12-31', '2000-01-01 12:30:00.25', '2000-01-01 00:00:00+00', 'ffffffff-ffff-ffff-ffff-ffffffffffff', E' =1+1 \\r\\n\\\\.\\r\\n_x0041_ <&>', '+1', '{}', '\\x5c78', '{7}'),
 (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`;

/** As PostgreSQL prints them; what a format cannot hold in the same form is stated. */
const stated: Readonly<Record<'csv' | 'ndjson' | 'json' | 'xlsx' | 'parquet', { types: Partial<Record<Name, string>>; texts: Partial<Record<Name, (string | null)[]>> }>> = {
  csv: { types: {}, texts: {} },
  ndjson: { types: {}, texts: {} },
  json: { types: {}, texts: {} },
  xlsx: {
    // A column of cells that are partly texts, because a cell holds 15 digits, stays text; digits are all there.
    types: { i8: 'text', scaled: 'text', n: 'text', tz: 'text' },
    texts: {
      // A cell that is a number has no zeros behind it.
      scaled: ['12345678901234.000001', '-0.5', '7', null],
      n: ['123456789012345678901234567890.000000000123', '0.1', '42', null],
      // Moments that a cell holds to the millisecond are cells in UTC, as the title says; microseconds are kept as text.
      tz: ['2024-02-29 23:59:59.999999+00', '1999-12-31 23:59:59.500', '2000-01-01', null],
    },
  },
  parquet: { types: { i2: 'smallint', scaled: 'numeric(20,6)', n: 'text', bytes: 'bytea', ints: 'integer[]' }, texts: {} },
};
const plainTypes: Record<Name, string> = {
  id: 'integer', i2: 'integer', i4: 'integer', i8: 'bigint', scaled: 'numeric', n: 'numeric', b: 'boolean', d: 'date', ts: 'timestamp without time zone', tz: 'timestamp with time zone', u: 'uuid', t: 'text', code: 'text', j: 'jsonb', bytes: 'text', ints: 'text',
};

let program: TestProgram;
let store: Store;
let queries: QueriesService;
beforeAll(async () => {
  program = await startTestProgram();
  store = openStore(path.join(program.folder, 'queries.db'));
  queries = createQueriesService({ ...program, history: createHistoryService({ store }), results: createResultStore({ folder: path.join(program.folder, 'results') }), store });
  await program.database.query(source);
});
afterAll(async () => {
  store.close();
  await program.close();
});

async function exported(format: ExportFormat): Promise<string> {
  const request = { connectionId: program.profiles.dev.id, tables: [{ schema: 'public', name: 'source', kind: 'table' as const }], spec: exportSpec.parse({ format }), gzip: false, folder: program.folder, ddl: false, replace: true };
  const { id } = await queries.exportTables(request);
  await expect.poll(() => program.jobs.list().find((job) => job.id === id)?.state, { timeout: 30_000 }).not.toBe('running');
  expect(program.jobs.list().find((job) => job.id === id)).toMatchObject({ state: 'done' });
  return path.join(program.folder, `source.${format}`);
}

async function textsOf(table: string): Promise<Texts[]> {
  return program.database.query<Texts>(`SELECT ${columns.map((name) => `"${name}"::text`).join(', ')} FROM "${table}" ORDER BY id`);
}

describe.each(['csv', 'ndjson', 'json', 'xlsx', 'parquet'] as const)('%s', (format) => {
  it('comes back as it was', async () => {
    const request = await program.request(await exported(format), { table: `back_${format}` });
    const renamed = { ...request, columns: request.columns.map((column) => ({ ...column, name: column.name.replace(' (UTC)', '') })) };
    expect(renamed.columns.map(({ name }) => name)).toEqual(columns);
    expect(await program.run(renamed)).toMatchObject({ error: null, problems: [], rowsLoaded: 4, committed: true });
    const { types, texts } = stated[format];
    const found = await program.database.query<{ name: Name; type: string }>(`SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'back_${format}'::regclass AND attnum > 0 ORDER BY attnum`);
    expect(Object.fromEntries(found.map(({ name, type }) => [name, type]))).toEqual({ ...plainTypes, ...types });
    const wanted = (await textsOf('source')).map((row, index) => ({ ...row, ...Object.fromEntries(Object.entries(texts).map(([name, values]) => [name, values[index]])) }));
    expect(await textsOf(`back_${format}`)).toEqual(wanted);
  }, 60_000);

  it('goes back into a table of the same columns', async () => {
    const file = await exported(format);
    await program.database.query(`CREATE TABLE same_${format} (LIKE source)`);
    const request = await program.request(file, { existing: `same_${format}` });
    const renamed = { ...request, columns: request.columns.map((column) => ({ ...column, name: column.name.replace(' (UTC)', '') })) };
    expect(await program.run(renamed)).toMatchObject({ error: null, problems: [], rowsLoaded: 4, committed: true });
    const zeros = format === 'xlsx' ? { n: ['123456789012345678901234567890.000000000123', '0.1', '42', null] } : {};
    const wanted = (await textsOf('source')).map((row, index) => ({ ...row, ...Object.fromEntries(Object.entries(zeros).map(([name, values]) => [name, values[index]])) }));
    expect(await textsOf(`same_${format}`)).toEqual(wanted);
  }, 60_000);
});
