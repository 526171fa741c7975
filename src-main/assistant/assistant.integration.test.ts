import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import { lastToolResults, type ModelScript, type ScriptedTool } from '../../e2e/servers/model/script';
import type { MessagePart } from '../../src-preload/contract/assistant';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { kit, type Kit } from '../../e2e/assistant/kit';
import { realNeighbours } from '../../e2e/assistant/realServer';

let database: TestDatabase;
const open: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  database = await testDatabase();
  await database.query(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.customers (id bigint PRIMARY KEY, "Full Name" text, country text);
    INSERT INTO shop.customers SELECT n, 'Customer ' || n, CASE n % 3 WHEN 0 THEN 'Deutschland' WHEN 1 THEN 'United Kingdom' ELSE '100%_off' END FROM generate_series(1, 3000) AS n;
    CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES shop.customers, total numeric(20,6), placed_at timestamptz);
    INSERT INTO shop.orders SELECT n, 1 + n % 3000, n * 1.5, '2026-01-01T00:00:00Z' FROM generate_series(1, 5000) AS n;
    ANALYZE;
  `);
}, 60_000);

afterAll(() => database.drop());

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(script: ModelScript, profile: Partial<ConnectionProfile> = {}): Promise<Kit> {
  const real = realNeighbours(database, profile);
  const made = await kit(script, { neighbours: real.neighbours });
  open.push(async () => {
    await made.close();
    await real.close();
  });
  return made;
}

/** Lets the model make these calls one after the other and gives what it was told of each. */
async function told(calls: ScriptedTool[]): Promise<{ results: string[]; parts: MessagePart[] }> {
  const made = await start([...calls.map((call) => ({ tools: [call] })), { text: 'Done.' }]);
  const { message } = await made.ask('?');
  return { results: made.model.questions().slice(1).map((request) => lastToolResults(request.body)[0]?.text ?? ''), parts: message.parts };
}

describe('on a real server', () => {
  it('a query is checked, run in the read-only lane and kept for the grid', async () => {
    const { parts, results } = await told([{ name: 'run_query', input: { sql: 'SELECT id, total, placed_at FROM shop.orders ORDER BY id', title: 'Orders' } }]);
    expect(parts[1]).toMatchObject({ kind: 'sql', rows: 5000, truncated: false, columns: [{ name: 'id', type: 'bigint' }, { name: 'total', type: 'numeric(20,6)' }, { name: 'placed_at' }], check: { estimatedRows: 5000, verdict: { objects: ['shop.orders'] } } });
    expect(results[0]).toMatch(/^5000 rows are shown to the person\. You see the first 50\./);
    expect(results[0]).toContain('["1","1.500000",');
  });

  it('what a join multiplies and a result gives away is told to the model, and the first to the person', async () => {
    const fanned = 'SELECT c.country, count(c.id) AS customers FROM shop.customers c JOIN shop.orders o ON o.customer_id = c.id GROUP BY c.country';
    const { parts, results } = await told([
      { name: 'run_query', input: { sql: fanned, title: 'Customers' } },
      { name: 'show_sql', input: { sql: 'SELECT c.id FROM shop.customers c, shop.orders o WHERE c.id = 1', title: 'x' } },
      { name: 'run_query', input: { sql: "SELECT id FROM shop.customers WHERE country = 'Germany'", title: 'Germans' } },
      { name: 'run_query', input: { sql: 'SELECT id FROM shop.customers WHERE id = 1', title: 'One' } },
    ]);
    expect(results[0]).toMatch(/mend the query if it is not meant so:[\s\S]*meets each row of `c` once for every row of `o`/);
    expect(results[1]).toMatch(/Nothing connects/);
    expect(results[2]).toMatch(/The result is empty: a filter may be spelled otherwise/);
    expect(results[3]).not.toContain('once more');
    expect(parts.flatMap((part) => (part.kind === 'sql' ? [part.check.warnings.length] : []))).toEqual([1, 1, 0, 0]);
  });

  it('wrong names come back with the server’s error and the real names', async () => {
    const show = (sql: string): ScriptedTool => ({ name: 'show_sql', input: { sql, title: 'x' } });
    const column = await told([show('SELECT o.custmer_id\nFROM shop.orders o')]);
    expect(column.results[0]).toContain('column o.custmer_id does not exist (SQLSTATE 42703) at line 1, column 8: SELECT o.custmer_id');
    expect(column.results[0]).toContain('Nearest real names: orders.customer_id.');
    expect(column.parts.some((part) => part.kind === 'sql')).toBe(false);
    const table = await told([show('SELECT * FROM shop.order'), show('SELECT * FROM custmers')]);
    expect(table.results[0]).toContain('shop.orders');
    expect(table.results[1]).toContain('shop.customers');
    const broken = await told([show('SELECT id FROM shop.orders WHER id = 1')]);
    expect(broken.results[0]).toContain('It does not parse');
    expect(broken.results[0]).toMatch(/at line 1, column \d+/);
    const type = await told([show("SELECT id FROM shop.orders WHERE placed_at > 'yesterdayish'")]);
    expect(type.results[0]).toContain('SQLSTATE 22007');
  });

  it('stored spellings are looked up, wild cards taken as they are', async () => {
    const look = (text?: string): ScriptedTool => ({ name: 'lookup_values', input: { relation: 'shop.customers', column: 'country', ...(text === undefined ? {} : { text }) } });
    const { results } = await told([look(), look('united'), look('%_'), look('Germnay'), look('Untied Kingdm'), { name: 'lookup_values', input: { relation: 'customers', column: 'full name', text: 'customer 2999' } }]);
    const values = results.map((text) => [...text.matchAll(/^"(.*)"$/gm)].map((match) => match[1]));
    expect(values[0]).toEqual(['100%_off', 'Deutschland', 'United Kingdom']);
    expect(values[1]).toEqual(['United Kingdom']);
    expect(values[2]).toEqual(['100%_off']);
    expect(results[3]).toMatch(/^No value contains that text/);
    expect(values[4]).toEqual(['United Kingdom']);
    expect(values[5]).toEqual(['Customer 2999']);
  });

  it('a plan is told without running', async () => {
    const { results } = await told([{ name: 'plan', input: { sql: 'SELECT * FROM shop.orders WHERE id = 7' } }]);
    expect(results[0]).toMatch(/^Estimated cost [\d.]+, rows 1\.\n<data-\w+>\nIndex Scan using orders_pkey on orders {2}rows 1 {2}cost [\d.]+ {2}\(id = 7\)/);
  });

  it('a query that would cost too much is handed to the person instead', async () => {
    const { results, parts } = await told([{ name: 'run_query', input: { sql: 'SELECT count(*) FROM shop.orders a, shop.orders b, shop.orders c', title: 'All' } }]);
    expect(results[0]).toMatch(/^Not run: its estimated cost/);
    expect(parts[0]).toMatchObject({ state: 'refused' });
  });

  it('stop cancels the statement on the server', async () => {
    const stop = new AbortController();
    // Endless, though the planner does not know.
    const sql = 'WITH RECURSIVE t(n) AS (SELECT 1::bigint UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t WHERE sqrt(n) < 0';
    const made = await start([{ tools: [{ name: 'run_query', input: { sql, title: 'Slow' } }] }]);
    const running = (): Promise<{ state: string; application_name: string }[]> =>
      database.query("SELECT state, application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ai-shell assistant' AND state = 'active' AND query LIKE '%sqrt%'");
    const answer = made.ask('Slow?', { signal: stop.signal });
    await expect.poll(running, { timeout: 10_000 }).toHaveLength(1);
    stop.abort();
    const { message } = await answer;
    expect(message.stopped).toBe(true);
    expect(await running()).toHaveLength(0);
    await expect.poll(() => database.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'ai-shell assistant'")).toHaveLength(0);
  });

  it('an approved write runs as written, on a session of its own, and its effect stays', async () => {
    const sql = "UPDATE shop.orders SET total = total + 1 WHERE id IN (1, 2) AND current_setting('application_name') = 'ai-shell approved change'";
    const made = await start([{ tools: [{ name: 'propose_write', input: { sql, purpose: 'Add one.' } }] }, { text: 'Decide.' }]);
    const { message, conversationId } = await made.ask('Add one.');
    const proposal = message.parts.flatMap((part) => (part.kind === 'proposal' ? [part.proposal] : []))[0];
    expect(proposal).toMatchObject({ objects: ['shop.orders'], state: 'pending' });
    expect(await database.query('SELECT sum(total)::text AS sum FROM shop.orders WHERE id < 3')).toEqual([{ sum: '4.500000' }]);
    const decided = await made.assistant.decide({ conversationId, proposalId: proposal?.id ?? '', approve: true, hash: proposal?.hash ?? '' }, never);
    expect(decided).toMatchObject({ state: 'done', result: 'UPDATE 2' });
    expect(await database.query('SELECT sum(total)::text AS sum FROM shop.orders WHERE id < 3')).toEqual([{ sum: '6.500000' }]);
  });

  it('on a read-only connection a write cannot even be proposed', async () => {
    const made = await start([{ tools: [{ name: 'propose_write', input: { sql: 'DELETE FROM shop.orders', purpose: 'x' } }] }, { text: 'No.' }], { readOnly: true });
    expect((await made.ask('Delete.')).message.parts[0]).toMatchObject({ state: 'refused', summary: 'This connection is read-only: nothing can be proposed on it.' });
  });

  it('a person runs an edited query under the same guard', async () => {
    const made = await start([{ text: 'Hello.' }]);
    const { conversationId } = await made.ask('?');
    const run = (text: string) => made.assistant.runSql({ conversationId, text }, never);
    expect(await run('SELECT count(*) FROM shop.orders')).toMatchObject({ rows: 1, error: null, resultId: expect.any(String) as string });
    expect(await run('DELETE FROM shop.orders')).toMatchObject({ resultId: null, error: { code: 'refused', message: 'The read-only lane refuses it: deletes rows.' } });
    expect(await run('SELECT nme FROM shop.orders')).toMatchObject({ resultId: null, error: { code: 'server_error', serverCode: '42703', position: 7 } });
    expect(await run('SELECT 1 FRM x y')).toMatchObject({ error: { code: 'server_error', serverCode: '42601' } });
    expect(await run('SELECT 1/(id - 7) FROM shop.orders')).toMatchObject({ error: { code: 'server_error', serverCode: '22012' } });
    expect(await database.query('SELECT count(*)::int AS n FROM shop.orders')).toEqual([{ n: 5000 }]);
  });
});
