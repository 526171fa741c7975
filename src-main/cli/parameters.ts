import { AppError } from '../errors';
import { nextToken, type Token } from '../guard/lexer';

export interface BoundStatement {
  readonly text: string;
  readonly parameters: readonly string[];
  /** The offset in the person's text for an offset in `text`. */
  original(offset: number): number;
}

/**
 * Replaces `:name` by `$n` for every name that has a value, outside of strings, quoted names and comments; `::type` and names without
 * a value, as in an array slice `a[1:n]`, are left. Throws `bad_input` when a value is not used, or the text has `$1` of its own.
 */
export function bindParameters(text: string, values: ReadonlyMap<string, string>): BoundStatement {
  if (values.size === 0) return { text, parameters: [], original: (offset) => offset };
  const names: string[] = [];
  const moves: { at: number; by: number }[] = [];
  let bound = '';
  let copied = 0;
  for (const { colon, word } of placeholders(text)) {
    const name = text.slice(word.from, word.to);
    if (!values.has(name)) continue;
    if (!names.includes(name)) names.push(name);
    bound += `${text.slice(copied, colon.from)}$${names.indexOf(name) + 1}`;
    copied = word.to;
    moves.push({ at: bound.length, by: copied - bound.length });
  }
  bound += text.slice(copied);
  const unused = [...values.keys()].find((name) => !names.includes(name));
  if (unused !== undefined) throw new AppError('bad_input', `The statement has no :${unused}.`, { hint: 'A parameter stands as :name in the statement, outside of quotes.' });
  const original = (offset: number): number => offset + (moves.findLast((move) => move.at <= offset)?.by ?? 0);
  return { text: bound, parameters: names.map((name) => values.get(name) ?? ''), original };
}

/** A colon directly before a word, unless it is the second of a cast's two. */
function* placeholders(text: string): Generator<{ colon: Token; word: Token }> {
  let previous: Token | null = null;
  let beforePrevious: Token | null = null;
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    const colon = previous && text.slice(previous.from, previous.to) === ':' ? previous : null;
    const cast = colon && beforePrevious?.to === colon.from && text[beforePrevious.from] === ':';
    if (colon && !cast && token.kind === 'word' && colon.to === token.from) yield { colon, word: token };
    if (previous?.to === token.from && text.slice(previous.from, previous.to) === '$' && /^\d/.test(text.slice(token.from, token.to))) {
      throw new AppError('bad_input', 'The statement has numbered parameters of its own.', { hint: 'Name all of them: WHERE id = :id, with --param id=5.' });
    }
    beforePrevious = previous;
    previous = token;
  }
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
