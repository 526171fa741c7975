import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { FoundMatch, SearchSpec } from '../../../src-preload/contract/resultAnalysis';
import type { RowMatches } from './GridRowView';

export interface Find {
  readonly open: boolean;
  readonly search: SearchSpec;
  /** What the last search gave; null before and while one runs. */
  readonly result: { readonly findId: string; readonly matches: number; readonly capped: boolean } | null;
  readonly current: FoundMatch | null;
  /** Rows looked at, while a search runs. */
  readonly progress: { readonly rows: number; readonly total: number } | null;
  readonly error: AppErrorData | null;
}

const CLOSED: Find = { open: false, search: { text: '', caseSensitive: false, regex: false }, result: null, current: null, progress: null, error: null };

interface FindSource {
  readonly resultId: string;
  readonly viewId: string | null;
  /** Indexes of the columns on the screen. */
  readonly order: readonly number[];
  /** Rows in sight. */
  readonly first: number;
  readonly end: number;
  readonly focus: { readonly row: number; readonly column: number };
  readonly onFound: (match: FoundMatch) => void;
}

/** Searching the whole result in main, walking through its matches, and marking those in sight. */
export function useFind({ resultId, viewId, order, first, end, focus, onFound }: FindSource) {
  const [find, setFind] = useState<Find>(CLOSED);
  const running = useRef<AbortController | null>(null);
  const latest = useRef({ order, focus, onFound, viewId });
  useEffect(() => {
    latest.current = { order, focus, onFound, viewId };
  });

  const step = useCallback(async (findId: string, direction: 1 | -1, from: { row: number; column: number }): Promise<void> => {
    try {
      const match = await client.queries.findNext({ findId, direction, ...from, order: [...latest.current.order] });
      setFind((now) => ({ ...now, current: match }));
      if (match) latest.current.onFound(match);
    } catch (error) {
      setFind((now) => ({ ...now, error: errorData(error) }));
    }
  }, []);

  const start = useCallback(
    async (search: SearchSpec): Promise<void> => {
      running.current?.abort();
      setFind((now) => ({ ...now, search, result: null, current: null, error: null, progress: null }));
      if (search.text === '') return;
      const controller = new AbortController();
      running.current = controller;
      try {
        setFind((now) => ({ ...now, progress: { rows: 0, total: 0 } }));
        const { order: columns, viewId: view } = latest.current;
        const result = await client.queries.find(
          { resultId, viewId: view, columns: [...columns], search },
          { signal: controller.signal, onPart: (progress) => running.current === controller && setFind((now) => ({ ...now, progress })) },
        );
        if (running.current !== controller) return;
        running.current = null;
        setFind((now) => ({ ...now, result, progress: null }));
        if (result.matches > 0) await step(result.findId, 1, latest.current.focus);
      } catch (error) {
        if (running.current !== controller) return;
        running.current = null;
        const data = errorData(error);
        setFind((now) => ({ ...now, progress: null, error: data.code === 'cancelled' ? null : data }));
      }
    },
    [resultId, step],
  );
  useEffect(() => () => running.current?.abort(), []);

  // Rows in another order are other rows: their matches are looked for again.
  const [searchedView, setSearchedView] = useState(viewId);
  if (searchedView !== viewId) {
    setSearchedView(viewId);
    setFind((now) => ({ ...now, result: null, current: null }));
  }

  const findId = find.result?.findId ?? null;
  const [marks, setMarks] = useState<{ readonly findId: string; readonly rows: ReadonlyMap<number, readonly number[]> } | null>(null);
  // Some screens more than is seen, so that scrolling does not ask for each row.
  const [from, to] = [Math.max(0, Math.floor(first / 128) * 128 - 128), Math.ceil(end / 128) * 128 + 128];
  useEffect(() => {
    if (findId === null) return undefined;
    const controller = new AbortController();
    client.queries
      .findMarks({ findId, first: from, end: to }, { signal: controller.signal })
      .then((found) => {
        if (controller.signal.aborted) return;
        const rows = new Map<number, number[]>();
        for (const { row, column } of found) rows.set(row, [...(rows.get(row) ?? []), column]);
        setMarks({ findId, rows });
      })
      // A search that was replaced has no marks any more.
      .catch(() => undefined);
    return () => controller.abort();
  }, [findId, from, to]);

  const { current } = find;
  const found = useMemo(() => {
    if (!find.open || findId === null || marks?.findId !== findId) return null;
    const made = new Map([...marks.rows].map(([row, columns]): [number, RowMatches] => [row, { columns, current: current?.row === row ? current.column : null }]));
    return (row: number): RowMatches | undefined => made.get(row);
  }, [find.open, findId, marks, current]);

  return {
    find,
    found,
    show: useCallback(() => setFind((now) => ({ ...now, open: true })), []),
    close: useCallback(() => {
      running.current?.abort();
      running.current = null;
      setFind((now) => ({ ...CLOSED, search: now.search }));
    }, []),
    start,
    cancel: useCallback(() => running.current?.abort(), []),
    next: useCallback(
      (direction: 1 | -1) => {
        const { focus: at } = latest.current;
        if (findId !== null) void step(findId, direction, direction > 0 ? afterSpot(at, latest.current.order) : at);
      },
      [findId, step],
    ),
  };
}

/** The place behind a cell, in the order of reading. */
function afterSpot({ row, column }: { row: number; column: number }, order: readonly number[]): { row: number; column: number } {
  const next = order[order.indexOf(column) + 1];
  return next === undefined ? { row: row + 1, column: order[0] ?? 0 } : { row, column: next };
}
