import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { create } from 'zustand';
import type { SettingChange, SettingsState } from '../../../src-preload/contract/settings';
import { defaultSettings, type Settings, type SettingSection, type SettingValue } from '../../../src-preload/contract/settingSpecs';
import { client } from '../../client';
import { usePreferences } from '../../components/preferences';
import { setPersonsKeys } from '../../shell/commands';
import { showError } from '../../shell/errors';

/** The person's settings as main reads them, with what is wrong in their file. */
export const useSettings = create<SettingsState>(() => ({ settings: defaultSettings, problems: [], file: '', writable: true }));

/** What the shell and the shared components take from the settings. */
function spread({ appearance, editor, limits, keys }: Settings): void {
  const { tabSize, wordWrap, lineNumbers, closeBrackets, completeOnTyping } = editor;
  usePreferences.setState({ tabSize, wordWrap, lineNumbers, closeBrackets, completeOnTyping, cellCharacters: limits.cellCharacters });
  setPersonsKeys(keys);
  const root = document.documentElement;
  root.dataset['motion'] = appearance.motion;
  root.style.setProperty('--app-editor-size', `${editor.fontSize}px`);
}

function take(state: SettingsState): void {
  useSettings.setState(state);
  spread(state.settings);
}

/** Reads the settings before the first paint, so that the window does not flash in the wrong theme. */
export async function loadSettings(): Promise<void> {
  try {
    take(await client.settings.get(undefined));
  } catch (error) {
    showError('The settings could not be read', error);
  }
}

/** Follows changes of the file, whoever makes them. Returns the function that stops it. */
export function followSettings(): () => void {
  return client.settings.on('changed', take);
}

/** Writes settings into the file; tells of it when that cannot be done. */
export async function changeSettings(changes: SettingChange[]): Promise<void> {
  try {
    take(await client.settings.change(changes));
  } catch (error) {
    showError('The setting could not be saved', error);
  }
}

/** Changes one value; it shows at once. */
export function setSetting(section: SettingSection, key: string, value: SettingValue): void {
  const { settings } = useSettings.getState();
  const before = settings;
  const now: Settings = { ...settings, [section]: { ...settings[section], [key]: value } };
  useSettings.setState({ settings: now });
  spread(now);
  client.settings.change([{ section, key, value }]).then(take, (error: unknown) => {
    useSettings.setState({ settings: before });
    spread(before);
    showError('The setting could not be saved', error);
  });
}

/** Takes a setting, or a whole section, out of the file, so that the default holds. */
export const resetSetting = (section: string, key?: string): Promise<void> => changeSettings([{ section, ...(key === undefined ? {} : { key }) }]);

/** Begins a new file of settings; the old one stays beside it. */
export async function setSettingsAside(): Promise<string | null> {
  try {
    const { kept } = await client.settings.setAside(undefined);
    return kept;
  } catch (error) {
    showError('The file could not be set aside', error);
    return null;
  }
}

export const setTheme = (theme: Settings['appearance']['theme']): void => setSetting('appearance', 'theme', theme);

const schemeOf = (theme: Settings['appearance']['theme']): MantineColorScheme => (theme === 'system' ? 'auto' : theme);

let stop: (() => void) | undefined;

/** Lets the component library read and follow the theme that main stores. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: () => schemeOf(useSettings.getState().settings.appearance.theme),
  set: (scheme) => setTheme(scheme === 'auto' ? 'system' : scheme),
  subscribe(onUpdate) {
    stop = useSettings.subscribe(({ settings: { appearance } }, before) => {
      if (appearance.theme !== before.settings.appearance.theme) onUpdate(schemeOf(appearance.theme));
    });
  },
  unsubscribe: () => stop?.(),
  clear: () => setTheme('system'),
};
