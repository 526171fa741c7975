import { expect, test } from '@playwright/test';
import { demoIsReady } from './demoHome';
import { startProgram, temporaryHome } from './program';
import { cell, newQuery, picture, run } from './workbench';

test('a newcomer sees the demo being built, and then runs a query on it', async () => {
  const { home, remove } = temporaryHome();
  const program = await startProgram({ home });
  try {
    const { page } = program;
    await expect(page.getByRole('heading', { name: 'Ask, check, run, see' })).toBeVisible();
    await expect(page.getByText(/Building the demo shop: \d+ %/).first()).toBeVisible();
    await picture(page, 'first-start');
    await demoIsReady(page);
    await expect(page.getByRole('treeitem', { name: /^shop/ })).toBeVisible();
    await picture(page, 'demo-ready');
    await newQuery(page);
    await run(page, "select count(*) > 1000 as enough, 'grüß 😀' as text from shop.orders");
    await expect(cell(page, 'grüß 😀')).toBeVisible();
    await picture(page, 'first-query');
  } finally {
    await program.close();
    remove();
  }
});
