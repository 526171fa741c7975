import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { exportSpec } from '../../src-preload/contract/exportSpec';
import type { RunOutcome, RunPart } from '../../src-preload/contract/queries';
import { createConnectionsService } from '../connections/connections';
import type { ConnectionsService } from '../connections/service';
import type { Driver } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { AppError } from '../errors';
import { createGuardService } from '../guard/create';
import { createJobsService, type JobsService } from '../jobs/service';
import { createSecretsService } from '../secrets/secrets';
import { openStore, type Store } from '../store/service';
import { openWorkspace } from '../workspace/workspace';
import { hashOf } from './run/script';
import { createHistoryService, createQueriesService, createResultStore, type HistoryService, type QueriesService } from './service';

const never = new AbortController().signal;
const embedded: Driver = { engine: 'pglite', capabilities: postgresqlDriver.capabilities, connect: () => Promise.reject(new AppError('unsupported', 'not in these tests')) };
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };

let database: TestDatabase;
let folder: string;
let store: Store;
let connections: ConnectionsService;
let history: HistoryService;
let jobs: JobsService;
let queries: QueriesService;
const invalidated: string[] = [];
const profiles: Record<'dev' | 'production' | 'reader', ConnectionProfile> = {} as never;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'queries-'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  connections = createConnectionsService({ workspace: openWorkspace(folder), secrets, drivers: { postgresql: postgresqlDriver, mysql: embedded, pglite: embedded }, environment: {}, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
  const save = (name: string, rest: Pick<ConnectionProfile, 'environment' | 'readOnly'>) =>
    connections.save({ id: '', name, target: database.target, color: 'gray', ...rest }, { kind: 'set', password: database.password });
  profiles.dev = await save('dev', { environment: 'dev', readOnly: false });
  profiles.production = await save('production', { environment: 'production', readOnly: false });
  profiles.reader = await save('reader', { environment: 'production', readOnly: true });
  store = openStore(path.join(folder, 'state.db'));
  history = createHistoryService({ store });
  jobs = createJobsService({ store });
  queries = createQueriesService({
    connections,
    guard: createGuardService(),
    catalog: { invalidate: (id) => invalidated.push(id), detail: () => Promise.reject(new Error('not asked here')) },
    history,
    jobs,
    results: createResultStore({ folder: path.join(folder, 'results') }),
    store,
  });
});
afterAll(async () => {
  await jobs.close();
  await connections.closeAll();
  await queries.results.close();
  store.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => void (invalidated.length = 0));

interface Ran {
  outcome: RunOutcome;
  parts: RunPart[];
}
type Options = Partial<Parameters<QueriesService['run']>[0]> & { signal?: AbortSignal; onPart?: (part: RunPart) => void };

async function run(text: string, { signal = never, onPart, ...options }: Options = {}): Promise<Ran> {
  const parts: RunPart[] = [];
  const emit = (part: RunPart): void => {
    parts.push(part);
    onPart?.(part);
  };
  const outcome = await queries.run({ connectionId: profiles.dev.id, sessionKey: 'tab', text, timeoutMs: 0, stopOnError: true, ...options }, emit, signal);
  return { outcome, parts };
}

function only<K extends RunPart['kind']>({ parts }: Ran, kind: K): Extract<RunPart, { kind: K }>[] {
  return parts.filter((part): part is Extract<RunPart, { kind: K }> => part.kind === kind);
}

const rowsOf = async (resultId: string) => (await queries.results.window({ resultId, viewId: null }, 0, 1000, 300)).rows;
const failure = async (promise: Promise<unknown>): Promise<AppError> => promise.then(() => Promise.reject(new Error('should have failed')), (error: unknown) => error as AppError);

describe('a run', () => {
  it('sends each statement as written, and tells of each', async () => {
    const ran = await run("CREATE TABLE t (n int8, s text);\nINSERT INTO t VALUES (9007199254740993, ''), (NULL, NULL);\nSELECT * FROM t; DO $$ BEGIN RAISE NOTICE 'hello; there'; END $$");
    expect(ran.outcome).toMatchObject({ statements: 4, failed: 0, transaction: 'idle', confirmations: [] });
    expect(only(ran, 'statement').map(({ index, count, class: kind }) => [index, count, kind])).toEqual([
      [0, 4, 'ddl'],
      [1, 4, 'write'],
      [2, 4, 'read'],
      [3, 4, expect.any(String)],
    ]);
    expect(only(ran, 'done').map(({ command, rowsAffected, rows }) => [command, rowsAffected, rows])).toEqual([
      ['CREATE TABLE', null, 0],
      ['INSERT', 2, 0],
      ['SELECT', null, 2],
      ['DO', null, 0],
    ]);
    const [result] = only(ran, 'result');
    expect(result?.columns.map(({ name, family }) => [name, family])).toEqual([['n', 'number'], ['s', 'text']]);
    expect(await rowsOf(result?.resultId ?? '')).toEqual([['9007199254740993', ''], [null, null]]);
    expect(only(ran, 'notice')).toMatchObject([{ statement: 3, notice: { message: 'hello; there' } }]);
    expect(invalidated).toEqual([profiles.dev.id]);
    expect(history.list({ search: '', limit: 4 }).map(({ text, status, rows }) => [text.slice(0, 6), status, rows])).toEqual([
      ['DO $$ ', 'done', null],
      ['SELECT', 'done', 2],
      ['INSERT', 'done', 2],
      ['CREATE', 'done', null],
    ]);
  });

  it('places an error in the whole text, and stops there or goes on as asked', async () => {
    const text = "SELECT 'ü😀';\n  SELECT 1 / 0;\n SELECT nope;SELECT 4";
    const stopped = await run(text);
    expect(stopped.outcome).toMatchObject({ statements: 4, failed: 1 });
    expect(only(stopped, 'failed')).toMatchObject([{ statement: 1, error: { code: 'server_error', serverCode: '22012', connection: 'dev' } }]);
    expect(only(stopped, 'done')).toHaveLength(1);
    const whole = await run(text, { stopOnError: false });
    expect(whole.outcome.failed).toBe(2);
    expect(only(whole, 'failed')[1]?.error).toMatchObject({ serverCode: '42703', position: text.indexOf('nope') });
    expect(only(whole, 'done').map(({ statement }) => statement)).toEqual([0, 3]);
    expect(history.list({ search: 'nope', limit: 1 })).toMatchObject([{ status: 'failed', error: expect.stringContaining('nope') as string }]);
  });

  it('of nothing sends nothing', async () => {
    expect(await run(' -- only a comment\n')).toMatchObject({ outcome: { statements: 0, failed: 0 }, parts: [] });
  });

  it('keeps transactions and temporary tables of its session, ended by statement or by button', async () => {
    await run('CREATE TEMP TABLE mine (n int); BEGIN; CREATE TABLE made (n int)', { sessionKey: 'tx' });
    expect(invalidated.length).toBeGreaterThan(0);
    invalidated.length = 0;
    expect((await run('SELECT * FROM mine, made', { sessionKey: 'tx' })).outcome).toMatchObject({ failed: 0, transaction: 'open' });
    expect(await queries.endTransaction({ connectionId: profiles.dev.id, sessionKey: 'tx', action: 'commit' }, never)).toMatchObject({ transaction: 'idle' });
    // Only now do others see the table.
    expect(invalidated).toEqual([profiles.dev.id]);
    expect((await run('SELECT * FROM made')).outcome.failed).toBe(0);
    expect((await run('SELECT * FROM mine')).outcome.failed).toBe(1);
    expect((await run('BEGIN; SELECT 1/0', { sessionKey: 'tx' })).outcome.transaction).toBe('failed');
    const error = await failure(queries.endTransaction({ connectionId: profiles.dev.id, sessionKey: 'tx', action: 'commit' }, never));
    expect(error.message).toContain('Nothing was committed');
    await run('BEGIN; INSERT INTO made VALUES (1)', { sessionKey: 'tx' });
    await queries.closeSession(profiles.dev.id, 'tx');
    await vi.waitFor(async () => expect(await database.query('SELECT * FROM made')).toEqual([]));
    expect((await run('SELECT * FROM made', { sessionKey: 'tx' })).outcome.transaction).toBe('idle');
  });

  it('is one at a time on a session', async () => {
    const abort = new AbortController();
    const slow = run('SELECT pg_sleep(60)', { signal: abort.signal });
    expect(await failure(run('SELECT 1'))).toMatchObject({ data: { code: 'busy' } });
    expect(await failure(queries.endTransaction({ connectionId: profiles.dev.id, sessionKey: 'tab', action: 'commit' }, never))).toMatchObject({ data: { code: 'busy' } });
    expect((await run('SELECT 1', { sessionKey: 'other' })).outcome.failed).toBe(0);
    abort.abort();
    await slow.catch(() => undefined);
    expect((await run('SELECT 1')).outcome.failed).toBe(0);
  });

  it('that is stopped is cancelled on the server, and its rows so far stay', async () => {
    const abort = new AbortController();
    // In the list of a SELECT the series streams; in FROM the server would make all of it first.
    const text = 'SELECT n, repeat(md5(n::text), 4) FROM (SELECT generate_series(1, 100000000) AS n) s; SELECT 2';
    const ran = await run(text, { signal: abort.signal, stopOnError: false, onPart: (part) => part.kind === 'progress' && part.rows > 20_000 && abort.abort() });
    expect(only(ran, 'failed')).toMatchObject([{ statement: 0, error: { code: 'cancelled' } }]);
    expect(only(ran, 'statement')).toHaveLength(1);
    expect(await database.query(`SELECT query FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT n, repeat%'`)).toEqual([]);
    const resultId = only(ran, 'result')[0]?.resultId ?? '';
    const window = await queries.results.window({ resultId, viewId: null }, 20_000, 1, 300);
    expect(window.rows[0]?.[0]).toBe('20001');
    expect(window).toMatchObject({ complete: true });
    expect(history.list({ search: 'repeat(md5', limit: 1 })).toMatchObject([{ status: 'cancelled', rows: window.total }]);
    queries.results.release([resultId]);
  });

  it('has a time-out for each statement', async () => {
    const ran = await run('SELECT pg_sleep(60)', { timeoutMs: 100 });
    expect(only(ran, 'failed')).toMatchObject([{ error: { code: 'timeout' } }]);
  });

  it('says when the server goes away in the middle, and does not go on', async () => {
    const killing = run('SELECT pg_sleep(60); SELECT 1', {
      stopOnError: false,
      sessionKey: 'killed',
      onPart: (part) => {
        if (part.kind !== 'statement') return;
        void vi.waitFor(async () => {
          const killed = await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%' AND state = 'active'`);
          expect(killed).toHaveLength(1);
        });
      },
    });
    const ran = await killing;
    expect(only(ran, 'failed')).toMatchObject([{ statement: 0, error: { code: 'connection_lost' } }]);
    expect(only(ran, 'statement')).toHaveLength(1);
    expect((await run('SELECT 1', { sessionKey: 'killed' })).outcome.failed).toBe(0);
  });

  it('goes on when its result is closed meanwhile only until the server has stopped', async () => {
    const ran = await run('SELECT generate_series(1, 100000000) AS n', { onPart: (part) => part.kind === 'result' && queries.results.release([part.resultId]) });
    expect(only(ran, 'failed')).toMatchObject([{ error: { code: 'cancelled' } }]);
  });
});

describe('the lanes', () => {
  it('ask before what is dangerous, and take the yes for that exact text only', async () => {
    await run('CREATE TABLE precious AS SELECT 1 AS n');
    const text = 'DELETE FROM precious';
    const asked = await run(text);
    expect(asked.outcome).toMatchObject({ hash: hashOf(text), confirmations: [{ reason: 'no_where', statement: text }] });
    expect(asked.parts).toEqual([]);
    expect((await run(`${text} `, { confirmedHash: hashOf(text) })).outcome.confirmations).toHaveLength(1);
    expect(await database.query('SELECT count(*)::int AS n FROM precious')).toEqual([{ n: 1 }]);
    expect((await run(text, { confirmedHash: hashOf(text) })).outcome).toMatchObject({ failed: 0, confirmations: [] });
    expect(await database.query('SELECT count(*)::int AS n FROM precious')).toEqual([{ n: 0 }]);
  });

  it('ask before any write on production, following functions, but not before reading', async () => {
    await database.query('CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql AS $$ INSERT INTO precious VALUES (7) RETURNING n $$');
    const connectionId = profiles.production.id;
    expect((await run('SELECT pg_total_relation_size(oid) FROM pg_class LIMIT 1', { connectionId })).outcome).toMatchObject({ failed: 0, confirmations: [] });
    expect((await run('INSERT INTO precious VALUES (1)', { connectionId })).outcome.confirmations).toMatchObject([{ reason: 'production_write' }]);
    expect((await run('SELECT sneaky()', { connectionId })).outcome.confirmations).toMatchObject([{ reason: 'production_write' }]);
    expect(await database.query('SELECT * FROM precious')).toEqual([]);
  });

  it('send what does not parse in one piece for the server to judge, on production after a yes', async () => {
    const text = 'SELECT 1; SELEC 2';
    const asked = await run(text, { connectionId: profiles.production.id });
    expect(asked.outcome.confirmations).toMatchObject([{ reason: 'unknown_statement', statement: text }]);
    const unread = await run('INSERT INTO precious VALUES (3); SELEC 2');
    expect(only(unread, 'failed')).toMatchObject([{ error: { serverCode: '42601' } }]);
    expect(await database.query('SELECT * FROM precious')).toEqual([]);
    const sent = await run(text);
    expect(only(sent, 'failed')).toMatchObject([{ error: { serverCode: '42601', position: 10 } }]);
    expect(only(sent, 'done')).toEqual([]);
    expect(await failure(run(text, { connectionId: profiles.reader.id }))).toMatchObject({ data: { code: 'refused', position: 10 } });
  });

  it('hold a read-only connection to reading', async () => {
    const connectionId = profiles.reader.id;
    const ran = await run('SELECT n FROM generate_series(1, 20000) n', { connectionId });
    expect(only(ran, 'done')).toMatchObject([{ rows: 20_000 }]);
    const refused = await run('INSERT INTO precious VALUES (1)', { connectionId, confirmedHash: hashOf('INSERT INTO precious VALUES (1)') });
    expect(only(refused, 'failed')).toMatchObject([{ error: { code: 'refused', connection: 'reader' } }]);
    expect(only(await run('SELECT sneaky()', { connectionId }), 'failed')).toMatchObject([{ error: { code: 'refused' } }]);
    expect(await database.query('SELECT * FROM precious')).toEqual([]);
  });
});

describe('values', () => {
  it('are exact from the server to an export of a sorted view', async () => {
    const text = `SELECT * FROM (VALUES
      (9223372036854775807::int8, 'NaN'::numeric, 'infinity'::timestamptz, '\\x00ff'::bytea, '{1,NULL,"a b"}'::text[], '{"a": 1.10}'::jsonb, ''),
      (-1, 123456789012345678901234567890.123456789, '2024-01-01 00:00:00.000001+05:45', NULL, '{}', 'null', NULL)) v(i, n, at, b, a, j, s)`;
    const ran = await run(text);
    const resultId = only(ran, 'result')[0]?.resultId ?? '';
    const { viewId } = await queries.results.view(resultId, { sorts: [{ column: 2, direction: 'asc' }], filters: [] }, never);
    const target = path.join(folder, 'out.csv');
    const job = queries.export({ resultId, viewId }, { columns: null, rows: null }, { spec: exportSpec.parse({ format: 'csv' }), gzip: false, target });
    await vi.waitFor(() => expect(jobs.list().find(({ id }) => id === job.id)).toMatchObject({ state: 'done', progress: 1, message: expect.stringContaining('2 rows') as string }), { timeout: 5000 });
    expect(readFileSync(target, 'utf8').split('\r\n')).toEqual([
      'i,n,at,b,a,j,s',
      '-1,123456789012345678901234567890.123456789,2023-12-31 18:15:00.000001+00,,{},null,',
      '9223372036854775807,NaN,infinity,\\x00ff,"{1,NULL,""a b""}","{""a"": 1.10}",""',
      '',
    ]);
  });
});
