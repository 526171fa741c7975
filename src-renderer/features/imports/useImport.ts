import { useCallback, useEffect, useRef, useState } from 'react';
import type { ColumnDetail } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { ImportOutcome, ImportPlan, ImportPreview, ImportRequest, ImportScan, ImportSource } from '../../../src-preload/contract/imports';
import type { Document } from '../../../src-preload/contract/documents';
import { client, errorData } from '../../client';
import { markTab } from '../../shell/tabs';
import { openConnection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { mappedToExisting, mappedToNew, requestColumns, tableNameOf, type Mapped } from './mapping';
import { parseImportTab } from './openImport';

/** What the person has chosen about the target. */
export interface TargetChoice {
  readonly kind: 'new' | 'existing';
  readonly schema: string;
  readonly table: string;
  readonly mode: ImportRequest['mode'];
  readonly key: string[];
  readonly onError: ImportRequest['onError'];
  /** For a SQL file: all or nothing. */
  readonly transaction: boolean;
}

interface ScanState {
  readonly progress: number | null;
  readonly rows: number;
  readonly result: ImportScan | null;
}

const notScanned: ScanState = { progress: null, rows: 0, result: null };

/** Everything that an import tab knows and does. */
export function useImport(document: Document) {
  const tab = parseImportTab(document.text);
  const path = tab?.path ?? '';
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [scan, setScan] = useState<ScanState>(notScanned);
  const [target, setTarget] = useState<TargetChoice>(() => ({ kind: tab?.table ? 'existing' : 'new', schema: tab?.schema ?? 'public', table: tab?.table ?? tableNameOf(path), mode: 'append', key: [], onError: 'stop', transaction: true }));
  const [columnsOf, setColumnsOf] = useState<readonly ColumnDetail[] | null>(null);
  const [mapped, setMapped] = useState<Mapped[]>([]);
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [error, setError] = useState<AppErrorData | null>(null);
  const [job, setJob] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const reading = useRef<AbortController | null>(null);

  const read = useCallback(async (source: Partial<ImportSource> & { path: string }): Promise<void> => {
    reading.current?.abort();
    const abort = new AbortController();
    reading.current = abort;
    setError(null);
    setScan(notScanned);
    setPlan(null);
    try {
      const found = await client.imports.inspect(source, { signal: abort.signal });
      setPreview(found);
      if (found.source.format === 'sql') return;
      setMapped(mappedToNew(found.columns, null));
      const onPart = ({ bytes, size, rows }: { bytes: number; size: number; rows: number }): void => setScan({ progress: size === 0 ? null : bytes / size, rows, result: null });
      const result = await client.imports.scan(found.source, { signal: abort.signal, onPart });
      if (!abort.signal.aborted) setScan({ progress: 1, rows: result.rows, result });
    } catch (thrown) {
      if (!abort.signal.aborted) setError(errorData(thrown));
    }
  }, []);

  useEffect(() => {
    if (path !== '') void read({ path });
    return () => reading.current?.abort();
  }, [path, read]);

  const { connectionId } = document;
  const existing = target.kind === 'existing';
  useEffect(() => {
    setColumnsOf(null);
    if (!existing || connectionId === null || target.table === '') return;
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      await openConnection(connectionId);
      const detail = await client.catalog.detail({ connectionId, object: { schema: target.schema, name: target.table, kind: 'table' } }, { signal: abort.signal });
      setColumnsOf(detail.columns);
      setError(null);
    };
    load().catch((thrown: unknown) => !abort.signal.aborted && setError(errorData(thrown)));
    return () => abort.abort();
  }, [existing, connectionId, target.schema, target.table]);

  const names = scan.result?.columns.map(({ name }) => name) ?? preview?.columns;
  useEffect(() => {
    if (!names || !preview) return;
    const named = preview.source.header || !['csv', 'tsv', 'xlsx'].includes(preview.source.format);
    setMapped(existing ? mappedToExisting(names, named, scan.result?.columns ?? null, columnsOf ?? []) : mappedToNew(names, scan.result?.columns ?? null));
    // The names follow from the preview and the scan.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [preview, scan.result, columnsOf, existing]);

  const isScript = preview?.source.format === 'sql';
  const request: ImportRequest | null =
    preview === null || connectionId === null || (!isScript && scan.result === null)
      ? null
      : {
          connectionId, source: preview.source, fileColumns: [...(names ?? [])], columns: isScript ? [] : requestColumns(mapped), mode: target.mode, key: target.key, onError: target.onError,
          target: isScript ? { kind: 'script', transaction: target.transaction } : { kind: target.kind, schema: target.schema, table: target.table },
        };
  const requestText = JSON.stringify(request);
  useEffect(() => {
    setPlan(null);
    const asked = JSON.parse(requestText) as ImportRequest | null;
    if (asked === null || asked.target.kind === 'existing' && columnsOf === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      openConnection(asked.connectionId)
        .then(() => client.imports.plan(asked, { signal: abort.signal }))
        .then((made) => {
          setPlan(made);
          setError(null);
        })
        .catch((thrown: unknown) => !abort.signal.aborted && setError(errorData(thrown)));
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [requestText, columnsOf]);

  useEffect(() => {
    markTab(document.id, { running: job !== null });
    if (job === null) return;
    const ended = (result: ImportOutcome): void => {
      setOutcome(result);
      setJob(null);
    };
    const stop = client.imports.on('finished', (result) => result.jobId === job && ended(result));
    // It may have ended before anybody listened.
    void client.imports.outcome({ jobId: job }).then((result) => result && ended(result));
    return stop;
  }, [document.id, job]);

  const start = async (dryRun: boolean, confirmed: boolean): Promise<void> => {
    if (request === null || plan === null) return;
    setOutcome(null);
    setError(null);
    try {
      const { jobId } = await client.imports.start({ request, dryRun, rejectPath: null, ...(confirmed ? { confirmedHash: plan.hash } : {}) });
      setJob(jobId);
    } catch (thrown) {
      setError(errorData(thrown));
    }
  };

  return {
    path, preview, scan, target, setTarget, columnsOf, mapped, setMapped, plan, error, job, outcome, isScript, read, start,
    ready: plan !== null && job === null,
    stop: (): void => {
      if (job !== null) void client.jobs.cancel({ id: job });
    },
    setConnection: (id: string) => useDocuments.getState().updateDocument(document.id, { connectionId: id }),
  };
}

export type ImportModel = ReturnType<typeof useImport>;
