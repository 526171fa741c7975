import { expect, type Locator, type Page } from '@playwright/test';
import path from 'node:path';
import { checkout } from './program';
import type { PostgresServer } from './servers/postgresql';

/** What a person does in the window, by the names that they see. */

const modifier = process.platform === 'darwin' ? 'Meta' : 'Control';

export const editor = (page: Page): Locator => page.locator('.cm-content:visible').first();
export const cell = (page: Page, name: string): Locator => page.getByRole('gridcell', { name, exact: true }).first();

/** Opens a new query tab and waits for its editor. */
export async function newQuery(page: Page): Promise<void> {
  await page.keyboard.press(`${modifier}+t`);
  await expect(editor(page)).toBeVisible();
}

/** Fills in the form for a server, saves it with its password for this run only, and opens it. */
export async function connectServer(page: Page, name: string, server: PostgresServer): Promise<void> {
  await page.keyboard.press(`${modifier}+Shift+n`);
  const form = page.getByRole('dialog', { name: 'New connection' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Host').fill(server.host);
  await form.getByLabel('Port').fill(String(server.port));
  await form.getByLabel('Database', { exact: true }).fill('postgres');
  await form.getByLabel('User').fill(server.user);
  await form.getByLabel('New password').fill(server.password);
  await form.getByRole('button', { name: 'Save' }).click();
  const place = page.getByRole('dialog', { name: 'A place for secrets' });
  await place.getByLabel('This run only').check();
  await place.locator('button[type=submit]').click();
  await page.getByRole('button', { name: new RegExp(name) }).first().click();
}

/** Replaces the editor's text as a paste does, so that no completion stands in the way. */
export async function write(page: Page, text: string): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press(`${modifier}+a`);
  await page.keyboard.insertText(text);
  // The editor takes such text in a moment later than a key.
  await expect(editor(page)).toContainText(text.split('\n').at(-1) ?? '');
}

/** Writes a text and runs all of it. */
export async function run(page: Page, text: string): Promise<void> {
  await write(page, text);
  await page.keyboard.press(`${modifier}+Shift+Enter`);
}

/** A picture for somebody to look at: `test-results/screens/NAME.png`. */
export async function picture(page: Page, name: string): Promise<void> {
  // What floats in or fades would make two pictures of the same screen differ.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== 'running' || animation.effect?.getComputedTiming().iterations === Infinity));
  await page.screenshot({ path: path.join(checkout, 'test-results', 'screens', `${name}.png`) });
}

/** Waits until a tab's text, with this part in it, is in the store: it is kept a moment after the last key. */
export async function textIsKept(page: Page, part: string): Promise<void> {
  const kept = (): Promise<boolean> =>
    page.evaluate(async (wanted) => {
      const reply = (await window.aiShell.request('documents', 'list', undefined).reply) as { value: { text: string }[] };
      return reply.value.some((saved) => saved.text.includes(wanted));
    }, part);
  await expect.poll(kept).toBe(true);
}
