import { useCallback, useEffect, useRef, useState } from 'react';
import type { DataFilter, DataQuery, ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Column, RunPart } from '../../../src-preload/contract/queries';
import { client, errorData } from '../../client';
import { showError } from '../../shell/errors';
import { markTab } from '../../shell/tabs';
import { openConnection } from '../connections/store';

export type DataSort = DataQuery['sorts'][number];

/** What of a table is looked at. */
export interface DataSpec {
  readonly filters: readonly DataFilter[];
  readonly sorts: readonly DataSort[];
  readonly offset: number;
  readonly limit: number;
}

/** One page of a table's rows as it stands in the result store. */
export interface DataPage {
  readonly resultId: string | null;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly complete: boolean;
  readonly milliseconds: number | null;
  /** The statement that was sent. */
  readonly text: string;
}

interface TableData {
  readonly page: DataPage | null;
  readonly busy: boolean;
  readonly error: AppErrorData | null;
  readonly reload: () => void;
  readonly stop: () => void;
}

/** What a part of the run changes on the page. */
export function applyPart(page: DataPage, part: RunPart): DataPage {
  switch (part.kind) {
    case 'result':
      return { ...page, resultId: part.resultId, columns: part.columns };
    case 'progress':
      return { ...page, rows: part.rows };
    case 'done':
      return { ...page, rows: part.rows, complete: true, milliseconds: part.milliseconds };
    default:
      return page;
  }
}

const emptyPage = (text: string): DataPage => ({ resultId: null, columns: [], rows: 0, complete: false, milliseconds: null, text });

const release = (resultId: string | null | undefined): void => {
  if (resultId) client.queries.release({ resultIds: [resultId] }).catch((error: unknown) => showError('A result could not be released', error));
};

/** Runs the statement for one page; the server filters, sorts and cuts. `onPage` hears each growth. */
async function readPage(connectionId: string, sessionKey: string, object: ObjectRef, spec: DataSpec, signal: AbortSignal, onPage: (page: DataPage) => void): Promise<void> {
  await openConnection(connectionId);
  const { filters, sorts, offset, limit } = spec;
  const { text } = await client.catalog.dataStatement({ connectionId, query: { object, filters: [...filters], sorts: [...sorts], offset, limit } }, { signal });
  let page = emptyPage(text);
  let failure: AppErrorData | null = null;
  const onPart = (part: RunPart): void => {
    if (part.kind === 'failed') failure = part.error;
    page = applyPart(page, part);
    if (page.resultId !== null) onPage(page);
  };
  try {
    await client.queries.run({ connectionId, sessionKey, text }, { signal, onPart });
  } catch (error) {
    release(page.resultId);
    throw error;
  }
  if (failure) throw Object.assign(new Error('failed'), { data: failure });
}

const dataOf = (thrown: unknown): AppErrorData => (thrown instanceof Error && 'data' in thrown ? (thrown.data as AppErrorData) : errorData(thrown));

/**
 * A page of a table's rows, read anew when the spec changes. The session is the tab's own and closes with it; a page that was replaced
 * is released when the next one has come, so that the grid never shows nothing.
 */
export function useTableData(documentId: string, connectionId: string, object: ObjectRef, spec: DataSpec, enabled: boolean): TableData {
  const [page, setPage] = useState<DataPage | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [turn, setTurn] = useState(0);
  const running = useRef<AbortController | null>(null);
  const shown = useRef<string | null>(null);
  const key = JSON.stringify([connectionId, object, spec]);

  useEffect(() => {
    if (!enabled) return undefined;
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    setError(null);
    markTab(documentId, { running: true });
    const [, wantedObject, wantedSpec] = JSON.parse(key) as [string, ObjectRef, DataSpec];
    const onPage = (next: DataPage): void => {
      if (abort.signal.aborted && !next.complete) return;
      if (shown.current !== next.resultId) release(shown.current);
      shown.current = next.resultId;
      setPage(next);
    };
    readPage(connectionId, documentId, wantedObject, wantedSpec, abort.signal, onPage)
      .catch((failure: unknown) => {
        if (running.current === abort) setError(dataOf(failure));
      })
      .finally(() => {
        if (running.current !== abort) return;
        setBusy(false);
        markTab(documentId, { running: false });
      });
    return () => abort.abort();
  }, [documentId, connectionId, key, enabled, turn]);

  useEffect(
    () => () => {
      release(shown.current);
      shown.current = null;
      client.queries.closeSession({ connectionId, sessionKey: documentId }).catch((failure: unknown) => showError('The tab’s session could not be closed', failure));
    },
    [connectionId, documentId],
  );

  const reload = useCallback(() => setTurn((now) => now + 1), []);
  const stop = useCallback(() => running.current?.abort(), []);
  return { page, busy, error, reload, stop };
}
