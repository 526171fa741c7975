import { defaultKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { codeFolding, foldGutter, foldKeymap, syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useLayoutEffect, useRef } from 'react';
import { breakLongLines } from './formatValue';
import { editorTheme } from '../editor/theme';
import { sqlHighlighter } from '../sql/highlight';

interface ReadOnlyTextProps {
  readonly text: string;
  readonly language: 'json' | 'plain';
  readonly wrap: boolean;
  readonly label: string;
}

/** A long text that is drawn only where it is looked at, with search (Ctrl+F) and, for JSON, folding. */
export function ReadOnlyText({ text, language, wrap, label }: ReadOnlyTextProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current) return undefined;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: breakLongLines(text),
        extensions: [
          EditorState.readOnly.of(true),
          language === 'json' ? [json(), syntaxHighlighting(sqlHighlighter), codeFolding(), lineNumbers(), foldGutter()] : [],
          drawSelection(),
          search({ top: true }),
          keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap]),
          wrap ? EditorView.lineWrapping : [],
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
          editorTheme,
        ],
      }),
    });
    return () => view.destroy();
  }, [text, language, wrap, label]);
  return <div ref={host} style={{ height: '100%', overflow: 'hidden' }} />;
}
