import path from 'node:path';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import type { GuardService } from '../guard/service';
import type { JobsService } from '../jobs/service';
import type { ExportPart, TablesExport } from '../../src-preload/contract/exportSpec';
import type { Store } from '../store/service';
import type { Job } from '../../src-preload/contract/jobs';
import type { RunOutcome, RunPart, SplitStatement } from '../../src-preload/contract/queries';
import { createResultAnalysis, type ResultAnalysis } from './analysis/resultAnalysis';
import { exportFile, type FileRequest } from './export/exportFile';
import { countWords, writtenWords } from './export/exportWords';
import { exportTables } from './export/exportTables';
import type { HistoryService } from './history';
import type { ResultRef, ResultStore } from './results/resultStore';
import { createParameterMemory } from './parameterMemory';
import type { Places } from '../drivers/introspect';
import { readPlaces } from './places';
import { Runner, type EndRequest, type RunRequest } from './run/runner';

export { createColumnLayouts, type ColumnLayouts } from './columnLayouts';
export { createHistoryService, type HistoryService } from './history';
export { createResultStore, type ResultRef, type ResultStore } from './results/resultStore';
export { collectSink, storeRead, type StoredRead } from './run/readSinks';
export { SentRows } from './export/exportFile';

/** Runs statements for people; see the contract `queries` for the rules. */
export interface QueriesService {
  /** Windows, cells, views and the release of what was run. */
  readonly results: ResultStore;
  /** Copying, searching, counting and drawing whole results. */
  readonly analysis: ResultAnalysis;
  /**
   * Resolves also when statements failed: the parts tell. Rejects when nothing could be sent: `busy` while the session runs something,
   * `refused`, `not_found`, and the errors of connecting.
   */
  run(request: RunRequest, emit: (part: RunPart) => void, signal: AbortSignal): Promise<RunOutcome>;
  split(connectionId: string, text: string): Promise<{ statements: SplitStatement[]; error: { message: string; position: number } | null }>;
  /** Resolves with the state afterwards; rejects when a COMMIT committed nothing. */
  endTransaction(request: EndRequest, signal: AbortSignal): Promise<Pick<RunOutcome, 'transaction' | 'transactionInfo'>>;
  /** The transactions of all tabs that are open now. */
  openTransactions(): { connectionName: string; sessionKey: string; since: string; statements: number }[];
  /** The databases and schemas that a tab may be switched to. */
  places(connectionId: string, signal: AbortSignal): Promise<Places>;
  /** Null when both texts mean the same, else why not; see the guard's `difference`. */
  difference(connectionId: string | null, before: string, after: string): Promise<string | null>;
  closeSession(connectionId: string, sessionKey: string): Promise<void>;
  /** Starts a job that writes a result, a view or a part of it into a file, once its last rows are there. Throws `not_found`, `bad_input`. */
  export(ref: ResultRef, part: ExportPart, request: FileRequest): Job;
  /**
   * Starts a job that writes tables into a file each, straight from the server and from one snapshot. Rejects with `confirm_required`,
   * naming the files that would be replaced, and `not_found`.
   */
  exportTables(request: TablesExport): Promise<Job>;
}

export interface QueriesDependencies {
  readonly connections: ConnectionsService;
  readonly guard: GuardService;
  readonly catalog: Pick<CatalogService, 'invalidate' | 'detail'>;
  readonly history: HistoryService;
  readonly jobs: JobsService;
  readonly results: ResultStore;
  readonly store: Store;
}

export function createQueriesService(services: QueriesDependencies): QueriesService {
  const runner = new Runner({ ...services, parameters: createParameterMemory(services.store) });
  const results = services.results;
  return {
    results,
    analysis: createResultAnalysis(results),
    run: (request, emit, signal) => runner.run(request, emit, signal),
    split: async (connectionId, text) => services.guard.of((await services.connections.resolve(connectionId)).target.engine).split(text),
    endTransaction: (request, signal) => runner.endTransaction(request, signal),
    openTransactions: () => runner.transactions.all(),
    places: (connectionId, signal) => readPlaces(services.connections, connectionId, signal),
    difference: async (connectionId, before, after) => {
      const engine = connectionId === null ? 'postgresql' : (await services.connections.resolve(connectionId)).target.engine;
      return services.guard.of(engine).difference(before, after);
    },
    closeSession: (connectionId, sessionKey) => runner.closeSession(connectionId, sessionKey),
    export(ref, part, request) {
      results.columns(ref.resultId);
      const { target } = request;
      return services.jobs.start({ kind: 'export', title: `Export to ${path.basename(target)}` }, async (job) => {
        job.report(null, 'Waiting for the last rows.');
        const onProgress = (rows: number, total: number): void => job.report(total === 0 ? null : rows / total, `${countWords(rows, 'row')} of ${countWords(total, 'row')}`);
        const written = await exportFile(results, ref, part, request, { signal: job.signal, onProgress });
        job.report(1, `${writtenWords(written)} in ${target}${written.notes.length === 0 ? '' : `. ${written.notes.join(' ')}`}`);
      });
    },
    exportTables: (request) => exportTables(services, request),
  };
}
