import { useCallback, type RefObject } from 'react';
import type { CodeEditorHandle } from '../../components/CodeEditor';
import { markSpan } from '../../components/editor/spanMark';
import { showDone } from '../../shell/errors';
import { currentOffset } from '../queries/errorMark';
import { explainStatement, useExplainView } from './store';

/** Explains what stands at the editor's cursor, and marks there what the explanation speaks of. */
export function useExplanation(tabId: string, editor: RefObject<CodeEditorHandle | null>, connectionId: () => string | null): { explain: () => void; point: (span: { from: number; to: number } | null) => void } {
  const view = useExplainView(tabId);
  const explain = useCallback((): void => {
    const request = editor.current?.target('current') ?? null;
    if (request === null) showDone('There is no statement at the cursor.');
    else void explainStatement(tabId, connectionId(), request.text, request.offset);
  }, [tabId, editor, connectionId]);
  const point = useCallback((span: { from: number; to: number } | null): void => {
    const text = editor.current?.view();
    if (!text) return;
    // A statement that was changed since has no such places any more.
    const offset = view && currentOffset(text.state.doc.toString(), view);
    markSpan(text, span && offset !== null ? { from: offset + span.from, to: offset + span.to } : null);
  }, [view, editor]);
  return { explain, point };
}
