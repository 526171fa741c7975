/**
 * Every setting with its default and its limits, as plain data: the file's reader, the screen and the types are all made from it. It imports
 * nothing, since the window reads it at its start.
 */

interface ChoiceSpec<T extends string | number = string | number> {
  readonly kind: 'choice';
  readonly options: readonly T[];
  readonly default: T;
}
interface NumberSpec {
  readonly kind: 'number';
  /** A whole number from `min` to `max`. */
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
}
interface SwitchSpec {
  readonly kind: 'switch';
  readonly default: boolean;
}
export type SettingSpec = ChoiceSpec | NumberSpec | SwitchSpec;

const choice = <const T extends string | number>(options: readonly T[], value: T): ChoiceSpec<T> => ({ kind: 'choice', options, default: value });
const number = (value: number, min: number, max: number, step = 1): NumberSpec => ({ kind: 'number', min, max, step, default: value });
const onOff = (value: boolean): SwitchSpec => ({ kind: 'switch', default: value });

/** From which class of statement on a person is asked before it runs; each holds the ones before it. */
export const strictness = ['destructive', 'structure', 'writes'] as const;
export type Strictness = (typeof strictness)[number];

export const settingSpecs = {
  appearance: {
    theme: choice(['light', 'dark', 'system'], 'system'),
    /** Per cent, of everything in the window. */
    zoom: number(100, 60, 200, 5),
    motion: choice(['system', 'reduced'], 'system'),
    /** In which zone exact times are shown. */
    times: choice(['local', 'utc'], 'local'),
  },
  editor: {
    /** Pixels at 100 % zoom. */
    fontSize: number(13, 9, 32),
    tabSize: number(2, 1, 8),
    wordWrap: onOff(false),
    lineNumbers: onOff(true),
    closeBrackets: onOff(true),
    completeOnTyping: onOff(true),
    /** How the formatter lays SQL out. */
    formatKeywords: choice(['upper', 'lower', 'preserve'], 'upper'),
    formatIndent: number(2, 1, 8),
    formatWidth: number(100, 40, 240, 10),
  },
  limits: {
    /** Seconds after which the server ends a statement of a new query tab; 0 is never. */
    statementSeconds: number(0, 0, 86_400),
    /** Seconds that a change of structure waits for a lock; 0 is without a limit. */
    lockSeconds: number(5, 0, 3_600),
    /** Rows of one page of a table. */
    tableRows: choice([100, 500, 1000, 5000], 500),
    /** Characters of a long value that the grid fetches. */
    cellCharacters: number(300, 50, 5_000, 50),
    /** Megabytes that all results together may take on the disk; 0 is what the disk has. */
    resultMegabytes: number(0, 0, 10_000_000, 100),
    /** What a query that Claude runs by itself may cost, in the planner's units; 0 is without a limit. A scan of a table of 40 GB costs about the default. */
    askCost: number(6_000_000, 0, 1_000_000_000_000, 100_000),
  },
  safety: {
    developmentAsks: choice(strictness, 'destructive'),
    stagingAsks: choice(strictness, 'destructive'),
    /** New production connections begin as read-only. */
    productionReadOnly: onOff(false),
  },
} as const satisfies Record<string, Record<string, SettingSpec>>;

type Specs = typeof settingSpecs;
type ValueOf<S> = S extends ChoiceSpec<infer T> ? T : S extends NumberSpec ? number : boolean;
export type SettingSection = keyof Specs;
export type SettingValue = string | number | boolean;
export type ValueSettings = { readonly [S in SettingSection]: { readonly [K in keyof Specs[S]]: ValueOf<Specs[S][K]> } };

/** The values of all settings. `keys` has only the commands whose keys the person changed; none is an empty list. */
export type Settings = ValueSettings & { readonly keys: Readonly<Record<string, readonly string[]>> };

export const settingSections = Object.keys(settingSpecs) as SettingSection[];

/** What is said of a setting by its names; undefined when there is none. */
export function specOf(section: string, key: string): SettingSpec | undefined {
  if (!Object.hasOwn(settingSpecs, section)) return undefined;
  const specs: Record<string, SettingSpec> = settingSpecs[section as SettingSection];
  return Object.hasOwn(specs, key) ? specs[key] : undefined;
}

const sectionDefaults = (section: SettingSection): Record<string, SettingValue> =>
  Object.fromEntries(Object.entries<SettingSpec>(settingSpecs[section]).map(([key, spec]) => [key, spec.default]));

export const defaultSettings = { ...Object.fromEntries(settingSections.map((section) => [section, sectionDefaults(section)])), keys: {} } as unknown as Settings;

/** Why a value cannot be that of a setting, as the end of the sentence `appearance.zoom ...`; null when it can. */
export function settingProblem(spec: SettingSpec, value: unknown): string | null {
  switch (spec.kind) {
    case 'switch':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'choice':
      return spec.options.some((option) => option === value) ? null : `must be one of ${spec.options.join(', ')}`;
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value >= spec.min && value <= spec.max ? null : `must be a whole number from ${spec.min} to ${spec.max}`;
  }
}

const MODIFIER = /^(mod|ctrl|meta|alt|shift)$/i;
/** Keys that write nothing, so that they may be a command's without Ctrl, Alt or Cmd. */
const ALONE = /^(f([1-9]|1\d|2[0-4])|escape)$/i;
const MOST_CHORDS = 4;

/** Why a text is no key chord of a command; null when it is one, such as `Mod+Shift+P`. */
export function chordProblem(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 40 || text === '') return 'must be keys such as Mod+Shift+P';
  const parts = text.split('+');
  const key = parts.pop() || '+';
  const modifiers = key === '+' && parts.at(-1) === '' ? parts.slice(0, -1) : parts;
  if (!modifiers.every((part) => MODIFIER.test(part))) return `has keys that are none: ${text}`;
  if (MODIFIER.test(key) || !/^(\S|[A-Za-z]+\d*)$/u.test(key)) return `names no key: ${text}`;
  if (!ALONE.test(key) && !modifiers.some((part) => !/^shift$/i.test(part))) return `would take ${text} away from typing: add Mod, Ctrl, Alt or Cmd`;
  return null;
}

/** Why a value cannot be the keys of a command; null when it can: a list of at most four chords. */
export function keysProblem(value: unknown): string | null {
  if (!Array.isArray(value) || value.length > MOST_CHORDS) return `must be a list of at most ${MOST_CHORDS} key chords, such as [Mod+Shift+P]`;
  return value.map(chordProblem).find((problem) => problem !== null) ?? null;
}
