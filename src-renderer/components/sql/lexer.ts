/** What a piece of PostgreSQL text is. `quoted` is a "quoted identifier"; `dollar` a $tag$ string. */
export type TokenKind = 'word' | 'quoted' | 'string' | 'dollar' | 'number' | 'parameter' | 'operator' | 'punctuation' | 'comment' | 'space';

export interface Token {
  readonly kind: TokenKind;
  /** Half-open range of UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
  /** False where the text ends inside a string, a quoted identifier or a block comment. */
  readonly closed: boolean;
}

const code = (character: string): number => character.charCodeAt(0);
const QUOTE = code("'");
const DOUBLE_QUOTE = code('"');
const DOLLAR = code('$');
const BACKSLASH = code('\\');
const DASH = code('-');
const SLASH = code('/');
const STAR = code('*');
const NEWLINE = 10;
const RETURN = 13;

const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c >= 128;
const isWordPart = (c: number): boolean => isLetter(c) || isDigit(c) || c === DOLLAR;
const OPERATORS = new Set([...'+-*/<>=~!@#%^&|`?'].map(code));

function skipWhile(text: string, from: number, test: (c: number) => boolean): number {
  let at = from;
  while (at < text.length && test(text.charCodeAt(at))) at += 1;
  return at;
}

/** The end of a quoted piece whose opening quote is at `open`; a doubled quote stands for itself. */
function quotedEnd(text: string, open: number, quote: number, escapes: boolean): { to: number; closed: boolean } {
  let at = open + 1;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === BACKSLASH && escapes) at += 2;
    else if (c !== quote) at += 1;
    else if (text.charCodeAt(at + 1) === quote) at += 2;
    else return { to: at + 1, closed: true };
  }
  return { to: text.length, closed: false };
}

/** Block comments nest in PostgreSQL. */
function blockCommentEnd(text: string, from: number): { to: number; closed: boolean } {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (c === SLASH && next === STAR) {
      depth += 1;
      at += 2;
    } else if (c === STAR && next === SLASH) {
      depth -= 1;
      at += 2;
      if (depth === 0) return { to: at, closed: true };
    } else {
      at += 1;
    }
  }
  return { to: text.length, closed: false };
}

function dollarToken(text: string, from: number): Token {
  if (isDigit(text.charCodeAt(from + 1))) return { kind: 'parameter', from, to: skipWhile(text, from + 1, isDigit), closed: true };
  const tagEnd = skipWhile(text, from + 1, (c) => isLetter(c) || isDigit(c));
  if (text.charCodeAt(tagEnd) !== DOLLAR) return { kind: 'operator', from, to: from + 1, closed: true };
  const tag = text.slice(from, tagEnd + 1);
  const end = text.indexOf(tag, tagEnd + 1);
  return end < 0 ? { kind: 'dollar', from, to: text.length, closed: false } : { kind: 'dollar', from, to: end + tag.length, closed: true };
}

function numberEnd(text: string, from: number): number {
  let at = skipWhile(text, from, (c) => isDigit(c) || isLetter(c));
  if (text.charCodeAt(at) === code('.') && text.charCodeAt(at + 1) !== code('.')) at = skipWhile(text, at + 1, (c) => isDigit(c) || isLetter(c));
  const before = text.charCodeAt(at - 1);
  const sign = text.charCodeAt(at);
  if ((before === 101 || before === 69) && (sign === DASH || sign === code('+'))) at = skipWhile(text, at + 1, isDigit);
  return at;
}

function wordToken(text: string, from: number): Token {
  const to = skipWhile(text, from, isWordPart);
  const c = text.charCodeAt(to);
  const prefix = to - from === 1 ? text.charAt(from).toLowerCase() : '';
  if (c === QUOTE && prefix !== '' && 'ebxn'.includes(prefix)) return { kind: 'string', from, ...quotedEnd(text, to, QUOTE, prefix === 'e') };
  if (prefix === 'u' && c === code('&')) {
    const open = text.charCodeAt(to + 1);
    if (open === QUOTE) return { kind: 'string', from, ...quotedEnd(text, to + 1, QUOTE, false) };
    if (open === DOUBLE_QUOTE) return { kind: 'quoted', from, ...quotedEnd(text, to + 1, DOUBLE_QUOTE, false) };
  }
  return { kind: 'word', from, to, closed: true };
}

/** An operator ends where a comment begins, as in PostgreSQL's own lexer. */
function operatorEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && OPERATORS.has(text.charCodeAt(at))) {
    const c = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (at > from && ((c === DASH && next === DASH) || (c === SLASH && next === STAR))) break;
    at += 1;
  }
  return at;
}

/**
 * The token that begins at `from`, after PostgreSQL's lexical rules with `standard_conforming_strings` on
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html). Null at the end. It never throws and always moves on.
 */
export function tokenAt(text: string, from: number): Token | null {
  if (from >= text.length) return null;
  const c = text.charCodeAt(from);
  const next = text.charCodeAt(from + 1);
  if (isSpace(c)) return { kind: 'space', from, to: skipWhile(text, from, isSpace), closed: true };
  if (isLetter(c)) return wordToken(text, from);
  if (c === QUOTE) return { kind: 'string', from, ...quotedEnd(text, from, QUOTE, false) };
  if (c === DOUBLE_QUOTE) return { kind: 'quoted', from, ...quotedEnd(text, from, DOUBLE_QUOTE, false) };
  if (c === DOLLAR) return dollarToken(text, from);
  if (c === DASH && next === DASH) return { kind: 'comment', from, to: skipWhile(text, from, (d) => d !== NEWLINE && d !== RETURN), closed: true };
  if (c === SLASH && next === STAR) return { kind: 'comment', from, ...blockCommentEnd(text, from) };
  if (isDigit(c) || (c === code('.') && isDigit(next))) return { kind: 'number', from, to: numberEnd(text, from), closed: true };
  if (OPERATORS.has(c)) return { kind: 'operator', from, to: operatorEnd(text, from), closed: true };
  return { kind: 'punctuation', from, to: from + 1, closed: true };
}

/** All tokens of a text; their ranges join without a gap. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let token = tokenAt(text, 0); token; token = tokenAt(text, token.to)) tokens.push(token);
  return tokens;
}

/** The name that an identifier token stands for: folded to lower case, or taken as written between quotes. */
export function identifierName(text: string, token: Token): string {
  const written = text.slice(token.from, token.to);
  if (token.kind !== 'quoted') return written.toLowerCase();
  return written.slice(written.indexOf('"') + 1, token.closed ? -1 : undefined).replaceAll('""', '"');
}
