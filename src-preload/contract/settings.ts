import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';
import type { Settings } from './settingSpecs';

/** What is wrong in the file; what it says there does not count, all else does. */
export const settingProblemEntry = z.object({
  /** From 1. */
  line: z.number().int(),
  /** Half-open range of UTF-16 offsets in the text. */
  from: z.number().int(),
  to: z.number().int(),
  /** The setting whose default holds; both null when the text itself is wrong. */
  section: z.string().nullable(),
  key: z.string().nullable(),
  message: z.string(),
});
export type SettingProblem = z.infer<typeof settingProblemEntry>;

const settingsState = z.object({
  settings: z.custom<Settings>(),
  problems: z.array(settingProblemEntry),
  /** Absolute path. */
  file: z.string(),
  /** False while the file is so broken that a single setting cannot be written into it. */
  writable: z.boolean(),
});
export type SettingsState = z.infer<typeof settingsState>;

/** `value` absent takes the setting out of the file, so that its default holds; `key` absent with it: the whole section. */
const settingChange = z.object({ section: z.string().max(200), key: z.string().max(200).optional(), value: z.unknown().optional() });
export type SettingChange = z.input<typeof settingChange>;

const settingsText = z.object({ text: z.string(), problems: z.array(settingProblemEntry) });

/** The person's settings in the workspace's `settings.yaml`; see `settingSpecs.ts` for what they are. */
export const settingsContract = defineContract('settings', {
  get: call(nothing, settingsState),
  /** Writes single settings; the file's comments, order and everything else in it stay. Rejects with bad_input when a value or the file is wrong. */
  change: call(z.array(settingChange).min(1).max(200), settingsState),
  /** The file as it stands. Rejects with bad_input when it is too long to be one of settings. */
  text: call(nothing, settingsText),
  check: call(z.object({ text: z.string().max(1_000_000) }), z.array(settingProblemEntry)),
  /** Writes the file as it was typed. Rejects with busy when it is no longer `before`: somebody else has saved it meanwhile. */
  saveText: call(z.object({ text: z.string().max(1_000_000), before: z.string() }), settingsState),
  /** Begins a new file; the old one is kept beside it under the name that is returned. */
  setAside: call(nothing, z.object({ kept: z.string() })),
  changed: event(settingsState),
});
