import { useEffect, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { RowChange } from '../../../src-preload/contract/rowEditLog';
import type { EditPlan, EditTarget } from '../../../src-preload/contract/rowEdits';
import { client, errorData } from '../../client';
import { useCatalog } from '../catalog/store';
import { openConnection } from '../connections/store';

/** What may be edited in the table; null while it is read, or where it could not be. */
export function useEditTarget(connectionId: string, object: ObjectRef): EditTarget | null {
  const [target, setTarget] = useState<EditTarget | null>(null);
  const version = useCatalog(({ versions }) => versions[connectionId] ?? 0);
  const key = JSON.stringify(object);
  useEffect(() => {
    const abort = new AbortController();
    openConnection(connectionId)
      .then(() => client.rowEdits.target({ connectionId, object: JSON.parse(key) as ObjectRef }, { signal: abort.signal }))
      // The rows are read at the same time and tell of the same trouble.
      .then(setTarget, () => abort.signal.aborted || setTarget(null));
    return () => abort.abort();
  }, [connectionId, key, version]);
  return target;
}

export interface PlanState {
  readonly plan: EditPlan | null;
  /** False while the plan is still that of earlier changes: it is shown, but not applied. */
  readonly current: boolean;
  readonly error: AppErrorData | null;
}

const noPlan: PlanState = { plan: null, error: null, current: true };
const PAUSE_MS = 120;

/** The statements of the pending changes, planned anew a moment after each change; of the last known ones while that runs. */
export function useEditPlan(connectionId: string, object: ObjectRef, changes: readonly RowChange[], turn: number): PlanState {
  const [state, setState] = useState<{ readonly plan: EditPlan | null; readonly error: AppErrorData | null; readonly of: readonly RowChange[] | null }>({ plan: null, error: null, of: null });
  const key = JSON.stringify(object);
  useEffect(() => {
    if (changes.length === 0) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      openConnection(connectionId)
        .then(() => client.rowEdits.plan({ connectionId, object: JSON.parse(key) as ObjectRef, changes: [...changes] }, { signal: abort.signal }))
        .then(
          (plan) => setState({ plan, error: null, of: changes }),
          (failure: unknown) => abort.signal.aborted || setState({ plan: null, error: errorData(failure), of: changes }),
        );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [connectionId, key, changes, turn]);
  return changes.length === 0 ? noPlan : { plan: state.plan, error: state.error, current: state.of === changes };
}
