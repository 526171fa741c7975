import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { startProgram, temporaryHome } from './program';
import { editor, newQuery, textIsKept, write } from './workbench';

test('a crashed window comes back with its text, and what nobody caught in main is logged', async () => {
  const { home, remove } = temporaryHome();
  const program = await startProgram({ home });
  try {
    await newQuery(program.page);
    await write(program.page, "select 'before the crash'");
    await expect(editor(program.page)).toContainText('before the crash');
    const logFile = await program.page.evaluate(async () => {
      const reply = await window.aiShell.request('application', 'info', undefined).reply;
      return (reply as unknown as { value: { logFile: string } }).value.logFile;
    });
    await textIsKept(program.page, 'before the crash');
    await program.electron.evaluate(({ BrowserWindow }) => {
      setTimeout(() => {
        throw new Error('nobody caught this');
      });
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return new Promise<void>((resolve) => {
        contents?.once('did-finish-load', () => resolve());
        contents?.forcefullyCrashRenderer();
      });
    });
    // Asked through main, since a page's handle does not outlive its process.
    const text = (): Promise<string> =>
      program.electron.evaluate(async ({ BrowserWindow }) => String(await BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText')));
    await expect.poll(text).toContain('before the crash');
    const log = readFileSync(logFile, 'utf8');
    expect(log).toContain('nobody caught this');
    expect(log).toContain('the window crashed');
  } finally {
    await program.kill();
    remove();
  }
});
