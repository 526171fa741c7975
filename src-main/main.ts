import { app, BrowserWindow, nativeTheme } from 'electron';
import path from 'node:path';
import { createApp } from './app';
import { applicationHandlers } from './desktop/applicationHandlers';
import { bindIpc, tellWindows } from './desktop/ipcHost';
import { setMenu } from './desktop/menu';
import { denyPermissions, registerScheme, serveRenderer } from './desktop/protocol';
import { openWindow } from './desktop/window';
import { ChosenPaths } from './ipc/chosenPaths';
import { bindEvents } from './ipc/events';
import { Dispatcher } from './ipc/dispatcher';
import { featureHandlers } from './ipc/handlers';
import { programPaths } from './paths';

registerScheme();
// Chromium has no sandbox for root, who says so on the command line; every window asks for its renderer's sandbox by itself.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

/** Starts the window's program: services first, then IPC, then the window; closes them in reverse order. */
async function start(): Promise<void> {
  const paths = programPaths({ cwd: process.cwd(), environment: process.env });
  app.setPath('userData', path.join(paths.state, 'electron'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const services = createApp({ paths, environment: process.env, program: 'the AI-Shell window', cwd: process.cwd() });
  // Without these, Electron shows a stack in a dialog; one failed request is no reason to lose the others' transactions.
  process.on('uncaughtException', (error) => services.log.error('uncaught exception', { error }));
  process.on('unhandledRejection', (error) => services.log.error('unhandled rejection', { error }));
  await app.whenReady();
  nativeTheme.themeSource = (await services.settings.read()).theme;
  denyPermissions();
  serveRenderer(path.join(import.meta.dirname, '../renderer'));
  const chosenPaths = new ChosenPaths();
  const handlers = {
    ...featureHandlers(services, chosenPaths),
    application: applicationHandlers({ workspace: paths.workspace, logFile: paths.logFile, chosenPaths, settings: services.settings }),
  };
  bindIpc(
    new Dispatcher(handlers, {
      redact: (text) => services.secrets.redact(text),
      onError: (error, request) => services.log.error('request failed', { ...request, error: error.cause ?? error }),
    }),
  );
  bindEvents(services, tellWindows);
  setMenu((id) => tellWindows('application', 'command', { id }));
  const open = (): BrowserWindow => openWindow((details) => services.log.error('the window crashed', { ...details }));
  open();
  // How it went is in the demo's status, which the window shows.
  services.demo.ensure(new AbortController().signal).catch((error: unknown) => services.log.warn('the demo cannot be used', { error }));

  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void services.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}

start().catch((error: unknown) => {
  console.error(error);
  app.exit(1);
});
