import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DemoStatus } from '../../src-preload/contract/demo';
import { demoStatus } from '../../src-preload/contract/demo';
import type { Connection } from '../drivers/driver';
import { createPgliteDriver, type PgliteDriver } from '../drivers/pglite/driver';
import { FolderLock } from '../drivers/pglite/folderLock';
import { rowsOf } from '../drivers/pglite/testSupport';
import { demoFolder } from './definition';
import { createDemoService, type DemoService } from './service';

let base: string;
let folder: string;
const drivers: PgliteDriver[] = [];
const { signal } = new AbortController();

function start(where = folder): { driver: PgliteDriver; demo: DemoService } {
  const driver = createPgliteDriver({ program: 'the test' });
  drivers.push(driver);
  return { driver, demo: createDemoService({ folder: where, hosts: driver.hosts }) };
}

function connect(driver: PgliteDriver, demo: DemoService): Promise<Connection> {
  return driver.connect({ target: demo.profile.target }, { signal, applicationName: 'test' });
}

/** One digest over every row of every table, in primary key order as text. */
async function checksum(connection: Connection): Promise<string> {
  const tables = await rowsOf(connection, "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('shop', 'ops') order by 1");
  let all = '';
  for (const [table = ''] of tables) {
    const [[digest] = []] = await rowsOf(connection, `select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from ${table} as t`);
    all += `${table}=${digest} `;
  }
  return all;
}

let first: string;
let built: number;

beforeAll(async () => {
  base = mkdtempSync(path.join(os.tmpdir(), 'demo-'));
  folder = path.join(base, 'demo');
  const { driver, demo } = start();
  expect(demo.status().state).toBe('absent');
  const seen: DemoStatus[] = [];
  demo.onChange((status) => seen.push(demoStatus.parse(status)));
  const began = performance.now();
  await demo.ensure(signal);
  built = performance.now() - began;
  expect(seen.at(-1)?.state).toBe('ready');
  const progress = seen.filter((status) => status.state === 'building').map((status) => status.progress);
  expect(progress.length).toBeGreaterThan(10);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  first = await checksum(await connect(driver, demo));
  await driver.close();
}, 180_000);

afterEach(async () => {
  for (const driver of drivers) await driver.close();
});

afterAll(() => {
  console.info(`The demo was built in ${(built / 1000).toFixed(1)} s.`);
  rmSync(base, { recursive: true, force: true });
});

describe('the demo database', () => {
  it('opens again at once and has what it promises', async () => {
    const { driver, demo } = start();
    expect(demo.status().state).toBe('ready');
    const began = performance.now();
    const connection = await connect(driver, demo);
    console.info(`The demo opened in ${((performance.now() - began) / 1000).toFixed(2)} s.`);
    const [[tables, rows] = []] = await rowsOf(
      connection,
      `select count(*) filter (where not relispartition), sum(reltuples) filter (where relkind = 'r')
       from pg_class where relkind in ('r', 'p') and relnamespace in ('shop'::regnamespace, 'ops'::regnamespace)`,
    );
    expect(Number(tables)).toBeGreaterThanOrEqual(20);
    expect(Number(rows)).toBeGreaterThanOrEqual(200_000);
    const kinds = await rowsOf(
      connection,
      `select count(*) filter (where relkind = 'p'), count(*) filter (where relkind = 'v'), count(*) filter (where relkind = 'm'), count(*) filter (where relispartition and relkind = 'r')
       from pg_class where relnamespace in ('shop'::regnamespace, 'ops'::regnamespace)`,
    );
    expect(kinds).toEqual([['1', '1', '1', '24']]);
    const [[uncommented] = []] = await rowsOf(
      connection,
      `select count(*) from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace in ('shop'::regnamespace, 'ops'::regnamespace) and obj_description(oid, 'pg_class') is null`,
    );
    expect(uncommented).toBe('0');
    expect(await rowsOf(connection, 'select bool_and(loyalty_number > 9007199254740992), (select bool_and(provider_reference > 9007199254740992) from payments) from customers')).toEqual([['t', 't']]);
    expect(await rowsOf(connection, "select count(*) from orders where placed_at < '2024-11-01Z' or placed_at >= '2026-11-01Z'")).toEqual([['0']]);
    expect(await rowsOf(connection, 'select count(*) from orders o where total is distinct from subtotal - discount + shipping_fee or subtotal is distinct from order_total(id)')).toEqual([['0']]);
    expect(await rowsOf(connection, "insert into orders (customer_id, address_id, status, channel, currency, subtotal, shipping_fee, tax, total, placed_at) values (1, 1, 'pending', 'web', 'EUR', 1, 0, 0, 1, now()) returning id")).toEqual([['36001']]);
    await rowsOf(connection, 'delete from orders where id = 36001');
  });

  it('has its flaws: a big table with a foreign key that has no index', async () => {
    const { driver, demo } = start();
    const unindexed = await rowsOf(
      await connect(driver, demo),
      `select conrelid::regclass::text, attname from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
       where contype = 'f' and cardinality(conkey) = 1 and (select reltuples from pg_class where oid = conrelid) > 50000
         and not exists (select from pg_index where indrelid = conrelid and indkey[0] = conkey[1])`,
    );
    expect(unindexed).toEqual([['order_items', 'variant_id']]);
  });

  it('is the same, byte for byte, when it is built again; the old one is kept', async () => {
    const { driver, demo } = start();
    await demo.rebuild();
    expect(demo.status()).toMatchObject({ state: 'ready', error: null });
    expect(readdirSync(folder).filter((name) => name.includes('.replaced-')).length).toBe(1);
    expect(await checksum(await connect(driver, demo))).toBe(first);
  }, 180_000);

  it('is set aside and built anew when it does not open', async () => {
    const control = path.join(demoFolder(folder), 'global', 'pg_control');
    writeFileSync(control, Buffer.alloc(statSync(control).size, 0xff));
    const { driver, demo } = start();
    await demo.ensure(signal);
    expect(demo.status().state).toBe('ready');
    expect(demo.status().message).toContain('damaged');
    const kept = readdirSync(folder).find((name) => name.includes('.damaged-')) ?? '';
    expect(existsSync(path.join(folder, kept, 'PG_VERSION'))).toBe(true);
    expect(await rowsOf(await connect(driver, demo), 'select count(*) from countries')).toEqual([['20']]);
  }, 180_000);

  it('leaves nothing half-made when it is stopped while it builds, and begins again', async () => {
    const where = path.join(base, 'other');
    const { driver, demo } = start(where);
    const begun = new Promise<void>((resolve) => demo.onChange((status) => status.message === 'Orders' && resolve()));
    const ensured = demo.ensure(signal).catch((error: unknown) => error);
    await begun;
    await driver.close();
    expect(await ensured).toBeInstanceOf(Error);
    expect(demo.status().state).toBe('failed');
    expect(existsSync(demoFolder(where))).toBe(false);
  }, 180_000);

  it('waits, and says so, while another program prepares it', async () => {
    const where = path.join(base, 'held');
    const { demo } = start(where);
    mkdirSync(where);
    const lock = FolderLock.take(demoFolder(where));
    // The card of another process: this one's own would be no news.
    writeFileSync(`${demoFolder(where)}.ai-shell.json`, JSON.stringify({ processId: process.ppid, program: 'another window', since: new Date().toISOString(), door: null }));
    const held = new Promise<DemoStatus>((resolve) => demo.onChange((status) => status.state === 'held' && resolve(status)));
    const controller = new AbortController();
    const waited = demo.ensure(controller.signal).catch((error: unknown) => error);
    expect((await held).message).toContain('another window');
    controller.abort();
    expect(await waited).toMatchObject({ code: 'cancelled' });
    lock?.release();
  });
});
