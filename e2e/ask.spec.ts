import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demoIsReady, homeWithDemo } from './demoHome';
import { startProgram, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { shopScript } from './servers/model/shopScript';
import { cell, picture } from './workbench';

test.describe.configure({ mode: 'serial' });

let model: ModelServer;
let program: Program;
let home: { home: string; remove(): void };

test.beforeAll(async () => {
  home = await homeWithDemo();
  model = await startModelServer(shopScript);
  program = await startProgram({ home: home.home, environment: { ANTHROPIC_API_KEY: 'sk-ant-e2e-0123456789', ANTHROPIC_BASE_URL: model.url } });
  await demoIsReady(program.page);
});
test.afterAll(async () => {
  await program.close();
  await model.close();
  home.remove();
});

/** No answer is being made. */
const settled = (page: Page): Promise<void> => expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);

async function ask(page: Page, question: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Question' });
  await settled(page);
  await box.fill(question);
  await box.press('Enter');
}

const answer = (page: Page) => page.getByRole('article').or(page.getByLabel('Answer')).last();

test('asks in words, sees the checked SQL and its rows beside the chat', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  await ask(page, 'Which categories sell best?');
  const card = page.getByRole('region', { name: /^Query: Best categories/ }).or(page.locator('section[aria-label^="Query: Best categories"]')).first();
  await expect(card).toBeVisible();
  await expect(answer(page)).toContainText('five best categories');
  await expect(answer(page)).toContainText('$');
  await card.getByRole('button', { name: /rows/i }).first().click();
  await expect(page.getByRole('grid').first()).toBeVisible();
  await expect(page.getByRole('gridcell').first()).toBeVisible();
  await picture(page, 'ask-answer');
});

test('a follow-up keeps the context', async () => {
  const { page } = program;
  await ask(page, 'And only for German customers?');
  await expect(answer(page)).toContainText('orders that went to Germany');
  const last = model.questions().at(-1);
  expect(last?.raw).toContain('Which categories sell best?');
});

test('a mistaken name is repaired before anything is shown', async () => {
  const { page } = program;
  await ask(page, 'Make a mistake on purpose, please');
  await expect(answer(page)).toContainText('ten customers');
  await expect(page.locator('section[aria-label^="Query: Orders for each customer"]').last()).toContainText('customer_id');
});

test('a write is only proposed, and runs once after the yes to its exact text', async () => {
  const { page } = program;
  await ask(page, 'Please cancel order 42');
  const proposal = page.locator('section[aria-label="Proposed change"]').last();
  await expect(proposal).toContainText("UPDATE shop.orders SET status = 'cancelled' WHERE id = 42");
  await picture(page, 'ask-proposal');
  await proposal.getByRole('button', { name: 'Try it and roll back' }).click();
  await expect(proposal).toContainText('shop.orders: 1 updated');
  await expect(proposal).toContainText('RowExclusive on shop.orders');
  await expect(proposal).toContainText('SQL for 1 row, as they were at the try');
  await picture(page, 'ask-proposal-tried');
  const status = () =>
    page.evaluate(async () => {
      const parts: { kind: string; resultId?: string }[] = [];
      const run = window.aiShell.request('queries', 'run', { connectionId: 'demo', sessionKey: 'probe', text: 'select status from shop.orders where id = 42' }, (part) => parts.push(part as never));
      await run.reply;
      if (!parts.some((part) => part.kind === 'result')) throw new Error(JSON.stringify(parts));
      const resultId = parts.find((part) => part.kind === 'result')?.resultId;
      const reply = await window.aiShell.request('queries', 'window', { resultId, viewId: null, offset: 0, limit: 1 }).reply;
      return (reply as { value: { rows: string[][] } }).value.rows[0]?.[0];
    });
  const before = await status();
  expect(before).not.toBe('cancelled');
  await proposal.getByRole('button', { name: /^(Approve|Run)/ }).click();
  await expect.poll(status).toBe('cancelled');
  await expect(proposal.getByRole('button', { name: /^(Approve|Run)/ })).toHaveCount(0);
});

test('stop keeps what came, and the conversation goes on', async () => {
  const { page } = program;
  await ask(page, 'Tell me a slow story');
  await expect(answer(page)).toContainText('Once upon a time');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Ask', exact: true })).toBeVisible();
  await expect(answer(page)).toContainText('Once upon a time');
  await ask(page, 'Which categories sell best?');
  await expect(answer(page)).toContainText('five best categories');
  await expect(cell(page, 'never there')).toHaveCount(0);
});

test('what the assistant did is read, and exported', async () => {
  const { page } = program;
  const file = path.join(home.home, 'audit.ndjson');
  await program.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await page.getByRole('button', { name: 'Audit of this conversation' }).filter({ visible: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Audit of this conversation' });
  const rows = drawer.getByRole('table', { name: 'Audit' }).locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  await picture(page, 'ask-audit');
  await drawer.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText(/Wrote \d+ entr(y|ies) to/)).toBeVisible();
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(await rows.count());
  await page.keyboard.press('Escape');
});

test('an answer that is remembered goes along with a question like it, until it is forgotten', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  await ask(page, 'Which categories sell best?');
  const card = page.locator('section[aria-label^="Query: Best categories"]:visible').last();
  await card.getByRole('button', { name: 'Remember' }).click();
  await expect(page.getByText('Remembered: it goes along')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+l');
  await ask(page, 'Which categories sell best?');
  await expect(page.getByText('Takes a remembered answer along')).toBeVisible();
  await settled(page);
  expect(model.questions().at(-1)?.raw).toContain('whose SQL a person has confirmed');
  await page.getByRole('button', { name: 'Remembered answers' }).last().click();
  const drawer = page.getByRole('dialog', { name: 'Remembered answers' });
  await expect(drawer.getByRole('listitem')).toHaveCount(1);
  await picture(page, 'ask-remembered');
  await drawer.getByRole('button', { name: 'Forget', exact: true }).click();
  await expect(drawer.getByText('Nothing yet.')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('notes go along with a question, and Claude’s change of them is written by a yes alone', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  await page.getByRole('button', { name: 'Notes for Claude' }).last().click();
  const drawer = page.getByRole('dialog', { name: 'Notes for Claude' });
  await drawer.getByRole('textbox', { name: 'Notes' }).fill('# Demo shop\n- revenue is without cancelled and returned orders\n');
  await picture(page, 'ask-notes');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toHaveCount(0);
  await ask(page, 'Please take a note: customers at example.test are tests');
  const card = page.getByRole('region', { name: 'Proposed notes' });
  await expect(card).toContainText('test customers have an address at example.test');
  expect(model.questions().at(-1)?.raw).toContain('revenue is without cancelled and returned orders');
  await picture(page, 'ask-notes-proposal');
  await card.getByRole('button', { name: 'Accept' }).click();
  await expect(card).toContainText('accepted');
  await ask(page, 'Which categories sell best?');
  await settled(page);
  expect(model.questions().at(-1)?.raw).toContain('test customers have an address at example.test');
});

test('another address is tried, and the settings say what its model can do', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('button', { name: 'Models' }).or(page.getByRole('tab', { name: 'Models' })).or(page.getByRole('link', { name: 'Models' })).first().click();
  const abilities = page.getByRole('status', { name: 'What this model can do' });
  await expect(abilities).toContainText('Nobody has tried yet');
  await abilities.getByRole('button', { name: 'Try it' }).click();
  await expect(abilities).toContainText('it does all that is needed');
  await picture(page, 'settings-endpoint');
  await page.keyboard.press('ControlOrMeta+w');
  await expect(abilities).toHaveCount(0);
});

test('conversations are there after a crash', async () => {
  await program.kill();
  program = await startProgram({ home: home.home });
  const { page } = program;
  await demoIsReady(page);
  await expect(page.getByText('Which categories sell best?').first()).toBeVisible();
  await expect(page.getByText('five best categories').first()).toBeVisible();
});

test('without a key a plain sentence says what to do, and the question is kept', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  await expect(page.getByLabel('API key').filter({ visible: true })).toBeVisible();
  await picture(page, 'ask-without-key');
});
