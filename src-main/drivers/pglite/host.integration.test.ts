import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, ResultSink } from '../driver';
import { createPgliteDriver, type PgliteDriver } from './driver';
import { failureOf, rowsOf } from './testSupport';

let base: string;
let folder: string;
let driver: PgliteDriver;
let open: Connection[] = [];
const { signal } = new AbortController();

async function connect(applicationName: string): Promise<Connection> {
  const connection = await driver.connect({ target: { engine: 'pglite', folder } }, { signal, applicationName });
  open.push(connection);
  return connection;
}

/** Counts for minutes, and returns nothing on the way. */
const endless = 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b';

beforeAll(async () => {
  base = mkdtempSync(path.join(os.tmpdir(), 'pglite-host-'));
  folder = mkdtempSync(path.join(base, 'db-'));
  driver = createPgliteDriver({ program: 'the test' });
  const connection = await connect('set-up');
  await rowsOf(connection, 'create table kept (a int); insert into kept values (1)');
}, 180_000);

beforeEach(async () => {
  await rowsOf(await connect('reset'), 'truncate kept; insert into kept values (1)');
});

afterEach(async () => {
  for (const connection of open) await connection.close();
  open = [];
});

afterAll(async () => {
  await driver.close();
  rmSync(base, { recursive: true, force: true });
});

describe('sessions that share the only backend', () => {
  it('wait for a statement that runs', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    const order: string[] = [];
    const long = rowsOf(one, 'select pg_sleep(0.4)').then(() => order.push('long'));
    const short = rowsOf(two, 'select 1').then(() => order.push('short'));
    await Promise.all([long, short]);
    expect(order).toEqual(['long', 'short']);
  });

  it('are refused while another has a transaction open, and told who it is', async () => {
    const [one, two] = [await connect('AI-Shell tab 3'), await connect('two')];
    await rowsOf(one, 'begin; insert into kept values (2)');
    const refused = await failureOf(rowsOf(two, 'select 1'));
    expect(refused.code).toBe('busy');
    expect(refused.message).toContain('“AI-Shell tab 3”');
    expect(refused.data.hint).toContain('Commit or roll back');
    const began = performance.now();
    expect((await failureOf(rowsOf(two, 'select 1'))).code).toBe('busy');
    expect(performance.now() - began).toBeLessThan(100);
    expect(await rowsOf(one, 'select count(*) from kept')).toEqual([['2']]);
    await rowsOf(one, 'commit');
    expect(await rowsOf(two, 'select count(*) from kept')).toEqual([['2']]);
  });

  it('are refused with parameters, too, and go on afterwards', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    await rowsOf(one, 'begin');
    const sink: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };
    expect((await failureOf(two.run({ text: 'select $1::int', parameters: ['5'] }, sink, { signal }))).code).toBe('busy');
    await rowsOf(one, 'rollback');
    await two.run({ text: 'select $1::int', parameters: ['5'] }, sink, { signal });
  });

  it('get the backend when the one with the transaction goes away', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    await rowsOf(one, 'begin; insert into kept values (3)');
    await one.close();
    expect(await rowsOf(two, 'select count(*) from kept')).toEqual([['1']]);
  });

  it('keep their settings to themselves', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    await rowsOf(one, "set search_path = pg_catalog; set time zone 'Asia/Tokyo'; create role reader; set role reader");
    expect(await rowsOf(two, "select current_setting('search_path'), current_setting('timezone'), current_user, current_setting('application_name')")).toEqual([
      ['"$user", public', 'UTC', 'postgres', 'two'],
    ]);
    expect(await rowsOf(one, "select current_setting('search_path'), current_setting('timezone'), current_user, current_setting('application_name')")).toEqual([
      ['pg_catalog', 'Asia/Tokyo', 'reader', 'one'],
    ]);
    await rowsOf(one, 'reset role; drop role reader');
  });

  it('survive a COPY that asks for data', async () => {
    const one = await connect('one');
    expect((await failureOf(rowsOf(one, 'copy kept from stdin'))).code).toBe('unsupported');
    expect(await rowsOf(one, 'select 1')).toEqual([['1']]);
    const sink: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };
    await failureOf(one.run({ text: 'copy kept from stdin', parameters: ['1'] }, sink, { signal }));
    expect(await rowsOf(one, 'select 2')).toEqual([['2']]);
  });
});

describe('cancelling', () => {
  it('stops a statement that returns rows at the next row, and keeps the transaction', async () => {
    const one = await connect('one');
    await rowsOf(one, 'begin; insert into kept values (2)');
    const controller = new AbortController();
    let rows = 0;
    const sink: ResultSink = {
      columns: () => undefined,
      rows: (batch) => {
        rows += batch.count;
        controller.abort();
      },
      notice: () => undefined,
      complete: () => undefined,
    };
    const cancelled = await failureOf(one.run({ text: 'select generate_series(1, 100000000)' }, sink, { signal: controller.signal }));
    expect(cancelled.code).toBe('cancelled');
    expect(rows).toBeGreaterThan(0);
    expect(one.transaction).toBe('failed');
    await rowsOf(one, 'rollback');
  });

  it('restarts the database for any other statement; what was committed is there', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    await rowsOf(two, 'set search_path = pg_catalog, public');
    await rowsOf(one, 'insert into kept values (2)');
    const controller = new AbortController();
    const running = failureOf(rowsOf(one, endless, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 200);
    const cancelled = await running;
    expect(cancelled.code).toBe('cancelled');
    expect(await rowsOf(one, 'select count(*) from kept')).toEqual([['2']]);
    expect(await rowsOf(two, "select count(*), current_setting('search_path') from kept")).toEqual([['2', 'pg_catalog, public']]);
  });

  it('says that an open transaction is lost with it', async () => {
    const one = await connect('one');
    await rowsOf(one, 'begin; insert into kept values (2)');
    const stopped = await failureOf(rowsOf(one, endless, { timeoutMs: 200 }));
    expect(stopped.code).toBe('timeout');
    expect(stopped.message).toContain('the open transaction is rolled back');
    expect(one.transaction).toBe('idle');
    expect(await rowsOf(one, 'select count(*) from kept')).toEqual([['1']]);
  });

  it('ends other sessions that had something in the backend, and no others', async () => {
    const [one, stateful] = [await connect('one'), await connect('stateful')];
    await rowsOf(stateful, 'create temporary table mine (a int)');
    const lost = new Promise<Error>((resolve) => stateful.onLost(resolve));
    expect((await failureOf(rowsOf(one, endless, { timeoutMs: 200 }))).code).toBe('timeout');
    expect((await lost).message).toContain('temporary tables');
    expect((await failureOf(rowsOf(stateful, 'select 1'))).code).toBe('connection_lost');
    expect(await rowsOf(one, 'select 1')).toEqual([['1']]);
  });

  it('takes a statement that still waits out of the line', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    const long = rowsOf(one, 'select pg_sleep(0.5)');
    expect((await failureOf(rowsOf(two, 'insert into kept values (9)', { timeoutMs: 50 }))).code).toBe('timeout');
    await long;
    expect(await rowsOf(two, 'select count(*) from kept')).toEqual([['1']]);
  });

  it('happens by itself when the client goes away', async () => {
    const [one, two] = [await connect('one'), await connect('two')];
    const lost = failureOf(rowsOf(one, endless));
    await one.close();
    expect((await lost).code).toBe('connection_lost');
    expect(await rowsOf(two, 'select 1')).toEqual([['1']]);
  });
});

describe('results', () => {
  it('wait in the worker while the sink is slow', async () => {
    const one = await connect('one');
    const before = process.memoryUsage();
    let largest = 0;
    let rows = 0;
    await one.run(
      { text: "select g, repeat('x', 1000) from generate_series(1, 60000) g" },
      {
        columns: () => undefined,
        rows: async (batch) => {
          rows += batch.count;
          await new Promise((resolve) => setImmediate(resolve));
          largest = Math.max(largest, process.memoryUsage().arrayBuffers - before.arrayBuffers);
        },
        notice: () => undefined,
        complete: () => undefined,
      },
      { signal },
    );
    expect(rows).toBe(60000);
    expect(largest).toBeLessThan(24 * 1024 * 1024);
  });

  it('carry a cell of 20 MB', async () => {
    const one = await connect('one');
    const [[cell] = []] = await rowsOf(one, "select repeat('ä', 10000000)");
    expect(Buffer.byteLength(cell ?? '')).toBe(20_000_000);
  });
});
