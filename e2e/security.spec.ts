import { expect, test } from '@playwright/test';
import path from 'node:path';
import { checkout, startProgram, temporaryHome, type Program } from './program';

let program: Program;
const { home, remove } = temporaryHome();

test.beforeAll(async () => {
  program = await startProgram({ home });
  await program.page.waitForLoadState('domcontentloaded');
});
test.afterAll(async () => {
  await program.close();
  remove();
});

test('the page has no Node and no Electron', async () => {
  const globals = await program.page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in globalThis));
  expect(globals).toEqual([]);
  const preferences = await program.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
});

test('the bridge has four functions and cannot be changed', async () => {
  const surface = await program.page.evaluate(() => Object.keys(window.aiShell).sort());
  expect(surface).toEqual(['abort', 'droppedPath', 'on', 'request']);
  // A file that the page made itself has no path, and main is told nothing.
  expect(await program.page.evaluate(() => window.aiShell.droppedPath(new File(['x'], '/etc/passwd')))).toBe('');
  await program.page.evaluate(() => {
    try {
      (window as unknown as { aiShell: unknown }).aiShell = null;
    } catch {
      // A strict-mode page is told; either way nothing changes.
    }
  });
  expect(await program.page.evaluate(() => typeof window.aiShell.request)).toBe('function');
});

test('the content security policy forbids eval, inline scripts and the network', async () => {
  const outcome = await program.page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    // In a task of the page's own: what the debugger itself evaluates is exempt from the policy.
    const evaluated = await new Promise((resolve) => {
      setTimeout(() => {
        try {
          const evaluate = globalThis.eval;
          resolve(evaluate('true'));
        } catch (error) {
          resolve((error as Error).name);
        }
      });
    });
    const script = document.createElement('script');
    script.textContent = 'window.__inline = true';
    document.head.append(script);
    const fetched = await fetch('https://127.0.0.1:9/').then(
      () => true,
      () => false,
    );
    const image = new Image();
    image.src = 'https://127.0.0.1:9/leak.png?secret';
    await new Promise((resolve) => image.addEventListener('error', resolve, { once: true }));
    return { evaluated, inline: '__inline' in window, fetched, violations: [...new Set(violations)].sort() };
  });
  expect(outcome).toMatchObject({ evaluated: 'EvalError', inline: false, fetched: false });
  expect(outcome.violations).toEqual(expect.arrayContaining(['connect-src', 'img-src', 'script-src-elem']));
});

test('navigation and new windows are denied', async () => {
  const before = program.page.url();
  const opened = await program.page.evaluate(() => window.open('https://example.org/') !== null);
  expect(opened).toBe(false);
  await program.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
    link.remove();
  });
  expect(program.page.url()).toBe(before);
  expect(program.electron.windows()).toHaveLength(1);
});

test('the protocol serves the build folder only', async () => {
  const statuses = await program.electron.evaluate(async ({ net }) => {
    const urls = ['ai-shell://app/index.html', 'ai-shell://app/..%2f..%2fpackage.json', 'ai-shell://app/%2e%2e/%2e%2e/package.json', 'ai-shell://app//etc/passwd', 'ai-shell://other/index.html'];
    return Promise.all(urls.map(async (url) => (await net.fetch(url)).status));
  });
  expect(statuses).toEqual([200, 404, 404, 404, 404]);
});

test('a page that is not ours is not answered', async () => {
  const reply = await program.electron.evaluate(async ({ BrowserWindow }, preload) => {
    const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } });
    try {
      await foreign.loadURL('data:text/html,<p>foreign</p>');
      return (await foreign.webContents.executeJavaScript("window.aiShell.request('connections', 'list', undefined).reply")) as unknown;
    } finally {
      foreign.destroy();
    }
  }, path.join(checkout, 'out/preload/bridge.cjs'));
  expect(reply).toMatchObject({ ok: false, error: { code: 'refused' } });
});

test('bad input is a named error', async () => {
  const replies = await program.page.evaluate(async () => [
    await window.aiShell.request('documents', 'remove', { id: 7 }).reply,
    await window.aiShell.request('documents', 'nothing', {}).reply,
    await window.aiShell.request('__proto__', 'x', {}).reply,
    await window.aiShell.request('application', 'openExternal', { url: 'file:///etc/passwd' }).reply,
  ]);
  expect(replies.map((reply) => (reply.ok ? 'ok' : (reply.error as { code: string }).code))).toEqual(['bad_input', 'bad_input', 'bad_input', 'refused']);
});

test('permissions are denied', async () => {
  const permission = await program.page.evaluate(() => Notification.requestPermission());
  expect(permission).toBe('denied');
});
