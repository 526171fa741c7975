import { app, BrowserWindow, clipboard, dialog, shell } from 'electron';
import type { applicationContract } from '../../src-preload/contract/application';
import type { Handlers } from '../../src-preload/contract/core';
import type { ChosenPaths } from '../ipc/chosenPaths';
import { AppError } from '../errors';
import { checkedExternalUrl } from './urls';

export interface ApplicationOptions {
  readonly workspace: string;
  readonly logFile: string;
  readonly chosenPaths: ChosenPaths;
  readonly settingsFile: string;
  readonly storeSetAside: string | null;
}

/** What only the desktop can do: dialogs, the clipboard, the theme of the window's own frame. */
export function applicationHandlers(options: ApplicationOptions): Handlers<typeof applicationContract> {
  const parent = (): BrowserWindow | undefined => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const chosen = async <T>(show: (window: BrowserWindow | undefined) => Promise<T>): Promise<T> => show(parent());
  return {
    info: () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      workspace: options.workspace,
      logFile: options.logFile,
      storeSetAside: options.storeSetAside,
    }),
    openSettingsFile: async () => {
      const failure = await shell.openPath(options.settingsFile);
      if (failure !== '') throw new AppError('disk', `${options.settingsFile} could not be opened: ${failure}`, { hint: 'Open it in an editor of your own.' });
    },
    // The one door to the system's browser.
    openExternal: async ({ url }) => shell.openExternal(checkedExternalUrl(url)),
    chooseSavePath: async ({ title, defaultName, extension }) => {
      const dialogOptions = { title, defaultPath: defaultName, filters: [{ name: extension.toUpperCase(), extensions: [extension] }] };
      const answer = await chosen((window) => (window ? dialog.showSaveDialog(window, dialogOptions) : dialog.showSaveDialog(dialogOptions)));
      if (answer.canceled) return { path: null };
      options.chosenPaths.add(answer.filePath);
      return { path: answer.filePath };
    },
    chooseFile: async ({ title, extensions }) => {
      const dialogOptions = { title, properties: ['openFile' as const], filters: [{ name: 'Files', extensions: extensions.length > 0 ? extensions : ['*'] }] };
      const answer = await chosen((window) => (window ? dialog.showOpenDialog(window, dialogOptions) : dialog.showOpenDialog(dialogOptions)));
      const path = answer.filePaths[0] ?? null;
      if (path !== null) options.chosenPaths.add(path);
      return { path };
    },
    chooseFolder: async ({ title }) => {
      const dialogOptions = { title, properties: ['openDirectory' as const, 'createDirectory' as const] };
      const answer = await chosen((window) => (window ? dialog.showOpenDialog(window, dialogOptions) : dialog.showOpenDialog(dialogOptions)));
      const path = answer.filePaths[0] ?? null;
      if (path !== null) options.chosenPaths.add(path);
      return { path };
    },
    showItemInFolder: async ({ path }) => shell.showItemInFolder([options.workspace, options.logFile, options.settingsFile, options.storeSetAside].includes(path) ? path : options.chosenPaths.check(path)),
    copyText: async ({ text }) => clipboard.writeText(text),
  };
}
