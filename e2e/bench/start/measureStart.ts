import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median, type Figure } from '../figure';

const goalRatio = 2.5;
const emptyWindow = 'an empty Electron window in the same run';

/** The rival: what any Electron program must at least do, a window whose page says that it has loaded. */
const emptyProgram = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<textarea id="e"></textarea>'));
app.on('window-all-closed', () => app.quit());
`;

/**
 * Start figures of the real program with its demo already built: `usable_ratio` (from the start of the process until the editor takes
 * keys and the demo has answered a query, against the time until an empty window's text field takes keys, both started the same way),
 * `usable_ms`, and `rss_mb` (all processes of the program, five seconds after it is usable).
 *
 * On both sides a person clicks into the text and types one key. The editor's tab comes back from the run before with an unfinished
 * `select 1…`; the key is its next digit, so that the row that is waited for can only be the demo's answer to this key in this start.
 * The other side is done when its field holds the key.
 */
export async function measureStart(options: { quick: boolean }): Promise<Figure[]> {
  const work = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-bench-start-'));
  try {
    const empty = path.join(work, 'empty');
    mkdirSync(empty);
    writeFileSync(path.join(empty, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.js' }));
    writeFileSync(path.join(empty, 'main.js'), emptyProgram);
    const home = path.join(work, 'home');
    // The first start builds the demo, which happens once in the program's life.
    await timeOurs(home, 0);
    const ours: number[] = [];
    const rival: number[] = [];
    const memory: number[] = [];
    const runs = options.quick ? 3 : 7;
    for (let run = 0; run < runs; run += 1) {
      const start = await timeOurs(home, run + 1, run === runs - 1);
      ours.push(start.milliseconds);
      if (start.megabytes !== null) memory.push(start.megabytes);
      rival.push(await timeEmpty(empty));
    }
    const ratio = median(ours.map((milliseconds, index) => milliseconds / (rival[index] ?? Number.NaN)));
    return [
      { area: 'start', figure: 'usable_ratio', value: ratio, unit: 'x', rival: emptyWindow, goal: `<=${goalRatio}`, ok: ratio <= goalRatio, runs },
      { area: 'start', figure: 'usable_ms', value: median(ours), unit: 'ms', rival: null, goal: null, ok: true, runs },
      { area: 'start', figure: 'rss_mb', value: median(memory), unit: 'MB', rival: null, goal: null, ok: true, runs: memory.length },
    ];
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function launch(target: string, home: string): Promise<ElectronApplication> {
  const executablePath = process.env.AI_SHELL_TEST_ELECTRON;
  if (!executablePath) throw new Error('AI_SHELL_TEST_ELECTRON names no Electron: run this through npm run bench');
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return _electron.launch({ executablePath, args: [...sandbox, target], env: { ...(process.env as Record<string, string>), AI_SHELL_HOME: home } });
}

const digit = '2';

/** Adds a digit to the number in the editor of the demo's query tab, runs it and waits for the row; the first run writes the statement. */
async function useEditor(page: Page, run: number): Promise<void> {
  await page.locator('.cm-content').click({ timeout: 60_000 });
  await page.keyboard.type(run === 0 ? 'select 1' : digit);
  await page.keyboard.press('ControlOrMeta+Enter');
  const row = new RegExp(`^1${digit.repeat(run)}$`);
  await page.locator('[role="gridcell"]').filter({ hasText: row }).waitFor({ timeout: 60_000 });
}

/** `run` counts the starts of this home from 0. */
async function timeOurs(home: string, run: number, withMemory = false): Promise<{ milliseconds: number; megabytes: number | null }> {
  const started = performance.now();
  const app = await launch(process.cwd(), home);
  try {
    const page = await app.firstWindow();
    if (run === 0) await openQueryTab(page);
    await useEditor(page, run);
    const milliseconds = performance.now() - started;
    if (!withMemory) return { milliseconds, megabytes: null };
    await new Promise((resolve) => setTimeout(resolve, 5000));
    return { milliseconds, megabytes: residentMegabytes(app.process().pid ?? 0) };
  } finally {
    await app.close();
  }
}

/** On the first start there is no query tab yet; later starts bring it back. */
async function openQueryTab(page: Page): Promise<void> {
  await page.getByRole('tab').first().waitFor({ timeout: 60_000 });
  await page.keyboard.press('ControlOrMeta+T');
  await page.locator('.cm-content').waitFor({ timeout: 60_000 });
}

async function timeEmpty(folder: string): Promise<number> {
  const started = performance.now();
  const app = await launch(folder, folder);
  try {
    const page = await app.firstWindow();
    const field = page.locator('#e');
    await field.click();
    await page.keyboard.type(digit);
    await page.waitForFunction((key) => document.querySelector<HTMLTextAreaElement>('#e')?.value === key, digit);
    return performance.now() - started;
  } finally {
    await app.close();
  }
}

/** Resident memory of a process and all below it. Pages that they share are counted for each. */
function residentMegabytes(pid: number): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let grew = true; grew; ) {
    const before = family.size;
    for (const [child = 0, parent = 0] of rows) if (family.has(parent)) family.add(child);
    grew = family.size > before;
  }
  return rows.reduce((sum, [id = 0, , kilobytes = 0]) => (family.has(id) ? sum + kilobytes : sum), 0) / 1024;
}
