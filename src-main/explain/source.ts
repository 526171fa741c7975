import { nextToken } from '../guard/service';

/** A range of the statement's text in UTF-16 offsets. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const JOIN_KINDS = ['INNER', 'LEFT', 'RIGHT', 'FULL', 'OUTER', 'CROSS', 'NATURAL'];
const JOIN_WORDS = [...JOIN_KINDS, 'JOIN'];

interface SourceToken extends Span {
  /** In upper case; empty for what is no bare word. */
  readonly word: string;
  /** How many parentheses, brackets and CASEs are open around it; those signs themselves stand outside. */
  readonly depth: number;
}

/** Where a clause of a query or of a change ends: the first word of the next. All of them are reserved in PostgreSQL. A body in SQL has semicolons. */
const CLAUSES = new Set('FROM WHERE GROUP HAVING WINDOW UNION INTERSECT EXCEPT ORDER LIMIT OFFSET FETCH FOR RETURNING ON DO WITH ;'.split(' '));

/**
 * The text of one statement with its tokens. The grammar's tree says where a node begins (in bytes) and never where it ends; this finds
 * the whole clause around such a place. It asks only for reserved words, which are no names unless quoted.
 */
export class Source {
  private readonly tokens: SourceToken[] = [];
  private readonly offsets: Uint32Array | null;

  constructor(readonly text: string) {
    this.offsets = offsetsOf(text);
    const open: string[] = [];
    for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
      if (token.kind === 'comment') continue;
      const written = text.slice(token.from, token.to);
      const word = (token.kind === 'word' && text[token.from - 1] !== '.') || token.kind === 'semicolon' ? written.toUpperCase() : '';
      if (closes(word || written, open.at(-1))) open.pop();
      this.tokens.push({ from: token.from, to: token.to, word, depth: open.length });
      if (word === 'CASE' || written === '(' || written === '[') open.push(word || written);
    }
    while (this.tokens.at(-1)?.word === ';') this.tokens.pop();
  }

  /** The UTF-16 offset of a place that the tree names. */
  offset(byte: number): number {
    return this.offsets ? (this.offsets[Math.min(byte, this.offsets.length - 1)] ?? this.text.length) : byte;
  }

  get whole(): Span {
    return { from: this.tokens[0]?.from ?? 0, to: this.tokens.at(-1)?.to ?? this.text.length };
  }

  /** The range as it is written, on one line and without comments. */
  code({ from, to }: Span): string {
    let code = '';
    let end = from;
    for (const token of this.within({ from, to })) {
      code += (code !== '' && token.from > end ? ' ' : '') + this.text.slice(token.from, token.to);
      end = token.to;
    }
    return code;
  }

  /** Where the nearest of these words stands at or before an offset; null where none does. */
  wordBefore(offset: number, ...words: readonly string[]): Span | null {
    for (let index = this.indexAt(offset); index >= 0; index -= 1) {
      if (words.includes(this.tokens[index]?.word ?? '')) return this.tokens[index] ?? null;
    }
    return null;
  }

  /** The first of these words in a range, not counting what stands in parentheses there. */
  wordIn(range: Span, ...words: readonly string[]): Span | null {
    const tokens = this.within(range);
    const depth = tokens[0]?.depth ?? 0;
    return tokens.find((token) => token.depth <= depth && words.includes(token.word)) ?? null;
  }

  /** Where an operator stands right before an offset; null where another thing does. */
  operatorBefore(offset: number, operator: string): Span | null {
    const from = this.text.lastIndexOf(operator, offset);
    return from < 0 ? null : { from, to: from + operator.length };
  }

  /** All such words of a range that stand in none of its parentheses. */
  wordsIn(range: Span, word: string): Span[] {
    const tokens = this.within(range);
    const depth = tokens[0]?.depth ?? 0;
    return tokens.filter((token) => token.depth === depth && token.word === word);
  }

  /** The clause that begins with the token at `from`; it ends before the next clause, or before one of the words in `alsoBefore`. */
  clauseFrom(from: number, ...alsoBefore: readonly string[]): Span {
    const first = this.indexAt(from);
    const depth = this.tokens[first]?.depth ?? 0;
    let last = first;
    for (let index = first + 1; index < this.tokens.length; index += 1) {
      const token = this.tokens[index] as SourceToken;
      if (token.depth < depth) break;
      if (token.depth === depth && (this.endsClause(index) || alsoBefore.includes(token.word))) break;
      last = index;
    }
    return { from: this.tokens[first]?.from ?? from, to: this.tokens[last]?.to ?? from };
  }

  /** From a token to the end of the parentheses that it stands in, or of the text. */
  levelFrom(from: number): Span {
    const first = this.indexAt(from);
    const depth = this.tokens[first]?.depth ?? 0;
    let last = first;
    while (last + 1 < this.tokens.length && (this.tokens[last + 1]?.depth ?? 0) >= depth) last += 1;
    return { from: this.tokens[first]?.from ?? from, to: this.tokens[last]?.to ?? from };
  }

  /** The parentheses around a place, null where there are none. */
  parenthesesAround(offset: number): Span | null {
    const inner = this.indexAt(offset);
    const depth = this.tokens[inner]?.depth ?? 0;
    for (let index = inner - 1; index >= 0; index -= 1) {
      const token = this.tokens[index] as SourceToken;
      if (token.depth < depth) return this.signAt(index) === '(' ? { from: token.from, to: this.tokens[this.closing(index)]?.to ?? token.to } : null;
    }
    return null;
  }

  /** A member of FROM that begins with the token at `from`: a table with its alias, or a join with its condition. */
  memberFrom(from: number): Span {
    const { to } = this.clauseFrom(from);
    const first = this.indexAt(from);
    const { depth = 0, word = '' } = this.tokens[first] ?? {};
    // Only a join has a condition of its own; one that stands in ON ends before the next.
    const conditions = JOIN_WORDS.includes(word) ? 1 : 0;
    let last = first;
    let seen = 0;
    for (let index = first + 1; (this.tokens[index]?.to ?? Infinity) <= to; index += 1) {
      const token = this.tokens[index] as SourceToken;
      if (token.depth === depth && token.word === 'ON') seen += 1;
      if (token.depth === depth && (seen > conditions || this.endsMember(index, word, conditions))) break;
      last = index;
    }
    return { from, to: this.tokens[last]?.to ?? from };
  }

  /** The first word of the join whose JOIN stands at `join`. */
  joinStart(join: Span): Span {
    let index = this.indexAt(join.from);
    while (JOIN_KINDS.includes(this.tokens[index - 1]?.word ?? '')) index -= 1;
    return this.tokens[index] ?? join;
  }

  /** Cut at the commas that stand in no parentheses. */
  pieces(range: Span): Span[] {
    const tokens = this.within(range);
    const depth = Math.min(...tokens.map((token) => token.depth));
    const pieces: Span[] = [];
    let begin: SourceToken | null = null;
    let last: SourceToken | null = null;
    for (const token of tokens) {
      if (token.depth === depth && this.text[token.from] === ',' && begin && last) {
        pieces.push({ from: begin.from, to: last.to });
        begin = null;
        continue;
      }
      begin ??= token;
      last = token;
    }
    return begin && last ? [...pieces, { from: begin.from, to: last.to }] : pieces;
  }

  /** The range without its first words. */
  after({ to }: Span, range: Span): Span {
    const rest = this.within({ from: to, to: range.to });
    return rest[0] ? { from: rest[0].from, to: range.to } : { from: range.to, to: range.to };
  }

  /** A range without the signs of other things at its ends: parentheses that do not close in it, and those around all of it. */
  trimmed(range: Span): Span {
    let tokens = this.within(range);
    for (;;) {
      const first = tokens[0];
      const last = tokens.at(-1);
      if (!first || !last) return range;
      const close = this.partner(tokens, 0);
      if (this.text[first.from] === '(' && (close === null || close === last)) tokens = tokens.slice(1, close === null ? undefined : -1);
      else if (this.text[last.from] === ')' && !this.hasOpener(tokens)) tokens = tokens.slice(0, -1);
      else return { from: first.from, to: last.to };
    }
  }

  /** A call that begins at an offset: its name, arguments, and WITHIN GROUP, FILTER and OVER behind them. */
  call(from: number): Span {
    const open = this.openAfter(from);
    if (open === null) return this.tokens[this.indexAt(from)] ?? { from, to: from };
    let end = this.closing(open);
    for (let next = this.clauseOfCall(end); next !== null; next = this.clauseOfCall(end)) end = next;
    return { from, to: this.tokens[end]?.to ?? from };
  }

  /** What the first parentheses after a place hold. */
  argumentsAfter(from: number): Span {
    const open = this.openAfter(from);
    return open === null ? { from, to: from } : { from: this.tokens[open + 1]?.from ?? from, to: this.tokens[this.closing(open) - 1]?.to ?? from };
  }

  /** A dotted name that begins at an offset. */
  name(from: number): Span {
    let index = this.indexAt(from);
    while (this.signAt(index + 1) === '.' && index + 2 < this.tokens.length) index += 2;
    return { from, to: this.tokens[index]?.to ?? from };
  }

  private within({ from, to }: Span): SourceToken[] {
    let [first, end] = [this.indexAt(from), this.indexAt(to)];
    if ((this.tokens[first]?.from ?? from) < from) first += 1;
    while (end >= first && (this.tokens[end]?.to ?? 0) > to) end -= 1;
    return this.tokens.slice(first, end + 1);
  }

  /** The last token that begins at or before an offset. */
  private indexAt(offset: number): number {
    let [low, high] = [0, this.tokens.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.tokens[middle]?.from ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private signAt(index: number): string {
    const token = this.tokens[index];
    return token ? this.text.slice(token.from, token.to) : '';
  }

  private openAfter(from: number): number | null {
    for (let index = this.indexAt(from); index < this.tokens.length; index += 1) if (this.signAt(index) === '(') return index;
    return null;
  }

  /** The end of WITHIN GROUP, FILTER, OVER or IGNORE NULLS behind the token at `index`; null where there is none. */
  private clauseOfCall(index: number): number | null {
    const word = this.tokens[index + 1]?.word ?? '';
    if (['IGNORE', 'RESPECT'].includes(word)) return index + 2;
    if (!['FILTER', 'WITHIN', 'OVER'].includes(word)) return null;
    const at = word === 'WITHIN' ? index + 3 : index + 2;
    return this.signAt(at) === '(' ? this.closing(at) : at;
  }

  /** The index of the sign that closes what the token at `index` opens. */
  private closing(index: number): number {
    const depth = this.tokens[index]?.depth ?? 0;
    for (let at = index + 1; at < this.tokens.length; at += 1) if ((this.tokens[at]?.depth ?? 0) <= depth) return at;
    return this.tokens.length - 1;
  }

  /** Whether a token on the level of a member of FROM, which begins with `word`, is not of it any more. */
  private endsMember(index: number, word: string, conditions: number): boolean {
    const token = this.tokens[index] as SourceToken;
    if (this.text[token.from] === ',') return true;
    if (token.word === 'USING' && conditions === 0) return true;
    return this.joins(index) && !(word === 'NATURAL' && this.tokens[index - 1]?.word === 'NATURAL');
  }

  private joins(index: number): boolean {
    const after = this.tokens[index + 1]?.word ?? '';
    const { word } = this.tokens[index] as SourceToken;
    if (word === 'JOIN') return !JOIN_KINDS.includes(this.tokens[index - 1]?.word ?? '');
    return (['LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS'].includes(word) && ['JOIN', 'OUTER'].includes(after) && this.tokens[index - 1]?.word !== 'NATURAL') || word === 'NATURAL';
  }

  private partner(tokens: readonly SourceToken[], index: number): SourceToken | null {
    const opener = tokens[index] as SourceToken;
    return tokens.slice(index + 1).find((token) => token.depth <= opener.depth) ?? null;
  }

  private hasOpener(tokens: readonly SourceToken[]): boolean {
    const last = tokens.at(-1) as SourceToken;
    const before = tokens.slice(0, -1).findLast((token) => token.depth <= last.depth);
    return before !== undefined && before.depth === last.depth && this.text[before.from] === '(';
  }

  /** Whether the token begins a clause of its own, as opposed to `IS DISTINCT FROM`, `ROWS FROM`, `WITHIN GROUP`, joins' ON and the like. */
  private endsClause(index: number): boolean {
    const { word } = this.tokens[index] as SourceToken;
    if (!CLAUSES.has(word)) return false;
    const before = this.tokens[index - 1]?.word ?? '';
    const after = this.tokens[index + 1]?.word ?? '';
    switch (word) {
      case 'FROM':
        return before !== 'ROWS' && !(before === 'DISTINCT' && ['IS', 'NOT'].includes(this.tokens[index - 2]?.word ?? ''));
      case 'GROUP':
        return before !== 'WITHIN';
      case 'ON':
        return after === 'CONFLICT';
      case 'WITH':
        return ['NO', 'DATA', 'CHECK', 'CASCADED', 'LOCAL'].includes(after);
      default:
        return true;
    }
  }
}

function closes(sign: string, opener: string | undefined): boolean {
  if (sign === 'END') return opener === 'CASE';
  return (sign === ')' && opener === '(') || (sign === ']' && opener === '[');
}

/** UTF-16 offsets by byte of the UTF-8 form; null where both are the same. A lone surrogate is sent as the 3 bytes of U+FFFD. */
function offsetsOf(text: string): Uint32Array | null {
  if (/^[\0-\x7f]*$/.test(text)) return null;
  const offsets: number[] = [];
  for (let index = 0; index < text.length; ) {
    const point = text.codePointAt(index) ?? 0;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let byte = 0; byte < bytes; byte += 1) offsets.push(index);
    index += point > 0xffff ? 2 : 1;
  }
  return Uint32Array.from([...offsets, text.length]);
}
