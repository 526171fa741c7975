import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, type CompletionSource } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  rectangularSelection,
} from '@codemirror/view';
import { isPersonsChoice } from '../../shell/commands';
import { sqlDialect } from '../sql/dialect';
import { sqlHighlighter } from '../sql/highlight';
import type { Preferences } from '../preferences';
import { findAndReplace } from './searchPanel';
import { spanMark } from './spanMark';
import { statementGutter } from './statementGutter';
import { editorTheme } from './theme';

export interface EditorActions {
  readonly run: (scope: 'current' | 'all') => boolean;
  readonly stop: () => boolean;
  readonly changed: () => void;
  readonly blurred: () => void;
  /** Asked at each completion, so that a newer catalog counts at once. */
  readonly completion: () => CompletionSource | undefined;
  /** `preferredExtensions`, in a compartment. */
  readonly preferences: Extension;
}

export interface EditorOptions {
  readonly label: string;
  readonly placeholder: string;
  readonly readOnly: boolean;
}

// Ctrl+Enter runs; the editor's own meaning of it, a new line below, is left out.
const editingKeys = defaultKeymap.filter((binding) => binding.key !== 'Mod-Enter');

// Find and replace has keys of its own.
const searchKeys = searchKeymap.filter((binding) => binding.key !== 'Mod-f');

/** What a person may set of an editor; `completion` is asked at each completion. */
export function preferredExtensions({ tabSize, wordWrap, lineNumbers: numbered, closeBrackets: closing, completeOnTyping }: Preferences, completion: EditorActions['completion']): Extension[] {
  return [
    numbered ? lineNumbers() : [],
    closing ? closeBrackets() : [],
    wordWrap ? EditorView.lineWrapping : [],
    EditorState.tabSize.of(tabSize),
    indentUnit.of(' '.repeat(tabSize)),
    autocompletion({
      override: [(context) => completion()?.(context) ?? null],
      activateOnTyping: completeOnTyping,
      maxRenderedOptions: 60,
      activateOnTypingDelay: 60,
      interactionDelay: 30,
      icons: true,
    }),
  ];
}

/** Everything that makes the text an editor for PostgreSQL's SQL; `actions` may change what it does at any time. */
export function editorExtensions(options: EditorOptions, actions: EditorActions): Extension[] {
  const run = (view: EditorView, scope: 'current' | 'all'): boolean => {
    // What is proposed would hide the rows, and the next Esc is meant for the run.
    closeCompletion(view);
    return actions.run(scope);
  };
  return [
    Prec.highest(
      keymap.of([
        // A person who gave these commands other keys has these free.
        { key: 'Mod-Enter', run: (view) => !isPersonsChoice('query.run') && run(view, 'current'), stopPropagation: true },
        { key: 'Mod-Shift-Enter', run: (view) => !isPersonsChoice('query.runAll') && run(view, 'all'), stopPropagation: true },
      ]),
    ),
    statementGutter,
    spanMark,
    actions.preferences,
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    EditorView.clickAddsSelectionRange.of((event) => event.altKey || event.ctrlKey || event.metaKey),
    bracketMatching(),
    rectangularSelection({ eventFilter: (event) => event.altKey && event.shiftKey }),
    crosshairCursor({ key: 'Shift' }),
    highlightActiveLine(),
    highlightSelectionMatches({ minSelectionLength: 3, maxMatches: 200 }),
    findAndReplace,
    sqlDialect.extension,
    sqlDialect.language.data.of({ commentTokens: { line: '--', block: { open: '/*', close: '*/' } }, closeBrackets: { brackets: ['(', '[', "'", '"'] } }),
    syntaxHighlighting(sqlHighlighter),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeys, ...historyKeymap, ...editingKeys, indentWithTab]),
    // After all others, so that Esc first closes what is open.
    Prec.lowest(keymap.of([{ key: 'Escape', run: () => actions.stop() }])),
    options.placeholder === '' ? [] : placeholder(options.placeholder),
    EditorState.readOnly.of(options.readOnly),
    EditorView.contentAttributes.of({ 'aria-label': options.label, spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) actions.changed();
      if (update.focusChanged && !update.view.hasFocus) actions.blurred();
    }),
    editorTheme,
  ];
}
