import { expect, test, type Locator, type Page } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startProgram, temporaryHome, type Program } from './program';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { cell, connectServer, newQuery, picture, run } from './workbench';

/** The grid as a DBA uses it, on a real server: ten million rows, columns put in order, and the whole result asked, copied and drawn. */

test.describe.configure({ mode: 'serial' });
test.setTimeout(300_000);

const MANY = 10_000_000;
const words = (count: number): string => count.toLocaleString('en-US');

let server: PostgresServer;
let program: Program;
/** What the page complained of; at the end there must be nothing. */
const problems: string[] = [];
const { home, remove } = temporaryHome();

test.beforeAll(async () => {
  server = await startPostgres();
  program = await startProgram({ home });
  program.page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
  program.page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await connectServer(program.page, 'grid server', server);
  await newQuery(program.page);
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) await picture(program.page, 'grid-failed');
});
test.afterAll(async () => {
  await program.close();
  expect(problems).toEqual([]);
  await server.stop();
  remove();
});

const grid = (page: Page): Locator => page.getByRole('grid', { name: /^Result/ }).locator('visible=true');
const header = (page: Page, name: string): Locator => grid(page).getByRole('columnheader', { name: new RegExp(`^${name}`) });
const status = (page: Page): Locator => page.getByRole('status').locator('visible=true');
/** The number of the first row in sight, from 1. */
const topRow = (page: Page): Promise<number> =>
  grid(page).evaluate((element) => {
    const top = element.getBoundingClientRect().top + 32;
    const rows = [...element.querySelectorAll<HTMLElement>('[role="rowheader"]')];
    return 1 + Math.min(...rows.filter((row) => row.getBoundingClientRect().bottom > top + 1).map((row) => Number(row.dataset.row)));
  });

/** The pinned columns of the layout that main keeps for the result in sight. */
const keptOrder = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const columns = [['a', 'integer'], ['b', 'text'], ['c', 'numeric'], ['d', 'text'], ['e', 'text']].map(([name, type]) => ({ name, type }));
    const reply = (await window.aiShell.request('queries', 'columnLayout', { columns }).reply) as { value: { pinned: number[]; hidden: number[] } | null };
    return reply.value?.hidden.length === 1 ? reply.value.pinned : [];
  });

async function settled(page: Page): Promise<void> {
  await expect(grid(page)).toHaveAttribute('aria-busy', 'false', { timeout: 240_000 });
}

test('ten million rows are open, and the last one is reached by key, by the scroll bar and by its number', async () => {
  const { page } = program;
  await run(page, `select n as id, n % 7 as part, md5(n::text) as token from generate_series(1, ${MANY}) n`);
  await settled(page);
  await expect(status(page).filter({ hasText: words(MANY) }).first()).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(cell(page, String(MANY))).toBeVisible();
  await picture(page, 'grid-last-row');
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(cell(page, '1')).toBeVisible();

  // The scroll bar's thumb, dragged to its end with the mouse.
  const box = await grid(page).boundingBox();
  if (!box) throw new Error('The grid has no place on the screen.');
  const x = box.x + box.width - 5;
  await page.mouse.move(x, box.y + 6);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
  await expect.poll(() => topRow(page)).toBeGreaterThan(MANY / 4);
  await page.mouse.move(x, box.y + box.height + 60, { steps: 5 });
  await page.mouse.up();
  await expect(cell(page, String(MANY))).toBeVisible();

  await grid(page).focus();
  await page.keyboard.press('ControlOrMeta+g');
  await page.getByRole('textbox', { name: /^Row, 1 to/ }).fill('7654321');
  await page.keyboard.press('Enter');
  await expect(cell(page, '7654321')).toBeVisible();
});

test('the wheel moves by rows there too: none is skipped, and none jumps', async () => {
  const { page } = program;
  const box = await grid(page).boundingBox();
  if (!box) throw new Error('The grid has no place on the screen.');
  await page.mouse.move(box.x + 200, box.y + 150);
  for (const delta of [26, 26, 26, -26, 26, 260, -260]) {
    const before = await topRow(page);
    await page.mouse.wheel(0, delta);
    await expect.poll(() => topRow(page)).toBe(before + delta / 26);
  }
});

test('columns are moved, pinned and hidden, and stay so in the next result of the same shape', async () => {
  const { page } = program;
  const text = "select 1 as a, 'two' as b, 3.5 as c, null::text as d, '' as e";
  await run(page, text);
  await settled(page);
  const names = (): Promise<string[]> => grid(page).getByRole('columnheader').evaluateAll((cells) => cells.slice(1).map((found) => found.querySelector('span > span')?.textContent ?? ''));
  expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
  await header(page, 'c').locator('[draggable]').dragTo(header(page, 'a').locator('[draggable]'), { targetPosition: { x: 2, y: 5 } });
  await expect.poll(names).toEqual(['c', 'a', 'b', 'd', 'e']);
  // The same with the keyboard.
  await grid(page).focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await expect.poll(names).toEqual(['a', 'c', 'b', 'd', 'e']);
  await header(page, 'e').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Pin at the left' }).click();
  await expect.poll(names).toEqual(['e', 'a', 'c', 'b', 'd']);
  await header(page, 'b').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Hide' }).click();
  await expect.poll(names).toEqual(['e', 'a', 'c', 'd']);
  await picture(page, 'grid-columns');
  await expect.poll(() => keptOrder(page)).toEqual([4]);
  await run(page, text);
  await settled(page);
  await expect.poll(names).toEqual(['e', 'a', 'c', 'd']);
  await header(page, 'a').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Reset all columns' }).click();
  await expect.poll(names).toEqual(['a', 'b', 'c', 'd', 'e']);
});

const clipboard = (): Promise<string> => program.electron.evaluate(({ clipboard: system }) => system.readText());

async function copyAs(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy as' }).hover();
  await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
}

test('finds in all rows, with marks, and walks through the matches', async () => {
  const { page } = program;
  await run(page, "select n as id, case when n % 40000 = 0 then 'Needle ' || n else 'hay' end as word from generate_series(1, 200000) n");
  await settled(page);
  const field = page.getByRole('textbox', { name: 'Find in the result' });
  // The grid of the run before may still be there for a moment.
  await expect(async () => {
    await grid(page).focus();
    await page.keyboard.press('ControlOrMeta+f');
    await expect(field).toBeVisible({ timeout: 2000 });
  }).toPass();
  await field.fill('needle');
  await page.keyboard.press('Enter');
  await expect(status(page).filter({ hasText: '1 of 5 matches' })).toBeVisible();
  await expect(cell(page, 'Needle 40000')).toHaveAttribute('data-match', 'current');
  await picture(page, 'grid-find');
  await page.keyboard.press('Enter');
  await expect(cell(page, 'Needle 80000')).toBeVisible();
  await page.keyboard.press('Shift+Enter');
  await expect(cell(page, 'Needle 40000')).toBeVisible();
  await page.getByRole('button', { name: 'Tell small from capital letters' }).click();
  await expect(status(page).filter({ hasText: 'no match' })).toBeVisible();
  await field.fill('(');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await page.keyboard.press('Enter');
  await field.press('Enter');
  await expect(status(page).filter({ hasText: 'no regular expression' })).toBeVisible();
  await field.press('Escape');
  await expect(field).toHaveCount(0);
});

test('counts a column over all rows, exactly', async () => {
  const { page } = program;
  await run(page, "select case when n % 10 = 0 then null else 9007199254740993 + n end as big, now() - n * interval '1 hour' as at, n % 3 = 0 as yes from generate_series(1, 1000) n");
  await settled(page);
  await grid(page).focus();
  await page.getByRole('button', { name: 'Statistics of the column' }).click();
  const panel = page.getByRole('complementary', { name: 'Statistics of big' });
  await expect(panel.getByRole('row', { name: /^NULL 100/ })).toBeVisible();
  // 900 values of 9007199254740993 and 1 to 999 without the tens.
  await expect(panel.getByRole('row', { name: /^Sum 8106479329267343700/ })).toBeVisible();
  await picture(page, 'grid-statistics');
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, 'grid-statistics-other-theme');
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await panel.getByRole('button', { name: /^Close/ }).click();
});

test('copies a selection in every format, larger than what is loaded', async () => {
  const { page } = program;
  await run(page, "select n as id, case n % 3 when 0 then null when 1 then '' else 'it''s ' || n end as word from generate_series(1, 30000) n");
  await settled(page);
  await grid(page).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+c');
  await expect.poll(async () => (await clipboard()).split('\n').length).toBe(30_000);
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  const formats: [string, string][] = [
    ['CSV', 'id,word\n1,""\n2,it\'s 2\n3,'],
    ['TSV with names', 'id\tword\n1\t""\n2\tit\'s 2\n3\t'],
    ['JSON', '[\n  {"id": "1", "word": ""},\n  {"id": "2", "word": "it\'s 2"},\n  {"id": "3", "word": null}\n]'],
    ['Markdown', "| id | word |\n| ---: | --- |\n| 1 |  |\n| 2 | it's 2 |\n| 3 | *NULL* |"],
    ['IN list', "((1, ''), (2, 'it''s 2'))"],
    ['INSERT statements', 'INSERT INTO table_name ("id", "word") VALUES\n  (1, \'\'),\n  (2, \'it\'\'s 2\'),\n  (3, NULL);'],
  ];
  for (const [name, text] of formats) {
    await copyAs(page, name);
    await expect.poll(clipboard).toBe(text);
  }
});

test('shows a row as a list, and rows side by side', async () => {
  const { page } = program;
  await run(page, "select n as id, 'same' as same, null::text as nothing, '' as empty, repeat('long ', 40 * n) as long from generate_series(1, 50) n");
  await settled(page);
  await grid(page).focus();
  await page.keyboard.press('ControlOrMeta+i');
  const panel = page.getByRole('complementary', { name: 'Row as a list' });
  await expect(panel.getByRole('row', { name: /^nothing text NULL/ })).toBeVisible();
  await expect(panel.getByRole('row', { name: /^empty text empty/ })).toBeVisible();
  await panel.getByRole('button', { name: 'Next row' }).click();
  await expect(panel.getByText('Row 2')).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(panel.getByText('3 rows side by side').first()).toBeVisible();
  await expect(panel.locator('tr[data-differs]')).toHaveCount(2);
  await picture(page, 'grid-rows-side-by-side');
  await panel.getByRole('button', { name: /^Close/ }).click();
});

test('draws a result, keeps the chart with its query, and draws it again from fresh rows', async () => {
  const { page } = program;
  await run(page, "select date '2024-01-01' + n as day, (100 + 50 * sin(n / 10.0))::numeric(10, 2) as sales, n % 4 as shop from generate_series(0, 365) n");
  await settled(page);
  await page.getByRole('button', { name: 'Chart', exact: true }).click();
  const panel = page.getByRole('complementary', { name: 'Chart' });
  await expect(panel.getByRole('img', { name: 'Line of 366 points' })).toBeVisible();
  await picture(page, 'grid-chart');
  await panel.getByRole('combobox', { name: 'Chart' }).click();
  await page.getByRole('option', { name: 'Bars' }).click();
  await expect(panel.getByRole('img', { name: 'Bars of 366 points' })).toBeVisible();
  const file = path.join(home, 'sales.svg');
  await program.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await panel.getByRole('button', { name: 'SVG…' }).click();
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').startsWith('<svg')).toBe(true);
  await panel.getByRole('button', { name: 'Save chart' }).click();
  await page.getByRole('textbox', { name: 'Name of the chart' }).fill('Sales by day');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved the chart Sales by day').first()).toBeVisible();
  // Keys mean the dialog until it has closed.
  await expect(page.getByRole('textbox', { name: 'Name of the chart' })).toBeHidden();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('textbox', { name: 'Search commands' }).fill('Open chart Sales by day');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^grid server · data of/)).toBeVisible();
  await expect(page.getByRole('img', { name: 'Bars of 366 points' }).locator('visible=true')).toBeVisible();
  await picture(page, 'chart-tab');
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, 'chart-tab-other-theme');
  await page.keyboard.press('ControlOrMeta+Shift+l');
});
