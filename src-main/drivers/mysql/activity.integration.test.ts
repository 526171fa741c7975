import { createConnection, type Connection as Client } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mariadbMissing, mysqlDatabase, startMariadb, type MysqlDatabase, type MysqlServer } from '../../../e2e/servers/mariadb';
import type { Connection } from '../driver';
import { silentSink } from '../postgresql/session';
import { mysqlActivity } from './activity';
import { mysqlDriver } from './driver';

const signal = new AbortController().signal;

describe.skipIf(mariadbMissing() !== null)('processes of MariaDB', () => {
  let server: MysqlServer;
  let database: MysqlDatabase;
  let connection: Connection;
  const clients: Client[] = [];

  const client = async (user = server.user, password = server.password): Promise<Client> => {
    const opened = await createConnection({ host: server.host, port: server.port, user, password, database: database.target.database });
    clients.push(opened);
    opened.on('error', () => undefined);
    return opened;
  };

  beforeAll(async () => {
    server = await startMariadb();
    database = await mysqlDatabase(server);
    await database.query('CREATE TABLE held (id INT PRIMARY KEY); INSERT INTO held VALUES (1)');
    connection = await mysqlDriver.connect({ target: database.target, password: database.password }, { signal, applicationName: 'ai-shell processes' });
  }, 90_000);
  afterAll(async () => {
    clients.forEach((opened) => opened.destroy());
    await connection.close();
    await server.stop();
  });

  const list = async (over = connection) => (await mysqlActivity.list(over, signal)).processes;
  const end = (process: { pid: number; startedAt: string }, action: 'cancel' | 'terminate'): Promise<void> => connection.run({ text: mysqlActivity.endStatement(process, action).text }, silentSink, { signal });

  it('shows who blocks whom; a cancel frees the one that waits, the other goes on until it is ended', async () => {
    const holder = await client();
    const waiter = await client();
    await holder.query('START TRANSACTION');
    await holder.query('UPDATE held SET id = 2');
    const waiting = waiter.query('UPDATE held SET id = 3').catch((error: Error & { errno?: number }) => error.errno);
    // The view of waits is refreshed every tenth of a second.
    await expect.poll(async () => (await list()).filter(({ blockedBy }) => blockedBy.length > 0).length, { timeout: 20_000 }).toBe(1);
    const all = await list();
    const blocked = all.find(({ blockedBy }) => blockedBy.length > 0);
    const blocker = all.find(({ pid }) => pid === blocked?.blockedBy[0]);
    expect(blocked).toMatchObject({ state: 'active', waitType: 'Lock', query: 'UPDATE held SET id = 3', user: server.user, signalable: true, kind: 'client backend' });
    expect(blocker).toMatchObject({ state: 'idle in transaction', blockedBy: [], client: '127.0.0.1' });
    if (!blocked || !blocker) throw new Error('Both are there.');
    await end(blocked, 'cancel');
    expect(await waiting).toBe(1317);
    expect((await waiter.query('SELECT 1 AS alive'))[0]).toEqual([{ alive: 1 }]);
    await end(blocker, 'terminate');
    await expect.poll(async () => (await list()).some(({ pid }) => pid === blocker.pid)).toBe(false);
    await expect(end(blocker, 'terminate')).rejects.toMatchObject({ code: 'server_error', data: { serverCode: '1094' } });
    expect(await database.query('SELECT id FROM held')).toEqual([{ id: 1 }]);
  });

  it('a user without rights sees its own sessions, and is told so', async () => {
    await database.query(`CREATE USER plain@'%' IDENTIFIED BY 'p'; GRANT ALL ON ${database.target.database}.* TO plain@'%'`);
    const plain = await mysqlDriver.connect({ target: { ...database.target, user: 'plain' }, password: 'p' }, { signal, applicationName: 'ai-shell processes' });
    try {
      await client('plain', 'p');
      const { processes, limits } = await mysqlActivity.list(plain, signal);
      expect(processes.map(({ user, signalable }) => [user, signalable])).toEqual([['plain', true]]);
      expect(limits.join(' ')).toMatch(/PROCESS.*CONNECTION_ADMIN/);
    } finally {
      await plain.close();
    }
  });
});
