/**
 * PostgreSQL's lexical rules as far as finding statement borders needs them: comments (nested), strings, dollar quotes,
 * quoted names. Source: PostgreSQL manual, "Lexical Structure", with standard_conforming_strings on. Unterminated strings and
 * comments reach to the end of the text, so every text has a reading.
 */
export interface Token {
  readonly kind: 'word' | 'semicolon' | 'other' | 'comment';
  readonly from: number;
  readonly to: number;
}

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
const WORD = /[A-Za-z0-9_$\u0080-\uffff]*/y;
const SPACE = /[ \t\n\r\f\v]*/y;
const NUMBER = /[0-9.][0-9A-Za-z_.]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

/** The next token at or after `from`, null at the end. */
export function nextToken(text: string, from: number): Token | null {
  const start = match(SPACE, text, from);
  const character = text[start];
  if (character === undefined) return null;
  const pair = character + (text[start + 1] ?? '');
  if (pair === '--') return { kind: 'comment', from: start, to: lineEnd(text, start) };
  if (pair === '/*') return { kind: 'comment', from: start, to: blockEnd(text, start) };
  if (character === ';') return { kind: 'semicolon', from: start, to: start + 1 };
  return literal(text, start, character) ?? word(text, start, character);
}

function literal(text: string, start: number, character: string): Token | null {
  const other = (to: number): Token => ({ kind: 'other', from: start, to });
  if (character === "'" || character === '"') return other(quoteEnd(text, start + 1, character));
  if (character === '$') {
    const tagEnd = match(DOLLAR_TAG, text, start);
    if (tagEnd === start) return other(start + 1);
    const tag = text.slice(start, tagEnd);
    const close = text.indexOf(tag, tagEnd);
    return other(close < 0 ? text.length : close + tag.length);
  }
  if ((character === 'e' || character === 'E') && text[start + 1] === "'") return other(escapedEnd(text, start + 2));
  return null;
}

function word(text: string, start: number, character: string): Token {
  if (WORD_START.test(character)) return { kind: 'word', from: start, to: match(WORD, text, start) };
  if (character >= '0' && character <= '9') return { kind: 'other', from: start, to: match(NUMBER, text, start) };
  return { kind: 'other', from: start, to: start + 1 };
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function lineEnd(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '\n' || text[index] === '\r') return index;
  }
  return text.length;
}

function blockEnd(text: string, from: number): number {
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    const pair = text.slice(index, index + 2);
    if (pair === '/*') {
      depth += 1;
      index += 1;
    } else if (pair === '*/') {
      depth -= 1;
      index += 1;
      if (depth === 0) return index + 1;
    }
  }
  return text.length;
}

/** A doubled quote is two strings in a row here, which ends at the same place. */
function quoteEnd(text: string, from: number, quote: string): number {
  const close = text.indexOf(quote, from);
  return close < 0 ? text.length : close + 1;
}

function escapedEnd(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === "'" && text[index + 1] === "'") index += 1;
    else if (text[index] === "'") return index + 1;
  }
  return text.length;
}
