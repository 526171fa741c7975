import type { Ref } from 'react';
import type { CompletionSource } from '@codemirror/autocomplete';
import type { AppErrorData } from '../../src-preload/contract/error';

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
  focus(): void;
  /** The whole text as it is now. */
  text(): string;
  /** The selection, else the statement at the cursor; or everything. Null where there is nothing to run. */
  target(scope: 'current' | 'all'): RunRequest | null;
  /** Types `text` in place of the selection. */
  insert(text: string): void;
  /** Moves the cursor to an offset and scrolls it into view. */
  reveal(offset: number): void;
}

export interface CodeEditorProps {
  /** The text at first; a later value that the editor did not report itself replaces the text in one undoable step. */
  readonly value: string;
  /** Called with each change; for texts over 200,000 characters a moment after the typing stopped, and when the editor is left. */
  onChange?(text: string): void;
  onRun?(request: RunRequest): void;
  /** Esc, when it closed nothing else. */
  onStop?(): void;
  readonly readOnly?: boolean;
  readonly label: string;
  readonly placeholder?: string;
  readonly completion?: CompletionSource;
  readonly mark?: TextMark | null;
  readonly error?: AppErrorData | null;
  readonly ref?: Ref<CodeEditorHandle>;
}

/** An editor for PostgreSQL's SQL. It fills its parent. */
export function CodeEditor({ label, value }: CodeEditorProps) {
  return <textarea aria-label={label} defaultValue={value} />;
}
