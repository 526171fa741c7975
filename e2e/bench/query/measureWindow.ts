import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestDatabase } from '../../servers/postgresql';
import { median, type Figure } from '../figure';

const goals = { megabytes: 50, ratio: 1.3 };
const size = { width: 1280, height: 800 };
const emptyPage = 'an empty scrolling page in a window of the same size';
/** How long one side scrolls. */
const scrollMs = 3000;

/** The rival: a page with nothing on it that is as high as a browser lets it be. */
const emptyProgram = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: ${size.width}, height: ${size.height}, useContentSize: true }).loadURL('data:text/html,<body style="margin:0"><div style="height:12000000px"></div>'));
app.on('window-all-closed', () => app.quit());
`;

/**
 * Figures of the grid in the real program: `renderer_mb_10m` (the renderer's private memory, or its JavaScript heap where that grew
 * more, after scrolling through 10,000,000 rows, above the same with an empty result) and `scroll_ratio` (the 95th percentile of the
 * time between two frames while the wheel turns over those rows, against an empty page, one after the other in turns).
 */
async function measure({ database, quick }: { database: TestDatabase; quick: boolean }): Promise<Figure[]> {
  const rows = quick ? 400_000 : 10_000_000;
  const work = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-bench-window-'));
  const empty = path.join(work, 'empty');
  mkdirSync(empty);
  writeFileSync(path.join(empty, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.js' }));
  writeFileSync(path.join(empty, 'main.js'), emptyProgram);
  const ours = await launch(process.cwd(), path.join(work, 'home'));
  const rival = await launch(empty, empty);
  try {
    const page = await connected(ours, database);
    const bare = await rival.firstWindow();
    const memory = await memoryAbove(ours, page, rows, quick ? 1 : 3);
    const runs = quick ? 3 : 7;
    const ratios: number[] = [];
    for (let run = 0; run < runs; run += 1) ratios.push((await frameTime(page, page.getByRole('grid'))) / (await frameTime(bare, bare.locator('div'))));
    const ratio = median(ratios);
    return [
      { area: 'query', figure: 'renderer_mb_10m', value: median(memory), unit: 'MB', rival: quick ? `an empty result (a sample of ${rows} rows)` : 'an empty result', goal: `<=${goals.megabytes}`, ok: median(memory) <= goals.megabytes, runs: memory.length },
      { area: 'query', figure: 'scroll_ratio', value: ratio, unit: 'x', rival: emptyPage, goal: `<=${goals.ratio}`, ok: ratio <= goals.ratio, runs },
    ];
  } finally {
    await ours.close();
    await rival.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The same; what could not be measured is said so, and costs no other figure of the area. */
export async function measureWindow(options: { database: TestDatabase; quick: boolean }): Promise<Figure[]> {
  try {
    return await measure(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const unmeasured = { area: 'query', value: null, rival: null, ok: false, runs: 0, reason };
    return [
      { ...unmeasured, figure: 'renderer_mb_10m', unit: 'MB', goal: `<=${goals.megabytes}` },
      { ...unmeasured, figure: 'scroll_ratio', unit: 'x', goal: `<=${goals.ratio}` },
    ];
  }
}

async function launch(target: string, home: string): Promise<ElectronApplication> {
  const executablePath = process.env.AI_SHELL_TEST_ELECTRON;
  if (!executablePath) throw new Error('AI_SHELL_TEST_ELECTRON names no Electron: run this through npm run bench');
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return _electron.launch({ executablePath, args: [...sandbox, target], env: { ...(process.env as Record<string, string>), AI_SHELL_HOME: home } });
}

/** The program's page with a query tab on the test server. */
async function connected(app: ElectronApplication, database: TestDatabase): Promise<Page> {
  const page = await app.firstWindow();
  await page.getByRole('tab').first().waitFor({ timeout: 60_000 });
  await app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height), size);
  const { host, port, user, database: name } = database.target;
  await page.keyboard.press('ControlOrMeta+Shift+n');
  const form = page.getByRole('dialog', { name: 'New connection' });
  const fields = { Name: 'bench', Host: host, Port: String(port), User: user, 'New password': database.password };
  for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value);
  await form.getByLabel('Database', { exact: true }).fill(name);
  await form.getByRole('button', { name: 'Save' }).click();
  const place = page.getByRole('dialog', { name: 'A place for secrets' });
  await place.getByLabel(/memory|this run/i).first().check();
  await place.locator('button[type=submit]').click();
  await page.getByRole('button', { name: /bench/ }).first().click();
  await page.keyboard.press('ControlOrMeta+t');
  await page.locator('.cm-content:visible').waitFor();
  return page;
}

/** Runs a statement that gives so many rows, and waits until the last one is stored. */
async function show(page: Page, rows: number): Promise<void> {
  const text = `select n as id, n % 97 as part, md5(n::text) as token, n / 7.0 as share, now() as at from generate_series(1, ${rows}) n`;
  await page.locator('.cm-content:visible').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  await page.locator(`[role="grid"][aria-busy="false"][aria-rowcount="${rows + 1}"]:visible`).waitFor({ timeout: 300_000 });
}

/** Looks at places all over the result, as a person does who drags the scroll bar. */
async function scrollThrough(page: Page): Promise<void> {
  const grid = page.locator('[role="grid"]:visible');
  for (let place = 0; place <= 200; place += 1) {
    await grid.evaluate((element, share) => {
      element.scrollTop = share * (element.scrollHeight - element.clientHeight);
      return new Promise((resolve) => requestAnimationFrame(resolve));
    }, place / 200);
  }
  await page.waitForFunction(() => !document.querySelector('[role="row"][aria-busy="true"]'));
}

interface Memory {
  readonly heap: number;
  readonly own: number;
}

/** Megabytes of the page's JavaScript, and of its process alone, after the garbage is gone. */
async function memoryOf(app: ElectronApplication, page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);
  return { heap: usedSize / 2 ** 20, own: privateMegabytes(pid) };
}

/** What no other process shares. Source: proc(5), smaps_rollup. */
function privateMegabytes(pid: number): number {
  const kilobytes = [...readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map((match) => Number(match[1]));
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

async function memoryAbove(app: ElectronApplication, page: Page, rows: number, runs: number): Promise<number[]> {
  // The first of each side loads code that later ones have.
  await show(page, 1000);
  await scrollThrough(page);
  const above: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await show(page, 0);
    const before = await memoryOf(app, page);
    await show(page, rows);
    await scrollThrough(page);
    const after = await memoryOf(app, page);
    above.push(Math.max(after.heap - before.heap, after.own - before.own));
  }
  return above;
}

/** Turns the wheel over an element and gives the 95th percentile of the milliseconds between two frames meanwhile. */
async function frameTime(page: Page, over: ReturnType<Page['locator']>): Promise<number> {
  await page.bringToFront();
  const box = await over.locator('visible=true').first().boundingBox();
  if (!box) throw new Error('There is nothing to scroll.');
  await page.mouse.move(box.x + Math.min(box.width, size.width) / 2, box.y + Math.min(box.height, 300) / 2);
  await page.evaluate(() => {
    const frames: number[] = [];
    const record = (time: number): void => {
      frames.push(time);
      (window as { benchFrame?: number }).benchFrame = requestAnimationFrame(record);
    };
    Object.assign(window, { benchFrames: frames, benchFrame: requestAnimationFrame(record) });
  });
  const end = performance.now() + scrollMs;
  while (performance.now() < end) await page.mouse.wheel(0, 130);
  const frames = await page.evaluate(() => {
    const bench = window as { benchFrame?: number; benchFrames?: number[] };
    cancelAnimationFrame(bench.benchFrame ?? 0);
    return bench.benchFrames ?? [];
  });
  const gaps = frames.slice(1).map((time, index) => time - (frames[index] ?? 0)).sort((a, b) => a - b);
  if (gaps.length < 20) throw new Error(`Only ${gaps.length} frames were drawn while scrolling.`);
  return gaps[Math.floor(gaps.length * 0.95)] ?? Number.NaN;
}
