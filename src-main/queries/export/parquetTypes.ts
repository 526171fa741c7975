import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { parseDateTime } from '../views/datetimeKey';
import { arrayElements } from './arrayText';
import type { ExportColumn } from './rowEncoder';

type DuckDb = typeof import('@duckdb/node-api');

/** How a column goes into a Parquet file. */
export interface ParquetColumn {
  /** The type in SQL. */
  readonly sql: string;
  /** The type in which values are handed over; DuckDB casts it to `sql`, exactly or with an error. */
  readonly given: DuckDBType;
  /** Throws an Error whose message says what does not fit. */
  value(text: string): DuckDBValue;
  /** Why the values are text, where a person may have expected more. */
  readonly note?: string;
}

const microsPerDay = 86_400_000_000n;

/** Simple types by PostgreSQL's name without modifiers; their text is cast by DuckDB itself. */
const castTypes: Readonly<Record<string, string>> = {
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  oid: 'UINTEGER',
  real: 'FLOAT',
  'double precision': 'DOUBLE',
  boolean: 'BOOLEAN',
  uuid: 'UUID',
};

/** The exact counterpart of a column's type, else text. With `asText` everything is text. */
export function parquetColumn(duckdb: DuckDb, { name, type }: ExportColumn, asText: boolean): ParquetColumn {
  const text: ParquetColumn = { sql: 'VARCHAR', given: duckdb.VARCHAR, value: (value) => value };
  if (asText) return text;
  if (type.endsWith('[]')) {
    const element = simple(duckdb, type.slice(0, -2));
    return element ? listOf(duckdb, element) : text;
  }
  const known = simple(duckdb, type);
  if (known) return known;
  if (type === 'numeric') return { ...text, note: `${name}: numeric without a precision has no counterpart in Parquet, so that its values are text.` };
  if (/^numeric\(/.test(type)) return { ...text, note: `${name}: ${type} has more digits than Parquet's DECIMAL(38), so that its values are text.` };
  if (type === 'bytea') return { sql: 'BLOB', given: duckdb.BLOB, value: (value) => duckdb.blobValue(Buffer.from(value.slice(2), 'hex')) };
  return type === 'json' || type === 'jsonb' ? { ...text, sql: 'JSON' } : text;
}

function simple(duckdb: DuckDb, type: string): ParquetColumn | null {
  const cast = castTypes[type] ?? decimalType(type);
  if (cast !== null) return { sql: cast, given: duckdb.VARCHAR, value: (value) => value };
  if (/^(text|character varying(\(\d+\))?|bpchar|character\(\d+\)|name)$/.test(type)) return { sql: 'VARCHAR', given: duckdb.VARCHAR, value: (value) => value };
  if (type === 'date') return { sql: 'DATE', given: duckdb.VARCHAR, value: (value) => value.replace(/ BC$/, ' (BC)') };
  if (/^time(\(\d\))? without/.test(type)) return { sql: 'TIME', given: duckdb.VARCHAR, value: (value) => value };
  if (/^timestamp(\(\d\))? without/.test(type)) return { sql: 'TIMESTAMP', given: duckdb.TIMESTAMP, value: (value) => new duckdb.DuckDBTimestampValue(micros(value)) };
  return /^timestamp(\(\d\))? with /.test(type) ? { sql: 'TIMESTAMPTZ', given: duckdb.TIMESTAMPTZ, value: (value) => new duckdb.DuckDBTimestampTZValue(micros(value)) } : null;
}

function listOf(duckdb: DuckDb, element: ParquetColumn): ParquetColumn {
  return {
    sql: `${element.sql}[]`,
    given: duckdb.LIST(element.given),
    value(text) {
      const elements = arrayElements(text);
      if (!elements) throw new Error(`the array ${text.slice(0, 60)} has several dimensions or bounds of its own`);
      return duckdb.listValue(elements.map((value) => (value === null ? null : element.value(value))));
    },
  };
}

function decimalType(type: string): string | null {
  const match = /^numeric\((\d+),(\d+)\)$/.exec(type);
  const [precision, scale] = [Number(match?.[1]), Number(match?.[2])];
  return match && precision <= 38 && scale <= precision ? `DECIMAL(${precision},${scale})` : null;
}

/** Microseconds since 1970 in UTC; infinity as DuckDB keeps it. */
function micros(text: string): bigint {
  if (text === 'infinity') return 2n ** 63n - 1n;
  if (text === '-infinity') return -(2n ** 63n - 1n);
  const moment = parseDateTime(text);
  if (!moment) throw new Error(`${text} is no timestamp`);
  const value = BigInt(moment.day) * microsPerDay + BigInt(moment.nanos / 1000) - BigInt(moment.zone ?? 0) * 1_000_000n;
  if (value >= 2n ** 63n - 1n) throw new Error(`${text} is later than Parquet's timestamps reach`);
  return value;
}
