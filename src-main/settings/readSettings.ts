import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import type { SettingProblem } from '../../src-preload/contract/settings';
import { defaultSettings, keysProblem, settingProblem, settingSections, specOf, type Settings, type SettingSection } from '../../src-preload/contract/settingSpecs';

export interface ReadSettings {
  readonly settings: Settings;
  readonly problems: SettingProblem[];
  /** The document, for changing it; null when it is not YAML throughout or no map, so that nothing may be written into it. */
  readonly document: Document | null;
}

/** More would only repeat the first. */
const MOST_PROBLEMS = 100;

/** Reads the text of `settings.yaml`. Each value that is wrong falls back to its default and is named with its line; never throws. */
export function readSettings(text: string): ReadSettings {
  try {
    return new Reading(text).result();
  } catch (error) {
    // Such as a nesting too deep for the parser.
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { settings: defaultSettings, problems: [{ line: 1, from: 0, to: text.length, section: null, key: null, message }], document: null };
  }
}

class Reading {
  private readonly lines = new LineCounter();
  private readonly problems: SettingProblem[] = [];
  private readonly values = structuredClone(defaultSettings) as unknown as Record<SettingSection, Record<string, unknown>> & { keys: Record<string, string[]> };
  private readonly document: Document;

  constructor(text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
  }

  result(): ReadSettings {
    const { errors, contents } = this.document;
    for (const error of errors) this.problem(error.pos, null, null, error.message);
    const usable = contents === null || isMap(contents) || (isScalar(contents) && contents.value === null);
    if (isMap(contents)) contents.items.forEach((pair) => this.section(pair));
    else if (!usable) this.problem(rangeOf(contents), null, null, 'must be sections such as `appearance:` with settings below them');
    const problems = this.problems.slice(0, MOST_PROBLEMS).sort((a, b) => a.from - b.from);
    return { settings: this.values as unknown as Settings, problems, document: usable && errors.length === 0 ? this.document : null };
  }

  private section(pair: Pair): void {
    const name = keyOf(pair);
    // The only setting of earlier versions stood at the top.
    if (name === 'theme' && isScalar(pair.value)) return this.value('appearance', pair);
    if (name !== 'keys' && !settingSections.some((section) => section === name)) {
      this.problem(rangeOf(pair.key), name, null, `${name} is no section of the settings`);
      return;
    }
    if (isScalar(pair.value) && pair.value.value === null) return;
    if (!isMap(pair.value)) {
      this.problem(pairRange(pair), name, null, `${name} must have its settings below it`);
      return;
    }
    for (const entry of pair.value.items) {
      if (name === 'keys') this.keys(entry);
      else this.value(name, entry);
    }
  }

  private value(section: string, pair: Pair): void {
    const key = keyOf(pair);
    const spec = specOf(section, key);
    if (!spec) {
      this.problem(rangeOf(pair.key), section, key, `${section}.${key} is no setting`);
      return;
    }
    const value = this.plain(pair.value);
    const problem = settingProblem(spec, value);
    if (problem === null) (this.values[section as SettingSection])[key] = value;
    else this.problem(pairRange(pair), section, key, `${section}.${key} ${problem}; its default, ${spec.default}, holds`);
  }

  private keys(pair: Pair): void {
    const id = keyOf(pair);
    const value = this.plain(pair.value);
    const problem = id === '__proto__' ? 'is no command' : keysProblem(value);
    if (problem === null) this.values.keys[id] = value as string[];
    else this.problem(pairRange(pair), 'keys', id, `keys.${id} ${problem}; its own keys hold`);
  }

  /** Aliases that would grow without end are refused by the library. */
  private plain(node: unknown): unknown {
    try {
      return isNode(node) ? node.toJS(this.document) : node;
    } catch {
      return undefined;
    }
  }

  private problem([from, to]: readonly [number, number], section: string | null, key: string | null, message: string): void {
    if (this.problems.length >= MOST_PROBLEMS) return;
    this.problems.push({ line: Math.max(1, this.lines.linePos(from).line), from, to: Math.max(from, to), section, key, message: message.length > 300 ? `${message.slice(0, 300)}…` : message });
  }
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key).slice(0, 200);
}

/** From the key on, whose line is the one to mend, to the end of the value. */
function pairRange({ key, value }: Pair): [number, number] {
  const [from, to] = rangeOf(key);
  return [from, isNode(value) ? rangeOf(value)[1] : to];
}

function rangeOf(node: unknown): [number, number] {
  const range = isNode(node) ? (node as Node).range : null;
  return range ? [range[0], range[1]] : [0, 0];
}
