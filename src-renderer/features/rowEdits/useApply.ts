import { useCallback, useEffect, useRef, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ApplyOutcome, EditConflict, EditPlan } from '../../../src-preload/contract/rowEdits';
import { client, errorData } from '../../client';
import { showDone } from '../../shell/errors';
import { openConnection } from '../connections/store';
import { flushDocuments } from '../documents/store';
import type { EditLogState } from './useEditLog';

export type ApplyState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'applying' }
  | { readonly kind: 'conflict'; readonly conflicts: readonly EditConflict[] }
  | { readonly kind: 'failed'; readonly error: AppErrorData; readonly row: string | null; readonly column: string | null; readonly holders: readonly string[] }
  /** It is not known whether the changes took effect. */
  | { readonly kind: 'unknown'; readonly error: AppErrorData | null };

export interface Apply {
  readonly state: ApplyState;
  /** Sends the plan as it was shown. */
  readonly apply: (plan: EditPlan, confirmed: boolean) => void;
  readonly cancel: () => void;
  /** Asks the server how a transaction ended that got no answer. */
  readonly ask: () => void;
  /** The person has looked at the rows: the changes stay pending. */
  readonly keepPending: () => void;
  readonly dismiss: () => void;
  readonly setConflicts: (conflicts: readonly EditConflict[]) => void;
}

interface Applied {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly edits: EditLogState;
  /** The rows as they are now, by the ids of the changes. */
  readonly onApplied: (rows: Extract<ApplyOutcome, { kind: 'applied' }>['rows']) => void;
  readonly onReplanned: () => void;
}

const idle: ApplyState = { kind: 'idle' };

/**
 * Applies the pending changes. Before anything is sent, and again before COMMIT, the tab's document says that a transaction is under
 * way, so that after a crash of the program nobody applies the same changes twice unawares.
 */
export function useApply({ connectionId, object, edits, onApplied, onReplanned }: Applied): Apply {
  const { applying, changes, setApplying, clear } = edits;
  const [state, setState] = useState<ApplyState>(idle);
  const running = useRef<AbortController | null>(null);
  // Left behind by a program that ended in between.
  const leftBehind = applying !== undefined && running.current === null && state.kind === 'idle';

  const done = (rows: Parameters<typeof onApplied>[0]): void => {
    clear();
    setState(idle);
    onApplied(rows);
  };
  const end = (outcome: ApplyOutcome): void => {
    switch (outcome.kind) {
      case 'applied':
        showDone(changes.length === 1 ? 'Applied one change' : `Applied ${changes.length} changes`);
        return done(outcome.rows);
      case 'replanned':
        onReplanned();
        return setState({ kind: 'failed', error: { code: 'confirm_required', message: 'The table’s definition has changed meanwhile, and with it the statements. Nothing was sent.', hint: 'Read them again, then apply.' }, row: null, column: null, holders: [] });
      default:
        return setState(outcome);
    }
  };

  const apply = (plan: EditPlan, confirmed: boolean): void => {
    if (running.current !== null) return;
    const abort = new AbortController();
    running.current = abort;
    setState({ kind: 'applying' });
    setApplying({ transaction: null });
    const send = async (): Promise<ApplyOutcome> => {
      await flushDocuments();
      return client.rowEdits.apply({ connectionId, object, changes: [...changes], hash: plan.hash, confirmed }, { signal: abort.signal, onPart: ({ transaction }) => setApplying({ transaction }) });
    };
    send()
      .then(
        (outcome) => {
          if (outcome.kind === 'unknown') setApplying({ transaction: outcome.transaction });
          else if (outcome.kind !== 'applied') setApplying(undefined);
          end(outcome);
        },
        (failure: unknown) => {
          const error = errorData(failure);
          setApplying(undefined);
          setState(error.code === 'cancelled' ? idle : { kind: 'failed', error, row: null, column: null, holders: [] });
          if (error.code === 'cancelled') showDone('Cancelled. Nothing was changed.');
        },
      )
      .finally(() => (running.current = null));
  };

  const ask = (): void => {
    const transaction = applying?.transaction ?? null;
    if (transaction === null) return setState({ kind: 'unknown', error: null });
    openConnection(connectionId).then(() => client.rowEdits.transactionEnd({ connectionId, transaction })).then(
      ({ end: how }) => {
        if (how === 'committed') {
          showDone('The server says: the changes were committed.');
          done([]);
        } else if (how === 'aborted') {
          showDone('The server says: the changes were rolled back. They are still pending.');
          setApplying(undefined);
          setState(idle);
        } else setState({ kind: 'unknown', error: { code: 'connection_lost', message: how === 'in progress' ? 'The transaction is still in progress on the server.' : 'The server cannot tell any more how the transaction ended.' } });
      },
      (failure: unknown) => setState({ kind: 'unknown', error: errorData(failure) }),
    );
  };

  const latestAsk = useRef(ask);
  useEffect(() => {
    latestAsk.current = ask;
  });
  useEffect(() => {
    if (leftBehind) latestAsk.current();
  }, [leftBehind]);

  return {
    state,
    apply,
    ask,
    cancel: useCallback(() => running.current?.abort(), []),
    keepPending: () => {
      setApplying(undefined);
      setState(idle);
    },
    dismiss: () => setState(idle),
    setConflicts: (conflicts) => setState(conflicts.length === 0 ? idle : { kind: 'conflict', conflicts }),
  };
}
