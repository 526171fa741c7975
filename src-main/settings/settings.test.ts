import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { chordProblem, defaultSettings, settingProblem, settingSections, settingSpecs, type SettingSpec } from '../../src-preload/contract/settingSpecs';
import { openWorkspace } from '../workspace/workspace';
import type { Workspace } from '../workspace/service';
import { readSettings } from './readSettings';
import { createSettingsService } from './service';

let folder: string;
let workspace: Workspace;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'settings-'));
  workspace = openWorkspace(folder);
});
afterEach(async () => {
  workspace.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (): string => path.join(folder, 'settings.yaml');
const put = (text: string | Uint8Array): Promise<void> => writeFile(file(), text);
const text = (): Promise<string> => readFile(file(), 'utf8');
const service = () => createSettingsService(workspace, () => undefined);

const all: [string, string, SettingSpec][] = settingSections.flatMap((section) => Object.entries<SettingSpec>(settingSpecs[section]).map(([key, spec]): [string, string, SettingSpec] => [section, key, spec]));
const valueOf = (settings: unknown, section: string, key: string): unknown => (settings as Record<string, Record<string, unknown>>)[section]?.[key];
const other = (spec: SettingSpec): unknown => (spec.kind === 'switch' ? !spec.default : spec.kind === 'number' ? spec.max : spec.options.find((option) => option !== spec.default));

test('an absent file is the defaults, and reading writes nothing', async () => {
  expect(await service().current()).toMatchObject({ settings: defaultSettings, problems: [], writable: true });
  expect(await readdir(folder)).toEqual([]);
});

test('every default is one that its own setting admits', () => {
  for (const [, , spec] of all) expect(settingProblem(spec, spec.default)).toBeNull();
});

describe.each(all)('%s.%s', (section, key, spec) => {
  it('is read', () => {
    expect(valueOf(readSettings(stringify({ [section]: { [key]: other(spec) } })).settings, section, key)).toBe(other(spec));
  });

  it.each([['text', 'nonsense'], ['null', null], ['a map', { a: 1 }], ['a list', [true]], ['a number', -1e308], ['NaN', NaN], ['a date', '2026-01-01T00:00:00Z'], ['long', 'x'.repeat(100_000)]])('falls back alone: %s', (_name, nonsense) => {
    // A neighbour on a line of its own keeps its value.
    const [otherSection, otherKey, otherSpec] = all[(all.findIndex(([s, k]) => s === section && k === key) + 1) % all.length] as (typeof all)[number];
    const root: Record<string, Record<string, unknown>> = { [section]: { [key]: nonsense } };
    (root[otherSection] ??= {})[otherKey] = other(otherSpec);
    const { settings, problems } = readSettings(stringify(root));
    expect(valueOf(settings, section, key)).toBe(spec.default);
    expect(valueOf(settings, otherSection, otherKey)).toBe(other(otherSpec));
    expect(problems).toMatchObject([{ line: 2, section, key }]);
  });
});

test.each([
  ['scalar', 'nonsense', false],
  ['list', '- a\n- b\n', false],
  ['not YAML', 'appearance: {theme: dark\n  zoom: [', false],
  ['tab indented', 'appearance:\n\ttheme: dark\n', false],
  ['duplicate', 'appearance:\n  theme: dark\nappearance:\n  theme: light\n', false],
  ['two documents', 'a: 1\n---\nb: 2\n', false],
  ['unknown section', 'appearence:\n  theme: dark\n', true],
  ['unknown key', 'appearance:\n  them: dark\n', true],
  ['section no map', 'appearance: 5\n', true],
  ['prototype', '__proto__:\n  polluted: true\nappearance:\n  __proto__: 1\n  constructor: 2\nkeys:\n  __proto__: [F9]\n', true],
  ['alias bomb', `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(10)}]`).join('\n')}\nappearance:\n  theme: *j\n`, true],
  ['deep', `appearance: ${'['.repeat(20_000)}`, false],
  ['control characters', '\u0000\u0001\u0002appearance\u0000', false],
])('a file that is nonsense is told with its line and nothing is thrown: %s', (_name, content, writable) => {
  const { settings, problems, document } = readSettings(content);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems[0]?.line).toBeGreaterThan(0);
  expect(document !== null).toBe(writable);
  expect(settings.limits).toEqual(defaultSettings.limits);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(Object.keys(settings)).toEqual(Object.keys(defaultSettings));
});

test('what stands above a broken line holds', () => {
  const { settings, problems } = readSettings('appearance:\n  theme: dark\neditor:\n  tabSize: 4\n  fontSize: "x\n');
  expect(settings.appearance.theme).toBe('dark');
  expect(settings.editor.tabSize).toBe(4);
  expect(problems.some(({ line }) => line === 5 || line === 6)).toBe(true);
});

test('any bytes are survived, and what comes out is settings', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json().map((json) => stringify(JSON.parse(json) as unknown)), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf8'))), (content) => {
      const { settings } = readSettings(content);
      for (const [section, key, spec] of all) expect(settingProblem(spec, valueOf(settings, section, key))).toBeNull();
    }),
  );
});

test('a file of 50 MB is not read, and set aside on wish', async () => {
  await put(Buffer.alloc(50 * 1024 * 1024, 'a: b\n'));
  const settings = service();
  const state = await settings.current();
  expect(state).toMatchObject({ settings: defaultSettings, writable: false, problems: [{ line: 1, message: expect.stringContaining('52428800 bytes') as string }] });
  await expect(settings.change([{ section: 'appearance', key: 'theme', value: 'dark' }])).rejects.toMatchObject({ code: 'bad_input' });
  const { kept } = await settings.setAside();
  expect((await readdir(folder)).sort()).toEqual([path.basename(kept)]);
  expect((await settings.change([{ section: 'appearance', key: 'theme', value: 'dark' }])).settings.appearance.theme).toBe('dark');
});

test('a folder in the place of the file does not stop anything', async () => {
  await mkdir(file());
  expect((await service().current()).problems).toHaveLength(1);
});

const commented = `# of the on-call team
appearance:
  theme: dark # at night
  zoom: 110
  colour: blue # of a newer version
# who wrote this?
future:
  thing: 1
keys:
  query.run: [F9] # as in the old tool
`;

test('a change writes one value; comments, order and what is unknown stay', async () => {
  await put(commented);
  const settings = service();
  await settings.change([{ section: 'appearance', key: 'zoom', value: 120 }, { section: 'keys', key: 'tab.close', value: ['Mod+F4'] }]);
  const after = await text();
  expect(after).toBe(commented.replace('zoom: 110', 'zoom: 120').replace('# as in the old tool\n', '# as in the old tool\n  tab.close: [ Mod+F4 ]\n').replace('[F9]', '[ F9 ]'));
  expect((await settings.current()).settings.keys).toEqual({ 'query.run': ['F9'], 'tab.close': ['Mod+F4'] });
  await settings.change([{ section: 'keys', key: 'tab.close' }, { section: 'appearance', key: 'zoom' }]);
  expect((await settings.current()).settings).toMatchObject({ keys: { 'query.run': ['F9'] }, appearance: { zoom: 100, theme: 'dark' } });
  expect(await text()).toContain('theme: dark # at night');
});

test('a value that a setting cannot have is refused before anything is written', async () => {
  await put(commented);
  for (const change of [{ section: 'appearance', key: 'zoom', value: 5000 }, { section: 'nowhere', key: 'x', value: 1 }, { section: 'keys', key: 'query.run', value: ['a'] }, { section: '__proto__', key: 'x', value: 1 }])
    await expect(service().change([change])).rejects.toMatchObject({ code: 'bad_input' });
  expect(await text()).toBe(commented);
});

test('the theme that earlier versions wrote at the top counts, and moves when it is changed', async () => {
  await put('theme: dark # mine\n');
  const settings = service();
  expect((await settings.current()).settings.appearance.theme).toBe('dark');
  expect((await settings.current()).problems).toEqual([]);
  await settings.change([{ section: 'appearance', key: 'theme', value: 'light' }]);
  expect(parse(await text())).toEqual({ appearance: { theme: 'light' } });
});

test('an edit outside is told; a text is saved only over the text that was read', async () => {
  const settings = service();
  await settings.current();
  const told = new Promise<unknown>((resolve) => settings.onChange((state) => resolve(state.settings.editor.tabSize)));
  await put('editor:\n  tabSize: 8\n');
  expect(await told).toBe(8);
  await expect(settings.saveText('editor:\n  tabSize: 4\n', '')).rejects.toMatchObject({ code: 'busy' });
  expect((await settings.saveText('editor:\n  tabSize: 4\n', await text())).settings.editor.tabSize).toBe(4);
});

test('the guard is told what the file adds', async () => {
  await put('safety:\n  developmentAsks: writes\n  stagingAsks: nothing\n');
  expect(await service().policy()).toEqual({ dev: 'writes', staging: 'destructive' });
});

test.each([['Mod+Shift+P', true], ['F9', true], ['Escape', true], ['Mod++', true], ['Ctrl+Alt+Delete', true], ['Alt+ü', true], ['a', false], ['Shift+A', false], ['Mod+', true], ['', false], ['Hyper+X', false], ['Ctrl+Shift', false], ['Ctrl+a b', false]])('chord %s', (chord, good) => {
  expect(chordProblem(chord) === null).toBe(good);
});
