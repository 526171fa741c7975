import { expect, type Page } from '@playwright/test';
import { cpSync, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startProgram, temporaryHome } from './program';

/** Kept for the whole run of Playwright; the first journey that wants it builds it. */
const template = path.join(os.tmpdir(), `ai-shell-e2e-template-${process.ppid}`);

/** Waits until the demo shop can be queried. */
export async function demoIsReady(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(async () => ((await window.aiShell.request('demo', 'status', undefined).reply) as { value?: { state: string } }).value?.state), { timeout: 120_000 })
    .toBe('ready');
}

/** A home folder in which the demo shop is already built, as on a person's second start. */
export async function homeWithDemo(): Promise<{ home: string; remove(): void }> {
  if (!existsSync(template)) {
    const program = await startProgram({ home: template });
    await demoIsReady(program.page);
    await program.close();
  }
  const { home, remove } = temporaryHome();
  cpSync(path.join(template, 'state', 'demo'), path.join(home, 'state', 'demo'), { recursive: true });
  return { home, remove };
}
