import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { onDatabase } from '../../src-preload/contract/database';
import type { ParameterValue, RunOutcome, RunPart } from '../../src-preload/contract/queries';
import { createConnectionsService } from '../connections/connections';
import type { ConnectionsService } from '../connections/service';
import type { Driver } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { AppError } from '../errors';
import { createGuardService } from '../guard/create';
import { createJobsService } from '../jobs/service';
import { createSecretsService } from '../secrets/secrets';
import { openStore, type Store } from '../store/service';
import { openWorkspace } from '../workspace/workspace';
import { createHistoryService, createQueriesService, createResultStore, type HistoryService, type QueriesService } from './service';

const never = new AbortController().signal;
const embedded: Driver = { engine: 'pglite', capabilities: postgresqlDriver.capabilities, connect: () => Promise.reject(new AppError('unsupported', 'not in these tests')) };
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };

let database: TestDatabase;
let other: TestDatabase;
let folder: string;
let store: Store;
let connections: ConnectionsService;
let history: HistoryService;
let queries: QueriesService;
let dev: ConnectionProfile;
let reader: ConnectionProfile;
let tab: string;
let tabs = 0;

beforeAll(async () => {
  database = await testDatabase();
  other = await testDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'editor-'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  connections = createConnectionsService({ workspace: openWorkspace(folder), secrets, drivers: { postgresql: postgresqlDriver, mysql: embedded, pglite: embedded }, environment: {}, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
  const save = (name: string, readOnly: boolean) =>
    connections.save({ id: '', name, target: database.target, color: 'gray', environment: 'dev', readOnly }, { kind: 'set', password: database.password });
  dev = await save('dev', false);
  reader = await save('reader', true);
  store = openStore(path.join(folder, 'state.db'));
  history = createHistoryService({ store });
  queries = createQueriesService({
    connections,
    guard: createGuardService(),
    catalog: { invalidate: () => undefined, detail: () => Promise.reject(new AppError('unsupported', 'not in these tests')) },
    history,
    jobs: createJobsService({ store }),
    results: createResultStore({ folder: path.join(folder, 'results') }),
    store,
  });
  await run('CREATE SCHEMA one; CREATE SCHEMA "Two x"; CREATE TABLE one.here (n int); CREATE TABLE "Two x".here (n int); INSERT INTO one.here VALUES (1); INSERT INTO "Two x".here VALUES (2); CREATE TABLE t (a int PRIMARY KEY, b text)');
});
afterAll(async () => {
  await connections.closeAll();
  await queries.results.close();
  store.close();
  await other.drop();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => (tab = `tab${(tabs += 1)}`));

type Options = Partial<Parameters<QueriesService['run']>[0]>;
interface Ran {
  readonly outcome: RunOutcome;
  readonly own: string[];
  readonly errors: AppError['data'][];
  readonly rows: unknown[][];
}

async function run(text: string, options: Options = {}): Promise<Ran> {
  const parts: RunPart[] = [];
  const outcome = await queries.run({ connectionId: dev.id, sessionKey: tab, text, timeoutMs: 0, stopOnError: true, ...options }, (part) => parts.push(part), never);
  const rows: unknown[][] = [];
  for (const part of parts) if (part.kind === 'result') rows.push(...(await queries.results.window({ resultId: part.resultId, viewId: null }, 0, 100, 300)).rows);
  return {
    outcome,
    rows,
    own: parts.flatMap((part) => (part.kind === 'own' ? [part.text] : [])),
    errors: parts.flatMap((part) => (part.kind === 'failed' ? [part.error] : [])),
  };
}
const manual: Options = { commitMode: 'manual' };
const value = (name: string, text: string, type: ParameterValue['type'] = 'inferred', secret = false): ParameterValue => ({ name, type, value: text, secret });

describe('parameters', () => {
  it('are asked for before anything is sent, with the types that the server infers', async () => {
    const { outcome } = await run('INSERT INTO t VALUES (:id, :words); SELECT :id + 1');
    expect(outcome.parameters).toEqual([
      { name: 'id', type: 'inferred', value: '', secret: false, known: false, inferred: 'integer' },
      { name: 'words', type: 'inferred', value: '', secret: false, known: false, inferred: 'text' },
    ]);
    expect((await run('SELECT count(*) FROM t')).rows).toEqual([['0']]);
  });

  it('are sent beside the text, so that no value is ever read as SQL', async () => {
    const evil = "'); DROP TABLE t; --";
    const parameters = [value('id', '7'), value('words', evil)];
    expect((await run('INSERT INTO t VALUES (:id, :words); SELECT b FROM t WHERE a = :id', { parameters })).rows).toEqual([[evil]]);
    expect((await run('SELECT $2, $1', { parameters: [value('1', 'x', 'text'), value('2', 'y', 'text')] })).rows).toEqual([['y', 'x']]);
  });

  it('have the type that was chosen', async () => {
    const types = ['text', 'integer', 'bigint', 'numeric', 'boolean', 'date', 'timestamp', 'timestamptz', 'uuid', 'json', 'jsonb', 'text[]'] as const;
    const values: Record<(typeof types)[number], string> = { text: 'a', integer: '1', bigint: '9007199254740993', numeric: '1.10', boolean: 'true', date: '2024-02-29', timestamp: '2024-01-01 00:00:00.000001', timestamptz: '2024-01-01 00:00:00+00', uuid: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', json: '{"a": 1}', jsonb: '{"a":1}', 'text[]': '{a,"b c"}' };
    for (const type of types) {
      const { rows } = await run('SELECT pg_typeof(:v)::text, (:v)::text', { parameters: [value('v', values[type], type)] });
      expect(rows[0]?.[0]).toBe({ timestamp: 'timestamp without time zone', timestamptz: 'timestamp with time zone' }[type as string] ?? type);
    }
    expect((await run('SELECT :v::int IS NULL', { parameters: [value('v', 'ignored', 'null')] })).rows).toEqual([['t']]);
    const { errors } = await run('SELECT :v', { parameters: [value('v', 'no number', 'integer')] });
    expect(errors[0]).toMatchObject({ code: 'server_error', serverCode: '22P02' });
  });

  it('are remembered for the connection, unless they are secret, and the history has the text and what may be told', async () => {
    await run('SELECT :a::text, :b::text', { parameters: [value('a', 'remember me', 'text'), value('b', 'hunter2 secret', 'text', true)] });
    const { outcome } = await run('SELECT :b::text, :a::text', { sessionKey: 'another tab' });
    expect(outcome.parameters.map(({ name, type, value: text, secret, known }) => [name, type, text, secret, known])).toEqual([
      ['b', 'text', '', true, false],
      ['a', 'text', 'remember me', false, true],
    ]);
    const wrong = await run('SELECT :b::integer', { parameters: [value('b', 'hunter2 secret', 'text', true)] });
    expect(wrong.errors[0]).toMatchObject({ serverCode: '22P02', message: expect.stringContaining('***') as string });
    const [entry] = history.list({ search: ':a::text, :b', limit: 1, documentId: tab });
    expect(entry).toMatchObject({ text: 'SELECT :a::text, :b::text', parameters: [{ name: 'a', value: 'remember me' }, { name: 'b', value: '', secret: true }] });
    expect(JSON.stringify(store.all('SELECT * FROM history')) + JSON.stringify(store.all('SELECT * FROM parameter_values'))).not.toContain('hunter2');
  });

  it('leave casts, slices, strings and function bodies alone, and errors point into the written text', async () => {
    const text = "SELECT (ARRAY[1,2,3])[1:2]::text, ':x', '12:30'::time; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN $1 + 1; SELECT f(:n)";
    expect((await run(text, { parameters: [value('n', '4')] })).rows).toEqual([['{1,2}', ':x', '12:30:00'], ['5']]);
    const { errors } = await run('SELECT :long_name_of_it::int, nothing', { parameters: [value('long_name_of_it', '1')] });
    expect(errors[0]?.position).toBe('SELECT :long_name_of_it::int, '.length);
  });

  it('are not inferred where the server could read another end of the statement', async () => {
    const admin = `ALTER ROLE CURRENT_USER IN DATABASE "${(database.target as { database: string }).database}" SET standard_conforming_strings`;
    await database.query('CREATE TABLE precious AS SELECT 1 AS n');
    await database.query(`${admin} = off`);
    try {
      await connections.close(reader.id);
      await run("SELECT 'a\\'' ; DELETE FROM precious; --', :x", { connectionId: reader.id });
      expect(await database.query('SELECT n FROM precious')).toEqual([{ n: 1 }]);
    } finally {
      await database.query(admin.replace(' SET ', ' RESET '));
      await connections.close(reader.id);
    }
  });

  it('work on a read-only connection as well', async () => {
    expect((await run('SELECT :n::int * 2', { connectionId: reader.id, parameters: [value('n', '21', 'integer')] })).rows).toEqual([['42']]);
  });
});

describe('manual commit', () => {
  it('begins before what writes, not before what reads, and tells of it', async () => {
    expect(await run('SELECT 1', manual)).toMatchObject({ own: [], outcome: { transaction: 'idle', transactionInfo: null } });
    const written = await run("INSERT INTO t VALUES (100, 'x'); SELECT 1", manual);
    expect(written.own).toEqual(['BEGIN']);
    expect(written.outcome).toMatchObject({ transaction: 'open', transactionInfo: { statements: 2, failure: null, savepoints: [] } });
    expect((await run('SELECT count(*) FROM t WHERE a = 100', { sessionKey: 'elsewhere' })).rows).toEqual([['0']]);
    expect(queries.openTransactions()).toMatchObject([{ connectionName: 'dev', sessionKey: tab, statements: 2 }]);
    expect(await queries.endTransaction({ connectionId: dev.id, sessionKey: tab, action: 'commit' }, never)).toEqual({ transaction: 'idle', transactionInfo: null });
    expect((await run('SELECT count(*) FROM t WHERE a = 100', { sessionKey: 'elsewhere' })).rows).toEqual([['1']]);
    expect(queries.openTransactions()).toEqual([]);
    expect(history.list({ search: '', limit: 3, documentId: tab }).map(({ text }) => text)).toContain('COMMIT');
  });

  it('explains an aborted transaction, and goes back to a savepoint', async () => {
    await run("INSERT INTO t VALUES (200, 'kept'); SAVEPOINT \"Half way\"; INSERT INTO t VALUES (201, 'lost')", manual);
    const aborted = await run("INSERT INTO t VALUES (200, 'twice')", manual);
    expect(aborted.outcome).toMatchObject({ transaction: 'failed', transactionInfo: { savepoints: ['Half way'], failure: { text: "INSERT INTO t VALUES (200, 'twice')", error: { serverCode: '23505' } } } });
    const after = await run('SELECT 1', manual);
    expect(after.errors[0]).toMatchObject({ serverCode: '25P02' });
    expect(after.outcome.transactionInfo?.failure?.error.serverCode).toBe('23505');
    const back = await queries.endTransaction({ connectionId: dev.id, sessionKey: tab, action: 'rollback', savepoint: 'Half way' }, never);
    expect(back).toMatchObject({ transaction: 'open', transactionInfo: { failure: null, savepoints: ['Half way'] } });
    await queries.endTransaction({ connectionId: dev.id, sessionKey: tab, action: 'commit' }, never);
    expect((await run('SELECT a FROM t WHERE a >= 200 ORDER BY 1')).rows).toEqual([['200']]);
  });

  it('tells what cannot run inside a transaction before it is sent', async () => {
    const asked = await run('VACUUM t', manual);
    expect(asked.outcome.confirmations).toMatchObject([{ reason: 'no_transaction', sentence: expect.stringContaining('VACUUM') as string }]);
    expect((await run('VACUUM t', { ...manual, confirmedHash: asked.outcome.hash })).outcome).toMatchObject({ failed: 0, transaction: 'idle' });
    await run("INSERT INTO t VALUES (300, 'open')", manual);
    const refused = await run('CREATE INDEX CONCURRENTLY i ON t (b)', manual);
    expect(refused.errors[0]).toMatchObject({ code: 'refused' });
    expect(refused.outcome.transaction).toBe('open');
    await queries.endTransaction({ connectionId: dev.id, sessionKey: tab, action: 'rollback' }, never);
  });

  it('is the person’s own BEGIN where they write one', async () => {
    const ran = await run("BEGIN; INSERT INTO t VALUES (400, 'x'); COMMIT", manual);
    expect(ran).toMatchObject({ own: [], outcome: { transaction: 'idle' } });
    const chained = await run("BEGIN; INSERT INTO t VALUES (401, 'x'); COMMIT AND CHAIN");
    expect(chained.outcome.transactionInfo).toMatchObject({ statements: 0 });
    await run('ROLLBACK');
  });

  it('says that nothing was committed when the session with the transaction is gone', async () => {
    await run("INSERT INTO t VALUES (600, 'x')", manual);
    await connections.close(dev.id);
    await expect(queries.endTransaction({ connectionId: dev.id, sessionKey: tab, action: 'commit' }, never)).rejects.toMatchObject({ code: 'connection_lost' });
    expect((await run('SELECT count(*) FROM t WHERE a = 600')).rows).toEqual([['0']]);
  });

  it('leaves no transaction behind a closed session', async () => {
    await run("INSERT INTO t VALUES (500, 'x')", manual);
    await queries.closeSession(dev.id, tab);
    expect(queries.openTransactions()).toEqual([]);
    expect((await run('SELECT count(*) FROM t WHERE a = 500')).rows).toEqual([['0']]);
  });
});

describe('where a tab works', () => {
  it('another database of the server opens with the same password', async () => {
    const { database: name } = other.target as { database: string };
    const connectionId = onDatabase(dev.id, name);
    expect((await run('SELECT current_database()', { connectionId })).rows).toEqual([[name]]);
    const { databases, schemas } = await queries.places(dev.id, never);
    expect(databases).toContain(name);
    expect(schemas).toContain('Two x');
    const entries = history.list({ search: 'current_database', limit: 5, connectionId: dev.id });
    expect(entries).toMatchObject([{ connectionId, connectionName: `dev (${name})` }]);
    await connections.close(dev.id);
    expect(connections.status(connectionId).state).toBe('closed');
  });

  it('the search path is set once, told, and set again on a session that was opened anew', async () => {
    const on = (...searchPath: string[]): Options => ({ searchPath });
    expect(await run('SELECT n FROM here', on('one'))).toMatchObject({ own: ['SET search_path TO "one"'], rows: [['1']] });
    expect(await run('SELECT n FROM here', on('one'))).toMatchObject({ own: [], rows: [['1']] });
    expect(await run('SELECT n FROM here', on('Two x', 'public'))).toMatchObject({ own: ['SET search_path TO "Two x", "public"'], rows: [['2']] });
    await queries.closeSession(dev.id, tab);
    expect(await run('SELECT n FROM here', on('one'))).toMatchObject({ own: ['SET search_path TO "one"'], rows: [['1']] });
    expect((await run('SHOW search_path', { searchPath: null })).own).toEqual(['RESET search_path']);
  });

  it('a search path that a rollback took back is set again', async () => {
    await run('BEGIN');
    expect((await run('SELECT n FROM here', { searchPath: ['one'] })).rows).toEqual([['1']]);
    await run('ROLLBACK', { searchPath: ['one'] });
    expect(await run('SELECT n FROM here', { searchPath: ['one'] })).toMatchObject({ own: ['SET search_path TO "one"'], rows: [['1']] });
  });

  it('the search path holds on a read-only connection, and changing it keeps the session', async () => {
    const on = (name: string): Options => ({ connectionId: reader.id, searchPath: [name] });
    const process = async (name: string) => (await run('SELECT n, pg_backend_pid() FROM here', on(name))).rows[0];
    const [, first] = (await process('Two x')) ?? [];
    expect(await process('one')).toEqual(['1', first]);
    expect(await process('Two x')).toEqual(['2', first]);
  });

  it('on production a function is judged by the search path that it is called with', async () => {
    await run('CREATE FUNCTION one.f() RETURNS int STABLE LANGUAGE sql AS $$ SELECT n FROM one.here LIMIT 1 $$');
    await run('CREATE FUNCTION "Two x".f() RETURNS int LANGUAGE sql AS $$ DELETE FROM "Two x".here RETURNING n $$');
    const production = await connections.save({ id: '', name: 'production', target: database.target, color: 'red', environment: 'production', readOnly: false }, { kind: 'set', password: database.password });
    const on = (name: string): Options => ({ connectionId: production.id, searchPath: [name] });
    await run('SELECT * FROM here', on('one'));
    expect((await run('SELECT f()', on('Two x'))).outcome.confirmations).toHaveLength(1);
    expect(await database.query('SELECT n FROM "Two x".here')).toEqual([{ n: 2 }]);
  });

  it('a yes counts for the search path that was shown, and a schema may be called as a key word', async () => {
    await run('CREATE SCHEMA "default"; CREATE TABLE "default".here (n int)');
    const asked = await run('DELETE FROM here', { searchPath: ['one'] });
    const other = await run('DELETE FROM here', { searchPath: ['Two x'], confirmedHash: asked.outcome.hash });
    expect(other.outcome.confirmations).toHaveLength(1);
    expect((await run('SELECT n FROM here', { searchPath: ['default'] })).rows).toEqual([]);
  });
});
