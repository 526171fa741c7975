import { create } from 'zustand';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { QueryPlan } from '../../../src-preload/contract/plans';
import { client, errorData } from '../../client';
import { openConnection } from '../connections/store';

/** What a query tab shows of a plan. */
export interface PlanView {
  readonly connectionId: string;
  /** As it was written. */
  readonly text: string;
  readonly analyze: boolean;
  readonly state: 'running' | 'shown' | 'failed' | 'confirm';
  readonly plan: QueryPlan | null;
  readonly error: AppErrorData | null;
}

const usePlans = create<{ readonly views: Readonly<Record<string, PlanView>> }>(() => ({ views: {} }));
const running = new Map<string, AbortController>();

/** The plan of a query tab; null when its results are shown. */
export function usePlanView(documentId: string): PlanView | null {
  return usePlans((state) => state.views[documentId] ?? null);
}

function show(documentId: string, view: PlanView | null): void {
  usePlans.setState(({ views }) => {
    const rest = Object.fromEntries(Object.entries(views).filter(([id]) => id !== documentId));
    return { views: view ? { ...rest, [documentId]: view } : rest };
  });
}

/** Plans a statement, or runs and measures it; a newer one takes the place of an older. */
export async function explain(documentId: string, connectionId: string, text: string, analyze: boolean, confirmed = false): Promise<void> {
  running.get(documentId)?.abort();
  const abort = new AbortController();
  running.set(documentId, abort);
  const base = { connectionId, text, analyze, plan: null, error: null };
  show(documentId, { ...base, state: 'running' });
  try {
    await openConnection(connectionId);
    const plan = await client.plans.explain({ connectionId, text, analyze, confirmed }, { signal: abort.signal });
    if (!abort.signal.aborted) show(documentId, { ...base, state: 'shown', plan });
  } catch (thrown) {
    if (running.get(documentId) !== abort) return;
    const error = errorData(thrown);
    show(documentId, error.code === 'cancelled' ? null : { ...base, state: error.code === 'confirm_required' ? 'confirm' : 'failed', error });
  } finally {
    if (running.get(documentId) === abort) running.delete(documentId);
  }
}

/** Stops what runs on the server, and shows the results again. */
export function closePlan(documentId: string): void {
  running.get(documentId)?.abort();
  running.delete(documentId);
  show(documentId, null);
}
