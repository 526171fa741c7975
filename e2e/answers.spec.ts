import { expect, test, type Page } from '@playwright/test';
import { demoIsReady, homeWithDemo } from './demoHome';
import { startProgram, type Program } from './program';
import { startModelServer, type ModelServer } from './servers/model';
import { shopScript } from './servers/model/shopScript';
import { picture } from './workbench';

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
