import { expect, test, type Page } from '@playwright/test';
import { Client } from 'pg';
import { startProgram, temporaryHome, type Program } from './program';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { connectServer, newQuery, picture, write } from './workbench';

test.describe.configure({ mode: 'serial' });

let server: PostgresServer;
let program: Program;
const { home, remove } = temporaryHome();

const query = async (text: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: server.url() });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text);
    return Array.isArray(result) ? [] : result.rows;
  } finally {
    await client.end();
  }
};

test.beforeAll(async () => {
  server = await startPostgres();
  await query(`CREATE SCHEMA shop; CREATE TABLE shop.customers (id int PRIMARY KEY, email text); CREATE TABLE shop.orders (id int PRIMARY KEY, customer int REFERENCES shop.customers, total numeric(12,2), note text);
    INSERT INTO shop.customers SELECT n, 'c' || n FROM generate_series(1, 500) n; INSERT INTO shop.orders SELECT n, n % 500 + 1, n, repeat('x', 30) FROM generate_series(1, 40000) n; ANALYZE;
    CREATE VIEW shop.totals AS SELECT customer, sum(total) FROM shop.orders GROUP BY customer; CREATE ROLE reporting`);
  program = await startProgram({ home });
  await connectServer(program.page, 'shop server', server);
});
test.afterAll(async () => {
  await program.close();
  await server.stop();
  remove();
});

/** Runs a command of the palette. */
async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.insertText(title);
  await page.getByRole('dialog').getByText(title, { exact: true }).first().click();
}

async function bothThemes(page: Page, name: string): Promise<void> {
  await picture(page, `structure-${name}`);
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, `structure-${name}-other`);
  await page.keyboard.press('ControlOrMeta+Shift+l');
}

const openTable = async (page: Page, name: string, view: string): Promise<void> => {
  await page.keyboard.press('ControlOrMeta+p');
  await page.keyboard.insertText(name);
  await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).first().dblclick();
  await page.getByRole('radiogroup', { name: 'View' }).last().getByText(view, { exact: true }).click();
};

test('a new table is designed, its SQL read, then created', async () => {
  const { page } = program;
  await command(page, 'New table');
  const sql = page.getByRole('region', { name: 'SQL that creates it' });
  await expect(sql).toContainText('CREATE TABLE public.new_table');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Größen');
  await page.getByRole('textbox', { name: 'Name', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Column', exact: true }).click();
  await page.getByLabel('Name of column_2').fill('Bezeichnung');
  await page.getByLabel('Name of column_2').press('Enter');
  await page.getByLabel('NULL in Bezeichnung').uncheck();
  await expect(sql).toContainText('"Bezeichnung" text NOT NULL');
  await expect(sql).toContainText('CONSTRAINT "Größen_pkey" PRIMARY KEY (id)');
  await bothThemes(page, 'new-table');
  await sql.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('region', { name: 'Structure' })).toContainText('Bezeichnung');
  expect(await query(`SELECT column_name FROM information_schema.columns WHERE table_name = 'Größen' ORDER BY ordinal_position`)).toEqual([{ column_name: 'id' }, { column_name: 'Bezeichnung' }]);
});

test('a table is altered: pending edits are marked, the SQL says lock and cost, a failure changes nothing', async () => {
  const { page } = program;
  await openTable(page, 'orders', 'Structure');
  await page.getByRole('button', { name: 'Edit structure' }).click();
  const side = page.getByRole('region', { name: 'SQL of the change' });
  await page.getByLabel('Name of note', { exact: true }).fill('remark');
  await page.getByLabel('Name of note', { exact: true }).press('Enter');
  await page.getByLabel('NULL in total').uncheck();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByLabel('Condition').fill('total < 10');
  await page.getByRole('button', { name: 'Add check' }).click();
  await expect(side).toContainText('ALTER TABLE shop.orders RENAME COLUMN note TO remark');
  await expect(side).toContainText('ACCESS EXCLUSIVE on shop.orders');
  await bothThemes(page, 'alter');
  await side.getByRole('button', { name: 'Apply' }).click();
  await expect(side.getByRole('alert')).toContainText('Nothing was changed');
  await expect(side.getByRole('alert')).toContainText('is violated by some row');
  await bothThemes(page, 'alter-failed');
  expect(await query(`SELECT 1 FROM information_schema.columns WHERE table_name = 'orders' AND column_name = 'remark'`)).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Index', exact: true }).click();
  const form = page.getByRole('form', { name: 'New index' });
  await form.getByRole('combobox', { name: 'Columns, in this order' }).or(form.getByLabel('Columns, in this order')).first().click();
  await page.getByRole('option', { name: 'customer' }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Add index' }).click();
  await expect(side).toContainText('CREATE INDEX CONCURRENTLY orders_customer_idx ON shop.orders (customer)');
  await side.getByRole('button', { name: 'Apply' }).click();
  await expect(side).toContainText('No changes yet');
  expect(await query(`SELECT indexname FROM pg_indexes WHERE indexname = 'orders_customer_idx'`)).toHaveLength(1);
  await expect(page.getByLabel('Name of remark', { exact: true })).toBeVisible();
});

test('grants of a table are seen, and one is given with its SQL first', async () => {
  const { page } = program;
  await page.getByRole('radiogroup', { name: 'View' }).last().getByText('Grants', { exact: true }).click();
  await expect(page.getByRole('region', { name: 'Granted' })).toContainText('owner');
  const panel = page.getByRole('region', { name: 'Grant', exact: true });
  await panel.getByLabel('To', { exact: true }).first().click();
  await page.getByRole('option', { name: 'reporting' }).click();
  await panel.getByLabel('Rights').first().click({ force: true });
  await page.getByRole('option', { name: 'SELECT' }).click();
  await page.keyboard.press('Escape');
  await expect(panel).toContainText('GRANT SELECT ON TABLE shop.orders TO reporting');
  await bothThemes(page, 'grants');
  await panel.getByRole('button', { name: 'Grant', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Granted' })).toContainText('reporting');
  await command(page, 'Users and grants');
  await page.getByRole('button', { name: /^reporting/ }).click();
  await expect(page.getByRole('region', { name: 'Role reporting' })).toContainText('shop.orders');
  await bothThemes(page, 'roles');
});

test('a blocked session is seen below the one that blocks it, and cancelled', async () => {
  const { page } = program;
  const session = async (name: string): Promise<Client> => {
    const client = new Client({ connectionString: server.url(), application_name: name });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const holder = await session('holder');
  const waiter = await session('waiter');
  await holder.query('BEGIN; UPDATE shop.customers SET email = email WHERE id = 1');
  const waiting = waiter.query('UPDATE shop.customers SET email = NULL WHERE id = 1').then(() => 'done', (error: Error & { code?: string }) => error.code);
  await command(page, 'Server processes');
  const table = page.getByRole('table', { name: 'Server processes' });
  const row = table.getByRole('row').filter({ hasText: 'waits for' });
  await expect(row).toContainText('waiter');
  await expect(table.getByRole('row').filter({ hasText: 'blocks 1' })).toContainText('holder');
  await bothThemes(page, 'processes');
  await row.getByRole('button', { name: /^Cancel/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel a statement' });
  await expect(dialog).toContainText('pg_catalog.pg_cancel_backend(pid)');
  await bothThemes(page, 'cancel');
  await dialog.getByRole('button', { name: /^Cancel \d+/ }).click();
  expect(await waiting).toBe('57014');
  await expect(dialog).toHaveCount(0);
  await expect(row).toHaveCount(0);
  await holder.end();
  await waiter.end();
});

test('a plan is a tree that keys walk; a write is measured only after a yes and rolled back', async () => {
  const { page } = program;
  await newQuery(page);
  await write(page, "SELECT o.id, c.email FROM shop.orders o JOIN shop.customers c ON c.id = o.customer WHERE o.remark = 'none' ORDER BY o.total");
  await page.keyboard.press('ControlOrMeta+e');
  const tree = page.getByRole('tree', { name: 'Plan' });
  await expect(tree.getByRole('treeitem').first()).toContainText('Sort');
  await bothThemes(page, 'plan');
  await page.getByRole('button', { name: 'Measure (runs it)' }).click();
  await expect(page.getByText(/measured, read-only/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Step' })).toContainText('read 40,000 rows to keep 0');
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(tree.locator('[aria-selected="true"]')).toHaveAttribute('aria-level', '2');
  await bothThemes(page, 'plan-measured');
  await write(page, 'DELETE FROM shop.orders');
  await page.keyboard.press('ControlOrMeta+Shift+e');
  const ask = page.getByRole('alertdialog', { name: 'Run it to measure it?' });
  await expect(ask).toContainText('Nothing was sent yet');
  await bothThemes(page, 'plan-confirm');
  await ask.getByRole('button', { name: 'Run it and roll back' }).click();
  await expect(page.getByText(/measured, rolled back/)).toBeVisible();
  expect(await query('SELECT count(*)::int AS n FROM shop.orders')).toEqual([{ n: 40_000 }]);
});

test('what depends on a table is shown before it is dropped, and goes only when ticked', async () => {
  const { page } = program;
  await page.locator('[data-search="objects"]').fill('orders');
  await page.getByRole('treeitem', { name: /^orders,/ }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Drop…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Drop an object' });
  await expect(dialog).toContainText('view shop.totals');
  const button = dialog.getByRole('button', { name: 'Drop orders' });
  await expect(button).toBeDisabled();
  await bothThemes(page, 'drop');
  await dialog.getByRole('checkbox').check();
  await expect(dialog).toContainText('DROP TABLE shop.orders CASCADE');
  await button.click();
  const confirm = dialog.getByRole('alertdialog');
  await expect(confirm).toContainText('Nothing was sent yet');
  await confirm.getByRole('button', { name: /^Run on/ }).click();
  await expect(dialog).toHaveCount(0);
  expect(await query(`SELECT to_regclass('shop.orders') AS orders, to_regclass('shop.totals') AS totals`)).toEqual([{ orders: null, totals: null }]);
});
