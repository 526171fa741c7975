import type { Column } from '../../../src-preload/contract/queries';
import type { Connection, ReadOnlyLimits, ResultSink, RowBatch, Statement } from '../../drivers/driver';
import { decodeRow, nextRow } from '../../drivers/rows';
import type { GuardService } from '../../guard/service';
import type { ResultStore } from '../results/resultStore';

/** Rows that the read-only lane put into the result store. */
export interface StoredRead {
  readonly resultId: string;
  readonly columns: readonly Column[];
  /** The first rows, decoded, at most `previewRows`. */
  readonly preview: readonly (readonly (string | null)[])[];
  readonly rows: number;
  readonly truncated: boolean;
}

/** Runs one statement in the read-only lane and keeps all its rows. A result that ends with an error is released. Rejects as `GuardService.runReadOnly`. */
export async function storeRead({ guard, results }: { guard: Pick<GuardService, 'runReadOnly'>; results: ResultStore }, connection: Connection, statement: Statement, limits: ReadOnlyLimits, previewRows: number, signal: AbortSignal): Promise<StoredRead> {
  const sink = storeSink(results, previewRows);
  try {
    const outcome = await guard.runReadOnly(connection, statement, sink, limits, signal);
    const resultId = await sink.finish();
    return { resultId, columns: sink.columnsSeen(), preview: sink.rowsSeen(), rows: outcome.rows, truncated: outcome.truncatedBy !== null };
  } catch (error) {
    sink.release();
    throw error;
  }
}

interface CollectingSink extends ResultSink {
  columnsSeen(): readonly Column[];
  rowsSeen(): readonly (readonly (string | null)[])[];
}

/** Takes the columns and the first `limit` rows, decoded. */
export function collectSink(limit: number): CollectingSink {
  let columns: readonly Column[] = [];
  const rows: (string | null)[][] = [];
  return {
    columns: (seen) => void (columns = seen),
    rows: (batch) => decodeInto(rows, batch, limit),
    notice: () => undefined,
    complete: () => undefined,
    columnsSeen: () => columns,
    rowsSeen: () => rows,
  };
}

function storeSink(results: ResultStore, previewRows: number): CollectingSink & { finish(): Promise<string>; release(): void } {
  const preview = collectSink(previewRows);
  let writer: ReturnType<ResultStore['create']> | null = null;
  const writing = (columns: readonly Column[]): ReturnType<ResultStore['create']> => (writer ??= results.create(columns));
  return {
    ...preview,
    columns(columns) {
      preview.columns(columns);
      writing(columns);
    },
    async rows(batch) {
      await preview.rows(batch);
      await writing(preview.columnsSeen()).append(batch);
    },
    async finish() {
      const done = writing(preview.columnsSeen());
      await done.finish();
      return done.resultId;
    },
    release: () => void (writer && results.release([writer.resultId])),
  };
}

function decodeInto(rows: (string | null)[][], batch: RowBatch, limit: number): void {
  let offset = 0;
  for (let row = 0; row < batch.count && rows.length < limit; row++) {
    rows.push(decodeRow(batch.bytes, offset));
    offset = nextRow(batch.bytes, offset);
  }
}
