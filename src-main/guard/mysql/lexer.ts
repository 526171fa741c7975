/**
 * A token of MySQL's and MariaDB's SQL. `quoted` is a name in backticks; `double` stands in double quotes, which is a text or, under
 * ANSI_QUOTES, a name; `variable` is `@x` or `@@x`.
 */
export interface MysqlToken {
  readonly kind: 'word' | 'quoted' | 'text' | 'double' | 'number' | 'variable' | 'other';
  readonly from: number;
  readonly to: number;
  /** Upper case for words; as written for all others. */
  readonly text: string;
}

export interface Lexed {
  readonly tokens: readonly MysqlToken[];
  /** Ranges of comments. */
  readonly comments: readonly { readonly from: number; readonly to: number }[];
  /** Why the text has no safe reading, as the end of a sentence; null when it has one. */
  readonly problem: string | null;
}

const SPACE = /[ \t\n\r\v\f]/;
const WORD = /[A-Za-z0-9_$\u0080-\uffff]+/y;
const NUMBER = /(?:0[xX][0-9A-Fa-f]+|0[bB][01]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![A-Za-z0-9_$\u0080-\uffff])/y;
const VARIABLE = /@@?(?:[A-Za-z0-9_.$\u0080-\uffff]+|`[^`]*`|'[^'\\]*'|"[^"\\]*")/y;
const OPERATORS = ['<=>', '->>', ':=', '->', '<=', '>=', '<>', '!=', '||', '&&', '<<', '>>'];

/**
 * Reads a text by the lexical rules of MySQL 8 and MariaDB (manual, "Lexical Structure"). It is strict: what different settings or
 * versions read differently, such as a comment that is executed, has a `problem`. `executed` reads executable comments as code, for
 * looking for what they would do.
 */
export function lex(text: string, executed = false): Lexed {
  return new Lexer(text, executed).read();
}

class Lexer {
  private at = 0;
  private problem: string | null = null;
  private inExecuted = false;
  private readonly tokens: MysqlToken[] = [];
  private readonly comments: { from: number; to: number }[] = [];

  constructor(
    private readonly text: string,
    private readonly executed: boolean,
  ) {}

  read(): Lexed {
    while (this.at < this.text.length) {
      const before = this.at;
      this.step();
      if (this.at <= before) this.at = before + 1;
    }
    return { tokens: this.tokens, comments: this.comments, problem: this.problem };
  }

  private step(): void {
    const character = this.text[this.at] ?? '';
    if (SPACE.test(character)) this.at += 1;
    else if (character < ' ' || character === '\u007f' || character === '\ufffd') this.refuse('has a control character');
    else if (!this.comment(character)) this.token(character);
  }

  private comment(character: string): boolean {
    const { text, at } = this;
    if (this.inExecuted && text.startsWith('*/', at)) {
      this.inExecuted = false;
      this.at += 2;
      return true;
    }
    if (character === '#') return this.lineComment();
    if (text.startsWith('--', at)) {
      if (at + 2 >= text.length || SPACE.test(text[at + 2] ?? '')) return this.lineComment();
      this.refuse('has -- without a space behind it, which some read as a comment and others do not', 0);
      return false;
    }
    return text.startsWith('/*', at) && this.blockComment();
  }

  private lineComment(): boolean {
    const end = this.text.indexOf('\n', this.at);
    const to = end === -1 ? this.text.length : end;
    const inside = this.text.slice(this.at, to);
    if (/\r(?!$)/.test(inside)) this.refuse('has a carriage return inside a comment', 0);
    return this.commented(to);
  }

  private blockComment(): boolean {
    const { text, at } = this;
    const marker = /^\/\*M?!\d*/.exec(text.slice(at, at + 12));
    if (marker) {
      this.refuse('has a comment that the server executes (/*! or /*M!)', 0);
      if (this.executed) {
        this.inExecuted = true;
        this.at += marker[0].length;
        return true;
      }
    }
    if (text.startsWith('/*+', at)) this.refuse('has an optimizer hint, which may change settings', 0);
    const end = text.indexOf('*/', at + 2);
    if (end === -1) {
      this.refuse('has a comment that does not end', 0);
      return this.commented(text.length);
    }
    // What comes behind differs between servers that nest comments and those that do not.
    if (text.slice(at + 2, end).includes('/*')) this.refuse('has a comment inside a comment', 0);
    return this.commented(end + 2);
  }

  private commented(to: number): true {
    this.comments.push({ from: this.at, to });
    this.at = to;
    return true;
  }

  private token(character: string): void {
    if (character === "'") return this.quoted("'", 'text');
    if (character === '"') return this.quoted('"', 'double');
    if (character === '`') return this.quoted('`', 'quoted');
    const variable = character === '@' ? this.matched(VARIABLE) : null;
    if (variable !== null) return this.push('variable', this.at + variable.length);
    const afterDot = this.tokens.at(-1)?.text === '.' && this.tokens.at(-1)?.to === this.at;
    const number = afterDot ? null : this.matched(NUMBER);
    if (number !== null) return this.push('number', this.at + number.length);
    const word = this.matched(WORD);
    if (word !== null) return this.push('word', this.at + word.length);
    const operator = OPERATORS.find((candidate) => this.text.startsWith(candidate, this.at)) ?? character;
    this.push('other', this.at + operator.length);
  }

  private matched(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? null;
  }

  private push(kind: MysqlToken['kind'], to: number): void {
    const text = this.text.slice(this.at, to);
    this.tokens.push({ kind, from: this.at, to, text: kind === 'word' ? text.toUpperCase() : text });
    this.at = to;
  }

  /** With and without backslash escapes the text must end at the same place: NO_BACKSLASH_ESCAPES is a setting of the session. */
  private quoted(quote: string, kind: MysqlToken['kind']): void {
    const plain = this.quoteEnd(quote, false);
    const escaped = quote === '`' ? plain : this.quoteEnd(quote, true);
    if (escaped === null || plain === null) this.refuse('has a quote that does not end', 0);
    else if (escaped !== plain) this.refuse('has a backslash before a quote, which ends the text under some settings and not under others; write the quote twice', 0);
    this.push(kind, escaped ?? plain ?? this.text.length);
  }

  private quoteEnd(quote: string, escapes: boolean): number | null {
    for (let index = this.at + 1; index < this.text.length; index++) {
      const character = this.text[index];
      if (character === '\\' && escapes) index += 1;
      else if (character === quote) {
        if (this.text[index + 1] !== quote) return index + 1;
        index += 1;
      }
    }
    return null;
  }

  private refuse(problem: string, step = 1): void {
    this.problem ??= problem;
    this.at += step;
  }
}

/** The text with a space for every character of a comment, so that places stay; line ends are kept. */
export function withoutComments(text: string, comments: Lexed['comments']): string {
  let out = '';
  let at = 0;
  for (const { from, to } of comments) {
    out += text.slice(at, from) + text.slice(from, to).replace(/[^\n\r]/g, ' ');
    at = to;
  }
  return out + text.slice(at);
}
