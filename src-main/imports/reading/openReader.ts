import { AppError } from '../../errors';
import type { ImportSource } from '../../../src-preload/contract/imports';
import { openCsv } from './csvReader';
import { openJson } from './jsonReader';
import type { RowReader } from './rowReader';

/** The reader of a file's format; `known` are its columns where they have been found out before. */
export async function openReader(source: ImportSource, known: readonly string[] | null): Promise<RowReader> {
  switch (source.format) {
    case 'csv':
    case 'tsv':
      return openCsv(source);
    case 'json':
    case 'ndjson':
      return openJson(source, known);
    case 'xlsx':
      // Loaded only now, as is DuckDB: most files are texts.
      return (await import('./xlsxReader')).openXlsx(source);
    case 'parquet':
      return (await import('./parquetReader')).openParquet(source);
    case 'sql':
      throw new AppError('bad_input', 'A SQL file has statements, not rows.');
  }
}
