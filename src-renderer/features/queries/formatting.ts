import type { EditorView } from '@codemirror/view';
import { client } from '../../client';
import { useSettings } from '../settings/store';
import { formatOptions } from './formatOptions';

/** The layout of a longer text would hold the window for seconds. */
const LONGEST = 200_000;

/** The place in `after` that has as many characters before it, blanks left out, as `offset` has in `before`. */
export function samePlace(before: string, after: string, offset: number): number {
  let wanted = before.slice(0, offset).replace(/\s+/g, '').length;
  let at = 0;
  while (at < after.length && wanted > 0) {
    if (!/\s/.test(after.charAt(at))) wanted -= 1;
    at += 1;
  }
  return at;
}

/**
 * Lays out the selection, or all of the text, anew in one step that can be undone. Returns why it was left as it is; null when it was
 * done. PostgreSQL's own grammar must read the same from both, comments included.
 */
export async function formatSql(view: EditorView): Promise<string | null> {
  const { doc, selection } = view.state;
  const { main } = selection;
  const range = main.empty ? { from: 0, to: doc.length } : { from: main.from, to: main.to };
  const before = doc.sliceString(range.from, range.to);
  if (before.trim() === '') return 'There is nothing to format.';
  if (before.length > LONGEST) return `More than ${LONGEST.toLocaleString('en-US')} characters are not formatted at once: select a part.`;
  const { format } = await import('sql-formatter');
  const { editor } = useSettings.getState().settings;
  let formatted: string;
  try {
    formatted = format(before, formatOptions({ keywordCase: editor.formatKeywords, indent: editor.formatIndent, width: editor.formatWidth }));
  } catch (error) {
    return `The formatter cannot read it: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`;
  }
  const after = `${/^\s*/.exec(before)?.[0] ?? ''}${formatted.trim()}${/\s*$/.exec(before)?.[0] ?? ''}`;
  if (after === before) return null;
  const { reason } = await client.queries.sameMeaning({ before, after });
  if (reason !== null) return reason;
  if (view.state.doc !== doc) return 'The text was changed meanwhile: format it again.';
  const anchor = main.empty ? range.from + samePlace(before, after, main.head - range.from) : range.from;
  const head = main.empty ? anchor : range.from + after.length;
  view.dispatch({ changes: { ...range, insert: after }, selection: { anchor, head }, scrollIntoView: true, userEvent: 'input.format' });
  return null;
}
