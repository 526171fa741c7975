import { expect, test, type Page } from '@playwright/test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { demoIsReady, homeWithDemo } from './demoHome';
import { startProgram, type Program } from './program';
import { cell, newQuery, picture, run } from './workbench';

test.describe.configure({ mode: 'serial' });

let program: Program;
let home: { home: string; remove(): void };

test.beforeAll(async () => {
  home = await homeWithDemo();
  program = await startProgram({ home: home.home });
  await demoIsReady(program.page);
});
test.afterAll(async () => {
  await program.close();
  home.remove();
});

/** Answers the system's dialogs, which Playwright cannot reach. */
async function willChoose(target: string): Promise<void> {
  await program.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, target);
}

const panel = (page: Page) => page.getByRole('dialog', { name: /^Export/ });

test('exports a selection of columns as an Excel file, and shows where it is', async () => {
  const { page } = program;
  const file = path.join(home.home, 'orders.xlsx');
  await willChoose(file);
  await newQuery(page);
  await run(page, "select id, status, 9007199254740993::int8 as exact, '=1+1' as formula from shop.orders order by id limit 500");
  await expect(cell(page, '9007199254740993')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Alt+e');
  await expect(panel(page)).toBeVisible();
  await picture(page, 'export-csv');
  await panel(page).getByLabel('Excel (XLSX)').check();
  await panel(page).getByRole('button', { name: 'Choose and order' }).click();
  await panel(page).getByRole('checkbox', { name: /^status/ }).uncheck();
  await expect(panel(page).getByText('3 of 4')).toBeVisible();
  await picture(page, 'export-xlsx');
  await panel(page).getByRole('button', { name: 'Export to a file…' }).click();
  await expect(page.getByText(/500 rows, .* exact: 500 values written as text/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show in folder' })).toBeVisible();
  await picture(page, 'export-done');
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
});

test('remembers the format, and writes an INSERT script to a table of its name', async () => {
  const { page } = program;
  const file = path.join(home.home, 'script.sql');
  await willChoose(file);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(panel(page).getByLabel('Excel (XLSX)')).toBeChecked();
  await panel(page).getByLabel('SQL: INSERT').check();
  await panel(page).getByLabel('Table', { exact: true }).fill('archive.orders');
  await panel(page).getByRole('button', { name: 'Export to a file…' }).click();
  await expect.poll(() => existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('INSERT INTO archive.orders (id, status, exact, formula) VALUES');
});

test('exports several tables as one job, and asks before it replaces their files', async () => {
  const { page } = program;
  const folder = home.home;
  await willChoose(folder);
  await page.keyboard.press('ControlOrMeta+Alt+Shift+e');
  await expect(panel(page)).toBeVisible();
  await panel(page).getByRole('combobox', { name: 'Schema' }).click();
  await page.getByRole('option', { name: 'shop', exact: true }).click();
  await panel(page).getByRole('checkbox', { name: 'brands', exact: true }).check();
  await panel(page).getByRole('checkbox', { name: 'customers', exact: true }).check();
  await panel(page).getByLabel('Parquet').check();
  await picture(page, 'export-tables');
  await panel(page).getByRole('button', { name: 'Export 2 tables' }).click();
  await expect(page.getByText(/^2 tables, .* rows, /).first()).toBeVisible();
  expect(readdirSync(folder).filter((name) => name.endsWith('.parquet')).sort()).toEqual(['brands.parquet', 'customers.parquet']);

  await page.keyboard.press('ControlOrMeta+Alt+Shift+e');
  await panel(page).getByRole('combobox', { name: 'Schema' }).click();
  await page.getByRole('option', { name: 'shop', exact: true }).click();
  await panel(page).getByRole('checkbox', { name: 'brands', exact: true }).check();
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await panel(page).getByRole('button', { name: 'Export 1 table' }).click();
  await expect(panel(page).getByText(/would be replaced: brands.parquet/)).toBeVisible();
  await picture(page, 'export-replace-dark');
  await panel(page).getByRole('button', { name: 'Cancel' }).click();
});
