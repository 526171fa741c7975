import { useCallback, useEffect, useState } from 'react';
import { errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { readPiece, type CellRef } from '../grid/cellReading';

export interface CellValue {
  /** What has been read so far; null is NULL. */
  readonly text: string | null;
  /** Bytes of the whole value. */
  readonly bytes: number;
  /** Bytes read so far. */
  readonly read: number;
  readonly loading: boolean;
  readonly error: AppErrorData | null;
}

const EMPTY: CellValue = { text: '', bytes: 0, read: 0, loading: true, error: null };
/** Read without being asked; a longer value is read on by a button. */
const FIRST_BYTES = 1_048_576;
const MORE_BYTES = 4_194_304;

/** A cell's value, read in pieces of 256 KiB so that a long one never holds the window up. */
export function useCellValue({ resultId, viewId, row, column }: CellRef): CellValue & { readonly loadMore: () => void } {
  const key = `${resultId}\0${viewId}\0${row}\0${column}`;
  const [shown, setShown] = useState({ key, value: EMPTY, wanted: FIRST_BYTES });
  if (shown.key !== key) setShown({ key, value: EMPTY, wanted: FIRST_BYTES });
  const current = shown.key === key ? shown : { key, value: EMPTY, wanted: FIRST_BYTES };
  const { wanted } = current;

  useEffect(() => {
    const controller = new AbortController();
    const put = (value: CellValue): void => {
      if (!controller.signal.aborted) setShown((old) => (old.key === key ? { ...old, value } : old));
    };
    const parts: string[] = [];
    const load = async (): Promise<void> => {
      let offset: number | null = 0;
      let bytes = 0;
      while (offset !== null && offset < wanted) {
        const piece = await readPiece({ resultId, viewId, row, column }, offset, controller.signal);
        if (piece.text === null) return put({ text: null, bytes: 0, read: 0, loading: false, error: null });
        parts.push(piece.text);
        ({ bytes, nextOffset: offset } = piece);
      }
      put({ text: parts.join(''), bytes, read: offset ?? bytes, loading: false, error: null });
    };
    load().catch((error: unknown) => put({ text: parts.join(''), bytes: 0, read: 0, loading: false, error: errorData(error) }));
    return () => controller.abort();
  }, [key, resultId, viewId, row, column, wanted]);

  const loadMore = useCallback(() => setShown((old) => ({ ...old, wanted: old.wanted + MORE_BYTES, value: { ...old.value, loading: true } })), []);
  return { ...current.value, loadMore };
}
