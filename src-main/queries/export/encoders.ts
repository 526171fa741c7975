import type { ExportSpec } from '../../../src-preload/contract/exportSpec';
import { copyEncoder } from './copy';
import { csvEncoder } from './csv';
import { htmlEncoder } from './html';
import { insertEncoder } from './insert';
import { jsonEncoder } from './json';
import { markdownEncoder } from './markdown';
import { OutputBuffer, type BufferedOutput } from './outputBuffer';
import { parquetEncoder } from './parquet';
import type { ExportColumn, RowEncoder, SlowEncoder } from './rowEncoder';
import { xlsxEncoder } from './xlsx';

/** What is written and where; plain data. */
export interface FilePlan {
  readonly columns: readonly ExportColumn[];
  readonly spec: ExportSpec;
  readonly gzip: boolean;
  /** Must not be there yet. */
  readonly target: string;
  /** For formats that have a place for it. */
  readonly title: string;
  /** The script's table has a column GENERATED ALWAYS AS IDENTITY. */
  readonly overriding?: boolean;
}

/** Opens the file and the encoder for it. */
export function fileEncoder(plan: FilePlan): RowEncoder | SlowEncoder {
  const { columns, spec, gzip, target } = plan;
  if (spec.format === 'parquet') return parquetEncoder(columns, target, spec);
  if (spec.format === 'xlsx') return xlsxEncoder(columns, new OutputBuffer(target), spec);
  const output = new OutputBuffer(target, gzip);
  const encoder = textEncoder(spec, plan, output);
  return {
    begin: () => encoder.begin(),
    row: (cells) => encoder.row(cells),
    end() {
      encoder.end();
      output.end();
    },
  };
}

/** The encoder of a format that is text. */
function textEncoder(spec: Exclude<ExportSpec, { format: 'xlsx' | 'parquet' }>, { columns, title, overriding = false }: FilePlan, output: BufferedOutput): RowEncoder {
  switch (spec.format) {
    case 'csv':
      return csvEncoder(columns, output, spec);
    case 'json':
      return jsonEncoder(columns, output, false);
    case 'ndjson':
      return jsonEncoder(columns, output, true);
    case 'insert':
      return insertEncoder(columns, output, { ...spec, overriding });
    case 'copy':
      return copyEncoder(columns, output, spec);
    case 'markdown':
      return markdownEncoder(columns, output);
    case 'html':
      return htmlEncoder(columns, output, title);
  }
}
