import { tokenAt, type Token } from './lexer';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Counts what must be closed before a semicolon ends the statement: parentheses, and the body of a function in SQL standard
 * form, `BEGIN ATOMIC ...; ...; END`, in which `CASE ... END` nests.
 */
class Nesting {
  private parentheses = 0;
  private readonly blocks: ('atomic' | 'case')[] = [];
  private beganAt = false;

  /** Whether a semicolon here ends the statement. */
  get top(): boolean {
    return this.parentheses === 0 && this.blocks.length === 0;
  }

  see(text: string, token: Token): void {
    if (token.kind === 'word') {
      this.seeWord(text.slice(token.from, token.to));
    } else if (token.kind === 'punctuation') {
      const c = text.charAt(token.from);
      if (c === '(') this.parentheses += 1;
      else if (c === ')') this.parentheses = Math.max(0, this.parentheses - 1);
      this.beganAt = false;
    }
  }

  private seeWord(word: string): void {
    const began = this.beganAt;
    this.beganAt = false;
    if (word.length < 3 || word.length > 6) return;
    const lower = word.toLowerCase();
    if (lower === 'begin') this.beganAt = true;
    else if (lower === 'atomic' && began) this.blocks.push('atomic');
    else if (lower === 'case' && this.blocks.length > 0) this.blocks.push('case');
    else if (lower === 'end') this.blocks.pop();
  }
}

/** The offset after the semicolon that ends the statement which begins at `from`; null where the text ends first. */
export function statementEnd(text: string, from: number): number | null {
  const nesting = new Nesting();
  for (let token = tokenAt(text, from); token; token = tokenAt(text, token.to)) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    if (token.kind === 'punctuation' && text.charAt(token.from) === ';' && nesting.top) return token.to;
    nesting.see(text, token);
  }
  return null;
}

/** A text that can be read in pieces, such as CodeMirror's `Text`. */
export interface TextSource {
  readonly length: number;
  readonly sliceString: (from: number, to?: number) => string;
}

const FIRST_PIECE = 16_384;

/** As `statementEnd`, reading no more of a long text than is needed. A semicolon found in a piece is certain; its absence is not. */
function endIn(source: TextSource, from: number): number | null {
  for (let size = FIRST_PIECE; ; size *= 4) {
    const to = Math.min(source.length, from + size);
    const found = statementEnd(source.sliceString(from, to), 0);
    if (found !== null) return from + found;
    if (to === source.length) return null;
  }
}

/** The offsets after each ending semicolon, in order. */
export type Boundaries = readonly number[];

export function boundariesOf(text: string, from = 0): number[] {
  const found: number[] = [];
  for (let end = statementEnd(text, from); end !== null; end = statementEnd(text, end)) found.push(end);
  return found;
}

/** How many boundaries lie before or at `offset`. */
function countUpTo(boundaries: Boundaries, offset: number): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((boundaries[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The boundaries after [from, oldTo) of the old text was replaced, so that it ends at `newTo` in `source`. Reads on from the
 * statement before the change until it meets an old boundary, so that typing in a text of 5 MB costs one statement.
 */
export function updateBoundaries(old: Boundaries, source: TextSource, from: number, oldTo: number, newTo: number): number[] {
  const delta = newTo - oldTo;
  const kept = old.slice(0, countUpTo(old, from - 1));
  let at = kept.at(-1) ?? 0;
  for (let end = endIn(source, at); end !== null; end = endIn(source, at)) {
    const index = countUpTo(old, end - delta) - 1;
    const meets = end > newTo && old[index] === end - delta;
    if (meets) return [...kept, ...old.slice(index).map((boundary) => boundary + delta)];
    kept.push(end);
    at = end;
  }
  return kept;
}

/** Where the first token that is no space, comment or stray semicolon begins, read in pieces; null where there is none. */
function firstTokenIn(source: TextSource, from: number, to: number): number | null {
  for (let size = FIRST_PIECE; ; size *= 4) {
    const end = Math.min(to, from + size);
    const text = source.sliceString(from, end);
    for (let token = tokenAt(text, 0); token; token = tokenAt(text, token.to)) {
      const blank = token.kind === 'space' || token.kind === 'comment' || text.charAt(token.from) === ';';
      // What the end of a piece cuts through may look like something else; only a longer piece can tell.
      if (!blank && (token.to < text.length || end === to)) return from + token.from;
    }
    if (end === to) return null;
  }
}

/** The statement that ends at boundary `index`, without the blank around it; null where nothing else is in it. */
function statementAt(source: TextSource, boundaries: Boundaries, index: number): Range | null {
  const start = boundaries[index - 1] ?? 0;
  const boundary = boundaries[index];
  const from = firstTokenIn(source, start, boundary ?? source.length);
  if (from === null) return null;
  if (boundary !== undefined) return { from, to: boundary };
  const tail = Math.max(from, source.length - FIRST_PIECE);
  return { from, to: tail + source.sliceString(tail).trimEnd().length };
}

/**
 * The statement that a person at `offset` means: the one that the offset is in or touches; in the blank after a semicolon on
 * the same line, the one before; otherwise the next one, or the last. Null in a text without statements.
 */
export function statementAtOffset(source: TextSource, boundaries: Boundaries, offset: number): Range | null {
  const index = countUpTo(boundaries, offset - 1);
  const here = statementAt(source, boundaries, index);
  if (here && offset >= here.from) return here;
  const before = index > 0 ? statementAt(source, boundaries, index - 1) : null;
  if (before && !source.sliceString(before.to, offset).includes('\n')) return before;
  return here ?? before;
}

/** The stretch between the boundaries around an offset; right after a semicolon it is the next statement's. */
export function boundsAround(boundaries: Boundaries, offset: number, length: number): Range {
  const index = countUpTo(boundaries, offset);
  return { from: boundaries[index - 1] ?? 0, to: boundaries[index] ?? length };
}
