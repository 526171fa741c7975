import path from 'node:path';
import { exportSpec, type ExportSpec } from '../../src-preload/contract/exportSpec';
import type { Column } from '../../src-preload/contract/queries';
import type { ResultSink, RowBatch } from '../drivers/driver';
import { nextRow } from '../drivers/rows';
import { AppError } from '../errors';
import { SentRows } from '../queries/service';
import type { Output } from './output';

/** A file of a format that is no text, and where it goes. */
export interface FileTarget {
  readonly spec: ExportSpec;
  readonly file: string;
}

/** The formats that are written into a file only; null for the others. Throws `bad_input` where such a format has no file. */
export function fileTarget(format: string | undefined, output: string | undefined): FileTarget | null {
  if (format !== 'xlsx' && format !== 'parquet') return null;
  if (output === undefined) throw new AppError('bad_input', `--format ${format} is no text.`, { hint: 'Name its file with --output FILE.' });
  return { spec: exportSpec.parse({ format }), file: path.resolve(output) };
}

/** Writes one result into a file, which appears under its name when it is complete. */
export class FilePrinter implements ResultSink {
  /** Rows handed on so far. */
  count = 0;
  truncated = false;
  private file: SentRows | null = null;

  constructor(
    private readonly target: FileTarget,
    private readonly limit: number | null,
    private readonly output: Output,
    private readonly signal: AbortSignal,
  ) {}

  columns(columns: readonly Column[]): void {
    this.file = new SentRows(columns, { spec: this.target.spec, gzip: false, target: this.target.file }, { signal: this.signal });
  }

  rows(batch: RowBatch): Promise<void> | undefined {
    const room = this.limit === null ? batch.count : Math.max(0, Math.min(batch.count, this.limit - this.count));
    if (room < batch.count) this.truncated = true;
    this.count += room;
    return this.file?.rows(firstRows(batch, room));
  }

  notice({ severity, message }: { severity: string; message: string }): void {
    this.output.say(`${severity}: ${message}`);
  }

  complete(): void {
    // What counts is the file.
  }

  async finish(truncated: boolean): Promise<void> {
    this.truncated = truncated;
    if (!this.file) throw new AppError('bad_input', 'The statement returned no rows to write.', { hint: 'Leave --format and --output out.' });
    for (const note of (await this.file.end()).notes) this.output.warn(note);
  }

  async fail(): Promise<void> {
    await this.file?.discard();
  }

  tell(): void {
    if (this.truncated) this.output.warn(`Cut after ${this.count} rows: there are more (--limit).`);
  }
}

function firstRows({ bytes, count }: RowBatch, wanted: number): RowBatch {
  if (wanted === count) return { bytes, count };
  let end = 0;
  for (let row = 0; row < wanted; row += 1) end = nextRow(bytes, end);
  return { bytes: bytes.subarray(0, end), count: wanted };
}
