import { app, nativeTheme, webContents, type WebContents } from 'electron';
import type { SettingsState } from '../../src-preload/contract/settings';
import type { SettingsService } from '../settings/service';

/** Lets the windows' own frames and their size follow the settings, from now on; the first are set when it resolves. */
export async function followAppearance(settings: SettingsService): Promise<void> {
  let { zoom, theme } = (await settings.current()).settings.appearance;
  const size = (contents: WebContents): void => {
    // A developer's tools keep their own.
    if (contents.getType() === 'window') contents.setZoomFactor(zoom / 100);
  };
  const apply = (): void => {
    nativeTheme.themeSource = theme;
    webContents.getAllWebContents().forEach(size);
  };
  apply();
  app.on('web-contents-created', (_event, contents) => contents.on('dom-ready', () => size(contents)));
  // The window of the start may be loading yet.
  webContents.getAllWebContents().forEach((contents) => contents.on('dom-ready', () => size(contents)));
  settings.onChange((state: SettingsState) => {
    ({ zoom, theme } = state.settings.appearance);
    apply();
  });
}
