import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ConnectionTarget } from '../../src-preload/contract/connections';
import type { Driver, ResultSink } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { AppError } from '../errors';
import { createSecretsService } from '../secrets/secrets';
import type { SecretsService } from '../secrets/service';
import { openWorkspace } from '../workspace/workspace';
import { createConnectionsService } from './connections';
import type { ConnectionsService } from './service';

const signal = new AbortController().signal;
const asked = { applicationName: 'ai-shell test', signal };
const quiet: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };
const embedded: Driver = { engine: 'pglite', capabilities: postgresqlDriver.capabilities, connect: () => Promise.reject(new AppError('unsupported', 'not in these tests')) };
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };

let database: TestDatabase;
let folder: string;
let secrets: SecretsService;
let connections: ConnectionsService;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(path.join(os.tmpdir(), 'connections-'));
  secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  connections = createConnectionsService({ workspace: openWorkspace(folder), secrets, drivers: { postgresql: postgresqlDriver, mysql: embedded, pglite: embedded }, environment: {}, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
  ({ id } = await connections.save({ id: '', name: 'real', target: database.target, environment: 'dev', color: 'gray', readOnly: false }, { kind: 'set', password: database.password }));
});
afterAll(async () => {
  await connections.closeAll();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const backends = async (): Promise<number[]> => (await database.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE application_name = 'ai-shell test'`)).map((row) => row.pid);
const kill = (): Promise<unknown> => database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ai-shell test'`);

test('the test button: what works, and what to mend when it does not', async () => {
  expect(await connections.test(id, database.target, { kind: 'keep' }, signal)).toMatchObject({ ok: true, server: { product: 'PostgreSQL', encoding: 'UTF8' } });
  const attempt = async (target: Partial<ConnectionTarget>, password = database.password) => {
    const result = await connections.test('', { ...database.target, ...target } as ConnectionTarget, { kind: 'set', password }, signal);
    if (result.ok) throw new Error('should have failed');
    expect(result.error.hint).toBeTruthy();
    return result.error;
  };
  expect(await attempt({}, 'not-the-password')).toMatchObject({ code: 'connection_failed', serverCode: '28P01' });
  expect(await attempt({ database: 'no_such_database' })).toMatchObject({ code: 'connection_failed', serverCode: '3D000' });
  expect(await attempt({ port: 1 })).toMatchObject({ code: 'connection_failed', message: expect.stringContaining('ECONNREFUSED') as string });
  expect(await attempt({ host: 'no-such-host.invalid' })).toMatchObject({ code: 'connection_failed' });
  expect(await attempt({ tls: { mode: 'require' } })).toMatchObject({ code: 'connection_failed' });
});

test('a session that the server ends while idle is opened anew', async () => {
  const first = await connections.session(id, 'idle', asked);
  expect(await backends()).toHaveLength(1);
  const lost = new Promise<void>((resolve) => first.onLost(() => resolve()));
  await kill();
  await lost;
  expect(connections.status(id)).toMatchObject({ state: 'lost', error: { code: 'connection_lost' } });
  const second = await connections.session(id, 'idle', asked);
  expect(second).not.toBe(first);
  await second.ping(signal);
  await connections.closeSession(id, 'idle');
});

test('one that ends inside a transaction is said to be gone, once, and nothing is sent again', async () => {
  await database.query('CREATE TABLE kept (n int)');
  const first = await connections.session(id, 'tx', asked);
  await first.run({ text: 'BEGIN; INSERT INTO kept VALUES (1)' }, quiet, { signal });
  expect(first.transaction).toBe('open');
  const lost = new Promise<void>((resolve) => first.onLost(() => resolve()));
  await kill();
  await lost;
  await expect(connections.session(id, 'tx', asked)).rejects.toMatchObject({ code: 'connection_lost', message: expect.stringContaining('transaction') as string });
  const second = await connections.session(id, 'tx', asked);
  expect(second.transaction).toBe('idle');
  expect(await database.query('SELECT * FROM kept')).toEqual([]);
});

test('closing all leaves no session on the server', async () => {
  await Promise.all(['1', '2', '3'].map((key) => connections.session(id, key, asked)));
  expect(await backends()).not.toHaveLength(0);
  await connections.close(id);
  await expect.poll(backends).toEqual([]);
});
