import type { Handlers } from '../../src-preload/contract/core';
import type { settingsContract } from '../../src-preload/contract/settings';
import type { SettingsService } from './service';

export function settingsHandlers(settings: SettingsService): Handlers<typeof settingsContract> {
  return {
    get: () => settings.current(),
    change: (changes) => settings.change(changes),
    text: () => settings.text(),
    check: ({ text }) => settings.check(text),
    saveText: ({ text, before }) => settings.saveText(text, before),
    setAside: () => settings.setAside(),
  };
}
