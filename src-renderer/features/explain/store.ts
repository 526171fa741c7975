import { create } from 'zustand';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Explanation } from '../../../src-preload/contract/explain';
import { client, errorData } from '../../client';
import { openConnection } from '../connections/store';

/** What Claude tells more, as far as it has come. */
interface Depth {
  readonly state: 'idle' | 'running' | 'shown' | 'failed';
  readonly text: string;
  readonly model: string | null;
  readonly error: AppErrorData | null;
}

/** A statement that is explained beside a tab. */
export interface ExplainView {
  readonly connectionId: string | null;
  readonly text: string;
  /** Where it began in the editor's text. */
  readonly offset: number;
  readonly state: 'running' | 'shown' | 'failed';
  readonly explanation: Explanation | null;
  readonly markdown: string;
  /** Why the catalog or the plan is missing. */
  readonly problem: AppErrorData | null;
  readonly error: AppErrorData | null;
  readonly depth: Depth;
}

const idle: Depth = { state: 'idle', text: '', model: null, error: null };
const useExplanations = create<{ readonly views: Readonly<Record<string, ExplainView>> }>(() => ({ views: {} }));
const running = new Map<string, AbortController>();

/** The explanation beside a tab; null when there is none. */
export function useExplainView(tabId: string): ExplainView | null {
  return useExplanations((state) => state.views[tabId] ?? null);
}

function show(tabId: string, view: ExplainView | null): void {
  useExplanations.setState(({ views }) => {
    const rest = Object.fromEntries(Object.entries(views).filter(([id]) => id !== tabId));
    return { views: view ? { ...rest, [tabId]: view } : rest };
  });
}

function patch(tabId: string, change: Partial<ExplainView>): void {
  const view = useExplanations.getState().views[tabId];
  if (view) show(tabId, { ...view, ...change });
}

function begin(tabId: string): AbortController {
  running.get(tabId)?.abort();
  const abort = new AbortController();
  running.set(tabId, abort);
  return abort;
}

/** Explains a statement beside a tab; a newer one takes the place of an older. A connection that cannot be opened is told, and left out. */
export async function explainStatement(tabId: string, connectionId: string | null, text: string, offset: number): Promise<void> {
  const abort = begin(tabId);
  show(tabId, { connectionId, text, offset, state: 'running', explanation: null, markdown: '', problem: null, error: null, depth: idle });
  let closed: AppErrorData | null = null;
  if (connectionId !== null) {
    await openConnection(connectionId).catch((thrown: unknown) => {
      closed = errorData(thrown);
    });
  }
  try {
    const { explanation, markdown, problem } = await client.explain.statement({ connectionId: closed === null ? connectionId : null, text }, { signal: abort.signal });
    if (!abort.signal.aborted) patch(tabId, { state: 'shown', explanation, markdown, problem: problem ?? closed });
  } catch (thrown) {
    if (!abort.signal.aborted) patch(tabId, { state: 'failed', error: errorData(thrown) });
  }
}

/** Has Claude tell more about the explained statement. */
export async function explainInDepth(tabId: string): Promise<void> {
  const view = useExplanations.getState().views[tabId];
  if (!view) return;
  const abort = begin(tabId);
  let text = '';
  patch(tabId, { depth: { ...idle, state: 'running' } });
  try {
    const connectionId = view.explanation?.sources.catalog === true ? view.connectionId : null;
    const { markdown, model } = await client.explain.inDepth(
      { connectionId, text: view.text },
      {
        signal: abort.signal,
        onPart(part) {
          text += part.text;
          if (!abort.signal.aborted) patch(tabId, { depth: { ...idle, state: 'running', text } });
        },
      },
    );
    if (!abort.signal.aborted) patch(tabId, { depth: { state: 'shown', text: markdown, model, error: null } });
  } catch (thrown) {
    if (!abort.signal.aborted) patch(tabId, { depth: { ...idle, state: 'failed', text, error: errorData(thrown) } });
  }
}

/** Stops Claude; what came stays. */
export function stopDepth(tabId: string): void {
  running.get(tabId)?.abort();
  const depth = useExplanations.getState().views[tabId]?.depth;
  if (depth) patch(tabId, { depth: { ...depth, state: depth.text === '' ? 'idle' : 'shown' } });
}

/** Ends what is under way, and takes the panel away. */
export function closeExplanation(tabId: string): void {
  running.get(tabId)?.abort();
  running.delete(tabId);
  show(tabId, null);
}
