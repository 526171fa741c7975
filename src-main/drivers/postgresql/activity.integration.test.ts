import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../e2e/servers/postgresql';
import type { Connection } from '../driver';
import { postgresqlActivity } from './activity';
import { postgresqlDriver } from './driver';
import { silentSink } from './session';

const signal = new AbortController().signal;
let database: TestDatabase;
let connection: Connection;
const clients: Client[] = [];

async function session(name: string): Promise<Client> {
  const client = new Client({ connectionString: database.url, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

beforeAll(async () => {
  database = await testDatabase();
  await database.query('CREATE TABLE held (id int PRIMARY KEY); INSERT INTO held VALUES (1)');
  connection = await postgresqlDriver.connect({ target: database.target, password: database.password }, { signal, applicationName: 'ai-shell processes' });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await connection.close();
  await database.drop();
});

const list = async () => (await postgresqlActivity.list(connection, signal)).processes;
const end = ({ text }: { text: string }): Promise<void> => connection.run({ text }, silentSink, { signal });

it('shows who blocks whom; a cancel frees the one that waits, the other goes on', async () => {
  const holder = await session('holder');
  const waiter = await session('waiter');
  await holder.query('BEGIN; UPDATE held SET id = id');
  const waiting = waiter.query('UPDATE held SET id = id').catch((error: Error & { code?: string }) => error.code);
  const blocked = async () => (await list()).find(({ application }) => application === 'waiter');
  await expect.poll(async () => (await blocked())?.blockedBy.length).toBe(1);
  const row = await blocked();
  const blocker = (await list()).find(({ application }) => application === 'holder');
  expect(row).toMatchObject({ state: 'active', waitType: 'Lock', query: 'UPDATE held SET id = id', own: false, signalable: true, blockedBy: [blocker?.pid] });
  expect(blocker).toMatchObject({ state: 'idle in transaction' });
  expect(blocker?.transactionSeconds).toBeGreaterThanOrEqual(0);
  if (!row || !blocker) throw new Error('Both are there.');
  await end(postgresqlActivity.endStatement(row, 'cancel'));
  expect(await waiting).toBe('57014');
  // The number of a process may be given to a later one: its start must fit too.
  await end(postgresqlActivity.endStatement({ pid: blocker.pid, startedAt: '2001-01-01 00:00:00+00' }, 'terminate'));
  expect((await holder.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }]);
  await end(postgresqlActivity.endStatement(blocker, 'terminate'));
  await expect.poll(async () => (await list()).some(({ pid }) => pid === blocker.pid)).toBe(false);
});

it('a role without rights is told what it cannot see', async () => {
  const role = `plain_${database.target.database}`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'`);
  const plain = await postgresqlDriver.connect({ target: { ...database.target, user: role }, password: 'p' }, { signal, applicationName: 'ai-shell processes' });
  try {
    const { processes, limits } = await postgresqlActivity.list(plain, signal);
    expect(limits).toHaveLength(2);
    expect(limits.join(' ')).toMatch(/pg_monitor.*pg_signal_backend/);
    expect(processes.some(({ signalable }) => signalable)).toBe(false);
  } finally {
    await plain.close();
    await database.query(`DROP ROLE ${role}`);
  }
});
