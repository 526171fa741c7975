import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { startProgram, temporaryHome, type Program } from './program';
import { testDatabase, type TestDatabase } from './servers/postgresql';
import { cell, newQuery, picture, run, textIsKept } from './workbench';

test.describe.configure({ mode: 'serial' });
// Patience for busy machines.
test.setTimeout(240_000);

const schema = `
CREATE TABLE makers (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO makers SELECT n, 'Maker ' || n FROM generate_series(1, 60) n;
CREATE TYPE state AS ENUM ('new', 'sold', 'it''s gone');
CREATE TABLE "Größen ""x""" (id bigint PRIMARY KEY DEFAULT 9007199254740993, maker_id int REFERENCES makers, price numeric(20,6), note text, doc jsonb, tags text[],
  doubled numeric GENERATED ALWAYS AS (price * 2) STORED, state state DEFAULT 'new', ok boolean, made timestamptz DEFAULT now());
INSERT INTO "Größen ""x""" (id, maker_id, price, note, doc, tags) VALUES (1, 1, 1.5, 'first', '{"a": 12345678901234567890.10}', '{a,NULL,"b c"}'), (2, 2, 2.5, 'second', NULL, '{}'),
  (3, NULL, NULL, '', NULL, NULL), (4, 4, 4, 'fourth', NULL, NULL);
CREATE TABLE keyless (a int, b text);
INSERT INTO keyless VALUES (1, 'x'), (1, 'x');
`;

let database: TestDatabase;
let program: Program;
const { home, remove } = temporaryHome();
const goods = 'Größen "x"';

/** Connects without the form, which has journeys of its own. */
async function connect(page: Page): Promise<void> {
  await page.evaluate(
    async ({ target, password }) => {
      const call = (member: string, input: unknown): Promise<unknown> => window.aiShell.request('connections', member, input).reply;
      const list = (await call('list', undefined)) as { value: { id: string; name: string }[] };
      const known = list.value.find(({ name }) => name === 'goods');
      const saved = known === undefined ? ((await call('save', { profile: { id: '', name: 'goods', target, environment: 'dev', color: 'teal', readOnly: false }, password: { kind: 'ask' } })) as { value: { id: string } }).value : known;
      await call('open', { id: saved.id, password });
    },
    { target: database.target, password: database.password },
  );
}

async function openTable(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /goods/ }).first().click();
  await page.keyboard.press('ControlOrMeta+p');
  const search = page.getByRole('textbox', { name: 'Search objects' });
  await search.fill(name);
  await expect(async () => {
    await page.getByRole('treeitem', { name: new RegExp(`^(public.)?${name.replaceAll('"', '.')}`) }).first().dblclick();
    await expect(rows(page, name)).toHaveAttribute('aria-busy', 'false', { timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
}

const rows = (page: Page, name: string) => page.getByRole('grid', { name: `Rows of public.${name}` });
const changes = (page: Page) => page.getByRole('complementary', { name: 'Changes' });

/** Types into a cell of the grid as a person does. */
async function edit(page: Page, from: string, to: string): Promise<void> {
  await cell(page, from).click();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: /^New value of/ }).fill(to);
  await page.keyboard.press('Enter');
  await expect(cell(page, to)).toBeVisible();
}

async function withoutFindings(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect.soft(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ''}`))).toEqual([]);
}

async function bothThemes(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((scheme) => document.documentElement.setAttribute('data-mantine-color-scheme', scheme), theme);
    await picture(page, `rowEdits-${theme}-${name}`);
    await withoutFindings(page);
  }
  await page.evaluate(() => document.documentElement.setAttribute('data-mantine-color-scheme', 'light'));
}

test.beforeAll(async () => {
  database = await testDatabase();
  await database.query(schema);
  program = await startProgram({ home });
  await connect(program.page);
});
test.afterAll(async () => {
  await program.close();
  await database.drop();
  remove();
});

test('edits cells, inserts and deletes rows as pending changes, and shows their SQL', async () => {
  const { page } = program;
  await openTable(page, goods);
  await edit(page, '1.500000', '1.234567');
  await cell(page, 'second').click();
  await page.keyboard.press('ControlOrMeta+Backspace');
  await cell(page, 'fourth').click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Insert a row' }).click();
  await expect(page.getByRole('rowheader', { name: '5, inserted' })).toBeVisible();
  await page.getByRole('row').last().getByRole('gridcell').nth(3).click();
  await page.keyboard.type('typed');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '4 changes' }).click();
  await expect(changes(page)).toContainText('1 deleted, 2 changed, 1 inserted');
  await expect(changes(page).getByRole('region', { name: 'Update id 1' })).toContainText('"price" = 1.234567');
  await expect(changes(page).getByRole('region', { name: 'Update id 2' })).toContainText('"note" = NULL');
  await bothThemes(page, 'pending');
  expect(await database.query('SELECT count(*)::int AS n FROM "Größen ""x""" WHERE price = 1.5')).toEqual([{ n: 1 }]);
});

test('pending changes survive kill -9', async () => {
  await textIsKept(program.page, '1.234567');
  await textIsKept(program.page, 'typed');
  await program.kill();
  program = await startProgram({ home });
  const { page } = program;
  await page.getByRole('dialog', { name: 'A place for secrets' }).getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Password' }).fill(database.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: '4 changes' })).toBeVisible({ timeout: 60_000 });
  await expect(cell(page, '1.234567')).toBeVisible();
});

test('applies them in one transaction and shows what the server made of them', async () => {
  const { page } = program;
  await page.getByRole('button', { name: '4 changes' }).click();
  await changes(page).getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('Applied 4 changes')).toBeVisible();
  await expect(cell(page, '9007199254740993')).toBeVisible();
  expect(await database.query(`SELECT id::text, price::text, note FROM "Größen ""x""" ORDER BY id`)).toEqual([
    { id: '1', price: '1.234567', note: 'first' },
    { id: '2', price: '2.500000', note: null },
    { id: '3', price: null, note: '' },
    { id: '9007199254740993', price: null, note: 'typed' },
  ]);
});

test('shows who was first, and keeps mine only after I have seen theirs', async () => {
  const { page } = program;
  await edit(page, 'first', 'mine');
  await database.query(`UPDATE "Größen ""x""" SET note = 'theirs', price = 7 WHERE id = 1`);
  await changes(page).getByRole('button', { name: 'Apply', exact: true }).click();
  const conflict = changes(page).getByRole('region', { name: 'Conflict in row id 1' });
  await expect(conflict).toContainText('theirs');
  await bothThemes(page, 'conflict');
  expect(await database.query(`SELECT note FROM "Größen ""x""" WHERE id = 1`)).toEqual([{ note: 'theirs' }]);
  await conflict.getByRole('button', { name: 'Keep mine over it' }).click();
  await changes(page).getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('Applied one change')).toBeVisible();
  expect(await database.query(`SELECT note, price::text FROM "Größen ""x""" WHERE id = 1`)).toEqual([{ note: 'mine', price: '7.000000' }]);
});

test('edits JSON and arrays beside the grid, and refuses what the type cannot hold', async () => {
  const { page } = program;
  await changes(page).getByRole('button', { name: 'Close the changes' }).click();
  await cell(page, '{"a": 12345678901234567890.10}').dblclick();
  const panel = page.getByRole('complementary', { name: 'Edit doc' });
  await panel.getByRole('button', { name: 'Format' }).click();
  await expect(panel.getByRole('textbox')).toHaveValue('{\n  "a": 12345678901234567890.10\n}');
  await panel.getByRole('textbox').fill('{"a": ');
  await expect(panel.getByRole('alert')).toContainText('no valid JSON');
  await bothThemes(page, 'json');
  await panel.getByRole('textbox').fill('{"b": 12345678901234567890.10}');
  await panel.getByRole('button', { name: 'Set value' }).click();
  await cell(page, '{a,NULL,"b c"}').dblclick();
  const list = page.getByRole('complementary', { name: 'Edit tags' });
  await list.getByRole('textbox', { name: 'Element 1' }).fill('x,y');
  await bothThemes(page, 'array');
  await list.getByRole('button', { name: 'Set value' }).click();
  await expect(cell(page, '{"x,y",NULL,"b c"}')).toBeVisible();
  await cell(page, '7.000000').click();
  await page.keyboard.type('1.2345678');
  await expect(page.getByRole('alert').filter({ hasText: '7 decimals' })).toBeVisible();
  await picture(page, 'rowEdits-light-refused');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+s');
  await changes(page).getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('Applied one change').last()).toBeVisible();
  expect(await database.query(`SELECT doc::text, tags::text FROM "Größen ""x""" WHERE id = 1`)).toEqual([{ doc: '{"b": 12345678901234567890.10}', tags: '{"x,y",NULL,"b c"}' }]);
});

test('looks up a referenced row, follows the foreign key, and comes back to the same row', async () => {
  const { page } = program;
  await changes(page).getByRole('button', { name: 'Close the changes' }).click();
  await rows(page, goods).getByRole('gridcell', { name: '2', exact: true }).nth(1).click();
  await page.keyboard.press('F4');
  const picker = page.getByRole('combobox', { name: /Look up in/ });
  await picker.fill('maker 5');
  await expect(page.getByRole('option', { name: /Maker 55/ })).toBeVisible();
  await bothThemes(page, 'lookup');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: '1 change', exact: true })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(rows(page, 'makers')).toHaveAttribute('aria-busy', 'false');
  await expect(cell(page, 'Maker 5')).toBeVisible();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Alt+r');
  const list = page.getByRole('complementary', { name: 'Rows that refer to this one' });
  await expect(list).toContainText('0 rows');
  await bothThemes(page, 'references');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back to the rows before' }).click();
  await expect(rows(page, goods)).toHaveAttribute('aria-busy', 'false');
  await expect(page.getByText('row 2 · maker_id').or(page.getByText('row 2 ·')).first()).toBeVisible();
  await expect(page.getByRole('button', { name: '1 change', exact: true })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.getByRole('button', { name: '1 change', exact: true })).toHaveCount(0);
});

test('pastes a block from a spreadsheet into cells and new rows', async () => {
  const { page } = program;
  await page.evaluate(() => navigator.clipboard.writeText('').catch(() => undefined));
  await program.electron.evaluate(({ clipboard }) => clipboard.writeText('9\t"multi\tcell"\r\n10\tplain\r\n'));
  await cell(page, '9007199254740993').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ControlOrMeta+v');
  await expect(page.getByRole('rowheader', { name: '5, inserted' })).toBeVisible();
  await page.getByRole('button', { name: '2 changes' }).click();
  await changes(page).getByRole('button', { name: 'Discard all' }).click();
  await expect(changes(page)).toContainText('Nothing is pending');
});

test('offers nothing where no key identifies a row, and says why', async () => {
  const { page } = program;
  await openTable(page, 'keyless');
  await expect(page.getByLabel(/Rows cannot be edited: No key identifies a row/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete the selected rows' }).locator('visible=true')).toBeDisabled();
  await picture(page, 'rowEdits-light-keyless');
});

test('leads from a row of a query to its table', async () => {
  const { page } = program;
  await newQuery(page);
  await run(page, 'select upper(name) as loud, name, id from makers where id = 7');
  await cell(page, 'Maker 7').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open the row in its table, to edit it' }).click();
  await expect(rows(page, 'makers').locator('visible=true')).toHaveAttribute('aria-rowcount', '2');
});
