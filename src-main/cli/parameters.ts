import { AppError } from '../errors';
import { bindPlaceholders, findPlaceholders } from '../guard/service';

export interface BoundStatement {
  readonly text: string;
  readonly parameters: readonly string[];
  /** The offset in the person's text for an offset in `text`. */
  readonly original: (offset: number) => number;
}

/**
 * Replaces `:name` by `$n` for every name that has a value; names without a value are left. Throws `bad_input` when a value is not used,
 * or the text has `$1` of its own.
 */
export function bindParameters(text: string, values: ReadonlyMap<string, string>): BoundStatement {
  if (values.size === 0) return { text, parameters: [], original: (offset) => offset };
  const found = findPlaceholders(text);
  if (found.some(({ name }) => /^\d/.test(name))) {
    throw new AppError('bad_input', 'The statement has numbered parameters of its own.', { hint: 'Name all of them: WHERE id = :id, with --param id=5.' });
  }
  const bound = bindPlaceholders(text, found.filter(({ name }) => values.has(name)));
  const unused = [...values.keys()].find((name) => !bound.names.includes(name));
  if (unused !== undefined) throw new AppError('bad_input', `The statement has no :${unused}.`, { hint: 'A parameter stands as :name in the statement, outside of quotes.' });
  return { text: bound.text, parameters: bound.names.map((name) => values.get(name) ?? ''), original: (offset) => bound.original(offset) };
}

/** Reads `--param k=v` texts. */
export function parseParameters(texts: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const text of texts) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new AppError('bad_input', `--param wants name=value, not ${JSON.stringify(text.slice(0, 40))}.`);
    if (values.has(name)) throw new AppError('bad_input', `--param gives ${name} twice.`);
    values.set(name, value);
  }
  return values;
}
