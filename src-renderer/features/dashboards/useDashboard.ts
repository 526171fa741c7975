import { useCallback, useEffect, useRef, useState } from 'react';
import { client, errorData } from '../../client';
import { showError } from '../../shell/errors';
import { foldDashboard } from '../../../src-preload/contract/dashboardFold';
import type { DashboardEdit, DashboardState } from '../../../src-preload/contract/dashboards';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { nameTab } from './store';

/** One dashboard as it is stored, kept in step with its file. Arranging is shown at once and taken back when it cannot be stored. */
export function useDashboard(id: string | null) {
  const [state, setState] = useState<DashboardState | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  // Answers of earlier edits do not take back what later ones show.
  const pending = useRef(0);
  const take = useCallback((next: DashboardState): void => {
    if (pending.current > 0) return;
    setState(next);
    setError(null);
    nameTab(next);
  }, []);
  const reload = useCallback((): void => {
    if (id !== null) client.dashboards.read({ id }).then(take, (thrown: unknown) => setError(errorData(thrown)));
  }, [id, take]);
  useEffect(() => {
    reload();
    return client.dashboards.on('changed', (changed) => {
      if (changed.id === id) reload();
    });
  }, [id, reload]);

  const send = (work: () => Promise<DashboardState>, failed: string): void => {
    pending.current += 1;
    work().then(
      (next) => {
        pending.current -= 1;
        take(next);
      },
      (thrown: unknown) => {
        pending.current -= 1;
        showError(failed, thrown);
        reload();
      },
    );
  };
  const edit = (...edits: DashboardEdit[]): void => {
    if (!state) return;
    // Main reads a tile as it is stored: a new query is shown only once it is, or old rows would stand under it.
    if (edits.every(({ kind }) => kind !== 'add' && kind !== 'change')) setState({ ...state, dashboard: foldDashboard(state.dashboard, edits), undo: true, redo: false });
    send(() => client.dashboards.edit({ id: state.id, edits }), 'The dashboard was not changed');
  };
  const back = (which: 'undo' | 'redo') => (): void => {
    if (state?.[which]) send(() => client.dashboards[which]({ id: state.id }), which === 'undo' ? 'It was not taken back' : 'It was not done again');
  };
  return { state, error, reload, edit, undo: back('undo'), redo: back('redo') };
}
