import { useEffect, useRef, useState } from 'react';
import { client, errorData } from '../../client';
import type { ChartData, ChartSpec } from '../../../src-preload/contract/charts';
import type { AppErrorData } from '../../../src-preload/contract/error';

export interface ChartState {
  readonly data: ChartData | null;
  readonly drawn: ChartSpec | null;
  readonly progress: { readonly rows: number; readonly total: number } | null;
  readonly error: AppErrorData | null;
  readonly stop: () => void;
  readonly again: () => void;
}

/** The points of a chart over all rows of a result; made anew for another spec, and not at all without one. `spec` must be the same object as long as it means the same. */
export function useChartData(resultId: string, viewId: string | null, spec: ChartSpec | null): ChartState {
  const [state, setState] = useState<Omit<ChartState, 'stop' | 'again'>>({ data: null, drawn: null, progress: null, error: null });
  const [round, setRound] = useState(0);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    if (!spec) return undefined;
    const controller = new AbortController();
    running.current = controller;
    const alive = (): boolean => running.current === controller;
    setState((now) => ({ ...now, progress: { rows: 0, total: 0 }, error: null }));
    client.queries
      .chart({ resultId, viewId, spec }, { signal: controller.signal, onPart: (progress) => alive() && setState((now) => ({ ...now, progress })) })
      .then((data) => alive() && setState({ data, drawn: spec, progress: null, error: null }))
      .catch((error: unknown) => alive() && setState({ data: null, drawn: null, progress: null, error: errorData(error) }));
    return () => {
      running.current = null;
      controller.abort();
    };
  }, [resultId, viewId, spec, round]);
  return { ...state, stop: () => running.current?.abort(), again: () => setRound(round + 1) };
}
