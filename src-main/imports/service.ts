import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import type { GuardService } from '../guard/service';
import type { JobsService } from '../jobs/service';
import type { HistoryService } from '../queries/service';
import type { HistoryEntry } from '../../src-preload/contract/queries';
import type { ImportOutcome, ImportPlan, ImportPreview, ImportRequest, ImportScan, ImportSource } from '../../src-preload/contract/imports';
import type { Job } from '../../src-preload/contract/jobs';
import { Imports } from './imports';

/** Loads files into tables; see the contract `imports`. Memory stays flat however large the file is. */
export interface ImportsService {
  /** Rejects with `not_found`, `disk`, and `bad_input` for a file that its format cannot be read as. */
  inspect(source: Partial<ImportSource> & { path: string }, signal: AbortSignal): Promise<ImportPreview>;
  scan(source: ImportSource, onProgress: (bytes: number, size: number, rows: number) => void, signal: AbortSignal): Promise<ImportScan>;
  /** Rejects with `refused` on a read-only connection, `bad_input` for a mapping that cannot work. */
  plan(request: ImportRequest, signal: AbortSignal): Promise<ImportPlan>;
  /** Starts a job. Rejects as `plan`, and with `confirm_required` when its confirmations were not confirmed. */
  start(order: ImportOrder, signal: AbortSignal): Promise<Job>;
  /** The same without a job, for the command; resolves also when the import failed: the outcome tells. */
  run(order: ImportOrder, signal: AbortSignal, report: (progress: number | null, message: string) => void): Promise<ImportOutcome>;
  outcome(jobId: string): ImportOutcome | null;
  forget(jobId: string): void;
  onFinished(listener: (outcome: ImportOutcome) => void): () => void;
}

export interface ImportOrder {
  readonly request: ImportRequest;
  readonly dryRun: boolean;
  readonly confirmedHash: string | undefined;
  /** Where skipped rows are written; the file must not be there yet. Null: beside the imported file. */
  readonly rejectPath: string | null;
  readonly origin: HistoryEntry['origin'];
}

export interface ImportsDependencies {
  readonly connections: ConnectionsService;
  readonly catalog: Pick<CatalogService, 'detail' | 'invalidate'>;
  readonly guard: GuardService;
  readonly jobs: JobsService;
  readonly history: HistoryService;
}

export function createImportsService(services: ImportsDependencies): ImportsService {
  return new Imports(services);
}
