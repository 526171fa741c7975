import { nextToken, type Token } from './lexer';

/** A place in a statement's text that wants a value: `:name`, or `$1`. */
export interface Placeholder {
  /** Without the colon or the dollar. */
  readonly name: string;
  /** Half-open range of UTF-16 offsets, sign included. */
  readonly from: number;
  readonly to: number;
}

/** A text whose placeholders were replaced by `$1`, `$2`, ... */
export interface BoundText {
  readonly text: string;
  /** The names in the order of their numbers. */
  readonly names: readonly string[];
  /** The offset in the person's text for an offset in `text`. */
  readonly original: (offset: number) => number;
}

/** In these, `$1` belongs to what they define. */
const DEFINES_ITS_OWN = new Set(['CREATE', 'ALTER', 'PREPARE', 'DO']);
const MAYBE = /:[A-Za-z_\u0080-\uffff]|\$[0-9]/;

/**
 * The placeholders of a text, outside of strings, dollar quotes, quoted names and comments. A colon is none in a cast `::type` and in
 * a subscript, where it makes a slice `a[1:n]`; in `ARRAY[:a, :b]` it is one. `$1` is none in CREATE, ALTER, PREPARE and DO, whose body it
 * belongs to; with `numbered` false it never is.
 */
export function findPlaceholders(text: string, { numbered = true }: { numbered?: boolean } = {}): Placeholder[] {
  if (!MAYBE.test(text)) return [];
  const found: Placeholder[] = [];
  const brackets = new Brackets(text);
  let previous: Token | null = null;
  let beforePrevious: Token | null = null;
  let command = '';
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    if (token.kind === 'comment') continue;
    const written = text.slice(token.from, token.to);
    command = commandAfter(command, token, written);
    const sign = signBefore(text, token, previous);
    const isNamed = sign === ':' && token.kind === 'word' && signBefore(text, previous, beforePrevious) !== ':' && !brackets.inSubscript;
    const isNumbered = sign === '$' && numbered && !DEFINES_ITS_OWN.has(command) && /^\d+$/.test(written);
    if (isNamed || isNumbered) found.push({ name: written, from: token.from - sign.length, to: token.to });
    brackets.see(token);
    beforePrevious = previous;
    previous = token;
  }
  return found;
}

/** A statement's first word, in capitals, as far as this token tells; empty before it. */
function commandAfter(known: string, token: Token, written: string): string {
  if (token.kind === 'semicolon') return '';
  return known === '' && token.kind === 'word' ? written.toUpperCase() : known;
}

/** The token of one character that a token follows without a gap; empty when there is none. */
function signBefore(text: string, token: Token | null, before: Token | null): string {
  return before !== null && before.to === token?.from && before.to - before.from === 1 ? text.slice(before.from, before.to) : '';
}

/** Knows whether the innermost open bracket is a subscript's. */
class Brackets {
  private readonly open: ('subscript' | 'array' | 'other')[] = [];
  private last = '';

  constructor(private readonly text: string) {}

  get inSubscript(): boolean {
    return this.open.at(-1) === 'subscript';
  }

  see(token: Token): void {
    const written = token.to - token.from === 1 ? (this.text[token.from] ?? '') : this.text.slice(token.from, Math.min(token.to, token.from + 6));
    if (written === '[') this.open.push(this.opensArray() ? 'array' : 'subscript');
    else if (written === '(') this.open.push('other');
    else if (written === ']' || written === ')') this.open.pop();
    this.last = written;
  }

  private opensArray(): boolean {
    return this.last.toUpperCase() === 'ARRAY' || (this.open.at(-1) === 'array' && (this.last === '[' || this.last === ','));
  }
}

/** Replaces these placeholders by `$1`, `$2`, ..., one number for each name. */
export function bindPlaceholders(text: string, placeholders: readonly Placeholder[]): BoundText {
  if (placeholders.length === 0) return { text, names: [], original: (offset) => offset };
  const names: string[] = [];
  const moves: { at: number; by: number }[] = [];
  let bound = '';
  let copied = 0;
  for (const { name, from, to } of placeholders) {
    if (!names.includes(name)) names.push(name);
    bound += `${text.slice(copied, from)}$${names.indexOf(name) + 1}`;
    copied = to;
    moves.push({ at: bound.length, by: copied - bound.length });
  }
  bound += text.slice(copied);
  const original = (offset: number): number => offset + (moves.findLast((move) => move.at <= offset)?.by ?? 0);
  return { text: bound, names, original };
}
