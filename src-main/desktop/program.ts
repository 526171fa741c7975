import { powerMonitor } from 'electron';
import { createApp, type AppServices } from '../app';
import { ChosenPaths } from '../ipc/chosenPaths';
import { Dispatcher } from '../ipc/dispatcher';
import { bindEvents } from '../ipc/events';
import { featureHandlers } from '../ipc/handlers';
import type { EarlyDemo } from '../demo/early';
import type { ProgramPaths } from '../paths';
import { followAppearance } from './appearance';
import { applicationHandlers } from './applicationHandlers';
import { fileDesktop } from './fileDialogs';
import { hearDroppedFiles, tellWindows } from './ipcHost';

export interface Program {
  readonly services: AppServices;
  readonly dispatcher: Dispatcher;
}

/** Builds the services and what answers the window's requests; takes the demo over. Rejects with what keeps the program from running. */
export async function startProgram(paths: ProgramPaths, early: EarlyDemo): Promise<Program> {
  const services = createApp({ paths, environment: process.env, program: 'the AI-Shell window', cwd: process.cwd(), early });
  const { log } = services;
  // Without these, Electron shows a stack in a dialog; one failed request is no reason to lose the others' transactions.
  process.on('uncaughtException', (error) => log.error('uncaught exception', { error }));
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
  // How it went is in the demo's status, which the window shows.
  const demo = services.demo.ensure(new AbortController().signal).catch((error: unknown) => log.warn('the demo cannot be used', { error }));
  // The grammar is read before the first statement asks for it, but not while PostgreSQL's own start needs the processor.
  void demo.then(() => services.guard.parse('')).catch((error: unknown) => log.error('the grammar cannot be loaded', { error }));
  const chosenPaths = new ChosenPaths();
  hearDroppedFiles((path) => chosenPaths.add(path));
  const handlers = {
    ...featureHandlers(services, chosenPaths, fileDesktop),
    application: applicationHandlers({ workspace: paths.workspace, logFile: paths.logFile, chosenPaths, settingsFile: (await services.settings.current()).file, storeSetAside: services.store.setAside }),
  };
  const dispatcher = new Dispatcher(handlers, {
    redact: (text) => services.secrets.redact(text),
    onError: (error, request) => log.error('request failed', { ...request, error: error.cause ?? error }),
  });
  bindEvents(services, tellWindows);
  // Lines that died while the machine slept are found now, not when somebody's statement is on its way.
  powerMonitor.on('resume', () => void services.connections.checkAll().catch((error: unknown) => log.warn('connections could not be checked after sleep', { error })));
  await followAppearance(services.settings);
  return { services, dispatcher };
}
