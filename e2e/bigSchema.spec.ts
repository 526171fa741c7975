import { expect, test } from '@playwright/test';
import { Client } from 'pg';
import { startProgram, temporaryHome, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { lastToolResults, type MessagesBody, type ScriptedReply } from './servers/model/script';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { connectServer, picture } from './workbench';

test.describe.configure({ mode: 'serial' });

const TABLES = 10_000;
const question = 'Which sales region has the most overdue invoices?';
const sql = `SELECT r.name AS region, count(*) AS overdue
FROM sales.invoices i
JOIN sales.regions r ON r.id = i.region_id
WHERE i.paid_on IS NULL AND i.due_on < DATE '2026-01-01'
GROUP BY r.name
ORDER BY overdue DESC`;

let server: PostgresServer;
let model: ModelServer;
let program: Program;
const { home, remove } = temporaryHome();

/** Ten thousand tables in a hundred schemas, whose names are made of the same words as the question's; two of them hold the answer. */
async function fill(): Promise<void> {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  const words = `array['invoice','region','customer','payment','order','stock','device','ticket','contract','audit','draft','archive','line','header','note','limit','price','status','event','report']`;
  for (let part = 0; part < TABLES / 500; part += 1) {
    // A transaction holds a lock for each table that it makes.
    await client.query(`DO $$ DECLARE w text[] := ${words}; BEGIN
      FOR s IN ${part * 5}..${part * 5 + 4} LOOP
        EXECUTE format('CREATE SCHEMA app_%s', s);
        FOR n IN 0..99 LOOP
          EXECUTE format('CREATE TABLE app_%s.%s_%s_%s (id bigint PRIMARY KEY, %s_id bigint, amount numeric, created_at timestamptz)', s, w[1 + n % 20], w[1 + (n / 5 + s) % 20], n, w[1 + (n + s) % 20]);
        END LOOP;
      END LOOP; END $$`);
  }
  await client.query(`CREATE SCHEMA sales;
    CREATE TABLE sales.regions (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE sales.invoices (id bigint PRIMARY KEY, region_id int NOT NULL REFERENCES sales.regions, amount numeric(12, 2) NOT NULL, due_on date NOT NULL, paid_on date);
    INSERT INTO sales.regions VALUES (1, 'North'), (2, 'South'), (3, 'East'), (4, 'West');
    INSERT INTO sales.invoices SELECT n, 1 + n % 4, n, DATE '2025-01-01' + n % 400, CASE WHEN n % (3 + n % 4) = 0 THEN DATE '2025-06-01' END FROM generate_series(1, 2000) n;
    ANALYZE sales.invoices; ANALYZE sales.regions`);
  await client.end();
}

/** Searches with the question's own words, and writes the query only when the search found what it needs. */
function script({ body }: { body: MessagesBody }): ScriptedReply {
  const [result] = lastToolResults(body);
  if (!result) return { tools: [{ name: 'search_schema', input: { words: question } }] };
  if (result.text.includes('overdue')) return { text: 'The regions differ little; the first has the most overdue invoices.' };
  if (!result.text.includes('sales.invoices') || !result.text.includes('sales.regions')) return { text: `The search did not find the tables: ${result.text.slice(0, 500)}` };
  return { tools: [{ name: 'run_query', input: { sql, title: 'Overdue invoices by region' } }] };
}

test.beforeAll(async () => {
  test.setTimeout(240_000);
  [server, model] = await Promise.all([startPostgres(), startModelServer(script)]);
  await fill();
  program = await startProgram({ home, environment: { ANTHROPIC_API_KEY: 'sk-ant-e2e-0123456789', ANTHROPIC_BASE_URL: model.url } });
  await connectServer(program.page, 'big server', server);
});
test.afterAll(async () => {
  await program?.close();
  await model?.close();
  await server?.stop();
  remove();
});

const card = () => program.page.getByRole('region', { name: 'Query: Overdue invoices by region' }).last();

test('a question over ten thousand tables finds its two', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  const box = page.getByRole('textbox', { name: 'Question' });
  await box.fill(question);
  await box.press('Enter');
  await expect(card()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('the first has the most overdue invoices')).toBeVisible();
  await picture(page, 'big-schema-answer');
});

test('its answer is drawn', async () => {
  await card().getByRole('button', { name: 'Chart', exact: true }).click();
  await expect(card().getByRole('img', { name: 'Bars of 4 points' })).toBeVisible();
});

test('its query is explained, clause by clause', async () => {
  const { page } = program;
  await card().getByRole('button', { name: 'Explain', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Explanation', exact: true });
  await expect(panel).toContainText('Joins sales.regions (called r) where r.id equals i.region_id');
  await expect(panel).toContainText('The planner expects about');
  await picture(page, 'big-schema-explained');
});

test('it is pinned, and the dashboard reads it again', async () => {
  const { page } = program;
  await card().getByRole('button', { name: 'Pin to dashboard', exact: true }).click();
  const form = page.getByRole('form', { name: 'Pin to dashboard' });
  await form.getByLabel('Title of the tile').fill('Overdue by region');
  await form.getByLabel('Name of the new dashboard').fill('Receivables');
  await form.getByRole('button', { name: 'Pin', exact: true }).click();
  await page.getByRole('button', { name: 'Open the dashboard' }).last().click();
  const tile = page.getByRole('region', { name: 'Overdue by region' });
  await expect(tile.getByRole('img', { name: 'Bars of 4 points' })).toBeVisible();
  await picture(page, 'big-schema-dashboard');
});
