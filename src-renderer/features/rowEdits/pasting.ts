import type { EditValue } from '../../../src-preload/contract/rowEditLog';
import type { EditColumn } from '../../../src-preload/contract/rowEdits';

/**
 * The cells of a block as spreadsheets put it on the clipboard: tabs between cells, line ends between rows, quotes around what contains
 * one of these, doubled quotes inside. The line end behind the last row is no row.
 */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  const end = /\t|\r\n|\n|\r/g;
  while (at <= text.length) {
    const quoted = text[at] === '"' ? quotedCell(text, at) : null;
    const from = quoted?.end ?? at;
    end.lastIndex = from;
    const separator = end.exec(text);
    rows.at(-1)?.push(quoted?.cell ?? text.slice(at, separator?.index ?? text.length));
    if (separator === null) break;
    at = separator.index + separator[0].length;
    if (separator[0] === '\t') continue;
    if (at === text.length) break;
    rows.push([]);
  }
  return rows;
}

/** A quoted cell with the offset behind it; null where the quotes do not enclose a whole cell, so that they belong to the value. */
function quotedCell(text: string, open: number): { cell: string; end: number } | null {
  const match = /^"((?:[^"]|"")*)"(?=[\t\r\n]|$)/.exec(text.slice(open));
  return match === null ? null : { cell: (match[1] ?? '').replaceAll('""', '"'), end: open + match[0].length };
}

const texts = /^(text|character varying|character|name|citext)\b/;

/** What a pasted cell means: nothing at all is NULL where the type has no empty value. */
export function pastedValue(column: EditColumn, cell: string): EditValue {
  if (cell === '' && !texts.test(column.baseType) && column.labels === null) return { kind: 'null' };
  return { kind: 'text', text: cell };
}
