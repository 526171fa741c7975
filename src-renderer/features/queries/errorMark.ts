import { tokenAt } from '../../components/sql/lexer';
import type { TextMark } from '../../components/CodeEditor';
import type { AppErrorData } from '../../../src-preload/contract/error';

interface RanText {
  readonly text: string;
  /** Where it began in the document when it was run. */
  readonly offset: number;
}

/** Where the ran text stands in the document now; null when it was changed since. */
export function currentOffset(document: string, ran: RanText): number | null {
  if (document.startsWith(ran.text, ran.offset)) return ran.offset;
  // Something was typed before it: it counts only where there is no doubt which one it is.
  const first = document.indexOf(ran.text);
  return first >= 0 && document.indexOf(ran.text, first + 1) < 0 ? first : null;
}

/**
 * The place in the document that an error speaks of: the token at the server's position, or the first word of the statement
 * when the server gave none. Null when the text was changed since.
 */
export function errorMark(document: string, ran: RanText, error: AppErrorData, statement: { readonly from: number; readonly to: number }): TextMark | null {
  const offset = currentOffset(document, ran);
  if (offset === null) return null;
  const wanted = error.position ?? firstToken(ran.text, statement.from);
  const position = Math.min(wanted, ran.text.length);
  const token = tokenAt(ran.text, position);
  // An error at the end of the input points behind the last token.
  const from = offset + (token && token.kind !== 'space' ? position : Math.max(0, ran.text.trimEnd().length - 1));
  const to = offset + (token && token.kind !== 'space' ? Math.min(token.to, position + 200) : ran.text.trimEnd().length);
  return { from, to: Math.max(to, from + 1), message: [error.message, error.hint].filter(Boolean).join('\n') };
}

function firstToken(text: string, from: number): number {
  for (let token = tokenAt(text, from); token; token = tokenAt(text, token.to)) if (token.kind !== 'space' && token.kind !== 'comment') return token.from;
  return from;
}

/** Line and column, both from 1, of an offset. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
