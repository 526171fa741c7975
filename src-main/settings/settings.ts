import { isMap, isScalar, type Document } from 'yaml';
import type { SettingChange, SettingProblem, SettingsState } from '../../src-preload/contract/settings';
import { defaultSettings, keysProblem, settingProblem, specOf } from '../../src-preload/contract/settingSpecs';
import { AppError, toAppError } from '../errors';
import type { Workspace } from '../workspace/service';
import { readSettings } from './readSettings';
import type { SettingsService } from './service';

const NAME = 'settings.yaml';
/** Bytes; a file of settings has a few thousand. */
const LONGEST = 512 * 1024;

/** `problem` is told what is wrong in the file, each time that it is read anew. */
export function createSettingsService(workspace: Workspace, problem: (problems: readonly SettingProblem[]) => void): SettingsService {
  const file = workspace.text(NAME, LONGEST);
  const listeners = new Set<(state: SettingsState) => void>();
  let known: Promise<SettingsState> | null = null;
  let latest = defaultSettings;
  let queue: Promise<unknown> = Promise.resolve();

  const stateOf = (text: string): SettingsState => {
    const { settings, problems, document } = readSettings(text);
    return { settings, problems, file: file.path, writable: document !== null };
  };
  const read = async (): Promise<SettingsState> => {
    let state: SettingsState;
    try {
      state = stateOf(await file.read());
    } catch (error) {
      state = { settings: defaultSettings, problems: [{ line: 1, from: 0, to: 0, section: null, key: null, message: toAppError(error).message }], file: file.path, writable: false };
    }
    latest = state.settings;
    if (state.problems.length > 0) problem(state.problems);
    return state;
  };
  const refresh = async (): Promise<SettingsState> => {
    const before = await known;
    known = read();
    const state = await known;
    if (JSON.stringify(before) !== JSON.stringify(state)) for (const listener of [...listeners]) listener(state);
    return state;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work, work);
    queue = done.catch(() => undefined);
    return done;
  };
  const current = (): Promise<SettingsState> => (known ??= read());

  return {
    current,
    known: () => latest,
    change: (changes) =>
      inTurn(async () => {
        const text = await file.read();
        const changed = changedText(text, changes);
        if (changed !== text) await file.write(changed);
        return refresh();
      }),
    text: async () => {
      const text = await file.read();
      return { text, problems: readSettings(text).problems };
    },
    check: (text) => readSettings(text).problems,
    saveText: (text, before) =>
      inTurn(async () => {
        if ((await file.read()) !== before) {
          throw new AppError('busy', `${NAME} was changed by another program while you edited it.`, { hint: 'Copy what you typed, read the file again and put it in.' });
        }
        await file.write(text);
        return refresh();
      }),
    setAside: () =>
      inTurn(async () => {
        const kept = await file.setAside();
        await refresh();
        return { kept };
      }),
    onChange: (listener) => {
      listeners.add(listener);
      const stop = file.onChange(() => void inTurn(refresh));
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    policy: async () => {
      const { safety } = (await current()).settings;
      return { dev: safety.developmentAsks, staging: safety.stagingAsks };
    },
  };
}

/** The text with these changes made in it and nothing else. Throws AppError `bad_input`. */
function changedText(text: string, changes: readonly SettingChange[]): string {
  const { document, problems } = readSettings(text);
  if (!document) {
    const [first] = problems;
    throw new AppError('bad_input', `${NAME}, line ${first?.line ?? 1}: ${first?.message ?? 'is no YAML'}`, { hint: 'A setting cannot be written into it before that is mended. Nothing was changed.' });
  }
  const before = render(document, text);
  for (const change of changes) apply(document, change);
  const after = render(document, text);
  // Compared as rendered, so that a value that is there already does not reformat the file.
  return after === before ? text : after;
}

function apply(document: Document, { section, key, value }: SettingChange): void {
  if (value === undefined || value === null) {
    if (key === undefined) document.delete(section);
    else remove(document, section, key);
    return;
  }
  if (key === undefined) throw new AppError('bad_input', 'A setting is named by its section and its key.');
  const spec = specOf(section, key);
  const problem = section === 'keys' ? keysProblem(value) : spec ? settingProblem(spec, value) : 'is no setting';
  if (problem !== null) throw new AppError('bad_input', `${section}.${key} ${problem}.`);
  if (section === 'appearance') removeOldTheme(document, key);
  const parent = document.get(section, true);
  // Anything but a map there is nonsense, which the new value replaces.
  if (isMap(parent)) setIn(document, section, key, value);
  else document.set(section, document.createNode({ [key]: value }));
}

function setIn(document: Document, section: string, key: string, value: unknown): void {
  const node = document.getIn([section, key], true);
  // A scalar keeps its comment and its quotes.
  if (isScalar(node) && typeof node.value === typeof value && !Array.isArray(value)) node.value = value;
  else document.setIn([section, key], document.createNode(value, { flow: true }));
}

function remove(document: Document, section: string, key: string): void {
  if (section === 'appearance') removeOldTheme(document, key);
  const parent = document.get(section, true);
  if (!isMap(parent)) {
    document.delete(section);
    return;
  }
  document.deleteIn([section, key]);
  if (parent.items.length === 0) document.delete(section);
}

/** Earlier versions wrote the theme at the top. */
function removeOldTheme(document: Document, key: string): void {
  if (key === 'theme' && document.has('theme')) document.delete('theme');
}

function render(document: Document, before: string): string {
  const text = document.contents === null || (isMap(document.contents) && document.contents.items.length === 0 && before.trim() === '') ? '' : document.toString({ lineWidth: 0 });
  return before.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text;
}
