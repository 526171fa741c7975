import { useEffect, useRef, useState } from 'react';
import { client, errorData } from '../../client';
import type { Tile, TileRows } from '../../../src-preload/contract/dashboards';
import type { AppErrorData } from '../../../src-preload/contract/error';

export interface TileState {
  readonly reading: boolean;
  /** The rows that are shown; older ones stay while newer ones are read, or could not be read. */
  readonly rows: TileRows | null;
  /** Why the newest reading failed. */
  readonly error: AppErrorData | null;
}

const release = (resultId: string): void => void client.queries.release({ resultIds: [resultId] }).catch(() => undefined);

/** Reads a tile when it appears, when its definition changes, and for each new `round`; a reading in progress is not begun a second time. */
export function useTile(dashboardId: string, { id, connectionId, sql, view }: Tile, round: number): TileState & { readonly stop: () => void; readonly again: () => void } {
  const [state, setState] = useState<TileState>({ reading: false, rows: null, error: null });
  const [own, setOwn] = useState(0);
  const running = useRef<AbortController | null>(null);
  const shown = useRef<{ resultId: string; definition: string } | null>(null);
  const definition = JSON.stringify([connectionId, sql, view]);
  const read = useRef('');

  useEffect(() => {
    const changed = read.current !== definition;
    // Another round does not take back what is being read already.
    if (running.current && !changed) return;
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    read.current = definition;
    const alive = (): boolean => running.current === controller;
    // Rows of another query under this title would mislead.
    setState((now) => ({ reading: true, rows: shown.current?.definition === definition ? now.rows : null, error: null }));
    client.dashboards.readTile({ id: dashboardId, tileId: id }, { signal: controller.signal }).then(
      (rows) => {
        if (!alive()) return release(rows.resultId);
        if (shown.current) release(shown.current.resultId);
        shown.current = { resultId: rows.resultId, definition };
        running.current = null;
        setState({ reading: false, rows, error: null });
      },
      (error: unknown) => {
        if (!alive()) return;
        running.current = null;
        setState((now) => ({ ...now, reading: false, error: errorData(error) }));
      },
    );
  }, [dashboardId, id, definition, round, own]);

  useEffect(
    () => () => {
      running.current?.abort();
      running.current = null;
      if (shown.current) release(shown.current.resultId);
    },
    [],
  );
  return { ...state, stop: () => running.current?.abort(), again: () => setOwn((now) => now + 1) };
}
