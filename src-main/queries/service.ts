import path from 'node:path';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import type { GuardService } from '../guard/service';
import type { JobsService } from '../jobs/service';
import type { Job } from '../../src-preload/contract/jobs';
import type { RunOutcome, RunPart, SplitStatement } from '../../src-preload/contract/queries';
import { exportFile, type ExportOptions } from './export/exportFile';
import type { ExportFormat } from './export/writeExport';
import type { HistoryService } from './history';
import type { ResultRef, ResultStore } from './results/resultStore';
import { Runner, type RunRequest } from './run/runner';

export { createColumnLayouts, type ColumnLayouts } from './columnLayouts';
export { createHistoryService, type HistoryService } from './history';
export { createResultStore, type ResultRef, type ResultStore } from './results/resultStore';

/** Runs statements for people; see the contract `queries` for the rules. */
export interface QueriesService {
  /** Windows, cells, views and the release of what was run. */
  readonly results: ResultStore;
  /**
   * Resolves also when statements failed: the parts tell. Rejects when nothing could be sent: `busy` while the session runs something,
   * `refused`, `not_found`, and the errors of connecting.
   */
  run(request: RunRequest, emit: (part: RunPart) => void, signal: AbortSignal): Promise<RunOutcome>;
  split(text: string): Promise<{ statements: SplitStatement[]; error: { message: string; position: number } | null }>;
  /** Resolves with the state afterwards; rejects when a COMMIT committed nothing. */
  endTransaction(request: { connectionId: string; sessionKey: string; action: 'commit' | 'rollback' }, signal: AbortSignal): Promise<RunOutcome['transaction']>;
  closeSession(connectionId: string, sessionKey: string): Promise<void>;
  /** Starts a job that writes a whole result or view into a file, once its last rows are there. Throws `not_found`, `bad_input`. */
  export(ref: ResultRef, format: ExportFormat, target: string): Job;
  /** The same without a job, for the command; resolves with the number of rows. */
  exportFile(ref: ResultRef, format: ExportFormat, target: string, options: ExportOptions): Promise<number>;
}

export interface QueriesDependencies {
  readonly connections: ConnectionsService;
  readonly guard: GuardService;
  readonly catalog: Pick<CatalogService, 'invalidate'>;
  readonly history: HistoryService;
  readonly jobs: JobsService;
  readonly results: ResultStore;
}

export function createQueriesService(services: QueriesDependencies): QueriesService {
  const runner = new Runner(services);
  const results = services.results;
  return {
    results,
    run: (request, emit, signal) => runner.run(request, emit, signal),
    split: (text) => services.guard.split(text),
    endTransaction: (request, signal) => runner.endTransaction(request, signal),
    closeSession: (connectionId, sessionKey) => runner.closeSession(connectionId, sessionKey),
    exportFile: (ref, format, target, options) => exportFile(results, ref, format, target, options),
    export(ref, format, target) {
      results.columns(ref.resultId);
      const name = path.basename(target);
      return services.jobs.start({ kind: 'export', title: `Export to ${name}` }, async (job) => {
        job.report(null, 'Waiting for the last rows.');
        const onProgress = (rows: number, total: number): void => job.report(total === 0 ? null : rows / total, `${count(rows)} of ${count(total)} rows`);
        const rows = await exportFile(results, ref, format, target, { signal: job.signal, onProgress });
        job.report(1, `${count(rows)} rows in ${target}`);
      });
    },
  };
}

function count(rows: number): string {
  return rows.toLocaleString('en-US');
}
