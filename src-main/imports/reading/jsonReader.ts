import { AppError } from '../../errors';
import type { ImportSource } from '../../../src-preload/contract/imports';
import { membersOf } from './jsonMembers';
import { JsonText } from './jsonText';
import { batchChars, batchRows, emptyBatch, type RowBatch, type RowReader } from './rowReader';
import { TextFile } from './textFile';

/**
 * JSON (an array of objects, or one that `jsonPath` leads to) and NDJSON. The columns are the keys, in the order in which they turn up; with
 * `known` they are those, and a key that is not among them makes its row a problem.
 */
export function openJson(source: ImportSource, known: readonly string[] | null): RowReader {
  return new JsonReader(source, known);
}

class JsonReader implements RowReader {
  readonly declaredTypes: ReadonlyMap<number, string> = new Map();
  readonly textColumns = new Set<number>();
  readonly columns: string[];
  private readonly file: TextFile;
  private readonly indexes = new Map<string, number>();

  constructor(
    private readonly source: ImportSource,
    private readonly known: readonly string[] | null,
  ) {
    this.file = new TextFile(source.path, source.encoding);
    this.columns = [...(known ?? [])];
    this.columns.forEach((name, index) => this.indexes.set(name, index));
  }

  get position(): number {
    return this.file.position;
  }

  get size(): number {
    return this.file.size;
  }

  *batches(): Generator<RowBatch> {
    let batch = emptyBatch();
    let chars = 0;
    for (const { json, line, broken } of this.source.format === 'ndjson' ? this.lines() : this.elements()) {
      this.add(batch, json, line, broken);
      chars += json.length;
      if (batch.rows.length + batch.problems.length < batchRows && chars < batchChars) continue;
      yield batch;
      batch = emptyBatch();
      chars = 0;
    }
    yield batch;
  }

  close(): void {
    this.file.close();
  }

  private *lines(): Generator<{ json: string; line: number; broken: boolean }> {
    let rest = '';
    let line = 0;
    for (let chunk = this.file.next(); chunk !== null; chunk = this.file.next()) {
      const pieces = (rest + chunk.text).split('\n');
      rest = pieces.pop() ?? '';
      for (const json of pieces) {
        line += 1;
        if (json.trim() !== '') yield { json, line, broken: chunk.broken && json.includes('\uFFFD') };
      }
    }
    if (rest.trim() !== '') yield { json: rest, line: line + 1, broken: false };
  }

  private *elements(): Generator<{ json: string; line: number; broken: boolean }> {
    const text = new JsonText(this.file);
    for (const key of this.source.jsonPath.split('.').filter((part) => part !== '')) this.enter(text, key);
    const opening = text.peek();
    if (opening === null) return;
    if (opening !== '[') {
      yield { json: text.value(), line: 1, broken: false };
      return;
    }
    text.take('[');
    for (let line = 1; text.peek() !== ']'; line += 1) {
      if (line > 1) text.take(',');
      yield { json: text.value(), line, broken: false };
    }
  }

  /** Goes to the value of a key of the object that comes next. */
  private enter(text: JsonText, key: string): void {
    text.take('{');
    for (let first = true; text.peek() !== '}'; first = false) {
      if (!first) text.take(',');
      const name: unknown = parsed(text.value());
      text.take(':');
      if (name === key) return;
      text.skip();
    }
    throw new AppError('bad_input', `The file has no key “${key}” there.`, { hint: 'Name the keys that lead to the array, such as data.items.' });
  }

  private add(batch: RowBatch, json: string, line: number, broken: boolean): void {
    const refuse = (message: string): void => void batch.problems.push({ line, column: null, message, value: json.slice(0, 200), raw: [json] });
    if (broken) return refuse('It has bytes that are not valid in the chosen encoding.');
    try {
      JSON.parse(json);
    } catch (error) {
      return refuse(`It is no valid JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    const cells: (string | null)[] = new Array<string | null>(this.columns.length).fill(null);
    const seen = new Set<string>();
    for (const { name, text, isString } of membersOf(json)) {
      if (seen.has(name)) return refuse(`It has the key “${name}” twice.`);
      seen.add(name);
      const index = this.indexOf(name);
      if (index === null) return refuse(`It has the key “${name}”, which is none of the columns.`);
      cells[index] = text;
      if (isString) this.textColumns.add(index);
    }
    batch.rows.push(cells);
    batch.lines.push(line);
  }

  private indexOf(name: string): number | null {
    const index = this.indexes.get(name);
    if (index !== undefined) return index;
    if (this.known !== null) return null;
    if (this.columns.length >= 1600) throw new AppError('bad_input', 'The objects have more than 1,600 different keys.', { hint: 'A table cannot have so many columns.' });
    this.indexes.set(name, this.columns.length);
    return this.columns.push(name) - 1;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
