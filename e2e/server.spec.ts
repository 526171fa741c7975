import { expect, test, type Page } from '@playwright/test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { startProgram, temporaryHome, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { cell, newQuery, picture, run } from './workbench';

test.describe.configure({ mode: 'serial' });

let server: PostgresServer;
let model: ModelServer;
let program: Program;
const { home, remove } = temporaryHome();

test.beforeAll(async () => {
  server = await startPostgres();
  model = await startModelServer([
    { tools: [{ name: 'describe', input: { relations: ['public.fruit'] } }] },
    { tools: [{ name: 'run_query', input: { sql: 'SELECT name, weight FROM fruit ORDER BY weight DESC', title: 'Heaviest fruit' } }] },
    { text: 'The melon is the heaviest.' },
    { tools: [{ name: 'run_query', input: { sql: 'SELECT * FROM fruit', title: 'All of the fruit' } }] },
    { tools: [{ name: 'run_query', input: { sql: 'SELECT name FROM fruit', title: 'Names of the fruit' } }] },
    { text: 'There are two fruits; their other columns are private.' },
  ]);
  program = await startProgram({ home, environment: { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: model.url } });
});
test.afterAll(async () => {
  await program.close();
  await model.close();
  await server.stop();
  remove();
});

const apiKey = 'sk-ant-e2e-9876543210';

async function fillIn(page: Page, name: string, password: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Shift+n');
  const form = page.getByRole('dialog', { name: 'New connection' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Host').fill(server.host);
  await form.getByLabel('Port').fill(String(server.port));
  await form.getByLabel('Database', { exact: true }).fill('postgres');
  await form.getByLabel('User').fill(server.user);
  await form.getByLabel('New password').fill(password);
}

test('a wrong password is said plainly, with the next step', async () => {
  const { page } = program;
  await fillIn(page, 'own server', 'not-the-password');
  const form = page.getByRole('dialog', { name: 'New connection' });
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form.getByText(/password authentication failed/)).toBeVisible();
  await picture(page, 'connection-bad-password');
});

test('connects a real server; without a keychain the person chooses where the password is kept', async () => {
  const { page } = program;
  const form = page.getByRole('dialog', { name: 'New connection' });
  await form.getByLabel('New password').fill(server.password);
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form.getByText(/Connected to PostgreSQL/)).toBeVisible();
  await picture(page, 'connection-tested');
  await form.getByRole('button', { name: 'Save' }).click();
  const place = page.getByRole('dialog', { name: 'A place for secrets' });
  await expect(place).toBeVisible();
  await picture(page, 'secrets-choice');
  await place.getByLabel('A file behind a passphrase').check();
  await place.getByRole('textbox', { name: 'Passphrase' }).fill('correct horse battery');
  await place.getByLabel('Once more').fill('correct horse battery');
  await place.locator('button[type=submit]').click();
  await expect(page.getByRole('button', { name: /own server/ }).first()).toBeVisible();
});

test('runs there, and a cancel reaches the server', async () => {
  const { page } = program;
  await page.getByRole('button', { name: /own server/ }).first().click();
  await newQuery(page);
  await run(page, "select 'on the real server' as place");
  await expect(cell(page, 'on the real server')).toBeVisible();
  const sleeping = async (): Promise<number> => {
    const client = new Client({ connectionString: server.url() });
    await client.connect();
    const { rows } = await client.query("select count(*)::int as n from pg_stat_activity where query like 'select pg_sleep(55)%' and state = 'active'");
    await client.end();
    return (rows[0] as { n: number }).n;
  };
  await run(page, 'select pg_sleep(55)');
  await expect.poll(sleeping).toBe(1);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect.poll(sleeping).toBe(0);
});

test('asks about the real server: the SQL is checked there, and its rows stand beside the chat', async () => {
  const { page } = program;
  await run(page, "create table fruit (name text, weight numeric(20,6)); insert into fruit values ('Äpfel', 0.15), ('melon', 2.25)");
  await expect(page.getByText('INSERT 0 2').or(page.getByText('2 rows affected')).or(page.getByText(/INSERT.*2/)).first()).toBeVisible();
  await page.keyboard.press('ControlOrMeta+l');
  const box = page.getByRole('textbox', { name: 'Question' });
  await box.fill('Which fruit is the heaviest?');
  await box.press('Enter');
  await expect(page.getByText('The melon is the heaviest.')).toBeVisible();
  const card = page.locator('section[aria-label="Query: Heaviest fruit"]');
  await expect(card).toContainText('read-only, checked');
  await card.getByRole('button', { name: /rows/i }).first().click();
  await expect(cell(page, '2.250000')).toBeVisible();
  await picture(page, 'ask-own-server');
  await page.getByRole('tab', { name: /^Query/ }).click();
  await expect(page.locator('.cm-content:visible').first()).toBeVisible();
});

test('a column that is kept private is neither told to Claude nor read by it', async () => {
  const { page } = program;
  await page.getByRole('button', { name: 'Actions on own server' }).click();
  await page.getByRole('menuitem', { name: /Edit/ }).click();
  const form = page.getByRole('dialog', { name: /Edit/ });
  const columns = form.getByLabel('Columns kept private from Claude');
  await columns.fill('weight');
  await columns.press('Enter');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('“weight” is no schema.table.column')).toBeVisible();
  await columns.press('Backspace');
  await columns.fill('public.fruit.weight');
  await columns.press('Enter');
  await columns.scrollIntoViewIfNeeded();
  await picture(page, 'connection-private');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  const questions = model.questions().length;
  await page.keyboard.press('ControlOrMeta+l');
  await page.getByRole('button', { name: 'New conversation' }).first().click();
  const box = page.getByRole('textbox', { name: 'Question' }).last();
  await box.fill('What fruit is there?');
  await box.press('Enter');
  await expect(page.getByText('their other columns are private')).toBeVisible();
  await expect(page.getByText(/reads a column that is kept private/).first()).toBeVisible();
  await expect(page.locator('section[aria-label="Query: Names of the fruit"]')).toContainText('read-only, checked');
  const sent = model.questions().slice(questions).map(({ raw }) => raw).join('');
  expect(sent).toContain('fruit(name text)');
  expect(sent).not.toContain('weight');
  expect(sent).not.toContain('2.25');
  await picture(page, 'ask-private');
  await page.getByRole('button', { name: 'What was sent' }).click();
  const drawer = page.getByRole('dialog', { name: 'What was sent' });
  await expect(drawer.getByRole('textbox', { name: 'What was sent' })).toContainText('model: claude-opus-5-5');
  await expect(drawer.getByLabel('Request').first()).toHaveValue(/^3 of 3/);
  await picture(page, 'ask-sent');
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await page.getByRole('tab', { name: /^Query/ }).click();
});

test('a server that dies in the middle is reported, and found again when it is back', async () => {
  const { page } = program;
  await run(page, 'select pg_sleep(50)');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();
  await server.kill();
  await expect(page.getByText(/connection/i).filter({ hasText: /lost|closed|ended/i }).first()).toBeVisible();
  await picture(page, 'server-gone');
  await server.restart();
  await run(page, "select 'back again' as state");
  await expect(cell(page, 'back again')).toBeVisible();
});

test('a production connection frames the window', async () => {
  const { page } = program;
  await page.getByRole('button', { name: 'Actions on own server' }).click();
  await page.getByRole('menuitem', { name: /Edit/ }).click();
  const form = page.getByRole('dialog', { name: /Edit/ });
  await form.getByText('production', { exact: true }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  await run(page, 'create table t (a int)');
  await expect(page.getByRole('alertdialog')).toContainText('Nothing was sent yet');
  await picture(page, 'production');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Do not run' }).click();
});

test('no file that the program wrote holds a secret of the run', async () => {
  await program.close();
  const secrets = [apiKey, server.password, 'not-the-password', 'correct horse battery'].map((secret) => Buffer.from(secret));
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).map((file) => path.join(home, file)).filter((file) => statSync(file).isFile());
  expect(files.length).toBeGreaterThan(10);
  const leaks = files.filter((file) => {
    const content = readFileSync(file);
    return secrets.some((secret) => content.includes(secret));
  });
  expect(leaks).toEqual([]);
  expect(secrets.some((secret) => program.output().includes(secret.toString()))).toBe(false);
  program = await startProgram({ home });
});
