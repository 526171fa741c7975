import { expect, test, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
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

/** Chooses a file in the system's dialog, as a person who asked for it in the palette. */
async function importFile(page: Page, name: string, content: string): Promise<void> {
  const file = path.join(home.home, name);
  writeFileSync(file, content);
  await program.electron.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, file);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Import a file');
  await page.keyboard.press('Enter');
  await expect(front(page).getByRole('table', { name: 'Columns' })).toBeVisible();
}

/** Both themes, for somebody to look at. */
async function pictures(page: Page, name: string): Promise<void> {
  await picture(page, `${name}-1`);
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, `${name}-2`);
  await page.keyboard.press('ControlOrMeta+Shift+l');
}

/** The tab in front; those behind stay mounted. */
const front = (page: Page) => page.locator('[role="tabpanel"]:visible');
const ready = (page: Page) => front(page).getByRole('button', { name: 'Import', exact: true });

test('a CSV becomes a new table, whose types fit all of the file', async () => {
  const { page } = program;
  await importFile(page, 'new fruit.csv', `id,code,price,picked,note\n${Array.from({ length: 500 }, (_, n) => `${n},100,1.50,2024-05-0${1 + (n % 9)},"a, ""b"""\n`).join('')}500,007,2.25,2024-06-01,\n`);
  await expect(front(page).getByLabel('Type of code')).toHaveValue('text');
  await expect(front(page).getByLabel('Type of id')).toHaveValue('integer');
  await expect(front(page).getByLabel('Type of picked')).toHaveValue('date');
  await expect(front(page).getByRole('region', { name: 'Statements of the import' })).toContainText('CREATE TABLE "public"."new_fruit"');
  await pictures(page, 'import-new');
  await front(page).getByRole('button', { name: 'Dry run' }).click();
  await expect(front(page).getByText('501 rows would be loaded; everything was rolled back')).toBeVisible();
  await ready(page).click();
  await expect(front(page).getByText('501 rows loaded', { exact: true })).toBeVisible();
  await pictures(page, 'import-done');
  await newQuery(page);
  await run(page, "select 'the code is ' || code as found from public.new_fruit where id = 500");
  await expect(cell(page, 'the code is 007')).toBeVisible();
});

test('bad rows are listed by line, and nothing is loaded', async () => {
  const { page } = program;
  await importFile(page, 'bad.csv', 'id,code,price,picked,note\n600,1,1,2024-01-01,x\nsix hundred,1,1,2024-01-01,x\n602,1,free,2024-01-01,x\n603,1\n');
  await front(page).getByText('Existing table').click();
  await front(page).getByLabel('Table', { exact: true }).fill('new_fruit');
  await expect(ready(page)).toBeEnabled();
  await ready(page).click();
  const problems = front(page).getByRole('region', { name: 'Rows that do not fit' });
  await expect(problems).toContainText('six hundred');
  await expect(problems).toContainText('invalid input syntax for type numeric');
  await expect(front(page).getByText(/3 rows do not fit: nothing was loaded/)).toBeVisible();
  await pictures(page, 'import-problems');
});

test('many columns with long names stay usable', async () => {
  const { page } = program;
  const names = Array.from({ length: 400 }, (_, n) => `${n} ${'a very long name '.repeat(12)}`);
  await importFile(page, 'wide.csv', `${names.join(',')}\n${names.map((_, n) => n).join(',')}\n`);
  await expect(ready(page)).toBeEnabled();
  await pictures(page, 'import-wide');
});

test('an empty file says so', async () => {
  const { page } = program;
  await importFile(page, 'empty.csv', '');
  await expect(front(page).getByText('The file is empty.')).toBeVisible();
  await picture(page, 'import-empty');
});
