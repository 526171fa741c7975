import { expect, test, type Page } from '@playwright/test';
import { demoIsReady, homeWithDemo } from './demoHome';
import { startProgram, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { shopScript } from './servers/model/shopScript';
import { newQuery, picture, run } from './workbench';

test.describe.configure({ mode: 'serial' });

let model: ModelServer;
let program: Program;
let home: { home: string; remove(): void };

const start = (): Promise<Program> => startProgram({ home: home.home, environment: { ANTHROPIC_API_KEY: 'sk-ant-e2e-0123456789', ANTHROPIC_BASE_URL: model.url } });

test.beforeAll(async () => {
  home = await homeWithDemo();
  model = await startModelServer(shopScript);
  program = await start();
  await demoIsReady(program.page);
});
test.afterAll(async () => {
  await program.close();
  await model.close();
  home.remove();
});

async function ask(page: Page, question: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Question' });
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
  await box.fill(question);
  await box.press('Enter');
}

const tile = (page: Page, title: string) => page.getByRole('region', { name: `Tile ${title}`, exact: true });
const card = (page: Page, title: string) => page.getByRole('region', { name: `Query: ${title}` }).last();

test('draws an answer as the rules suggest, and as Claude proposed', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  await ask(page, 'Which categories sell best?');
  const best = card(page, 'Best categories by revenue');
  await best.getByRole('button', { name: 'Chart', exact: true }).click();
  await expect(best.getByRole('img', { name: 'Bars of 5 points' })).toBeVisible();
  await expect(best).toContainText('revenue for each category.');
  await picture(page, 'answers-chart');
  await ask(page, 'How many orders have which status?');
  const status = card(page, 'Orders by status');
  await expect(status.getByRole('img', { name: /^Pie of/ })).toBeVisible();
  await expect(status).toContainText('as Claude proposed');
  await picture(page, 'answers-chart-proposed');
});

test('tells from the parse tree and the lane how the answer is known to be right', async () => {
  const { page } = program;
  const best = card(page, 'Best categories by revenue');
  await best.getByRole('button', { name: 'How do I know this is right' }).click();
  const panel = best.getByRole('region', { name: 'How do I know this is right' });
  await expect(panel).toContainText('shop.order_items');
  await expect(panel).toContainText('Keeps only rows where');
  await expect(panel).toContainText('5 rows came back, which is all of them.');
  await expect(panel).toContainText('It ran in a transaction that cannot write');
  await panel.getByRole('button', { name: 'Count the tables now' }).click();
  await expect(panel).toContainText('36,000 rows, counted now');
  await panel.scrollIntoViewIfNeeded();
  await picture(page, 'answers-evidence');
  await best.getByRole('button', { name: 'How do I know this is right' }).click();
});

const pinTo = async (page: Page, opener: ReturnType<Page['locator']>, title: string, board: string, isNew = false): Promise<void> => {
  await opener.getByRole('button', { name: 'Pin to dashboard', exact: true }).first().click();
  const form = page.getByRole('form', { name: 'Pin to dashboard' });
  await form.getByLabel('Title of the tile').fill(title);
  if (isNew) await form.getByLabel('Name of the new dashboard').fill(board);
  await form.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(page.getByText(`Pinned to ${board}`).first()).toBeVisible();
};

test('pins an answer and a result, and the tiles read their rows', async () => {
  const { page } = program;
  await pinTo(page, card(page, 'Best categories by revenue'), 'Best categories', 'Shop at a glance', true);
  await pinTo(page, card(page, 'Orders by status'), 'Orders by status', 'Shop at a glance');
  await newQuery(page);
  await run(page, 'select count(*) as orders from shop.orders');
  await pinTo(page, page.getByRole('tabpanel', { name: /^Result/ }), 'Orders', 'Shop at a glance');
  await run(page, 'select id, name from shop.products order by id limit 7');
  await expect(page.getByRole('gridcell', { name: '7', exact: true }).first()).toBeVisible();
  await pinTo(page, page.getByRole('tabpanel', { name: /^Result/ }), 'Products', 'Shop at a glance');
  await page.getByRole('button', { name: 'Open the dashboard' }).last().click();
  await expect(tile(page, 'Best categories').getByRole('img', { name: 'Bars of 5 points' })).toBeVisible();
  await expect(tile(page, 'Orders by status').getByRole('img', { name: /^Pie of/ })).toBeVisible();
  await picture(page, 'dashboard');
});

test('arranges with the keys and the pointer, takes back, and tells a failing tile from old rows', async () => {
  const { page } = program;
  const where = async (title: string) => (await tile(page, title).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const before = await where('Best categories');
  await page.getByRole('button', { name: 'Move Best categories' }).focus();
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(async () => (await where('Best categories')).height).toBeGreaterThan(before.height + 50);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(async () => (await where('Best categories')).height).toBe(before.height);
  const orders = await where('Orders');
  await page.mouse.move(orders.x + orders.width / 2, orders.y + 10);
  await page.mouse.down();
  await page.mouse.move(orders.x + orders.width / 2 + 40, before.y + 10, { steps: 4 });
  await page.mouse.move(before.x + orders.width / 2, before.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await where('Orders')).y).toBe(before.y);

  const first = await tile(page, 'Orders').getByRole('time').or(tile(page, 'Orders').locator('time')).first().getAttribute('datetime');
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect.poll(() => tile(page, 'Orders').locator('time').getAttribute('datetime')).not.toBe(first);

  await page.getByRole('button', { name: 'Actions on Products' }).click();
  await page.getByRole('menuitem', { name: 'Edit…' }).click();
  const form = page.getByRole('dialog', { name: 'Edit the tile' });
  await form.locator('.cm-content').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('select * from shop.nowhere');
  await expect(form.locator('.cm-content')).toHaveText('select * from shop.nowhere');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(tile(page, 'Products').getByRole('alert')).toContainText('42P01');
  await picture(page, 'dashboard-error');
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, 'dashboard-other-theme');
  await page.keyboard.press('ControlOrMeta+Shift+l');
});

test('a dashboard opens from the palette as it was arranged, after a restart', async () => {
  const where = async (title: string) => (await tile(program.page, title).boundingBox())?.y;
  const places = [await where('Orders'), await where('Best categories')];
  await program.close();
  program = await start();
  const { page } = program;
  await demoIsReady(page);
  await expect(tile(page, 'Best categories').getByRole('img', { name: 'Bars of 5 points' })).toBeVisible();
  expect([await where('Orders'), await where('Best categories')]).toEqual(places);
  await page.keyboard.press('ControlOrMeta+w');
  await page.keyboard.press('ControlOrMeta+Shift+b');
  await expect(page.getByRole('list', { name: 'Dashboards' })).toContainText('4 tiles');
  await page.getByRole('button', { name: 'Actions on the dashboard Shop at a glance' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByText('No dashboards yet')).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(tile(page, 'Orders')).toBeVisible();
  await picture(page, 'dashboards-panel');
});
