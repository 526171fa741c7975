import type { Filter, HistoryEntry, RunOutcome, RunPart, Sort } from '../../src-preload/contract/queries';
import type { ResultStore } from './results/resultStore';

export { createResultStore, type ResultRef, type ResultStore, type ResultWriter } from './results/resultStore';

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
