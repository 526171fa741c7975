import { BrowserWindow, nativeTheme, screen } from 'electron';
import path from 'node:path';
import { appOrigin } from './urls';

/** Opens the workbench's window. It is shown when its first frame is painted, so that nobody sees a white flash. */
export function openWindow(): BrowserWindow {
  const { width, height } = screen.getPrimaryDisplay().workAreaSize;
  const window = new BrowserWindow({
    width: Math.min(1440, width),
    height: Math.min(900, height),
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'AI-Shell Desktop',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    icon: path.join(import.meta.dirname, '../../assets/icon.png'),
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/bridge.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${appOrigin}/`);
  return window;
}
