import type { Connection as Client, FieldPacket, ResultSetHeader } from 'mysql2';
import type { ResultSink } from '../driver';
import { RowCopier } from './rowCopier';
import { describeColumn } from './values';

/** Rows are handed on when about this many bytes, or this many rows, have come. */
const batchBytes = 128 * 1024;
const batchRows = 2000;

/** How a statement ended for the library; `returnedRows` tells of its last result. */
export interface ExecutionEnd {
  readonly error: Error | null;
  readonly returnedRows: boolean;
}

/**
 * One statement on its way: sends it as written and hands its results to the sink in order, reading no faster than the sink takes
 * them.
 */
export class Execution {
  readonly ended: Promise<ExecutionEnd>;
  /** What the sink threw; the statement is then of no use any more. */
  sinkError: Error | null = null;
  private settle: (end: ExecutionEnd) => void = () => undefined;
  private error: Error | null = null;
  private over = false;
  private discarding = false;
  private copier: RowCopier | null = null;
  private returnedRows = false;
  private waiting: (() => void | Promise<void>)[] | null = null;

  constructor(
    private readonly client: Client,
    private readonly text: string,
    private readonly sink: ResultSink,
    private readonly tell: { sinkFailed(): void; header(header: ResultSetHeader): void },
  ) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    const query = client.query({ sql: text, rowsAsArray: true, typeCast: (field: { buffer(): Buffer | null }) => this.copier?.cell(field) });
    query.on('fields', (fields: FieldPacket[] | undefined) => this.begin(fields));
    query.on('result', (result: unknown) => (Array.isArray(result) ? this.row() : this.header(result as ResultSetHeader)));
    query.on('error', (error: Error) => (this.error = error));
    query.on('end', () => this.end());
  }

  /** What still comes is thrown away. */
  discard(): void {
    this.discarding = true;
    this.waiting = null;
    this.copier = null;
    this.client.resume();
    if (this.over) this.finish();
  }

  /** The session is gone. */
  fail(error: Error): void {
    this.error = error;
    this.discarding = true;
    this.finish();
  }

  private begin(fields: FieldPacket[] | undefined): void {
    this.completeRows();
    if (fields === undefined || this.discarding) return;
    const described = fields.map(describeColumn);
    this.copier = new RowCopier(described.map(({ text }) => text), batchBytes);
    this.returnedRows = true;
    const columns = described.map(({ column }) => column);
    this.hand(() => this.sink.columns(columns));
  }

  private row(): void {
    if (this.copier === null) return;
    this.copier.endRow();
    if (this.copier.size >= batchBytes || this.copier.rows >= batchRows) this.flush();
  }

  private header(header: ResultSetHeader): void {
    this.returnedRows = false;
    this.tell.header(header);
    this.hand(() => this.sink.complete({ command: commandOf(this.text), rowsAffected: header.affectedRows }));
  }

  private completeRows(): void {
    if (this.copier === null) return;
    this.flush();
    this.copier = null;
    this.hand(() => this.sink.complete({ command: commandOf(this.text), rowsAffected: null }));
  }

  private flush(): void {
    if (this.copier === null || this.copier.rows === 0) return;
    const batch = this.copier.take();
    this.hand(() => this.sink.rows(batch));
  }

  /** Gives something to the sink, behind what the sink has not taken yet. */
  private hand(action: () => void | Promise<void>): void {
    if (this.discarding) return;
    if (this.waiting !== null) {
      this.waiting.push(action);
      return;
    }
    const taken = this.attempt(action);
    // The sink may have had the statement stopped meanwhile.
    if (!taken || this.discarding) return;
    this.waiting = [];
    this.client.pause();
    void this.drain(taken);
  }

  private attempt(action: () => void | Promise<void>): Promise<void> | undefined {
    try {
      const taken = action();
      return taken ? taken.catch((thrown: unknown) => this.refuse(thrown)) : undefined;
    } catch (thrown) {
      this.refuse(thrown);
      return undefined;
    }
  }

  private refuse(thrown: unknown): void {
    if (this.discarding) return;
    this.sinkError = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.discard();
    if (!this.over) this.tell.sinkFailed();
  }

  private async drain(first: Promise<void>): Promise<void> {
    await first;
    for (let action = this.waiting?.shift(); action; action = this.waiting?.shift()) await this.attempt(action);
    if (this.waiting === null) return;
    this.waiting = null;
    this.client.resume();
    if (this.over) this.finish();
  }

  private end(): void {
    if (this.error === null) this.completeRows();
    this.over = true;
    if (this.waiting === null) this.finish();
  }

  private finish(): void {
    this.settle({ error: this.error, returnedRows: this.returnedRows });
  }
}

/** `INSERT`, `CREATE TABLE`: what the statement begins with, as a person names it. */
function commandOf(text: string): string {
  const words = text.replace(/\/\*[\s\S]*?\*\/|(--\s|#)[^\n]*/g, ' ').trim().toUpperCase().split(/[^A-Z_]+/, 2);
  const [first = '', second = ''] = words;
  return ['CREATE', 'ALTER', 'DROP', 'START', 'LOCK', 'UNLOCK'].includes(first) ? `${first} ${second}`.trim() : first;
}
