import { statSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { AppError } from '../../errors';
import { RowCells, rowSteps, visitRows } from '../views/rowScan';
import type { WorkerMessage } from '../workers/answer';
import { fileEncoder, type FilePlan } from './encoders';
import { viewSteps } from './viewScan';

/** Where stored rows lie; see `ResultFiles`. */
export interface StoredRows {
  readonly rowsFile: string;
  readonly bytes: number;
  readonly viewFile: string | null;
  /** Half-open range of rows in this order; null for all. */
  readonly range: { readonly from: number; readonly to: number } | null;
}

/** What the worker is given; plain data. Without a source the rows are sent to it. */
export interface ExportTask {
  readonly plan: FilePlan;
  readonly source: StoredRows | null;
}

/** What a file became. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
  /** Sentences about what the format could not hold as it was. */
  readonly notes: readonly string[];
}

/** Messages to the worker. `bytes` are whole rows, see `RowBatch`; they belong to the worker from then on. */
export type ToWorker = { readonly kind: 'rows'; readonly bytes: Uint8Array } | { readonly kind: 'end' } | { readonly kind: 'stop' };

type Send = (message: WorkerMessage<Written>) => void;

/** The file of one export: hears of a stop, counts, tells how far it is. */
class Writing {
  readonly cells: RowCells;
  private readonly encoder;
  private rows = 0;
  private stopped = false;

  constructor(
    private readonly plan: FilePlan,
    private readonly send: Send,
  ) {
    this.encoder = fileEncoder(plan);
    this.cells = new RowCells(Math.max(-1, ...plan.columns.map(({ index }) => index)) + 1);
  }

  async begin(): Promise<void> {
    await this.encoder.begin();
  }

  readonly row = (): void => {
    this.encoder.row(this.cells);
    this.rows += 1;
  };

  /** Between pieces of the work: throws when it was stopped. */
  pause(): void {
    if (this.stopped) throw new AppError('cancelled', 'Cancelled.');
    this.send({ kind: 'progress', rows: this.rows });
  }

  stop(): void {
    this.stopped = true;
    if ('stop' in this.encoder) this.encoder.stop();
  }

  async end(): Promise<Written> {
    try {
      await this.encoder.end();
    } catch (error) {
      throw this.stopped ? new AppError('cancelled', 'Cancelled.', {}, { cause: error }) : error;
    }
    if (this.stopped) throw new AppError('cancelled', 'Cancelled.');
    return { rows: this.rows, bytes: statSync(this.plan.target).size, notes: this.encoder.notes?.() ?? [] };
  }
}

/** Writes a stored result, in the order of arrival or of its view. The file is synced. */
export async function writeStoredRows(plan: FilePlan, source: StoredRows, port: MessagePort, send: Send): Promise<Written> {
  const writing = new Writing(plan, send);
  port.on('message', (message: ToWorker) => message.kind === 'stop' && writing.stop());
  await writing.begin();
  const { from, to } = source.range ?? { from: 0, to: Infinity };
  let position = 0;
  const visit = (): void => {
    if (position >= from && position < to) writing.row();
    position += 1;
  };
  const { rowsFile, bytes, viewFile } = source;
  const steps = viewFile === null ? rowSteps(rowsFile, bytes, writing.cells, visit) : viewSteps(viewFile, rowsFile, bytes, writing.cells, visit);
  while (steps.next().done !== true && position < to) {
    await turn();
    writing.pause();
  }
  return writing.end();
}

/** Writes rows as they are sent. */
export async function writeSentRows(plan: FilePlan, port: MessagePort, send: Send): Promise<Written> {
  const writing = new Writing(plan, send);
  const take = ({ buffer, byteOffset, byteLength }: Uint8Array): void => {
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    if (visitRows(bytes, writing.cells, 0, writing.row) !== bytes.length) throw new Error('The rows that were sent are not whole.');
    writing.pause();
    send({ kind: 'taken' });
  };
  let work: Promise<unknown> = writing.begin();
  return new Promise((resolve, reject) => {
    // One after the other, also while the beginning takes its time.
    const next = (step: () => unknown): void => {
      work = work.then(step);
      work.catch(reject);
    };
    next(() => undefined);
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'rows') next(() => take(message.bytes));
      else if (message.kind === 'end') next(() => writing.end().then(resolve));
      else {
        writing.stop();
        next(() => writing.pause());
      }
    });
  });
}

/** Lets messages in. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
