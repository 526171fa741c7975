import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Cell } from '../../../src-preload/contract/queries';
import { usePreferences } from '../preferences';
import { PageCache } from './pageCache';

export type GridRow = readonly Cell[];

const PAGE_ROWS = 200;

export interface GridRows {
  readonly row: (index: number) => GridRow | undefined;
  readonly want: (first: number, end: number, total: number, direction: -1 | 0 | 1) => void;
  /** Why rows are missing; cleared by the next successful answer. */
  readonly error: AppErrorData | null;
  /** Asks again after an error. */
  readonly retry: () => void;
  /** Grows with each answer, so that what shows rows knows when to look again. */
  readonly version: number;
}

/** The rows of a result or of a view on it, fetched in pages as they are looked at. */
export function useGridRows(resultId: string, viewId: string | null): GridRows {
  const [version, bump] = useReducer((count: number) => count + 1, 0);
  const [failure, setFailure] = useState<{ cache: PageCache<GridRow>; error: AppErrorData } | null>(null);
  const cellCharacters = usePreferences((state) => state.cellCharacters);
  const cache = useMemo(() => {
    const made: PageCache<GridRow> = new PageCache<GridRow>({
      pageSize: PAGE_ROWS,
      maxPages: 40,
      parallel: 2,
      fetch: (offset, limit, signal) => client.queries.window({ resultId, viewId, offset, limit, maxCellChars: cellCharacters }, { signal }),
      onChange: bump,
      onError: (error) => setFailure({ cache: made, error: errorData(error) }),
    });
    return made;
  }, [resultId, viewId, cellCharacters]);
  useEffect(() => () => cache.close(), [cache]);
  const want = useCallback<GridRows['want']>((first, end, total, direction) => cache.want(first, end, total, direction), [cache]);
  const row = useCallback((index: number) => cache.row(index), [cache]);
  const retry = useCallback(() => {
    setFailure(null);
    bump();
  }, []);
  return { row, want, version, retry, error: failure?.cache === cache ? failure.error : null };
}
