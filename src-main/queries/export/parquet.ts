import type { DuckDBAppender, DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import { AppError } from '../../errors';
import type { RowCells } from '../views/rowScan';
import { distinctNames } from './json';
import { parquetColumn, type ParquetColumn } from './parquetTypes';
import { cellText, type ExportColumn, type SlowEncoder } from './rowEncoder';

export type ParquetOptions = Omit<Extract<ExportSpec, { format: 'parquet' }>, 'format'>;

/** DuckDB's vector size, and the bytes after which a chunk is handed over before it is full. */
const chunkRows = 2048;
const chunkBytes = 8 * 1024 * 1024;
/** Rows of a group, and the bytes that a group should not much exceed: the writer holds a group in memory. */
const mostGroupRows = 122_880;
const groupBytes = 64 * 1024 * 1024;

/** The file beside the target in which rows wait until all are there; removed at the end. */
export const stagingOf = (target: string): string => `${target}.duckdb`;

/**
 * A Parquet file, written by DuckDB with types that hold every value exactly. Rows are staged in a database file beside the target, so
 * that memory stays flat; a value that its type cannot hold (such as NaN in a numeric) ends the export with an error that names it.
 */
export function parquetEncoder(columns: readonly ExportColumn[], target: string, options: ParquetOptions): SlowEncoder {
  return new ParquetFile(columns, target, options);
}

class ParquetFile implements SlowEncoder {
  private types: readonly ParquetColumn[] = [];
  private instance: DuckDBInstance | null = null;
  private connection: DuckDBConnection | null = null;
  private appender: DuckDBAppender | null = null;
  private append: (values: readonly (readonly DuckDBValue[])[], rows: number) => void = () => undefined;
  private values: DuckDBValue[][];
  private rows = 0;
  private flushedRows = 0;
  private inChunk = 0;
  private bytesInChunk = 0;
  private bytes = 0;
  private infinite = false;

  constructor(
    private readonly columns: readonly ExportColumn[],
    private readonly target: string,
    private readonly options: ParquetOptions,
  ) {
    this.values = columns.map(() => []);
  }

  async begin(): Promise<void> {
    const duckdb = await import('@duckdb/node-api');
    this.types = this.columns.map((column) => parquetColumn(duckdb, column, this.options.types === 'text'));
    this.instance = await duckdb.DuckDBInstance.create(stagingOf(this.target), { threads: '2', memory_limit: '256MB', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
    const connection = await this.instance.connect();
    this.connection = connection;
    await connection.run(`CREATE TABLE staged (${this.types.map(({ sql }, position) => `c${position} ${sql}`).join(', ')})`);
    const appender = await connection.createAppender('staged');
    this.appender = appender;
    const given = this.types.map((type) => type.given);
    this.append = (values, rows) => {
      const chunk = duckdb.DuckDBDataChunk.create(given, rows);
      chunk.setColumns(values);
      appender.appendDataChunk(chunk);
    };
  }

  row(cells: RowCells): void {
    for (const [position, column] of this.columns.entries()) {
      const text = cellText(cells, column.index);
      this.values[position]?.push(text === null ? null : this.value(position, column, text));
      this.bytesInChunk += text === null ? 0 : text.length;
    }
    this.inChunk += 1;
    if (this.inChunk === chunkRows || this.bytesInChunk >= chunkBytes) this.handOver();
  }

  async end(): Promise<void> {
    this.handOver();
    const names = distinctNames(this.columns.map(({ name }) => name), (name) => name.toLowerCase());
    const list = names.map((name, position) => `c${position} AS "${name.replaceAll('"', '""')}"`).join(', ');
    const average = Math.max(1, this.bytes / Math.max(1, this.rows));
    const group = Math.round(Math.max(chunkRows, Math.min(mostGroupRows, groupBytes / average)));
    const to = this.target.replaceAll("'", "''");
    try {
      this.appender?.closeSync();
      await this.connection?.run(`COPY (SELECT ${list} FROM staged) TO '${to}' (FORMAT parquet, COMPRESSION ${this.options.compression}, ROW_GROUP_SIZE ${group})`);
    } catch (thrown) {
      throw this.failure(thrown);
    } finally {
      this.connection?.closeSync();
      this.instance?.closeSync();
    }
    rmSync(stagingOf(this.target), { force: true });
  }

  notes(): string[] {
    const typed = this.types.flatMap(({ note }) => (note === undefined ? [] : [note]));
    return this.infinite ? [...typed, 'Infinite dates are written as DuckDB writes them; other programs may show them as a very late or early moment.'] : typed;
  }

  stop(): void {
    this.connection?.interrupt();
  }

  private value(position: number, column: ExportColumn, text: string): DuckDBValue {
    if (column.family === 'datetime' && text.endsWith('infinity')) this.infinite = true;
    try {
      return this.types[position]?.value(text) ?? text;
    } catch (thrown) {
      throw misfit(`Row ${(this.rows + this.inChunk + 1).toLocaleString('en-US')}, ${column.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
    }
  }

  private handOver(): void {
    if (this.inChunk === 0) return;
    try {
      this.append(this.values, this.inChunk);
    } catch (thrown) {
      throw this.failure(thrown);
    }
    this.rows += this.inChunk;
    if (this.rows - this.flushedRows >= mostGroupRows) {
      this.appender?.flushSync();
      this.flushedRows = this.rows;
    }
    this.bytes += this.bytesInChunk;
    this.inChunk = 0;
    this.bytesInChunk = 0;
    this.values = this.columns.map(() => []);
  }

  /** DuckDB's own error, with the rows among which it arose. */
  private failure(thrown: unknown): Error {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const range = `${(this.rows + 1).toLocaleString('en-US')} to ${(this.rows + this.inChunk).toLocaleString('en-US')}`;
    const mismatch = /type mismatch .* expected (.+), got .* column (\d+)/.exec(message);
    if (mismatch) return misfit(`Among rows ${range}: a value of ${this.columns[Number(mismatch[2])]?.name ?? ''} is no ${mismatch[1] ?? ''}.`);
    if (/Conversion|Cast|convert/i.test(message)) return misfit(`Among rows ${range}: ${message.split('\n')[0] ?? message}`);
    // DuckDB tells of a full disk in words only.
    return Object.assign(new Error(message), { code: /no space|not enough (disk )?space/i.test(message) ? 'ENOSPC' : 'EIO' });
  }
}

function misfit(message: string): AppError {
  return new AppError('bad_input', `A value does not fit its column's type in Parquet. ${message}`, { hint: 'Choose “all values as text”, or leave the column out.' });
}
