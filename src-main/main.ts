import { app, BrowserWindow, dialog } from 'electron';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { askBeforeClose } from './desktop/askBeforeClose';
import { bindIpc, tellWindows } from './desktop/ipcHost';
import { setMenu } from './desktop/menu';
import type { Program } from './desktop/program';
import { denyPermissions, registerScheme, serveRenderer } from './desktop/protocol';
import { openWindow } from './desktop/window';
import { programPaths } from './paths';

registerScheme();
// PostgreSQL's start runs a little of everything in its WebAssembly. V8's own budget (13 million) hands all of that to the optimizing
// compiler, which costs two seconds of both cores while the window starts; what stays hot is still optimized, a second of hot code
// later, and on one core at a time.
setFlagsFromString('--wasm-num-compilation-tasks=1');
// And its 9 MB are checked function by function when they are first called, not all before the first.
setFlagsFromString('--wasm-lazy-validation');
setFlagsFromString('--wasm-tiering-budget=2000000000');
// Chromium has no sandbox for root, who says so on the command line; every window asks for its renderer's sandbox by itself.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

/** The services are built at the latest this many milliseconds after the window was opened, whatever became of its page. */
const SERVICES_AT_LATEST_MS = 2000;

/**
 * Opens the window while the services are built beside it: what the window asks meanwhile waits for them. The order is that of the
 * start's longest path: the page's process starts by itself, and then needs this one for its preload script and its files; only when
 * it has them and evaluates them is there time for the services, which are most of the program's code. PostgreSQL has its own thread.
 */
async function start(): Promise<void> {
  const paths = programPaths({ cwd: process.cwd(), environment: process.env });
  app.setPath('userData', path.join(paths.state, 'electron'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  await app.whenReady();
  denyPermissions();
  const pageServed = serveRenderer(path.join(import.meta.dirname, '../renderer'));
  const open = (): BrowserWindow => openWindow((details) => void program.then(({ services }) => services.log.error('the window crashed', { ...details })));
  const first = open();
  const early = import('./demo/early').then(({ openDemoEarly }) => openDemoEarly(paths.demo, 'the AI-Shell window'));
  const program = Promise.race([pageServed, delay(SERVICES_AT_LATEST_MS)])
    .then(() => Promise.all([import('./desktop/program'), early]))
    .then(([{ startProgram }, demo]) => startProgram(paths, demo));
  program.catch(cannotStart);
  askBeforeClose(first, program);
  bindIpc(program.then(({ dispatcher }) => dispatcher));
  setMenu((id) => tellWindows('application', 'command', { id }));

  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) askBeforeClose(open(), program);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  closeBeforeQuit(program);
}

/** What was begun is ended in order before the process goes. */
function closeBeforeQuit(program: Promise<Program>): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void program
      .then(({ services }) => services.close())
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
}

function cannotStart(error: unknown): void {
  const hint = error !== null && typeof error === 'object' && 'data' in error ? (error.data as { hint?: string }).hint : undefined;
  const message = error instanceof Error ? error.message : String(error);
  console.error(error);
  dialog.showErrorBox('AI-Shell Desktop cannot start', [message, hint].filter(Boolean).join('\n\n'));
  app.exit(1);
}

start().catch(cannotStart);
