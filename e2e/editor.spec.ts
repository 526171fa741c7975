import { expect, test, type Page } from '@playwright/test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startProgram, temporaryHome, type Program } from './program';
import { startPostgres, type PostgresServer } from './servers/postgresql';
import { cell, connectServer, editor, newQuery, picture, run, textIsKept, write } from './workbench';

test.describe.configure({ mode: 'serial' });

let server: PostgresServer;
let program: Program;
const { home, remove } = temporaryHome();

test.beforeAll(async () => {
  server = await startPostgres();
  program = await startProgram({ home });
});
test.afterAll(async () => {
  await program.close();
  await server.stop();
  remove();
});

const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Query' }).filter({ visible: true }).first();
const text = (page: Page): Promise<string> => page.locator('.cm-content:visible').first().evaluate((content) => [...content.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'));

/** Both themes of one screen, for somebody to look at. */
async function pictures(page: Page, name: string): Promise<void> {
  await picture(page, `editor-${name}`);
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await picture(page, `editor-${name}-other`);
  await page.keyboard.press('ControlOrMeta+Shift+l');
}

/** The dialogs give these paths from now on. */
async function dialogsGive(paths: { readonly open?: readonly string[]; readonly save?: string }): Promise<void> {
  await program.electron.evaluate(({ dialog }, { open, save }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: open === undefined, filePaths: [...(open ?? [])] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: save === undefined, filePath: save ?? '' });
  }, paths);
}

test('connects the server', async () => {
  const { page } = program;
  await connectServer(page, 'own server', server);
  await newQuery(page);
  await run(page, "create schema billing; create table billing.invoice (id int primary key, note text); insert into billing.invoice values (1, 'first')");
  await expect(page.getByText(/INSERT, 1 row affected/).first()).toBeVisible();
});

test('formats, in one step that can be undone, and leaves what it cannot judge', async () => {
  const { page } = program;
  const written = 'select id, note from billing.invoice where id = 1 -- the first';
  await write(page, written);
  await page.keyboard.press('Shift+Alt+f');
  await expect.poll(() => text(page)).toContain('SELECT\n');
  expect(await text(page)).toContain('-- the first');
  await pictures(page, 'formatted');
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => text(page)).toBe(written);
  await write(page, '\\copy invoice from stdin');
  await page.keyboard.press('Shift+Alt+f');
  await expect(page.getByText('The layout was left as it is')).toBeVisible();
  expect(await text(page)).toBe('\\copy invoice from stdin');
});

test('finds and replaces, also only in the selection', async () => {
  const { page } = program;
  await write(page, 'select one, one\nfrom one');
  await page.keyboard.press('ControlOrMeta+h');
  const panel = page.getByRole('search', { name: 'Find and replace' });
  await panel.getByLabel('Find', { exact: true }).fill('ONE');
  await expect(panel.getByText('3 found')).toBeVisible();
  await panel.getByLabel('Match case').click();
  await expect(panel.getByText('nothing found')).toBeVisible();
  await panel.getByLabel('Match case').click();
  await pictures(page, 'find');
  // Only the first line.
  await editor(page).focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+End');
  await panel.getByLabel('Only in the selection').click();
  await expect(panel.getByText('2 found')).toBeVisible();
  await panel.getByLabel('Replace with').fill('two');
  await panel.getByRole('button', { name: 'Replace every match' }).click();
  await expect.poll(() => text(page)).toBe('select two, two\nfrom one');
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
});

test('writes at several places at once', async () => {
  const { page } = program;
  await write(page, 'a a a');
  await page.keyboard.press('ControlOrMeta+Home');
  for (let times = 0; times < 3; times += 1) await page.keyboard.press('ControlOrMeta+d');
  await page.keyboard.type('bc');
  await expect.poll(() => text(page)).toBe('bc bc bc');
});

test('asks for parameters, sends them beside the text, and remembers them', async () => {
  const { page } = program;
  await run(page, 'select id, note, :word::text as given from billing.invoice where id = :id');
  const bar = page.getByRole('form', { name: 'Parameters' });
  await expect(bar.getByLabel('Value of :word')).toBeFocused();
  await bar.getByLabel('Value of :word').fill("it's; drop table billing.invoice; --");
  await bar.getByLabel('Value of :id').fill('1');
  await pictures(page, 'parameters');
  await bar.getByLabel('Value of :id').press('Enter');
  await expect(cell(page, "it's; drop table billing.invoice; --")).toBeVisible();
  await newQuery(page);
  await run(page, 'select :id::int + 41 as answer');
  await expect(bar.getByLabel('Value of :id')).toHaveValue('1');
  await bar.getByLabel('Value of :id').press('Enter');
  await expect(cell(page, '42')).toBeVisible();
});

test('manual commit: begins by itself, explains an abort, and goes back to a savepoint', async () => {
  const { page } = program;
  await newQuery(page);
  await toolbar(page).getByText('Manual', { exact: true }).click();
  await run(page, "insert into billing.invoice values (2, 'second'); savepoint half; insert into billing.invoice values (3, 'third')");
  const badge = page.getByRole('group', { name: 'Transaction' }).filter({ visible: true });
  await expect(badge).toContainText('Transaction open');
  await expect(badge).toContainText('3 statements');
  await expect(page.getByText('sent by the program: manual commit').first()).toBeVisible();
  await pictures(page, 'transaction');
  await run(page, "insert into billing.invoice values (2, 'again')");
  const aborted = page.getByRole('alert', { name: 'Aborted transaction' });
  await expect(aborted).toContainText('duplicate key value');
  await expect(aborted).toContainText("insert into billing.invoice values (2, 'again')");
  await pictures(page, 'aborted');
  await aborted.getByRole('button', { name: 'Roll back to savepoint half' }).click();
  await expect(aborted).toHaveCount(0);
  await badge.getByRole('button', { name: 'Commit' }).click();
  await expect(badge).toHaveCount(0);
  await run(page, 'select string_agg(id::text, $$,$$ order by id) from billing.invoice');
  await expect(cell(page, '1,2')).toBeVisible();
});

test('what cannot run in a transaction is told first; closing asks, quitting asks', async () => {
  const { page } = program;
  await run(page, 'vacuum billing.invoice');
  await expect(page.getByRole('alertdialog')).toContainText('cannot run inside a transaction');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Do not run' }).click();
  await run(page, "update billing.invoice set note = 'x' where id = 2");
  await expect(page.getByRole('group', { name: 'Transaction' }).filter({ visible: true })).toContainText('1 statement');
  // Another tab shows that one is open.
  await newQuery(page);
  await expect(page.getByText('a transaction is open in another tab')).toBeVisible();
  await page.getByText('a transaction is open in another tab').click();
  await program.electron.evaluate(({ dialog, BrowserWindow }) => {
    dialog.showMessageBox = (...given: unknown[]) => {
      (globalThis as { asked?: unknown }).asked = given.at(-1);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
    BrowserWindow.getAllWindows()[0]?.close();
  });
  await expect.poll(() => program.electron.evaluate(() => ((globalThis as { asked?: { message?: string } }).asked?.message ?? ''))).toBe('A transaction is open.');
  await page.keyboard.press('ControlOrMeta+w');
  const question = page.getByRole('dialog').filter({ hasText: 'open transaction' });
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Roll back and close' }).click();
  await run(page, "select note from billing.invoice where id = 2");
  await expect(cell(page, 'second')).toBeVisible();
});

test('a double press on Run starts it once', async () => {
  const { page } = program;
  await run(page, 'create table billing.once (n serial, at timestamptz default now())');
  await expect(page.getByText('CREATE TABLE').first()).toBeVisible();
  await write(page, 'insert into billing.once default values');
  await toolbar(page).getByRole('button', { name: 'Run', exact: true }).dblclick();
  await expect(page.getByText(/INSERT, 1 row affected/).first()).toBeVisible();
  await run(page, "select 'counted ' || count(*) from billing.once");
  await expect(cell(page, 'counted 1')).toBeVisible();
});

test('switches the database and the search path, visibly', async () => {
  const { page } = program;
  await toolbar(page).getByRole('button', { name: /^Database and search path/ }).click();
  await page.getByRole('combobox', { name: 'Search path' }).click();
  await page.getByRole('option', { name: 'billing' }).click();
  await pictures(page, 'place');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await run(page, 'select note from invoice where id = 1');
  await expect(cell(page, 'first')).toBeVisible();
  await page.getByRole('tab', { name: 'Messages' }).filter({ visible: true }).click();
  await expect(page.getByText('SET search_path TO "billing"').first()).toBeVisible();
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('billing');
  await toolbar(page).getByRole('button', { name: /^Database and search path/ }).click();
  await page.getByRole('combobox', { name: 'Database', exact: true }).click();
  await page.getByRole('option', { name: 'template1' }).click();
  await run(page, 'select current_database() as here');
  await expect(cell(page, 'template1')).toBeVisible();
});

test('saves and opens files, and never loses a change that another program made', async () => {
  const { page } = program;
  const file = path.join(home, 'größe 1.sql');
  await newQuery(page);
  await write(page, "select 'saved' as state");
  await dialogsGive({ save: file });
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe("select 'saved' as state");
  const tab = page.getByRole('tab', { name: /größe 1\.sql/ });
  await expect(tab).toBeVisible();
  // A clean tab follows its file.
  writeFileSync(file, "select 'by another program' as state");
  await expect(editor(page)).toContainText('by another program');
  await expect(tab.getByLabel('unsaved')).toHaveCount(0);
  // A dirty one asks.
  await write(page, "select 'mine' as state");
  await expect(tab.getByLabel('unsaved')).toBeVisible();
  writeFileSync(file, "select 'theirs' as state");
  const bar = page.getByRole('alert', { name: 'File' });
  await expect(bar).toContainText('changed by another program');
  await pictures(page, 'file-changed');
  await bar.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByRole('dialog', { name: /größe 1\.sql/ })).toContainText('theirs');
  await pictures(page, 'file-compare');
  await page.keyboard.press('Escape');
  await bar.getByRole('button', { name: 'Keep mine' }).click();
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => readFileSync(file, 'utf8')).toBe("select 'mine' as state");
  await expect(tab.getByLabel('unsaved')).toHaveCount(0);
  // What is not saved survives the program's death, and the file is still allowed.
  await write(page, "select 'not saved yet' as state");
  await textIsKept(page, 'not saved yet');
  await program.kill();
  program = await startProgram({ home });
  await expect(editor(program.page)).toContainText('not saved yet');
  await expect(program.page.getByRole('tab', { name: /größe 1\.sql/ }).getByLabel('unsaved')).toBeVisible();
  await editor(program.page).focus();
  await program.page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => readFileSync(file, 'utf8')).toBe("select 'not saved yet' as state");
  // A binary file is told.
  const binary = path.join(home, 'dump.sql');
  writeFileSync(binary, Buffer.from([80, 71, 68, 77, 80, 0, 1, 2]));
  await dialogsGive({ open: [binary] });
  await program.page.keyboard.press('ControlOrMeta+o');
  await expect(program.page.getByText(/is no text/)).toBeVisible();
});

test('keeps queries in folders, as files that people can read', async () => {
  const { page } = program;
  await newQuery(page);
  await write(page, 'select 6 * 7 as product');
  await page.keyboard.press('ControlOrMeta+Alt+s');
  const drawer = page.getByRole('dialog', { name: 'Keep as a saved query' });
  await drawer.getByLabel('Name').fill('Product');
  await drawer.getByLabel('Folder').first().fill('maths/täglich');
  await drawer.getByLabel('Description').fill('what six times seven is');
  await pictures(page, 'keep');
  await drawer.getByRole('button', { name: 'Keep' }).click();
  await expect(page.getByRole('list', { name: 'Saved queries' })).toContainText('Product');
  await pictures(page, 'saved');
  await page.getByLabel('Search the saved queries').fill('SIX TIMES');
  await expect(page.getByRole('button', { name: /Product/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Actions on Product' }).click();
  await page.getByRole('menuitem', { name: /Rename or move/ }).click();
  const form = page.getByRole('form', { name: /Rename or move Product/ });
  await form.getByLabel('Name').fill('Answer');
  await form.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('tab', { name: /Answer/ })).toBeVisible();
});

test('offers snippets, and fills in their places', async () => {
  const { page } = program;
  await newQuery(page);
  await editor(page).focus();
  await page.keyboard.type('sel');
  await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('SELECT … WHERE … LIMIT');
  await pictures(page, 'snippet');
  // A list that has only just come takes no key yet.
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('sel');
    await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('SELECT … WHERE … LIMIT', { timeout: 2000 });
    await page.keyboard.press('Enter');
    await expect.poll(() => text(page), { timeout: 1000 }).toContain('FROM table');
  }).toPass();
  await page.keyboard.type('id');
  await page.keyboard.press('Tab');
  await page.keyboard.type('t');
  await expect.poll(() => text(page)).toContain('SELECT id\nFROM t\n');
});

test('shows what the tab ran, and takes it back', async () => {
  const { page } = program;
  await page.getByRole('button', { name: 'Databases', exact: true }).click();
  await page.getByRole('button', { name: /own server/ }).first().click();
  await newQuery(page);
  await page.keyboard.press('Escape');
  await write(page, "select 'an earlier text' as t");
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  const password = page.getByRole('dialog', { name: /password/i });
  await expect(password.or(cell(page, 'an earlier text')).first()).toBeVisible();
  if (await password.isVisible()) {
    await password.getByRole('textbox').first().fill(server.password);
    await password.locator('button[type=submit]').click();
  }
  await expect(cell(page, 'an earlier text')).toBeVisible();
  await write(page, "select 'a later text' as t");
  await page.keyboard.press('ControlOrMeta+Alt+h');
  const drawer = page.getByRole('dialog', { name: /ran$/ });
  await drawer.getByRole('button', { name: /an earlier text/ }).click();
  await expect(drawer.getByText('left: the text now')).toBeVisible();
  await pictures(page, 'tab-history');
  await drawer.getByRole('button', { name: 'Replace the text' }).click();
  await expect.poll(() => text(page)).toBe("select 'an earlier text' as t");
});

test('shows two tabs side by side, also after a restart', async () => {
  const { page } = program;
  await newQuery(page);
  await write(page, "select 'right side' as t");
  await page.keyboard.press('ControlOrMeta+\\');
  await expect(page.locator('[role="tabpanel"]:visible .cm-content')).toHaveCount(2);
  await page.keyboard.press('Alt+\\');
  await expect(page.locator('[data-side="left"] .cm-content').filter({ visible: true })).toBeFocused();
  await pictures(page, 'split');
  await textIsKept(page, 'right side');
  await program.close();
  program = await startProgram({ home });
  await expect(program.page.locator('[data-side="right"] .cm-content').filter({ visible: true })).toContainText('right side');
  await expect(program.page.locator('[role="tabpanel"]:visible .cm-content')).toHaveCount(2);
});
