import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startProgram, temporaryHome } from './program';
import { editor, newQuery, picture } from './workbench';

/** The settings by form and by file, and starts with a file that is nonsense. */

const fileOf = (home: string): string => path.join(home, 'config', 'workspace', 'settings.yaml');

function homeWith(text: string | Uint8Array): { home: string; remove(): void } {
  const made = temporaryHome();
  mkdirSync(path.dirname(fileOf(made.home)), { recursive: true });
  writeFileSync(fileOf(made.home), text);
  return made;
}

async function openSettings(page: Page, section?: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('textbox', { name: 'Search settings' })).toBeVisible();
  if (section) await page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('button', { name: section }).click();
}

async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect.soft(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html.slice(0, 120)).join('\n')}`)).toEqual([]);
}

test('a setting is changed, found, reset, recorded as keys, and edited as YAML', async () => {
  const home = temporaryHome();
  const { page, close } = await startProgram({ home: home.home });
  const file = (): string => readFileSync(fileOf(home.home), 'utf8');
  try {
    await openSettings(page);
    await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await expect.poll(file).toContain('theme: dark');
    await expect(page.getByRole('button', { name: 'Reset Theme' })).toBeVisible();
    await picture(page, 'settings-appearance-dark');
    await axe(page);
    await page.getByRole('button', { name: 'Reset Theme' }).click();
    await expect(page.getByRole('button', { name: 'Reset Theme' })).toHaveCount(0);

    await openSettings(page, 'Safety');
    await picture(page, 'settings-safety');
    await openSettings(page, 'Keys');
    const row = page.locator('[data-command="query.new"]');
    await row.getByRole('button', { name: 'Add keys to New query' }).click();
    await page.keyboard.press('F5');
    await expect(row).toContainText('F5 is also: Read the objects anew.');
    await picture(page, 'settings-keys');
    await axe(page);
    await row.getByRole('button', { name: 'Reset the keys of New query' }).click();
    await expect(row).not.toContainText('modified');
    await row.getByRole('button', { name: 'Add keys to New query' }).click();
    await page.keyboard.press('F9');
    await expect.poll(file).toContain('F9');
    await expect(row).toContainText('F9');
    // The file is written before the window hears of the new keys.
    await expect(async () => {
      await page.keyboard.press('F9');
      await expect(editor(page)).toBeFocused({ timeout: 2000 });
    }).toPass();

    await openSettings(page, 'As YAML');
    const yaml = page.getByRole('textbox', { name: 'Settings as YAML' });
    await expect(yaml).toContainText('F9');
    await yaml.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('# mine\neditor:\n  fontSize: 18\n  tabSize: 99\n');
    await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();
    await picture(page, 'settings-yaml');
    await page.keyboard.press('ControlOrMeta+s');
    await expect(page.getByText('editor.tabSize must be a whole number from 1 to 8; its default, 2, holds').first()).toBeVisible();
    expect(file()).toBe('# mine\neditor:\n  fontSize: 18\n  tabSize: 99\n');
    await picture(page, 'settings-problem');
    await axe(page);
    await page.getByRole('button', { name: 'Restore the default' }).click();
    await expect.poll(file).toBe('# mine\neditor:\n  fontSize: 18\n');

    // An edit outside holds at once.
    writeFileSync(fileOf(home.home), 'editor:\n  fontSize: 22\n  lineNumbers: false\n');
    await newQuery(page);
    await expect(editor(page)).toHaveCSS('font-size', '22px');
    await expect(page.locator('.cm-lineNumbers:visible')).toHaveCount(0);
  } finally {
    await close();
    home.remove();
  }
});

for (const [name, text] of [
  ['no YAML', 'appearance: {theme: dark\n\tzoom: ['],
  ['nonsense in every key', 'appearance: {theme: 5, zoom: x, motion: [], times: {}}\neditor: {fontSize: "no", tabSize: -1, wordWrap: 3}\nlimits: null\nsafety: {developmentAsks: nothing}\nkeys: {query.run: 7, tab.new: [a]}\nwhat: is this\n'],
  ['50 MB', Buffer.alloc(50 * 1024 * 1024, 'x: y\n')],
] as const) {
  test(`the start succeeds with a settings file that is ${name}`, async () => {
    const home = homeWith(text);
    const { page, close } = await startProgram({ home: home.home });
    try {
      await expect(page.getByRole('alert').filter({ hasText: /could not be used/ })).toBeVisible();
      await openSettings(page);
      await expect(page.getByText(/^Line \d+:/).first()).toBeVisible();
      await picture(page, `settings-poison-${name.replaceAll(' ', '-')}`);
      expect(readFileSync(fileOf(home.home)).equals(Buffer.from(text))).toBe(true);
    } finally {
      await close();
      home.remove();
    }
  });
}

test('killed in the middle of saving, the next start has one of the whole files', async () => {
  const home = temporaryHome();
  try {
    for (let round = 0; round < 3; round += 1) {
      const { page, kill } = await startProgram({ home: home.home });
      // Saves without end, so that the kill falls into one of them.
      await page.evaluate(() => {
        const save = (size: number): void => void window.aiShell.request('settings', 'change', [{ section: 'editor', key: 'fontSize', value: 10 + (size % 20) }]).reply.then(() => save(size + 1));
        save(0);
      });
      await expect.poll(() => existsSync(fileOf(home.home)) && readFileSync(fileOf(home.home), 'utf8')).toMatch(/^editor:\n {2}fontSize: \d+\n$/);
      await kill();
      expect(readFileSync(fileOf(home.home), 'utf8')).toMatch(/^editor:\n {2}fontSize: \d+\n$/);
    }
  } finally {
    home.remove();
  }
});
