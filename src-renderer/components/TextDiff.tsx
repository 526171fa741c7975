import { MergeView } from '@codemirror/merge';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorTheme } from './editor/theme';
import { sqlDialect } from './sql/dialect';
import { sqlHighlighter } from './sql/highlight';
import classes from './TextDiff.module.css';

interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  /** Names of the two sides, for screen readers. */
  readonly labels: readonly [string, string];
  readonly language?: 'sql' | 'plain';
}

/** Two texts side by side, with what differs marked; neither can be edited. */
export function TextDiff({ before, after, labels, language = 'sql' }: TextDiffProps) {
  const host = useRef<HTMLDivElement>(null);
  const [left, right] = labels;
  useEffect(() => {
    const parent = host.current;
    if (!parent) return undefined;
    const side = (doc: string, label: string) => ({
      doc,
      extensions: [
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        language === 'sql' ? [sqlDialect.extension, syntaxHighlighting(sqlHighlighter)] : [],
        editorTheme,
      ],
    });
    const view = new MergeView({ parent, a: side(before, left), b: side(after, right), collapseUnchanged: { margin: 3, minSize: 6 }, highlightChanges: true, gutter: true });
    return () => view.destroy();
  }, [before, after, left, right, language]);
  return <div ref={host} className={classes.diff} />;
}
