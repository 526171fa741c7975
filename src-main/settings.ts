import { settings, type Settings } from '../src-preload/contract/application';
import type { Workspace } from './workspace/service';

const defaults: Settings = { theme: 'system' };

export interface SettingsFile {
  /** A file that cannot be used never stops the program: the defaults hold, and `problem` is told. */
  read(): Promise<Settings>;
  write(settings: Settings): Promise<void>;
}

/** The person's settings in the workspace's `settings.yaml`. */
export function openSettings(workspace: Workspace, problem: (error: unknown) => void): SettingsFile {
  const file = workspace.file('settings.yaml', settings.partial());
  return {
    read: async () => {
      try {
        return { ...defaults, ...(await file.read()) };
      } catch (error) {
        problem(error);
        return defaults;
      }
    },
    write: (value) => file.write(value),
  };
}
