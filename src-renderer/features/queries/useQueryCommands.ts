import { IconArrowBackUp, IconBookmark, IconCheck, IconDeviceFloppy, IconDownload, IconHistory, IconIndentIncrease, IconInfoCircle, IconLayoutBottombar, IconListTree, IconPlayerPlay, IconPlayerStop, IconPlayerTrackNext, IconReplace, IconSearch, IconTable, IconTextCaption } from '@tabler/icons-react';
import { useEffect, useRef, type RefObject } from 'react';
import type { CodeEditorHandle } from '../../components/CodeEditor';
import { formatFaces } from '../../components/export/formats';
import type { ResultGridHandle } from '../../components/ResultGrid';
import { registerCommands, type Command } from '../../shell/commands';
import { cycleResults } from './Results';
import { openFind } from '../../components/editor/searchPanel';
import { useDocuments } from '../documents/store';
import { commitModeOf, type QuerySession } from './sessions';

interface QueryActions {
  readonly active: boolean;
  readonly session: QuerySession;
  readonly documentId: string;
  readonly editor: RefObject<CodeEditorHandle | null>;
  readonly grid: RefObject<ResultGridHandle | null>;
  readonly run: (scope: 'current' | 'all') => void;
  readonly begin: () => void;
  readonly explain: (analyze: boolean) => void;
  /** Says what the statement does. */
  readonly tell: () => void;
  readonly stop: () => void;
  readonly end: (action: 'commit' | 'rollback') => void;
  readonly format: () => void;
  readonly save: () => void;
  readonly saveAs: () => void;
  /** Keeps the text as a saved query. */
  readonly keep: () => void;
  readonly history: () => void;
  readonly toggleResults: () => void;
}

function find({ editor }: QueryActions, replace: boolean): void {
  const view = editor.current?.view();
  if (view) openFind(view, replace);
}

/** What a query tab can do; `now` is asked only when something is done. */
export function commandsFor(now: () => QueryActions): Command[] {
  const idle = (): boolean => now().session.phase === 'idle';
  const hasGrid = (): boolean => now().session.shown !== 'messages';
  const hasResults = (): boolean => now().session.log.results.length > 0;
  const inEditor = (): boolean => window.document.activeElement?.closest('.cm-editor') !== null && window.document.activeElement !== window.document.body;
  return [
    { id: 'query.run', title: 'Run the selection or the statement at the cursor', group: 'Query', keys: ['Mod+Enter'], icon: IconPlayerPlay, keywords: 'execute', enabled: idle, run: () => now().run('current') },
    { id: 'query.runAll', title: 'Run everything in the tab', group: 'Query', keys: ['Mod+Shift+Enter'], icon: IconPlayerTrackNext, keywords: 'execute script', enabled: idle, run: () => now().run('all') },
    { id: 'query.explain', title: 'Explain: plan the statement without running it', group: 'Query', keys: ['Mod+E'], icon: IconListTree, keywords: 'plan cost index tree', run: () => now().explain(false) },
    { id: 'query.analyze', title: 'Explain analyze: run the statement and measure it', group: 'Query', keys: ['Mod+Shift+E'], icon: IconListTree, keywords: 'plan time buffers', run: () => now().explain(true) },
    { id: 'explain.statement', title: 'Explain in plain words what the statement does', group: 'Query', keys: ['Mod+Alt+X'], icon: IconInfoCircle, keywords: 'describe meaning understand', run: () => now().tell() },
    { id: 'query.stop', title: 'Stop what runs, on the server too', group: 'Query', keys: ['Escape'], icon: IconPlayerStop, keywords: 'cancel abort kill', enabled: () => !idle(), run: () => now().stop() },
    { id: 'query.begin', title: 'Begin a transaction', group: 'Query', icon: IconArrowBackUp, enabled: () => idle() && now().session.transaction === 'idle', run: () => now().begin() },
    { id: 'query.commit', title: 'Commit the transaction', group: 'Query', keys: ['Mod+Alt+C'], icon: IconCheck, enabled: () => idle() && now().session.transaction === 'open', run: () => now().end('commit') },
    { id: 'query.rollback', title: 'Roll back the transaction', group: 'Query', keys: ['Mod+Alt+R'], icon: IconArrowBackUp, keywords: 'undo abort', enabled: () => idle() && now().session.transaction !== 'idle', run: () => now().end('rollback') },
    { id: 'editor.format', title: 'Format the selection or the whole text', group: 'Query', keys: ['Shift+Alt+F'], icon: IconIndentIncrease, keywords: 'beautify pretty layout indent', run: () => now().format() },
    { id: 'editor.find', title: 'Find in the text', group: 'Query', icon: IconSearch, keywords: 'search', run: () => find(now(), false) },
    { id: 'editor.replace', title: 'Find and replace in the text', group: 'Query', icon: IconReplace, keywords: 'search substitute', run: () => find(now(), true) },
    { id: 'query.history', title: 'What this tab ran', group: 'Query', keys: ['Mod+Alt+H'], icon: IconHistory, keywords: 'runs again earlier', run: () => now().history() },
    { id: 'query.commitMode', title: 'Switch between auto and manual commit', group: 'Query', icon: IconCheck, keywords: 'transaction begin', run: () => useDocuments.getState().setOptions(now().documentId, { commitMode: commitModeOf(now().documentId) === 'manual' ? 'auto' : 'manual' }) },
    { id: 'file.save', title: 'Save the text to its file', group: 'Files', keys: ['Mod+S'], icon: IconDeviceFloppy, run: () => now().save() },
    { id: 'file.saveAs', title: 'Save the text as another file', group: 'Files', keys: ['Mod+Shift+S'], icon: IconDeviceFloppy, run: () => now().saveAs() },
    { id: 'savedQueries.save', title: 'Keep the text as a saved query', group: 'Files', keys: ['Mod+Alt+S'], icon: IconBookmark, keywords: 'favourite library', run: () => now().keep() },
    { id: 'results.export', title: 'Export the result…', group: 'Results', keys: ['Mod+Alt+E'], icon: IconDownload, keywords: 'save file download', enabled: hasGrid, run: () => now().grid.current?.export() },
    ...formatFaces.map(({ format, label }): Command => ({
      id: `results.export.${format}`,
      title: `Export the result as ${label}…`,
      group: 'Results',
      icon: IconDownload,
      keywords: 'save file download',
      enabled: hasGrid,
      run: () => now().grid.current?.export(format),
    })),
    { id: 'results.copyNames', title: 'Copy the selected cells with column names', group: 'Results', keywords: 'clipboard', enabled: hasGrid, run: () => now().grid.current?.copy('tsvWithNames') },
    { id: 'results.copyJson', title: 'Copy the selected cells as JSON', group: 'Results', keywords: 'clipboard', enabled: hasGrid, run: () => now().grid.current?.copy('json') },
    { id: 'results.goToRow', title: 'Go to a row by its number', group: 'Results', enabled: hasGrid, run: () => now().grid.current?.goToRow() },
    { id: 'results.toggle', title: 'Show or hide the results', group: 'Results', keys: ['Mod+J'], icon: IconLayoutBottombar, run: () => now().toggleResults() },
    { id: 'results.next', title: 'Next result', group: 'Results', keys: ['Alt+PageDown'], icon: IconTable, enabled: hasResults, run: () => cycleResults(now().documentId, now().session, 1) },
    { id: 'results.previous', title: 'Previous result', group: 'Results', keys: ['Alt+PageUp'], icon: IconTable, enabled: hasResults, run: () => cycleResults(now().documentId, now().session, -1) },
    { id: 'query.focusEditor', title: 'Go to the editor', group: 'Go to', keys: ['Alt+E'], icon: IconTextCaption, run: () => now().editor.current?.focus() },
    { id: 'results.focus', title: 'Go to the rows', group: 'Go to', keys: ['Alt+G'], icon: IconTable, enabled: hasGrid, run: () => now().grid.current?.focus() },
    { id: 'query.switchFocus', title: 'Between editor and rows', group: 'Go to', keys: ['F6'], enabled: hasGrid, run: () => (inEditor() ? now().grid.current?.focus() : now().editor.current?.focus()) },
  ];
}

/** Registers what the query tab in front can do, for keys, palette and menu alike. */
export function useQueryCommands(actions: QueryActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const { active } = actions;
  useEffect(() => (active ? registerCommands(commandsFor(() => latest.current)) : undefined), [active]);
}
