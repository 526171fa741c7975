import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demoIsReady, homeWithDemo } from './demoHome';
import { startProgram, type Program } from './program';
import { cell, editor, newQuery, picture, run, textIsKept, write } from './workbench';

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

test('runs several statements and shows each result exactly', async () => {
  const { page } = program;
  await newQuery(page);
  await run(page, "select 9007199254740993::int8 as big, '' as empty, null as nothing, 'NaN'::numeric as nan;\nselect id, email from shop.customers order by id");
  await expect(page.getByRole('tablist', { name: 'Results' }).getByRole('tab')).toHaveCount(3);
  await page.getByRole('tablist', { name: 'Results' }).getByRole('tab').first().click();
  await expect(cell(page, '9007199254740993')).toBeVisible();
  await picture(page, 'query-results');
});

test('marks where the error stands', async () => {
  const { page } = program;
  await run(page, "-- 😀\nselect id, nmae from shop.customers");
  await expect(page.getByText('column "nmae" does not exist').first()).toBeVisible();
  await picture(page, 'query-error');
});

test('asks before an UPDATE without WHERE, and sends nothing without a yes', async () => {
  const { page } = program;
  await run(page, "update shop.brands set name = name");
  const panel = page.getByRole('alertdialog');
  await expect(panel).toContainText('Nothing was sent yet');
  await picture(page, 'query-confirm');
  await panel.getByRole('button', { name: 'Do not run' }).click();
  await expect(panel).toHaveCount(0);
});

test('stops a statement', async () => {
  const { page } = program;
  await run(page, 'select pg_sleep(60)');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/cancelled/i).first()).toBeVisible();
  await run(page, "select 'after the stop' as again");
  await expect(cell(page, 'after the stop')).toBeVisible();
});

test('exports the whole result, not what is shown', async () => {
  const { page } = program;
  const file = path.join(home.home, 'orders.csv');
  await program.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await run(page, 'select id, status from shop.orders order by id');
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('dialog', { name: /^Export/ }).getByRole('button', { name: 'Export to a file…' }).click();
  await expect.poll(() => {
    try {
      return readFileSync(file, 'utf8').split('\n').filter(Boolean).length;
    } catch {
      return 0;
    }
  }).toBeGreaterThan(30_000);
  expect(readFileSync(file, 'utf8').slice(0, 10)).toMatch(/^id,status/);
});

test('text survives kill -9', async () => {
  const { page } = program;
  await write(page, "select 'written a moment before the crash' as text");
  await textIsKept(page, 'a moment before the crash');
  await program.kill();
  program = await startProgram({ home: home.home });
  await expect(editor(program.page)).toContainText('written a moment before the crash');
  await demoIsReady(program.page);
  await editor(program.page).focus();
  await program.page.keyboard.press('ControlOrMeta+Shift+Enter');
  await expect(cell(program.page, 'written a moment before the crash')).toBeVisible();
});
