import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import { connectionProfile, type ConnectionProfile } from '../../src-preload/contract/connections';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { createGuardService } from '../guard/create';
import { createPlansService, type PlansService } from './service';

const signal = new AbortController().signal;
let database: TestDatabase;
let plans: PlansService;
const ran: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await database.query(`CREATE TABLE orders (id int PRIMARY KEY, customer int, note text); CREATE SEQUENCE drawn;
    INSERT INTO orders SELECT n, n % 20000, repeat('x', 50) FROM generate_series(1, 60000) n; CREATE INDEX ON orders (customer); ANALYZE orders`);
  const profile = (id: string, readOnly: boolean): ConnectionProfile => connectionProfile.parse({ id, name: id, target: database.target, environment: 'dev', color: 'gray', readOnly });
  const known = [profile('own', false), profile('reading', true)];
  const find = (id: string): ConnectionProfile => known.find((one) => one.id === id) ?? profile(id, false);
  plans = createPlansService({
    connections: {
      resolve: async (id) => find(id),
      driver: () => postgresqlDriver,
      async withSession(_id, { applicationName }, work) {
        const connection = await postgresqlDriver.connect({ target: database.target, password: database.password }, { signal, applicationName });
        try {
          return await work(connection);
        } finally {
          await connection.close();
        }
      },
    },
    guard: createGuardService(),
    history: { begin: ({ text }) => ran.push(text), end: () => undefined, list: () => [] },
  });
});
afterAll(() => database.drop());

const explain = (text: string, analyze: boolean, over: { connectionId?: string; confirmed?: boolean } = {}) => plans.explain({ connectionId: 'own', text, analyze, confirmed: false, ...over }, signal);
const rows = async (): Promise<unknown> => (await database.query('SELECT count(*)::int AS n FROM orders'))[0];

it('plans without running: nodes in the order of the tree, costs, no measurements', async () => {
  const plan = await explain('SELECT o.id FROM orders o JOIN orders p ON p.id = o.customer WHERE o.customer = 7;', false);
  expect(plan).toMatchObject({ analyzed: false, lane: 'planned', executionMs: null });
  expect(plan.totalCost).toBeGreaterThan(0);
  expect(plan.nodes[0]).toMatchObject({ id: 0, parent: null, level: 0, actual: null, selfMs: null, misestimate: null });
  for (const node of plan.nodes.slice(1)) expect(plan.nodes[node.parent ?? 99]?.level).toBe(node.level - 1);
  expect(plan.nodes.map(({ relation }) => relation)).toContain('public.orders');
  expect(ran).toEqual([]);
});

it('measures a read: rows, times, buffers, what was filtered; and finds the scan', async () => {
  const plan = await explain("SELECT * FROM orders WHERE note = 'none'", true);
  expect(plan).toMatchObject({ analyzed: true, lane: 'read-only' });
  expect(plan.executionMs).toBeGreaterThan(0);
  const scan = plan.nodes.find(({ title }) => title.endsWith('Seq Scan'));
  expect(scan?.buffers?.hit).toBeGreaterThan(0);
  expect(scan?.removed[0]?.by).toBe('Filter');
  expect(plan.findings.map(({ rule }) => rule)).toContain('seq-scan-selective');
  expect(plan.text).toMatch(/Seq Scan on public\.orders.*actual time=/);
  expect(JSON.parse(plan.json)).toMatchObject([{ Plan: {} }]);
  expect(ran.at(-1)).toBe("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM orders WHERE note = 'none'");
});

it('finds a sort that went to disk', async () => {
  const plan = await explain('SELECT a.id, b.note FROM orders a, orders b WHERE a.id % 40 = 0 AND b.id < 400 ORDER BY b.note, a.note, a.id', true);
  expect(plan.findings).toContainEqual(expect.objectContaining({ rule: 'spill-to-disk', statement: expect.stringMatching(/^SET work_mem = '\d+MB'$/) }));
  const spent = plan.nodes.reduce((sum, node) => sum + (node.selfMs ?? 0), 0);
  expect(spent).toBeLessThanOrEqual((plan.executionMs ?? 0) * 1.2);
});

it('a write is measured only with a yes, and nothing of it stays', async () => {
  await expect(explain('DELETE FROM orders', true)).rejects.toMatchObject({ data: { code: 'confirm_required' } });
  const plan = await explain('DELETE FROM orders', true, { confirmed: true });
  expect(plan.lane).toBe('rolled back');
  expect(plan.nodes[1]?.actual?.rows).toBe(60_000);
  expect(await rows()).toEqual({ n: 60_000 });
  // What calls a volatile function is no read either.
  await expect(explain("SELECT nextval('drawn')", true)).rejects.toMatchObject({ data: { code: 'confirm_required' } });
  // A text that would end our transaction is refused by the protocol.
  await expect(explain('DELETE FROM orders; COMMIT', true, { confirmed: true })).rejects.toMatchObject({ data: { code: 'server_error' } });
  expect(await rows()).toEqual({ n: 60_000 });
});

it('a read-only connection measures reads and refuses the rest, whatever was said', async () => {
  expect((await explain('SELECT count(*) FROM orders', true, { connectionId: 'reading' })).lane).toBe('read-only');
  await expect(explain('DELETE FROM orders', true, { connectionId: 'reading', confirmed: true })).rejects.toMatchObject({ data: { code: 'refused' } });
  await expect(explain('DELETE FROM orders', false, { connectionId: 'reading' })).rejects.toMatchObject({ data: { code: 'refused' } });
});

it('takes an EXPLAIN away that is there already, and marks the error in the text as it was written', async () => {
  expect((await explain('explain (analyze, buffers) SELECT 1', false)).statement).toMatch(/^EXPLAIN \(VERBOSE, SETTINGS, FORMAT JSON\) SELECT 1$/);
  const text = 'EXPLAIN ANALYZE SELECT nope FROM orders';
  await expect(explain(text, false)).rejects.toMatchObject({ data: { code: 'server_error', serverCode: '42703', position: text.indexOf('nope') } });
  await expect(explain('CREATE TABLE x (a int)', true, { confirmed: true })).rejects.toMatchObject({ data: { code: 'server_error' } });
});
