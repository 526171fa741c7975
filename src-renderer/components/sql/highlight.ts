import { highlightCode, tagHighlighter, tags as t } from '@lezer/highlight';
import { sqlDialect } from './dialect';
import './highlight.css';

/** Classes instead of colours, so that one style sheet serves the editor, the blocks in the chat, and both themes. */
export const sqlHighlighter = tagHighlighter([
  { tag: t.keyword, class: 'sql-keyword' },
  { tag: [t.string, t.special(t.string)], class: 'sql-string' },
  { tag: [t.number, t.bool, t.null], class: 'sql-number' },
  { tag: [t.comment, t.lineComment, t.blockComment], class: 'sql-comment' },
  { tag: t.typeName, class: 'sql-type' },
  { tag: [t.operator, t.punctuation], class: 'sql-operator' },
  { tag: t.standard(t.name), class: 'sql-builtin' },
  { tag: t.special(t.name), class: 'sql-parameter' },
  { tag: t.propertyName, class: 'sql-type' },
]);

export interface Piece {
  readonly text: string;
  readonly className: string;
}

/** The text in pieces of one class each; joined they are the text. Meant for short texts: it parses all of it. */
export function highlightSql(text: string): Piece[] {
  const pieces: Piece[] = [];
  highlightCode(
    text,
    sqlDialect.language.parser.parse(text),
    sqlHighlighter,
    (piece, className) => pieces.push({ text: piece, className }),
    () => pieces.push({ text: '\n', className: '' }),
  );
  return pieces;
}
