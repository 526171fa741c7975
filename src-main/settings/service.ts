import type { SettingChange, SettingProblem, SettingsState } from '../../src-preload/contract/settings';
import type { Settings } from '../../src-preload/contract/settingSpecs';
import type { ConfirmationPolicy } from '../guard/service';

export { createSettingsService } from './settings';

/**
 * The person's settings in the workspace's `settings.yaml`. A file that cannot be used never stops anything: what is wrong in it falls
 * back to its default alone. Nothing is written but by `change`, `saveText` and `setAside`.
 */
export interface SettingsService {
  /** Never rejects. Read once, and again when the file changes while somebody listens. */
  current(): Promise<SettingsState>;
  /** What `current` found last; the defaults before it was first asked. */
  known(): Settings;
  /** Rejects with AppError `bad_input` when a value is wrong or the file is too broken for it; then nothing was written. */
  change(changes: readonly SettingChange[]): Promise<SettingsState>;
  text(): Promise<{ text: string; problems: SettingProblem[] }>;
  check(text: string): SettingProblem[];
  /** Rejects with AppError `busy` when the file is no longer `before`. */
  saveText(text: string, before: string): Promise<SettingsState>;
  setAside(): Promise<{ kept: string }>;
  /** Told when the file changes, by us or by an editor outside. Returns the function that stops it. */
  onChange(listener: (state: SettingsState) => void): () => void;
  /** What the guard asks for beyond its own floor. */
  policy(): Promise<ConfirmationPolicy>;
}
