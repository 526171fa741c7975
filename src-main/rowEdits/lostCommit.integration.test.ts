import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer, type TestDatabase } from '../../e2e/servers/postgresql';
import type { RowChange } from '../../src-preload/contract/rowEditLog';
import { createGuardService } from '../guard/create';
import { benchWith, signal, text, type Bench } from './testSupport';

const rowEditsBench = benchWith(createGuardService());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A line to the server that breaks at COMMIT: before the server gets it, or after it has answered. `broken` lets nobody in afterwards. */
async function breakingLine(port: number, when: 'before' | 'after', broken: 'open' | 'closed' = 'open'): Promise<number> {
  let cut = false;
  const line = net.createServer((client) => {
    if (cut && broken === 'closed') return void client.destroy();
    const server = net.connect(port, '127.0.0.1');
    let committing = false;
    const end = (): void => void [client.destroy(), server.destroy()];
    client.on('data', (data) => {
      committing ||= data.includes('COMMIT\0');
      if (committing) cut = true;
      if (committing && when === 'before') end();
      else server.write(data);
    });
    server.on('data', (data) => (committing ? end() : client.write(data)));
    for (const [one, other] of [[client, server], [server, client]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => line.close(resolve)));
  return (line.address() as net.AddressInfo).port;
}

const schema = `CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')`;

async function lose(when: 'before' | 'after', broken: 'open' | 'closed' = 'open'): Promise<{ bench: Bench; outcome: Awaited<ReturnType<Bench['apply']>>; transaction: string }> {
  let port = 0;
  const bench = await rowEditsBench(schema, {}, (target) => ({ ...target, port }));
  closers.push(() => bench.close());
  port = await breakingLine(bench.database.target.port, when, broken);
  let transaction = '';
  const changes: RowChange[] = [{ kind: 'update', ...(await bench.read('t', 'id = 1')), values: { v: text('b') } }];
  const outcome = await bench.apply('t', changes, { onTransaction: (number) => (transaction = number) });
  return { bench, outcome, transaction };
}

describe('a line that breaks at COMMIT', () => {
  it('asks the server, and tells that the changes took effect', async () => {
    const { bench, outcome } = await lose('after');
    expect(outcome).toMatchObject({ kind: 'applied', rows: [{ cells: { v: 'b' } }] });
    expect(await bench.run('SELECT v FROM t')).toEqual([['b']]);
  });

  it('asks the server, and tells that they did not', async () => {
    const { bench, outcome } = await lose('before');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'connection_lost', message: expect.stringContaining('rolled back') } });
    expect(await bench.run('SELECT v FROM t')).toEqual([['a']]);
  });

  it('says that it does not know while the server cannot be asked, and can be asked later', async () => {
    const { bench, outcome, transaction } = await lose('after', 'closed');
    expect(outcome).toMatchObject({ kind: 'unknown', transaction });
    const direct = await rowEditsBench('SELECT 1', {}, undefined, bench.database);
    closers.push(() => direct.close());
    expect(await direct.service.transactionEnd('c', transaction, signal)).toBe('committed');
  });
});

describe('a server that is killed', () => {
  it('at COMMIT, changes nothing, and the transaction is known as aborted when it is back', async () => {
    const server = await startPostgres({ durable: true });
    closers.push(() => server.stop());
    const database = ownDatabase(server);
    const bench = await rowEditsBench(
      `${schema}; CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER wait AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()`,
      {},
      undefined,
      database,
    );
    const changes: RowChange[] = [{ kind: 'update', ...(await bench.read('t', 'id = 1')), values: { v: text('b') } }];
    let transaction = '';
    const outcome = await bench.apply('t', changes, {
      onTransaction: (number) => {
        transaction = number;
        void server.kill();
      },
    });
    expect(outcome).toMatchObject({ kind: 'unknown', transaction });
    await bench.close();
    await server.restart();
    const again = await rowEditsBench('SELECT 1', {}, undefined, database);
    closers.push(() => again.close());
    expect(await again.service.transactionEnd('c', transaction, signal)).toBe('aborted');
    expect(await again.run('SELECT v FROM t')).toEqual([['a']]);
  });
});

function ownDatabase(server: PostgresServer): TestDatabase {
  const notUsed = (): never => {
    throw new Error('Not used here.');
  };
  const { host, port, user, password } = server;
  return { target: { engine: 'postgresql', host, port, user, database: 'postgres', tls: { mode: 'disable' } }, password, url: server.url(), query: notUsed, drop: () => Promise.resolve() };
}
