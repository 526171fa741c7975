import { expect, test, type Locator, type Page } from '@playwright/test';
import { startProgram, temporaryHome, type Program } from './program';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { cell, newQuery, picture, run } from './workbench';

/** The grid as a DBA uses it, on a real server: ten million rows, columns put in order, and the whole result asked, copied and drawn. */

test.describe.configure({ mode: 'serial' });
test.setTimeout(300_000);

const MANY = Number(process.env.GRID_ROWS ?? 10_000_000);
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
  await connect(program.page);
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

async function connect(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+Shift+n');
  const form = page.getByRole('dialog', { name: 'New connection' });
  await form.getByLabel('Name').fill('grid server');
  await form.getByLabel('Host').fill(server.host);
  await form.getByLabel('Port').fill(String(server.port));
  await form.getByLabel('Database', { exact: true }).fill('postgres');
  await form.getByLabel('User').fill(server.user);
  await form.getByLabel('New password').fill(server.password);
  await form.getByRole('button', { name: 'Save' }).click();
  const place = page.getByRole('dialog', { name: 'A place for secrets' });
  await place.getByLabel(/this run|memory/i).first().check();
  await place.locator('button[type=submit]').click();
  await page.getByRole('button', { name: /grid server/ }).first().click();
  await newQuery(page);
}

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
  await page.getByRole('textbox', { name: /^Row, 1 to/ }).fill('765432');
  await page.keyboard.press('Enter');
  await expect(cell(page, '765432')).toBeVisible();
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
  await page.waitForTimeout(500);
  await run(page, text);
  await settled(page);
  await expect.poll(names).toEqual(['e', 'a', 'c', 'd']);
  await header(page, 'a').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Reset all columns' }).click();
  await expect.poll(names).toEqual(['a', 'b', 'c', 'd', 'e']);
});
