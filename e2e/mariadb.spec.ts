import { expect, test, type Page } from '@playwright/test';
import { createConnection } from 'mysql2/promise';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startProgram, temporaryHome, type Program } from './program';
import { mysqlDatabase, startMariadb, type MysqlDatabase, type MysqlServer } from './servers/mariadb';
import { cell, newQuery, picture, run } from './workbench';

test.describe.configure({ mode: 'serial' });

let server: MysqlServer;
let database: MysqlDatabase;
let program: Program;
const { home, remove } = temporaryHome();

test.beforeAll(async () => {
  server = await startMariadb();
  database = await mysqlDatabase(server);
  await database.query(`
    CREATE TABLE \`Früchte\` (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(80) NOT NULL, price DECIMAL(65,30), seen DATETIME(6), note TEXT);
    INSERT INTO \`Früchte\` VALUES (18446744073709551615, 'Äpfel 🍏', 0.000000000000000000000000000001, '2026-02-28 03:04:05.000006', NULL), (2, 'melon', 2.25, NULL, '');
    CREATE VIEW cheap AS SELECT name FROM \`Früchte\` WHERE price < 1`);
  program = await startProgram({ home });
});
test.afterAll(async () => {
  await program.close();
  await server.stop();
  remove();
});

const form = (page: Page) => page.getByRole('dialog', { name: 'New connection' });

test('a wrong password is said plainly, and the right one connects', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+Shift+n');
  await form(page).getByRole('combobox', { name: 'Server' }).click();
  await page.getByRole('option', { name: 'MySQL or MariaDB' }).click();
  await expect(form(page).getByLabel('Port', { exact: true })).toHaveValue('3306');
  await form(page).getByLabel('Name').fill('orchard');
  await form(page).getByLabel('Host').fill(server.host);
  await form(page).getByLabel('Port', { exact: true }).fill(String(server.port));
  await form(page).getByLabel('Database', { exact: true }).fill(database.target.database);
  await form(page).getByLabel('User').fill(server.user);
  await form(page).getByLabel('New password').fill('not-the-password');
  await form(page).getByRole('button', { name: 'Test' }).click();
  await expect(form(page).getByText(/Access denied/)).toBeVisible();
  await picture(page, 'mariadb-bad-password');
  await form(page).getByLabel('New password').fill(server.password);
  await form(page).getByRole('button', { name: 'Test' }).click();
  await expect(form(page).getByText(/Connected to MariaDB/)).toBeVisible();
  await picture(page, 'mariadb-tested');
  await form(page).getByRole('button', { name: 'Save' }).click();
  const place = page.getByRole('dialog', { name: 'A place for secrets' });
  await place.getByLabel('This run only').check();
  await place.locator('button[type=submit]').click();
  await page.getByRole('button', { name: /orchard/ }).first().click();
});

test('its tables stand in the tree, and exact values in the grid', async () => {
  const { page } = program;
  await newQuery(page);
  await run(page, 'SELECT * FROM `Früchte` ORDER BY id DESC');
  await expect(cell(page, '18446744073709551615')).toBeVisible();
  await expect(cell(page, '0.000000000000000000000000000001')).toBeVisible();
  await expect(cell(page, '2026-02-28 03:04:05.000006')).toBeVisible();
  await expect(cell(page, 'Äpfel 🍏')).toBeVisible();
  const tree = page.getByRole('tree').first();
  await expect(tree.getByText('Früchte', { exact: true })).toBeVisible();
  await picture(page, 'mariadb-rows');
});

test('a cancel reaches the server', async () => {
  const { page } = program;
  const sleeping = async (): Promise<number> =>
    (await database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND INFO LIKE 'SELECT SLEEP(55)%'")).length;
  await run(page, 'SELECT SLEEP(55)');
  await expect.poll(sleeping).toBe(1);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect.poll(sleeping).toBe(0);
});

test('rows are changed by a statement, and exported as CSV', async () => {
  const { page } = program;
  await run(page, "UPDATE `Früchte` SET price = 3.5 WHERE id = 2");
  await expect(page.getByText(/1 row/).first()).toBeVisible();
  expect(await database.query('SELECT price + 0e0 AS price FROM `Früchte` WHERE id = 2')).toEqual([{ price: 3.5 }]);
  const file = path.join(home, 'fruit.csv');
  await program.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await run(page, 'SELECT id, name, note FROM `Früchte` ORDER BY id');
  await expect(cell(page, 'melon')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Alt+e');
  const panel = page.getByRole('dialog', { name: /^Export/ });
  await panel.getByRole('button', { name: 'Export to a file…' }).click();
  await expect(page.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  expect(readFileSync(file, 'utf8')).toContain('18446744073709551615,Äpfel 🍏,');
});

test('what this engine cannot do yet is said where it is asked', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  await expect(page.getByText(/Claude writes no SQL for MySQL and MariaDB yet/)).toBeVisible();
  await picture(page, 'mariadb-ask');
  await page.getByRole('tab', { name: /^Query/ }).click();
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await expect(page.getByText(/are not told in plain words yet/)).toBeVisible();
  await picture(page, 'mariadb-explain');
});

test('a session that waits is seen below the one that blocks it, and cancelled', async () => {
  const { page } = program;
  const session = () => createConnection({ host: server.host, port: server.port, user: server.user, password: server.password, database: database.target.database });
  const [holder, waiter] = [await session(), await session()];
  await holder.query('START TRANSACTION');
  await holder.query("UPDATE `Früchte` SET note = 'held' WHERE id = 2");
  const waiting = waiter.query("UPDATE `Früchte` SET note = 'waits' WHERE id = 2").then(() => 'done', (error: Error & { errno?: number }) => error.errno);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.insertText('Server processes');
  await page.getByRole('dialog').getByText('Server processes', { exact: true }).first().click();
  const table = page.getByRole('table', { name: 'Server processes' });
  const row = table.getByRole('row').filter({ hasText: 'waits for' });
  await expect(row).toBeVisible();
  await expect(table.getByRole('row').filter({ hasText: 'blocks 1' })).toBeVisible();
  await picture(page, 'mariadb-processes');
  await row.getByRole('button', { name: /^Cancel/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel a statement' });
  await expect(dialog).toContainText('KILL QUERY');
  await picture(page, 'mariadb-cancel');
  await dialog.getByRole('button', { name: /^Cancel \d+/ }).click();
  expect(await waiting).toBe(1317);
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(/was asked to cancel/)).toBeVisible();
  holder.destroy();
  waiter.destroy();
  await page.getByRole('tab', { name: /^Query/ }).click();
});

test('a server that dies in the middle is reported', async () => {
  const { page } = program;
  await run(page, 'SELECT SLEEP(50)');
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();
  await server.kill?.();
  await expect(page.getByText(/connection/i).filter({ hasText: /lost|closed|ended/i }).first()).toBeVisible();
  await picture(page, 'mariadb-gone');
});
