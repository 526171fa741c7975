import { setImmediate as nextTick } from 'node:timers/promises';
import type { SplitStatement } from '../../src-preload/contract/queries';
import { nextToken } from './lexer';
import type { Token } from './lexer';
import type { Parser } from './parser';

export interface Split {
  readonly statements: SplitStatement[];
  readonly error: { readonly message: string; readonly position: number } | null;
}

/** Larger scripts are cut by the lexer and parsed piece by piece, so that the main process stays responsive. */
const PARSE_WHOLE_CHARS = 100_000;
const SLICE_MS = 8;

/**
 * Cuts a script into its statements. PostgreSQL's grammar decides; where the whole does not parse, the lexer cuts at semicolons so
 * that one broken statement does not hide the others, and `error` locates the first broken one. A statement's range begins at its
 * first word (or at a planner hint, a comment of the form slash-star-plus) and ends before its semicolon.
 */
export async function split(parser: Parser, text: string): Promise<Split> {
  if (text.length <= PARSE_WHOLE_CHARS) {
    const whole = await parser.parse(text);
    if (whole.ok) {
      const statements = whole.statements.map((statement) => piece(text, statement.from, statement.to));
      return { statements: statements.map((statement, index) => withHint(text, statement, statements[index - 1]?.range.to ?? 0)), error: null };
    }
  }
  return splitByLexer(parser, text);
}

async function splitByLexer(parser: Parser, text: string): Promise<Split> {
  const statements: SplitStatement[] = [];
  let error: Split['error'] = null;
  let sliceEnd = performance.now() + SLICE_MS;
  for (const range of segments(text)) {
    if (performance.now() > sliceEnd) {
      await nextTick();
      sliceEnd = performance.now() + SLICE_MS;
    }
    const statement = withHint(text, piece(text, range.from, range.to), range.from);
    if (statement.range.from === statement.range.to) continue;
    statements.push(statement);
    if (error) continue;
    const parsed = await parser.parse(statement.text);
    if (!parsed.ok && parsed.position !== null) error = { message: parsed.message, position: statement.range.from + parsed.position };
  }
  return { statements, error };
}

/** Ranges between top-level semicolons, including blank ones. */
function* segments(text: string): Generator<{ from: number; to: number }> {
  let from = 0;
  let at = 0;
  let body = new BodyTracker(text);
  for (let token = nextToken(text, at); token; token = nextToken(text, at)) {
    at = token.to;
    if (token.kind === 'semicolon' && !body.inside) {
      yield { from, to: token.from };
      from = token.to;
      body = new BodyTracker(text);
    } else {
      body.see(token);
    }
  }
  yield { from, to: text.length };
}

/**
 * Knows whether a semicolon belongs to a body: `BEGIN ATOMIC ... END` of CREATE FUNCTION and PROCEDURE, or the parenthesised
 * actions of CREATE RULE. The counting of BEGIN, CASE and END is psql's (psqlscan.l).
 */
export class BodyTracker {
  private readonly words: string[] = [];
  private blocks = 0;
  private parentheses = 0;

  constructor(private readonly text: string) {}

  get inside(): boolean {
    return this.blocks > 0 || (this.creates('RULE') && this.parentheses > 0);
  }

  see(token: Token): void {
    if (token.kind === 'word') this.seeWord(this.text.slice(token.from, token.to).toUpperCase());
    if (token.kind !== 'other' || token.to - token.from > 1) return;
    const character = this.text[token.from];
    if (character === '(') this.parentheses += 1;
    else if (character === ')') this.parentheses -= 1;
  }

  private seeWord(word: string): void {
    if (this.words.length < 4) this.words.push(word);
    if (!this.creates('FUNCTION') && !this.creates('PROCEDURE')) return;
    if (word === 'BEGIN') this.blocks += 1;
    else if (word === 'CASE' && this.blocks > 0) this.blocks += 1;
    else if (word === 'END' && this.blocks > 0) this.blocks -= 1;
  }

  private creates(kind: string): boolean {
    const [first, second, third, fourth] = this.words;
    return first === 'CREATE' && (second === kind || (second === 'OR' && third === 'REPLACE' && fourth === kind));
  }
}

/** Shrinks a range to its first and last real token. */
function piece(text: string, from: number, to: number): SplitStatement {
  let start = -1;
  let end = from;
  for (let token = nextToken(text, from); token && token.from < to; token = nextToken(text, token.to)) {
    if (token.kind === 'comment' || token.kind === 'semicolon') continue;
    if (start < 0) start = token.from;
    end = Math.min(token.to, to);
  }
  if (start < 0) start = end;
  return { text: text.slice(start, end), range: { from: start, to: end } };
}

/** A planner hint in front of a statement acts only when it is sent with it. */
function withHint(text: string, statement: SplitStatement, after: number): SplitStatement {
  let from = statement.range.from;
  for (let token = nextToken(text, after); token && token.from < statement.range.from; token = nextToken(text, token.to)) {
    if (token.kind === 'comment' && text.startsWith('/*+', token.from)) {
      from = token.from;
      break;
    }
  }
  if (from === statement.range.from || statement.range.from === statement.range.to) return statement;
  return { text: text.slice(from, statement.range.to), range: { from, to: statement.range.to } };
}
