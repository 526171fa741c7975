import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { create } from 'zustand';
import type { Settings } from '../../../src-preload/contract/application';
import { client } from '../../client';
import { showError } from '../../shell/errors';

/** The person's small settings. */
export const useSettings = create<Settings>(() => ({ theme: 'system' }));

/** Reads the settings before the first paint, so that the window does not flash in the wrong theme. */
export async function loadSettings(): Promise<void> {
  try {
    useSettings.setState(await client.application.settings(undefined));
  } catch (error) {
    showError('The settings could not be read', error);
  }
}

/** Changes the theme and stores the choice. */
export function setTheme(theme: Settings['theme']): void {
  useSettings.setState({ theme });
  client.application.saveSettings({ ...useSettings.getState() }).catch((error: unknown) => showError('The theme could not be saved', error));
}

const schemeOf = (theme: Settings['theme']): MantineColorScheme => (theme === 'system' ? 'auto' : theme);

let stop: (() => void) | undefined;

/** Lets the component library read and follow the theme that main stores. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: () => schemeOf(useSettings.getState().theme),
  set: (scheme) => setTheme(scheme === 'auto' ? 'system' : scheme),
  subscribe(onUpdate) {
    stop = useSettings.subscribe(({ theme }, before) => {
      if (theme !== before.theme) onUpdate(schemeOf(theme));
    });
  },
  unsubscribe: () => stop?.(),
  clear: () => setTheme('system'),
};
