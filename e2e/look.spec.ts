import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { demoIsReady, homeWithDemo } from './demoHome';
import { checkout, startProgram, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { shopScript } from './servers/model/shopScript';
import { editor, newQuery, picture, run } from './workbench';

/** Every screen in both themes and two sizes: a picture to look at, and no serious finding of axe. */

const sizes = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
];

// Patience for busy machines: it takes half a minute for each theme on one that is not.
test.setTimeout(300_000);

let model: ModelServer;
test.beforeAll(async () => {
  mkdirSync(path.join(checkout, 'test-results', 'screens', 'look'), { recursive: true });
  model = await startModelServer(shopScript);
});
test.afterAll(() => model.close());

/** What axe finds that keeps somebody from using the screen, in a form that says where. Electron has no second page for axe: legacy mode. */
async function seriousFindings({ page }: Program, without: readonly string[]): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().disableRules([...without]).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
}

async function resize({ electron, page }: Program, size: { width: number; height: number }): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height), size);
  await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size);
}

/** Makes a picture of what is shown in each size and checks it; ends in the smaller one. */
async function look(program: Program, theme: string, name: string): Promise<void> {
  for (const [index, size] of sizes.entries()) {
    await resize(program, size);
    await picture(program.page, path.join('look', `${theme}-${size.width}-${name}`));
    // Colours are the same in each size, and theirs is the slowest rule by far.
    expect.soft(await seriousFindings(program, index === 0 ? ['color-contrast'] : []), `${theme} ${size.width} ${name}`).toEqual([]);
  }
}

async function settled(grid: Locator): Promise<void> {
  await expect(grid).toHaveAttribute('aria-busy', 'false');
  await expect(grid.getByRole('gridcell').first()).not.toBeEmpty();
}

/** Opens a table of the schema `shop` as a person does: finds it by its name, and takes it with the keyboard. */
async function openTable({ page }: Program, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+p');
  const search = page.getByRole('textbox', { name: 'Search objects' });
  await expect(search).toBeFocused();
  await search.fill(name);
  await page.getByRole('treeitem', { name: new RegExp(`^${name}, ~`) }).first().dblclick();
  await settled(page.getByRole('grid', { name: `Rows of shop.${name}` }));
  await search.fill('');
}

type Screens = (program: Program, shoot: (name: string) => Promise<void>) => Promise<void>;

const firstScreens: Screens = async ({ page }, shoot) => {
  await expect(page.getByRole('heading', { name: 'Ask, check, run, see' })).toBeVisible();
  const shop = page.getByRole('treeitem', { name: /^shop/ });
  await expect(shop).toBeVisible();
  await shoot('welcome');
  const tables = page.getByRole('treeitem', { name: /^Tables/ }).first();
  if ((await tables.getAttribute('aria-expanded')) === 'false') await tables.click();
  const orders = page.getByRole('treeitem', { name: /^orders,/ }).first();
  await orders.click();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('treeitem', { name: /^order_number|^customer_id/ }).first()).toBeVisible();
  await shoot('databases');
};

const tableScreens: Screens = async (program, shoot) => {
  const { page } = program;
  const view = (name: string) => page.getByRole('radiogroup', { name: 'View' }).locator('visible=true').getByText(name, { exact: true });
  await openTable(program, 'orders');
  await shoot('table-data');
  await view('Structure').click();
  await expect(page.getByRole('region', { name: 'Indexes' })).toBeVisible();
  await shoot('table-structure');
  await view('DDL').click();
  await expect(page.getByText('CREATE TABLE').first()).toBeVisible();
  await shoot('table-ddl');
};

const queryScreens: Screens = async ({ page }, shoot) => {
  await newQuery(page);
  await run(page, "select id, email, phone, preferences, registered_at, null::text as nothing, '' as empty\nfrom shop.customers\norder by id");
  const grid = page.getByRole('grid', { name: /^Result 1/ });
  await settled(grid);
  await shoot('query-result');
  await grid.getByRole('gridcell', { name: /newsletter/ }).first().dblclick();
  await expect(page.getByRole('button', { name: 'Close the value' }).or(page.getByText('"newsletter"').last()).first()).toBeVisible();
  await shoot('cell-viewer');
  await run(page, 'select id, nmae\nfrom shop.customers');
  await expect(page.getByText('column "nmae" does not exist').first()).toBeVisible();
  await shoot('query-error');
  await run(page, 'update shop.brands set name = upper(name)');
  const confirm = page.getByRole('alertdialog');
  await expect(confirm).toContainText('Nothing was sent yet');
  await expect(confirm.getByRole('button', { name: 'Do not run' })).toBeFocused();
  await shoot('query-confirm');
  await confirm.getByRole('button', { name: 'Do not run' }).click();
  await expect(confirm).toHaveCount(0);
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const explanation = page.getByRole('region', { name: 'Explanation', exact: true });
  await expect(explanation).toContainText('This UPDATE has no WHERE');
  await expect(explanation.getByRole('button', { name: 'Explain in more depth with Claude' })).toBeEnabled();
  await shoot('query-explained');
  await explanation.getByRole('button', { name: 'Close the explanation' }).click();
};

const assistantScreens: Screens = async ({ page }, shoot) => {
  const ask = async (question: string): Promise<void> => {
    const box = page.getByRole('textbox', { name: 'Question' });
    await box.fill(question);
    await box.press('Enter');
  };
  await page.keyboard.press('ControlOrMeta+l');
  await ask('Which categories sell best?');
  const answer = page.getByRole('article', { name: 'Answer' }).last();
  await expect(answer).toContainText('five best categories');
  await answer.getByRole('button', { name: /^\d+ rows/ }).click();
  await settled(page.getByRole('grid', { name: /categories/i }).last());
  await shoot('assistant-answer');
  await ask('Please cancel order 42');
  await expect(page.getByRole('region', { name: 'Proposed change' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'Answer' }).last()).toContainText('nothing has run');
  await shoot('assistant-proposal');
};

const panelScreens: Screens = async ({ page }, shoot) => {
  await page.keyboard.press('ControlOrMeta+Shift+n');
  await expect(page.getByRole('form', { name: 'New connection' })).toBeVisible();
  await shoot('connection-form');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('button', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Appearance' })).toBeVisible();
  await shoot('settings');
  await page.keyboard.press('ControlOrMeta+Shift+h');
  await expect(page.getByRole('button', { name: /nmae/ }).first()).toBeVisible();
  await shoot('history');
  await page.keyboard.press('ControlOrMeta+Shift+j');
  await expect(page.getByRole('complementary').getByText('Jobs', { exact: true }).first()).toBeVisible();
  await shoot('jobs');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('textbox', { name: 'Search commands' })).toBeVisible();
  await shoot('palette');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+/');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await shoot('shortcuts');
  await page.keyboard.press('Escape');
};

async function withProgram(work: (program: Program) => Promise<void>): Promise<void> {
  const home = await homeWithDemo();
  const program = await startProgram({ home: home.home, environment: { ANTHROPIC_API_KEY: 'sk-ant-e2e-0123456789', ANTHROPIC_BASE_URL: model.url } });
  try {
    await demoIsReady(program.page);
    await work(program);
  } finally {
    await program.close();
    home.remove();
  }
}

for (const theme of ['light', 'dark'] as const) {
  test(`every screen, ${theme}`, () =>
    withProgram(async (program) => {
      const { page } = program;
      const html = page.locator('html');
      if ((await html.getAttribute('data-mantine-color-scheme')) !== theme) await page.keyboard.press('ControlOrMeta+Shift+l');
      await expect(html).toHaveAttribute('data-mantine-color-scheme', theme);
      const shoot = (name: string): Promise<void> => look(program, theme, name);
      for (const screens of [firstScreens, tableScreens, queryScreens, assistantScreens, panelScreens]) await screens(program, shoot);
    }));
}

/** Types as a person does until something is proposed. */
async function typeUntilProposed(page: Page, text: string): Promise<Locator> {
  await page.keyboard.type(text);
  const popup = page.locator('.cm-tooltip-autocomplete');
  await expect(popup).toBeVisible();
  return popup;
}

test('keys mean the run, not what is proposed, and the tree follows a change of the schema', () =>
  withProgram(async ({ page }) => {
    await newQuery(page);
    // A new query can be written at once.
    await expect(editor(page)).toBeFocused();
    const popup = await typeUntilProposed(page, 'sel');
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(page.getByText('syntax error at or near "sel"').first()).toBeVisible();
    await expect(editor(page)).toHaveText('sel');
    await expect(popup).toHaveCount(0);

    const stop = page.getByRole('button', { name: 'Stop', exact: true });
    await run(page, 'select pg_sleep(60);');
    await expect(stop).toBeVisible();
    await typeUntilProposed(page, ' sel');
    await page.keyboard.press('Escape');
    await expect(popup).toHaveCount(0);
    await expect(stop).toBeEnabled();
    await page.keyboard.press('Escape');
    await expect(page.getByText(/cancelled/i).first()).toBeVisible();

    await page.getByRole('textbox', { name: 'Search objects' }).fill('look_');
    await expect(page.getByText('Nothing is called like')).toBeVisible();
    await run(page, 'create table shop.look_one (id int)');
    await expect(page.getByRole('treeitem', { name: /look_one/ })).toBeVisible();
    await run(page, 'begin; create table shop.look_two (id int)');
    await page.getByRole('button', { name: 'Commit', exact: true }).click();
    await expect(page.getByRole('treeitem', { name: /look_two/ })).toBeVisible();
  }));
