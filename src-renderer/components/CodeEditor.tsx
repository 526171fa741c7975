import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { CompletionSource } from '@codemirror/autocomplete';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from 'react';
import { editorExtensions, preferredExtensions } from './editor/extensions';
import { statementAtCursor } from './editor/statementGutter';
import { usePreferences } from './preferences';
import classes from './CodeEditor.module.css';

/** What to run: `text` is exactly the document's text from `offset`. */
export interface RunRequest {
  readonly text: string;
  /** Where `text` begins in the document, in UTF-16 units. */
  readonly offset: number;
  readonly scope: 'selection' | 'statement' | 'all';
}

/** A place in the text with what is wrong there. */
export interface TextMark {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface CodeEditorHandle {
  readonly focus: () => void;
  /** The whole text as it is now. */
  readonly text: () => string;
  /** The selection, else the statement at the cursor; or everything. Null where there is nothing to run. */
  readonly target: (scope: 'current' | 'all') => RunRequest | null;
  /** The editor itself, for commands that change the text in more than one place; null before it is there. */
  readonly view: () => EditorView | null;
  /** Puts a text in place of the whole in one undoable step. */
  readonly replace: (text: string) => void;
  /** Types `text` in place of the selection. */
  readonly insert: (text: string) => void;
  /** Moves the cursor to an offset and scrolls it into view. */
  readonly reveal: (offset: number) => void;
}

export interface CodeEditorProps {
  /** The text at first; a later value that the editor did not report itself replaces the text in one undoable step. */
  readonly value: string;
  /** Called with each change; for texts over 200,000 characters a moment after the typing stopped, and when the editor is left. */
  readonly onChange?: (text: string) => void;
  /** Ctrl+Enter and Ctrl+Shift+Enter. */
  readonly onRun?: (request: RunRequest) => void;
  /** Esc, when it closed nothing else. */
  readonly onStop?: () => void;
  /** Neither `readOnly`, `label` nor `placeholder` may change while it is mounted. */
  readonly readOnly?: boolean;
  readonly label: string;
  readonly placeholder?: string;
  readonly completion?: CompletionSource;
  /** What the server found wrong; it moves with the text and goes when another object is given. */
  readonly mark?: TextMark | null;
  readonly ref?: Ref<CodeEditorHandle>;
}

/** Taking the whole text out of the editor costs time in proportion to it. */
const LONG_TEXT = 200_000;
const LONG_TEXT_DELAY_MS = 200;

function runRequest(view: EditorView, scope: 'current' | 'all'): RunRequest | null {
  const { doc, selection } = view.state;
  if (scope === 'all') {
    const text = doc.toString();
    return text.trim() === '' ? null : { text, offset: 0, scope: 'all' };
  }
  const { from, to } = selection.main;
  const selected = doc.sliceString(from, to);
  if (selected.trim() !== '') return { text: selected, offset: from, scope: 'selection' };
  const range = statementAtCursor(view);
  return range && { text: doc.sliceString(range.from, range.to), offset: range.from, scope: 'statement' };
}

/** Reports the text at once, or for a long one after a pause; `flush` reports what is waiting. */
function textReporter(view: () => EditorView | null, report: (text: string) => void) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const send = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const current = view();
    if (current) report(current.state.doc.toString());
  };
  return {
    changed(this: void): void {
      if ((view()?.state.doc.length ?? 0) <= LONG_TEXT) send();
      else timer ??= setTimeout(send, LONG_TEXT_DELAY_MS);
    },
    flush(this: void): void {
      if (timer !== null) send();
    },
  };
}

/** An editor for PostgreSQL's SQL. It fills its parent. */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  const reported = useRef(props.value);
  const [compartment] = useState(() => new Compartment());
  useLayoutEffect(() => {
    latest.current = props;
  });

  useLayoutEffect(() => {
    const parent = host.current;
    if (!parent) return undefined;
    const reporter = textReporter(
      () => view.current,
      (text) => {
        reported.current = text;
        latest.current.onChange?.(text);
      },
    );
    const { label, placeholder = '', readOnly = false, value } = latest.current;
    const created = new EditorView({
      parent,
      state: EditorState.create({
        doc: value,
        extensions: editorExtensions({ label, placeholder, readOnly }, {
          run(scope) {
            const request = runRequest(created, scope);
            if (!latest.current.onRun) return false;
            if (request) latest.current.onRun(request);
            return true;
          },
          stop() {
            latest.current.onStop?.();
            return latest.current.onStop !== undefined;
          },
          changed: reporter.changed,
          blurred: reporter.flush,
          completion: () => latest.current.completion,
          preferences: compartment.of(preferredExtensions(usePreferences.getState(), () => latest.current.completion)),
        }),
      }),
    });
    reported.current = value;
    view.current = created;
    window.addEventListener('blur', reporter.flush);
    window.addEventListener('pagehide', reporter.flush);
    return () => {
      reporter.flush();
      window.removeEventListener('blur', reporter.flush);
      window.removeEventListener('pagehide', reporter.flush);
      view.current = null;
      created.destroy();
    };
  }, [compartment]);

  useEffect(() => {
    const current = view.current;
    if (!current || props.value === reported.current) return;
    reported.current = props.value;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: props.value }, annotations: Transaction.userEvent.of('input.replace') });
  }, [props.value]);

  const preferences = usePreferences();
  useEffect(() => {
    view.current?.dispatch({ effects: compartment.reconfigure(preferredExtensions(preferences, () => latest.current.completion)) });
  }, [preferences, compartment]);

  const { mark } = props;
  useEffect(() => {
    const current = view.current;
    if (!current) return;
    const end = current.state.doc.length;
    const found = mark ? [{ from: Math.min(mark.from, end), to: Math.min(mark.to, end), severity: 'error' as const, message: mark.message }] : [];
    current.dispatch(setDiagnostics(current.state, found));
  }, [mark]);

  useImperativeHandle(
    props.ref,
    () => ({
      focus: () => view.current?.focus(),
      text: () => view.current?.state.doc.toString() ?? '',
      target: (scope) => (view.current ? runRequest(view.current, scope) : null),
      view: () => view.current,
      replace(text) {
        const current = view.current;
        current?.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true, userEvent: 'input.replace' });
      },
      insert(text) {
        const current = view.current;
        current?.dispatch({ ...current.state.replaceSelection(text), scrollIntoView: true, userEvent: 'input.paste' });
      },
      reveal(offset) {
        const current = view.current;
        if (!current) return;
        const anchor = Math.min(offset, current.state.doc.length);
        current.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
        current.focus();
      },
    }),
    [],
  );

  return <div ref={host} className={classes.host} />;
}
