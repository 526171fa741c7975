import { BrowserWindow, dialog, shell } from 'electron';
import type { FileDialogs } from '../files/handlers';
import type { Trash } from '../savedQueries/handlers';

const filters = [
  { name: 'SQL', extensions: ['sql', 'pgsql', 'psql', 'ddl', 'txt'] },
  { name: 'All files', extensions: ['*'] },
];
const parent = (): BrowserWindow | undefined => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];

/** The system's own dialogs for SQL files, and its trash. */
export const fileDesktop: FileDialogs & Trash = {
  async chooseOpen() {
    const options = { title: 'Open SQL files', properties: ['openFile' as const, 'multiSelections' as const], filters };
    const window = parent();
    const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    return answer.canceled ? [] : answer.filePaths;
  },
  async chooseSave(defaultName) {
    const options = { title: 'Save SQL', defaultPath: defaultName, filters };
    const window = parent();
    const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
    return answer.canceled ? null : answer.filePath;
  },
  trash: (file) => shell.trashItem(file),
};
