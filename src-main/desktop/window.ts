import { app, BrowserWindow, dialog, nativeTheme, screen, type RenderProcessGoneDetails } from 'electron';
import path from 'node:path';
import { writeReadyFile } from './readyFile';
import { appOrigin } from './urls';

/** A window that crashes again within this many milliseconds is not brought back unasked, or it would crash for ever. */
const CRASHED_AGAIN = 20_000;

/**
 * Opens the workbench's window, at once and in the theme's own colour: a hidden window is sometimes never painted (seen on Linux), and would
 * then never be shown. When its process is gone, it is told and the page loaded anew, which brings tabs and unsaved text back.
 */
export function openWindow(onCrash: (details: RenderProcessGoneDetails) => void): BrowserWindow {
  const { width, height } = screen.getPrimaryDisplay().workAreaSize;
  const window = new BrowserWindow({
    width: Math.min(1440, width),
    height: Math.min(900, height),
    minWidth: 900,
    minHeight: 560,
    title: 'AI-Shell Desktop',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/bridge.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    // Reading the picture takes as long as a twentieth of the start, and nobody looks at the task bar yet.
    window.setIcon(path.join(import.meta.dirname, '../../assets/icon.png'));
    writeReadyFile().catch((error: unknown) => console.error(error));
  });
  const load = (): void => void window.loadURL(`${appOrigin}/`);
  let lastCrash = -Infinity;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    onCrash(details);
    const again = performance.now() - lastCrash < CRASHED_AGAIN;
    lastCrash = performance.now();
    if (again) void askAfterCrash(window, load);
    else load();
  });
  load();
  return window;
}

async function askAfterCrash(window: BrowserWindow, load: () => void): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window has crashed again.',
    detail: 'Tabs and their text are kept; statements that were running have been stopped. The log has the details.',
    buttons: ['Load it again', 'Quit'],
    defaultId: 0,
  });
  if (response === 0) load();
  else app.quit();
}
