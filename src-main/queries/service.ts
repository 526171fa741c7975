import type { Column, Filter, HistoryEntry, RunOutcome, RunPart, Sort } from '../../src-preload/contract/queries';
import type { RowBatch } from '../drivers/driver';

/** Results of queries, on disk: written once by appending, read by windows. */
export interface ResultStore {
  create(columns: readonly Column[]): ResultWriter;
  columns(resultId: string): readonly Column[];
  /** Drops results and their views, and their files. Unknown ids are ignored. */
  release(resultIds: readonly string[]): void;
  /** Deletes all files of this run; leftovers of a crashed run are deleted at the next start. */
  close(): Promise<void>;
}

export interface ResultWriter {
  readonly resultId: string;
  readonly rows: number;
  readonly bytes: number;
  /** Resolves when the store is ready for more: back-pressure against a slow disk. Rejects with AppError `disk`. */
  append(batch: RowBatch): Promise<void> | void;
  /** After this the result is complete; reading works before as well. */
  finish(): Promise<void>;
}

/** Runs statements for people; see the contract `queries` for the rules. */
export interface QueriesService {
  readonly results: ResultStore;
  run(
    input: { connectionId: string; sessionKey: string; text: string; confirmedHash?: string | undefined; timeoutMs: number; stopOnError: boolean },
    emit: (part: RunPart) => void,
    signal: AbortSignal,
  ): Promise<RunOutcome>;
  view(resultId: string, spec: { sorts: Sort[]; filters: Filter[] }, signal: AbortSignal): Promise<{ viewId: string; total: number }>;
}

/** What was run, by whom, how it ended. Rows that were `running` when the program died are `interrupted` at the next start. */
export interface HistoryService {
  begin(entry: { connectionId: string; connectionName: string; text: string; origin: HistoryEntry['origin'] }): number;
  end(id: number, result: { status: 'done' | 'failed' | 'cancelled'; milliseconds: number; rows: number | null; error: string | null }): void;
  list(query: { search: string; connectionId?: string | undefined; before?: number | undefined; since?: string; limit: number }): HistoryEntry[];
}
