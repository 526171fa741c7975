import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../e2e/servers/postgresql';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import { exportSpec, type TablesExport } from '../../../src-preload/contract/exportSpec';
import type { Job } from '../../../src-preload/contract/jobs';
import { createCatalogService, type CatalogService } from '../../catalog/service';
import { createConnectionsService } from '../../connections/connections';
import type { ConnectionsService } from '../../connections/service';
import type { Driver } from '../../drivers/driver';
import { postgresqlDriver } from '../../drivers/postgresql/driver';
import { AppError } from '../../errors';
import { createGuardService } from '../../guard/create';
import { createJobsService, type JobsService } from '../../jobs/service';
import { createSecretsService } from '../../secrets/secrets';
import { openStore, type Store } from '../../store/service';
import { openWorkspace } from '../../workspace/workspace';
import { exportTables } from './exportTables';

const embedded: Driver = { engine: 'pglite', capabilities: postgresqlDriver.capabilities, connect: () => Promise.reject(new AppError('unsupported', 'Not in this test.')) };
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };

let database: TestDatabase;
let home: string;
let folder: string;
let connections: ConnectionsService;
let store: Store;
let jobs: JobsService;
let catalog: CatalogService;
let writer: ConnectionProfile;
let reader: ConnectionProfile;

beforeAll(async () => {
  database = await testDatabase();
  home = mkdtempSync(path.join(os.tmpdir(), 'scripts-'));
  const secrets = createSecretsService({ folder: home, keychain: noKeychain });
  await secrets.choose('memory');
  connections = createConnectionsService({ workspace: openWorkspace(home), secrets, drivers: { postgresql: postgresqlDriver, mysql: embedded, pglite: embedded }, environment: {}, cwd: home, personal: { home, environment: {} }, knownHosts: path.join(home, 'known_hosts') });
  const save = (name: string, readOnly: boolean) =>
    connections.save({ id: '', name, target: database.target, environment: 'dev', color: 'gray', readOnly }, { kind: 'set', password: database.password });
  writer = await save('writer', false);
  reader = await save('reader', true);
  store = openStore(path.join(home, 'state.db'));
  jobs = createJobsService({ store });
  catalog = createCatalogService({ connections });
});
afterAll(async () => {
  await jobs.close();
  await connections.closeAll();
  store.close();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => (folder = mkdtempSync(path.join(home, 'out-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (request: Partial<TablesExport> & Pick<TablesExport, 'tables' | 'spec'>): Promise<Job> =>
  exportTables({ connections, catalog, guard: createGuardService(), jobs }, { connectionId: writer.id, gzip: false, folder, ddl: false, replace: false, ...request });

/** Waits for the end of a job. */
async function ended(job: Job, onChange: (job: Job) => void = () => undefined): Promise<Job> {
  return new Promise((resolve) => {
    const stop = jobs.onChange((changed) => {
      if (changed.id !== job.id) return;
      onChange(changed);
      if (changed.state === 'running') return;
      stop();
      resolve(changed);
    });
  });
}

const table = (name: string, schema = 'public') => ({ schema, name, kind: 'table' as const });

function psql(file: string): void {
  const ran = spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database.url, '-f', file], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
}

describe('INSERT and COPY scripts', () => {
  const columns = {
    i: 'int8', n: 'numeric', f: 'float8', r: 'real', b: 'boolean', t: 'text', c: 'character(3)', y: 'bytea', d: 'date', ts: 'timestamp', tz: 'timestamptz', iv: 'interval',
    j: 'jsonb', a: 'text[]', na: 'int[]', u: 'uuid', inet: 'inet', bits: 'bit(3)', rng: 'int4range', m: 'money', pt: 'point', o: 'oid', x: 'xml',
  };
  const value = fc.record({
    i: fc.constantFrom('9223372036854775807', '-1', null),
    n: fc.constantFrom('NaN', '1.500', '-123456789012345678901234567890.12345', '1e-30', null),
    f: fc.constantFrom('NaN', '-Infinity', '1e-320', '0.1', '-0', null),
    r: fc.constantFrom('0.1', '3.4e38', null),
    b: fc.constantFrom('t', 'f', null),
    t: fc.option(fc.oneof(fc.constantFrom('', "it's", '\\', '\\N', '\\.', '\t\r\n\b\f\v', "E'x'", 'NULL', '😀', ';--'), fc.string({ unit: 'binary', maxLength: 10 }).filter((text) => !text.includes('\0')))),
    c: fc.constantFrom('a', '   ', null),
    y: fc.constantFrom('\\x00ff5c27', '\\x', null),
    d: fc.constantFrom('infinity', '0044-03-15 BC', '5874897-12-31', null),
    ts: fc.constantFrom('-infinity', '2024-02-29 23:59:59.999999', null),
    tz: fc.constantFrom('2024-01-01 00:00:00.000001+05:45', '0001-01-01 00:00:00+00 BC', null),
    iv: fc.constantFrom('-1 mons +2 days -03:04:05.000006', null),
    j: fc.constantFrom('{"a": "\\u0001\\\\", "n": 1.10}', 'null', null),
    a: fc.constantFrom('{"a,b",NULL,"","\\"","\\\\"}', '[2:3]={x,y}', '{{a},{b}}', null),
    na: fc.constantFrom('{1,NULL}', '{}', null),
    u: fc.constantFrom('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null),
    inet: fc.constantFrom('::1/64', null),
    bits: fc.constantFrom('101', null),
    rng: fc.constantFrom('[1,5)', 'empty', null),
    m: fc.constantFrom('$1,000.50', null),
    pt: fc.constantFrom('(1,2)', null),
    o: fc.constantFrom('4294967295', null),
    x: fc.constantFrom('<a b="c">&amp;</a>', null),
  });

  it.each(['insert', 'copy'] as const)('%s: every value of every type comes back as it was', async (format) => {
    const list = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`).join(', ');
    await database.query(`DROP TABLE IF EXISTS "Every type"; CREATE TABLE "Every type" (id int GENERATED ALWAYS AS IDENTITY, twice int GENERATED ALWAYS AS (id * 2) STORED, "select" int DEFAULT 7, ${list})`);
    const all = 'SELECT * FROM "Every type" ORDER BY id';
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), async (rows) => {
        await database.query('TRUNCATE "Every type"');
        const names = Object.keys(columns);
        const places = rows.map((_, row) => `(${names.map((_name, index) => `$${row * names.length + index + 1}`).join(', ')})`);
        await database.query(`INSERT INTO "Every type" (${names.map((name) => `"${name}"`).join(', ')}) VALUES ${places.join(', ')}`, rows.flatMap((row) => names.map((name) => row[name as keyof typeof row])));
        const asText = `SELECT (t.*)::text AS row FROM (${all}) t`;
        const before = await database.query(asText);
        const job = await start({ tables: [table('Every type')], spec: exportSpec.parse({ format, rowsPerStatement: 7 }), replace: true });
        expect(await ended(job)).toMatchObject({ state: 'done', message: expect.stringContaining(`${rows.length} row`) as string });
        await database.query('TRUNCATE "Every type"');
        psql(path.join(folder, 'Every type.sql'));
        expect(await database.query(asText)).toEqual(before);
      }),
      { numRuns: 3 },
    );
  }, 120_000);
});

describe('an export of tables', () => {
  beforeAll(async () => {
    await database.query(`CREATE SCHEMA "Ü"; CREATE TABLE "Ü".one (a int PRIMARY KEY, b text); INSERT INTO "Ü".one SELECT n, 'x' || n FROM generate_series(1, 30000) n;
      CREATE TABLE two AS SELECT n AS a, repeat('y', 200) AS b FROM generate_series(1, 200000) n; CREATE TABLE empty (a int);
      CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'; CREATE VIEW odd AS SELECT sneaky() AS a; ANALYZE;`);
  });

  it('writes a file each, with the DDL beside it, and asks before it replaces one', async () => {
    const request = { tables: [table('one', 'Ü'), table('empty')], spec: exportSpec.parse({ format: 'csv', lineEnd: 'lf' }), ddl: true };
    expect(await ended(await start(request))).toMatchObject({ state: 'done', message: expect.stringContaining('2 tables, 30,000 rows') as string });
    expect(readdirSync(folder).sort()).toEqual(['public.empty.csv', 'public.empty.ddl.sql', 'Ü.one.csv', 'Ü.one.ddl.sql']);
    expect(readFileSync(path.join(folder, 'Ü.one.csv'), 'utf8').split('\n').slice(0, 2)).toEqual(['a,b', '1,x1']);
    expect(readFileSync(path.join(folder, 'public.empty.csv'), 'utf8')).toBe('a\n');
    expect(readFileSync(path.join(folder, 'Ü.one.ddl.sql'), 'utf8')).toContain('CREATE TABLE');
    await expect(start(request)).rejects.toMatchObject({ data: { code: 'confirm_required', message: expect.stringContaining('Ü.one.csv') as string } });
  });

  it('that is cancelled stops on the server and leaves no half file', async () => {
    const job = await start({ tables: [table('two')], spec: exportSpec.parse({ format: 'ndjson' }) });
    let asked = false;
    const end = await ended(job, ({ message }) => {
      if (asked || !message.includes('public.two')) return;
      asked = true;
      jobs.cancel(job.id);
    });
    expect(end).toMatchObject({ state: 'cancelled' });
    expect(readdirSync(folder)).toEqual([]);
    expect(await database.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'ai-shell export' AND state = 'active'")).toEqual([]);
  });

  it('whose session dies in the middle says so and leaves no half file', async () => {
    const job = await start({ tables: [table('two')], spec: exportSpec.parse({ format: 'parquet' }) });
    const killed: Promise<unknown>[] = [];
    const end = await ended(job, ({ message }) => {
      if (message.includes('public.two') && killed.length === 0) killed.push(database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ai-shell export'"));
    });
    await Promise.all(killed);
    expect(end).toMatchObject({ state: 'failed', error: { code: 'connection_lost' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('on a read-only connection refuses a view that does more than read', async () => {
    const spec = exportSpec.parse({ format: 'csv' });
    expect(await ended(await start({ connectionId: reader.id, tables: [{ schema: 'public', name: 'odd', kind: 'view' }], spec }))).toMatchObject({ state: 'failed', error: { code: 'refused' } });
    expect(await ended(await start({ connectionId: reader.id, tables: [table('one', 'Ü')], spec }))).toMatchObject({ state: 'done' });
  });
});
