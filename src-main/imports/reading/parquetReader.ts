import { statSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '../../errors';
import type { ImportSource } from '../../../src-preload/contract/imports';
import { emptyBatch, usableNames, type RowBatch, type RowReader } from './rowReader';

interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/** PostgreSQL's type for one of DuckDB's, which holds every value of it exactly; what is not here is read as text. */
const plainTypes: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean', TINYINT: 'smallint', SMALLINT: 'smallint', INTEGER: 'integer', BIGINT: 'bigint', UTINYINT: 'smallint', USMALLINT: 'integer', UINTEGER: 'bigint',
  UBIGINT: 'numeric(20,0)', HUGEINT: 'numeric', UHUGEINT: 'numeric', FLOAT: 'real', DOUBLE: 'double precision', VARCHAR: 'text', BLOB: 'bytea', DATE: 'date', TIME: 'time',
  TIMESTAMP: 'timestamp', TIMESTAMP_S: 'timestamp', TIMESTAMP_MS: 'timestamp', 'TIMESTAMP WITH TIME ZONE': 'timestamptz', UUID: 'uuid', INTERVAL: 'interval', JSON: 'jsonb',
};

function postgresType(type: string): string {
  const element = arrayElement(type);
  if (element !== null) return `${postgresType(element)}[]`;
  if (isNested(type)) return 'jsonb';
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  return decimal ? `numeric(${decimal[1]},${decimal[2]})` : (plainTypes[type] ?? 'text');
}

function isNested(type: string): boolean {
  return /\[\d*\]$|^(STRUCT|MAP|UNION)\(/.test(type);
}

/** The type of a list's elements, where PostgreSQL has an array of them: lists of lists and of structures are JSON. */
function arrayElement(type: string): string | null {
  const element = /^(.+)\[\d*\]$/.exec(type)?.[1];
  return element === undefined || isNested(element) ? null : element;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** How a column is read as the text that PostgreSQL takes. */
function textOf({ name, type }: ParquetColumn): string {
  const column = quoted(name);
  const element = arrayElement(type);
  if (element !== null) return `CASE WHEN ${column} IS NULL THEN NULL ELSE '{' || coalesce(array_to_string(list_transform(${column}, lambda x: coalesce(${arrayItem(scalarText('x', element))}, 'NULL')), ','), '') || '}' END`;
  return isNested(type) ? `CAST(to_json(${column}) AS VARCHAR)` : scalarText(column, type);
}

function scalarText(value: string, type: string): string {
  return type === 'BLOB' ? `'\\x' || lower(hex(${value}))` : `CAST(${value} AS VARCHAR)`;
}

/** An element in quotes, which PostgreSQL takes for every type. Source: the manual, 8.15.6 Array Input and Output Syntax. */
function arrayItem(text: string): string {
  return `'"' || replace(replace(${text}, '\\', '\\\\'), '"', '\\"') || '"'`;
}

/** A Parquet file, read by DuckDB a row group at a time. Rejects with `bad_input` for what is none. */
export async function openParquet(source: ImportSource): Promise<RowReader> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  const instance = await Instance.create(':memory:', { threads: '1', memory_limit: '512MB', autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  const file = `read_parquet('${source.path.replaceAll("'", "''")}')`;
  try {
    // A setting of the extension icu, which is loaded with the connection.
    await connection.run(`SET TimeZone = 'UTC'`);
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${file}`);
    const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    const counted = await connection.runAndReadAll(`SELECT count(*)::VARCHAR FROM ${file}`);
    return new ParquetReader({ instance, connection }, source, file, columns, Number(counted.getRows()[0]?.[0] ?? 0));
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw new AppError('bad_input', `The Parquet file cannot be read: ${error instanceof Error ? error.message : String(error)}`, {}, { cause: error });
  }
}

class ParquetReader implements RowReader {
  readonly columns: readonly string[];
  readonly textColumns: ReadonlySet<number>;
  readonly declaredTypes: ReadonlyMap<number, string>;
  readonly size: number;
  position = 0;

  constructor(
    private readonly database: { instance: DuckDBInstance; connection: DuckDBConnection },
    source: ImportSource,
    private readonly file: string,
    private readonly described: readonly ParquetColumn[],
    private readonly total: number,
  ) {
    this.columns = usableNames(described.map(({ name }) => name));
    this.textColumns = new Set(described.flatMap(({ type }, index) => (type === 'VARCHAR' ? [index] : [])));
    this.declaredTypes = new Map(described.map(({ type }, index) => [index, postgresType(type)]));
    this.size = statSync(source.path).size;
  }

  async *batches(): AsyncGenerator<RowBatch> {
    const result = await this.database.connection.stream(`SELECT ${this.described.map(textOf).join(', ')} FROM ${this.file}`);
    let number = 0;
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const batch = emptyBatch();
      for (const row of chunk.getRows()) {
        number += 1;
        batch.rows.push(row.map((value) => (value === null || value === undefined ? null : String(value as string))));
        batch.lines.push(number);
      }
      this.position = this.total === 0 ? this.size : Math.round((this.size * number) / this.total);
      yield batch;
    }
  }

  close(): void {
    this.database.connection.closeSync();
    this.database.instance.closeSync();
  }
}
