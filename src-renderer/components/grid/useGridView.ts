import { useEffect, useState } from 'react';
import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ViewSpec } from '../../../src-preload/contract/queries';

export interface GridView {
  readonly viewId: string | null;
  /** Rows that the view shows; null without a view. */
  readonly total: number | null;
  readonly building: boolean;
  readonly error: AppErrorData | null;
}

const PLAIN: GridView = { viewId: null, total: null, building: false, error: null };

/**
 * The view of a result that `spec` asks for, made over all of its rows. While a new one is built the old one is shown; when the
 * result was still growing it is built again at its end.
 */
export function useGridView(resultId: string, spec: ViewSpec, complete: boolean): GridView {
  const plain = spec.sorts.length === 0 && spec.filters.length === 0;
  const [view, setView] = useState<GridView>(PLAIN);
  const [previous, setPrevious] = useState({ resultId, plain });
  if (previous.resultId !== resultId || previous.plain !== plain) {
    setPrevious({ resultId, plain });
    if (plain || previous.resultId !== resultId) setView(PLAIN);
  }

  useEffect(() => {
    if (plain) return undefined;
    const controller = new AbortController();
    setView((old) => ({ ...old, building: true, error: null }));
    client.queries
      .view({ resultId, spec: { sorts: [...spec.sorts], filters: [...spec.filters] } }, { signal: controller.signal })
      .then((made) => {
        if (!controller.signal.aborted) setView({ ...made, building: false, error: null });
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setView((old) => ({ ...old, building: false, error: errorData(error) }));
      });
    return () => controller.abort();
  }, [resultId, spec, plain, complete]);

  return view;
}
