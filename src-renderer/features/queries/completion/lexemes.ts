import { identifierName, tokenize, type Token, type TokenKind } from '../../../components/sql/lexer';

/** A token that counts, with what is needed to walk over groups in parentheses. */
export interface Lexeme {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  /** As written. */
  readonly text: string;
  /** In lower case for words, which may be keywords; empty for all else. */
  readonly word: string;
  /** For `(`, the index of its `)`, or the count of lexemes where it is missing. */
  close: number;
}

/** The statement around the cursor, cut into lexemes, without the word that is being typed. */
export interface Reading {
  readonly lexemes: readonly Lexeme[];
  /** Index of the first lexeme at or after the cursor. */
  readonly cursor: number;
  /** The word being typed: from its start to the cursor. */
  readonly prefix: string;
  readonly prefixFrom: number;
  /** Where the typed word ends; what follows the cursor in it is replaced too. */
  readonly prefixTo: number;
  /** The typed word began with a double quote. */
  readonly quoted: boolean;
  /** The cursor is in a string, a comment or a number, where nothing is proposed. */
  readonly silent: boolean;
}

function link(lexemes: Lexeme[]): void {
  const open: Lexeme[] = [];
  lexemes.forEach((lexeme, index) => {
    if (lexeme.text === '(') open.push(lexeme);
    else if (lexeme.text === ')') {
      const opener = open.pop();
      if (opener) opener.close = index;
    }
  });
}

/** The tokens; an unclosed quoted name ends at the cursor, for what follows it was written before the quote was. */
function tokensAround(text: string, offset: number): Token[] {
  const tokens = tokenize(text);
  const last = tokens.at(-1);
  if (last?.kind !== 'quoted' || last.closed || last.from >= offset) return tokens;
  const rest = tokenize(text.slice(offset)).map((token) => ({ ...token, from: token.from + offset, to: token.to + offset }));
  return [...tokens.slice(0, -1), { ...last, to: offset }, ...rest];
}

const SILENT = new Set<TokenKind>(['string', 'dollar', 'comment', 'number', 'parameter']);

/** Whether the cursor stands in a token, so that typing goes on with it. */
function holdsCursor(token: Token, text: string, offset: number): boolean {
  if (token.from >= offset || offset > token.to) return false;
  if (offset < token.to || !token.closed) return true;
  // At its end a line comment or a word goes on; a string, a quoted name or a block comment is over.
  return token.kind === 'comment' ? text.startsWith('--', token.from) : !['string', 'dollar', 'quoted'].includes(token.kind);
}

function lexemeOf(token: Token, text: string): Lexeme {
  const written = text.slice(token.from, token.to);
  return { kind: token.kind, from: token.from, to: token.to, text: written, word: token.kind === 'word' ? written.toLowerCase() : '', close: Number.MAX_SAFE_INTEGER };
}

/** Reads the text of one statement with the cursor at an offset in it. */
export function readStatement(text: string, offset: number): Reading {
  const lexemes: Lexeme[] = [];
  let held: Token | null = null;
  for (const token of tokensAround(text, offset)) {
    const holds = holdsCursor(token, text, offset);
    if (holds) held = token;
    const typed = holds && (token.kind === 'word' || token.kind === 'quoted');
    if (!typed && token.kind !== 'space' && token.kind !== 'comment') lexemes.push(lexemeOf(token, text));
  }
  link(lexemes);
  for (const lexeme of lexemes) lexeme.close = Math.min(lexeme.close, lexemes.length);
  const next = lexemes.findIndex((lexeme) => lexeme.from >= offset);
  const cursor = next < 0 ? lexemes.length : next;
  return { lexemes, cursor, silent: held !== null && SILENT.has(held.kind), ...typedWord(held, text, offset) };
}

function typedWord(held: Token | null, text: string, offset: number): Pick<Reading, 'prefix' | 'prefixFrom' | 'prefixTo' | 'quoted'> {
  if (held?.kind !== 'word' && held?.kind !== 'quoted') return { prefix: '', prefixFrom: offset, prefixTo: offset, quoted: false };
  const quoted = held.kind === 'quoted';
  // An unclosed quote runs to the end of the text; only what is before the cursor was meant.
  return { prefix: text.slice(held.from + (quoted ? 1 : 0), offset), prefixFrom: held.from, prefixTo: held.closed ? held.to : offset, quoted };
}

export const isName = (lexeme: Lexeme | undefined): lexeme is Lexeme => lexeme?.kind === 'word' || lexeme?.kind === 'quoted';

/** The name that a lexeme stands for. */
export function nameOf(lexeme: Lexeme): string {
  return identifierName(lexeme.text, { kind: lexeme.kind, from: 0, to: lexeme.text.length, closed: lexeme.text.endsWith('"') && lexeme.text.length > 1 });
}

/** The index after a lexeme, or after its group when it opens one. */
export const after = (lexemes: readonly Lexeme[], index: number): number => {
  const lexeme = lexemes[index];
  return lexeme?.text === '(' && lexeme.kind === 'punctuation' ? Math.min(lexeme.close + 1, lexemes.length) : index + 1;
};
