import type { Column, Notice, RunPart } from '../../../src-preload/contract/queries';
import type { ResultSink, RowBatch } from '../../drivers/driver';
import type { ResultStore, ResultWriter } from '../results/resultStore';

/** Between two reports of stored rows. */
const reportEveryMs = 200;

/** Stores what one statement returns, and tells of it. */
export class StatementSink implements ResultSink {
  /** Rows that were returned, or else affected. */
  rowsSeen: number | null = null;
  private writer: ResultWriter | null = null;
  private readonly finishing: Promise<void>[] = [];
  private timer: NodeJS.Timeout | null = null;
  private toldAt = 0;
  private toldRows = -1;

  constructor(
    private readonly results: ResultStore,
    private readonly emit: (part: RunPart) => void,
    private readonly statement: number,
    private readonly started: number,
  ) {}

  columns(columns: readonly Column[]): void {
    this.writer = this.results.create(columns);
    this.toldAt = 0;
    this.toldRows = -1;
    this.emit({ kind: 'result', statement: this.statement, resultId: this.writer.resultId, columns: [...columns] });
  }

  rows(batch: RowBatch): void | Promise<void> {
    if (!this.writer) throw new Error('Rows came before their columns.');
    const wait = this.writer.append(batch);
    this.report();
    return wait;
  }

  notice(notice: Notice): void {
    this.emit({ kind: 'notice', statement: this.statement, notice });
  }

  complete({ command, rowsAffected }: { command: string; rowsAffected: number | null }): void {
    const writer = this.finishWriter();
    const seen = writer ? writer.rows : rowsAffected;
    if (seen !== null) this.rowsSeen = (this.rowsSeen ?? 0) + seen;
    this.emit({
      kind: 'done',
      statement: this.statement,
      resultId: writer?.resultId ?? null,
      command,
      rowsAffected,
      rows: writer?.rows ?? 0,
      milliseconds: performance.now() - this.started,
    });
  }

  /** Ends a result that was cut off, so that its rows can be read, and waits until everything is stored as far as the disk allows. */
  async settle(): Promise<void> {
    const writer = this.finishWriter();
    if (writer) {
      this.rowsSeen = (this.rowsSeen ?? 0) + writer.rows;
      this.tell(writer);
    }
    await Promise.all(this.finishing);
  }

  private finishWriter(): ResultWriter | null {
    const { writer } = this;
    this.writer = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (writer) this.finishing.push(writer.finish());
    return writer;
  }

  /** The first rows at once, then a few times a second, and never late. */
  private report(): void {
    if (this.timer) return;
    const wait = this.toldAt === 0 ? 0 : this.toldAt + reportEveryMs - performance.now();
    if (wait <= 0) return this.tellCurrent();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.tellCurrent();
    }, wait).unref();
  }

  private tellCurrent(): void {
    if (this.writer) this.tell(this.writer);
  }

  private tell({ resultId, rows, bytes }: ResultWriter): void {
    this.toldAt = performance.now();
    if (rows === this.toldRows) return;
    this.toldRows = rows;
    this.emit({ kind: 'progress', resultId, rows, bytes });
  }
}
