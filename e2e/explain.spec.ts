import { expect, test } from '@playwright/test';
import { demoIsReady, homeWithDemo } from './demoHome';
import { startProgram, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { picture, newQuery, write } from './workbench';

test.describe.configure({ mode: 'serial' });

let model: ModelServer;
let program: Program;
let home: { home: string; remove(): void };

const sql = `SELECT c.tier, count(*) AS orders, sum(o.total) AS revenue
FROM shop.orders o
JOIN shop.customers c ON c.id = o.customer_id
WHERE o.status = 'delivered' AND c.tier NOT IN (SELECT tier FROM shop.customers WHERE id < 3)
GROUP BY c.tier
HAVING sum(o.total) > 1000
ORDER BY revenue DESC
LIMIT 10`;

test.beforeAll(async () => {
  home = await homeWithDemo();
  const query = { name: 'show_sql', input: { sql: 'SELECT id FROM shop.orders ORDER BY id LIMIT 5', title: 'Five orders' } };
  // A question of the chat brings tools; the explanation brings none.
  model = await startModelServer(({ body }) => {
    if (body.tools === undefined || body.tools.length === 0) return { text: '**It ranks tiers** by what was delivered.' };
    return JSON.stringify(body.messages).includes('tool_result') ? { text: 'Here are five orders.' } : { tools: [query] };
  });
  program = await startProgram({ home: home.home, environment: { ANTHROPIC_API_KEY: 'sk-ant-e2e-0123456789', ANTHROPIC_BASE_URL: model.url } });
  await demoIsReady(program.page);
});
test.afterAll(async () => {
  await program.close();
  await model.close();
  home.remove();
});

test('a statement is explained beside the editor, and each step marks its text there', async () => {
  const { page } = program;
  await newQuery(page);
  await write(page, sql);
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const pane = page.getByRole('region', { name: 'Explanation', exact: true });
  await expect(pane).toContainText('Explanation of SELECT');
  await expect(pane).toContainText('Joins shop.customers (called c) where c.id equals o.customer_id');
  await expect(pane).toContainText('The planner expects about');
  const step = pane.getByRole('button', { name: /Keeps only rows where o.status equals/ });
  await step.hover();
  await expect(page.locator('.cm-spanMark')).toHaveText(["o.status = 'delivered'"]);
  await picture(page, 'explain-light');
  await pane.getByText('Explanation of SELECT').hover();
  await expect(page.locator('.cm-spanMark')).toHaveCount(0);
  await pane.getByRole('button', { name: /Sorts the rows/ }).focus();
  await expect(page.locator('.cm-spanMark')).toHaveText(['ORDER BY revenue DESC']);
});

test('Claude tells more, and all of it is copied as Markdown', async () => {
  const { page, electron } = program;
  const pane = page.getByRole('region', { name: 'Explanation', exact: true });
  await pane.getByRole('button', { name: 'Explain in more depth with Claude' }).click();
  await expect(pane).toContainText('It ranks tiers by what was delivered.');
  await expect(pane).toContainText('Told by claude-opus-5-5 and not checked');
  const sent = model.questions().at(-1)?.raw ?? '';
  expect(sent).toContain('JOIN shop.customers c');
  expect(sent).toContain('primary key');
  await pane.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect.poll(() => electron.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/```sql[\s\S]*## Step by step[\s\S]*## In more depth\n\n\*\*It ranks/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Explain in more depth' }).or(pane.getByRole('button', { name: 'Ask Claude again' })).first().scrollIntoViewIfNeeded();
  await picture(page, 'explain-depth');
});

test('what does not parse is told, and the pane closes', async () => {
  const { page } = program;
  await write(page, 'SELECT frm WHERE FROM');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  const pane = page.getByRole('region', { name: 'Explanation', exact: true });
  await expect(pane.getByRole('alert')).toContainText('does not parse');
  await picture(page, 'explain-failed');
  await pane.getByRole('button', { name: 'Close the explanation' }).click();
  await expect(pane).toHaveCount(0);
});

test('a query of Claude is explained beside the chat, with its text above', async () => {
  const { page } = program;
  await page.keyboard.press('ControlOrMeta+l');
  const box = page.getByRole('textbox', { name: 'Question' });
  await box.fill('Show five orders');
  await box.press('Enter');
  const card = page.locator('section[aria-label="Query: Five orders"]');
  await expect(page.getByLabel('Answer').last()).toContainText('Here are five orders.');
  await card.getByRole('button', { name: 'Explain', exact: true }).click();
  const pane = page.getByRole('region', { name: 'Explanation', exact: true });
  await pane.getByRole('button', { name: /Returns at most 5 rows/ }).focus();
  await expect(pane.locator('mark')).toHaveText('LIMIT 5');
  await picture(page, 'explain-chat');
});
