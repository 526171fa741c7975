import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { CodeEditor, type CodeEditorHandle, type RunRequest } from '../../components/CodeEditor';
import type { ResultGridHandle } from '../../components/ResultGrid';
import type { Document } from '../../../src-preload/contract/documents';
import { showDone, showError } from '../../shell/errors';
import { useConnection } from '../connections/store';
import { flushDocuments, useDocuments } from '../documents/store';
import { FileBar } from '../files/FileBar';
import { saveTab, saveTabAs, textChanged } from '../files/store';
import { askToSave } from '../savedQueries/store';
import { catalogCompletion } from './completion/source';
import { useExplanation } from '../explain/useExplanation';
import { WithExplanation } from '../explain/WithExplanation';
import { closePlan, explain, usePlanView } from '../plans/store';
import { withSnippets } from './completion/withSnippets';
import { ConfirmPanel } from './ConfirmPanel';
import { currentOffset } from './errorMark';
import { formatSql } from './formatting';
import { ParametersBar } from './ParametersBar';
import { Results } from './Results';
import { confirmRun, dismissConfirmation, dismissParameters, endTransaction, querySession, runQuery, runWithParameters, stopQuery, useQuerySession, workplaceOf } from './sessions';
import { Toolbar } from './Toolbar';
import { AbortedBar } from './TransactionState';
import { useQueryCommands } from './useQueryCommands';
import classes from './QueryTab.module.css';

const PlanPane = lazy(async () => ({ default: (await import('../plans/PlanPane')).PlanPane }));
const TabHistory = lazy(() => import('./TabHistory').then((module) => ({ default: module.TabHistory })));

export interface QueryTabProps {
  readonly document: Document;
  /** Whether it is the tab in front. */
  readonly active: boolean;
}

const flush = (): void => {
  flushDocuments().catch((error: unknown) => showError('The text could not be saved', error));
};

/** A query tab: its connection, its text, and what running it gave. */
export function QueryTab({ document, active }: QueryTabProps) {
  const { id, connectionId, title } = document;
  const session = useQuerySession(id);
  const plan = usePlanView(id);
  const connection = useConnection(connectionId);
  const editor = useRef<CodeEditorHandle>(null);
  const grid = useRef<ResultGridHandle>(null);
  const results = usePanelRef();
  const completion = useMemo(() => withSnippets(catalogCompletion(() => workplaceOf(id))), [id]);
  const [history, setHistory] = useState(false);

  const run = useCallback((request: RunRequest | null): void => {
    if (connectionId === null || !connection) {
      showDone('Choose a connection first.');
      return;
    }
    if (request === null) {
      showDone('There is no statement at the cursor.');
      return;
    }
    if (results.current?.isCollapsed()) results.current.expand();
    flush();
    closePlan(id);
    void runQuery(id, workplaceOf(id) ?? connectionId, request);
  }, [id, connectionId, connection, results]);
  // The toolbar and the results are not drawn anew with each key, so that what they call stays the same.
  const runScope = useCallback((scope: 'current' | 'all'): void => run(editor.current?.target(scope) ?? null), [run]);
  const explainCurrent = (analyze: boolean): void => {
    const request = editor.current?.target('current') ?? null;
    if (connectionId === null || !connection) showDone('Choose a connection first.');
    else if (request === null) showDone('There is no statement at the cursor.');
    else {
      if (results.current?.isCollapsed()) results.current.expand();
      void explain(id, connectionId, request.text, analyze);
    }
  };
  const workplace = useCallback(() => workplaceOf(id) ?? connectionId, [id, connectionId]);
  const { explain: tell, point } = useExplanation(id, editor, workplace);
  const stop = useCallback((): void => stopQuery(id), [id]);
  const end = useCallback((action: 'commit' | 'rollback', savepoint: string | null = null): void => {
    endTransaction(id, action, savepoint).then(
      () => showDone(action === 'commit' ? 'Committed' : 'Rolled back'),
      (error: unknown) => showError(action === 'commit' ? 'COMMIT failed' : 'ROLLBACK failed', error),
    );
  }, [id]);
  /** The text as it is in the editor, which reports a long one a moment later. */
  const settle = (): string => {
    const text = editor.current?.text() ?? document.text;
    if (text !== document.text) useDocuments.getState().updateDocument(id, { text });
    return text;
  };
  const write = (how: typeof saveTab): void => {
    how(id, settle()).then(() => flush(), (error: unknown) => showError('The file could not be saved', error));
  };
  const format = (): void => {
    const view = editor.current?.view();
    if (!view) return;
    formatSql(view).then(
      (refused) => refused !== null && showError('The layout was left as it is', new Error(refused)),
      (error: unknown) => showError('The text could not be formatted', error),
    );
  };
  const reveal = useCallback((offset: number): void => {
    const { ran } = querySession(id);
    const base = ran && currentOffset(editor.current?.text() ?? '', ran);
    if (base === null) showDone('The text was changed since it was run.');
    else editor.current?.reveal(base + offset);
  }, [id]);

  useEffect(() => {
    // Who walks through the tabs with the arrows stays there; a dialog keeps what it has.
    // Who clicked into another part of this tab stays there as well.
    const busy = window.document.activeElement?.closest(`[role="tab"]:focus-visible, [role="dialog"], [id="panel-${id}"]`);
    if (active && !busy) editor.current?.focus();
  }, [active, id]);

  useQueryCommands({
    active,
    session,
    documentId: id,
    editor,
    grid,
    run: runScope,
    begin: () => run({ text: 'BEGIN', offset: 0, scope: 'selection' }),
    explain: explainCurrent,
    tell,
    stop,
    end,
    format,
    save: () => write(saveTab),
    saveAs: () => write(saveTabAs),
    keep: () => {
      settle();
      askToSave(id);
    },
    history: () => setHistory(true),
    toggleResults: () => (results.current?.isCollapsed() ? results.current.expand() : results.current?.collapse()),
  });

  return (
    <div className={classes.tab}>
      <Toolbar documentId={id} options={document.options} connection={connection} session={session} onRun={runScope} onStop={stop} onExplain={tell} onEnd={end} />
      <AbortedBar session={session} onEnd={end} />
      <FileBar document={document} />
      <WithExplanation tabId={id} onSpan={point}>
        <Group orientation="vertical" className={classes.panes}>
          <Panel id="editor" defaultSize="42%" minSize={70}>
            {/* Leaving the editor saves at once. */}
            <div className={classes.editor} onBlur={flush}>
              <CodeEditor
                ref={editor}
                value={document.text}
                label={`SQL of ${title}`}
                placeholder="Write SQL here. Ctrl+Enter runs the statement at the cursor."
                completion={completion}
                mark={session.mark}
                onChange={(text) => {
                  useDocuments.getState().updateDocument(id, { text });
                  textChanged(id, text);
                }}
                onRun={run}
              />
            </div>
          </Panel>
          <Separator className={classes.separator} aria-label="Height of the results" />
          <Panel id="results" panelRef={results} defaultSize="58%" minSize={90} collapsible collapsedSize={0}>
            <div className={classes.lower}>
            {session.asking ? (
              <ParametersBar
                key={JSON.stringify(session.asking.slots)}
                asking={session.asking}
                busy={session.phase !== 'idle'}
                onRun={(values) => void runWithParameters(id, values)}
                onDismiss={() => {
                  dismissParameters(id);
                  editor.current?.focus();
                }}
              />
            ) : null}
            <div className={classes.lowerBody}>
            {session.confirmation ? (
              <ConfirmPanel
                key={session.confirmation.hash}
                pending={session.confirmation}
                connection={connection}
                onConfirm={() => void confirmRun(id)}
                onDismiss={() => {
                  dismissConfirmation(id);
                  editor.current?.focus();
                }}
              />
            ) : plan ? (
              <Suspense fallback={null}>
                <PlanPane documentId={id} view={plan} />
              </Suspense>
            ) : (
              <Results documentId={id} title={title} session={session} grid={grid} onReveal={reveal} />
            )}
            </div>
            </div>
          </Panel>
        </Group>
      </WithExplanation>
      {history ? (
        <Suspense fallback={null}>
          <TabHistory
            documentId={id}
            title={title}
            opened
            text={document.text}
            onClose={() => {
              setHistory(false);
              editor.current?.focus();
            }}
            onInsert={(text) => editor.current?.insert(text)}
            onReplace={(text) => editor.current?.replace(text)}
            onRun={(text) => run({ text, offset: 0, scope: 'selection' })}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
