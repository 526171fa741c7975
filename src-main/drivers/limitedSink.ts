import type { ReadOnlyLimits, ReadOnlyOutcome, ResultSink, RowBatch } from './driver';
import { cutCells, nextRow } from './rows';

const maxPageRows = 5000;
/** A page is sized for about this many bytes, so that a limit is never exceeded by much on the way. */
const pageBytes = 1024 * 1024;

/** Passes rows on until a limit is reached, and throws the rest away. */
export class LimitedSink implements ResultSink {
  truncatedBy: ReadOnlyOutcome['truncatedBy'] = null;
  cellsCut = 0;
  sentRows = 0;
  private sentBytes = 0;
  private seenRows = 0;
  private seenBytes = 0;
  private command = 'SELECT';

  constructor(
    private readonly sink: ResultSink,
    private readonly limits: ReadOnlyLimits,
  ) {}

  columns(columns: Parameters<ResultSink['columns']>[0]): void {
    this.sink.columns(columns);
  }

  notice(notice: Parameters<ResultSink['notice']>[0]): void {
    this.sink.notice(notice);
  }

  complete(result: { command: string }): void {
    this.command = result.command;
  }

  rows(batch: RowBatch): void | Promise<void> {
    this.seenRows += batch.count;
    this.seenBytes += batch.bytes.length;
    if (this.truncatedBy !== null) return;
    let kept = batch;
    if (this.sentRows + batch.count > this.limits.maxRows) {
      kept = firstRows(batch, this.limits.maxRows - this.sentRows, Infinity);
      this.truncatedBy = 'rows';
    }
    const { batch: shortened, cut } = cutCells(kept, this.limits.maxCellBytes);
    kept = shortened;
    if (this.sentBytes + kept.bytes.length > this.limits.maxBytes) {
      kept = firstRows(kept, kept.count, this.limits.maxBytes - this.sentBytes);
      this.truncatedBy = 'bytes';
    }
    this.cellsCut += cut;
    this.sentRows += kept.count;
    this.sentBytes += kept.bytes.length;
    if (kept.count > 0) return this.sink.rows(kept);
  }

  /** How many rows to ask for next: one more than may be sent tells whether there are more. */
  nextPage(): number {
    const average = this.seenRows === 0 ? 0 : this.seenBytes / this.seenRows;
    const fitting = average === 0 ? maxPageRows : Math.floor(pageBytes / average);
    return Math.max(1, Math.min(maxPageRows, fitting, this.limits.maxRows + 1 - this.sentRows));
  }

  finish(): void {
    this.sink.complete({ command: this.command, rowsAffected: null });
  }
}

/** The first rows of a batch: at most `count` of them and `bytes` bytes. */
function firstRows(batch: RowBatch, count: number, bytes: number): RowBatch {
  let offset = 0;
  let rows = 0;
  while (rows < Math.min(count, batch.count)) {
    const next = nextRow(batch.bytes, offset);
    if (next > bytes) break;
    offset = next;
    rows += 1;
  }
  return { bytes: batch.bytes.subarray(0, offset), count: rows };
}
