import { BrowserWindow, ipcMain, type WebContents, type WebFrameMain } from 'electron';
import { channel } from '../../src-preload/wire';
import type { Dispatcher } from '../ipc/dispatcher';
import { appOrigin } from './urls';

/** Only the top frame of our own page may ask; a frame or a page that got in anyhow is answered with nothing. */
function isOurs(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(`${appOrigin}/`);
}

const keyOf = (contents: WebContents): string => `window-${contents.id}`;

/**
 * The only place that touches Electron's IPC: every message's sender is checked before the dispatcher sees it. Requests that come
 * before the dispatcher is there wait for it.
 */
export function bindIpc(program: Promise<Dispatcher>): void {
  const known = new WeakSet<WebContents>();
  const remember = (contents: WebContents): void => {
    if (known.has(contents)) return;
    known.add(contents);
    const key = keyOf(contents);
    const gone = (): void => void program.then((dispatcher) => dispatcher.callerGone(key));
    contents.on('destroyed', gone);
    contents.on('render-process-gone', gone);
    contents.on('did-navigate', gone);
  };
  ipcMain.on(channel.request, (event, raw: unknown) => {
    const contents = event.sender;
    const send = (name: string, message: unknown): void => {
      if (!contents.isDestroyed()) contents.send(name, message);
    };
    const id = (raw as { id?: unknown } | null)?.id;
    if (!isOurs(event.senderFrame)) {
      send(channel.answer, { id, reply: { ok: false, error: { code: 'refused', message: 'This page may not talk to the program.' } } });
      return;
    }
    remember(contents);
    const caller = { key: keyOf(contents), part: (part: number, value: unknown) => send(channel.part, { id: part, part: value }) };
    void program.then((dispatcher) => dispatcher.request(raw, caller)).then((reply) => send(channel.answer, { id, reply }));
  });
  ipcMain.on(channel.abort, (event, id: unknown) => {
    if (!isOurs(event.senderFrame)) return;
    const key = keyOf(event.sender);
    void program.then((dispatcher) => dispatcher.abort(key, id));
  });
}

/** Hears of files that the person dropped on the window. */
export function hearDroppedFiles(listener: (path: string) => void): void {
  ipcMain.on(channel.dropped, (event, path: unknown) => {
    if (isOurs(event.senderFrame) && typeof path === 'string') listener(path);
  });
}

/** Tells every window an event of the contract. */
export function tellWindows(feature: string, member: string, payload: unknown): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed()) window.webContents.send(channel.told, { feature, member, payload });
  }
}
