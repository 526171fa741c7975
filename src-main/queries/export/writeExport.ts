import type { Column, exportFormat } from '../../../src-preload/contract/queries';
import type { z } from 'zod';
import { RowCells, scanRows } from '../views/rowScan';
import { csvEncoder } from './csv';
import { jsonEncoder } from './json';
import { OutputBuffer } from './outputBuffer';
import { scanView } from './viewScan';

export type ExportFormat = z.infer<typeof exportFormat>;

/** What the worker is given; plain data. */
export interface ExportTask {
  readonly columns: readonly Pick<Column, 'name' | 'family'>[];
  readonly rowsFile: string;
  readonly bytes: number;
  readonly viewFile: string | null;
  readonly format: ExportFormat;
  /** Must not be there yet. */
  readonly target: string;
}

const progressEveryRows = 20_000;

/** Writes a stored result, in the order of arrival or of its view; returns the number of rows. The file is synced. */
export function writeExport(task: ExportTask, progress: (rows: number) => void): number {
  const output = new OutputBuffer(task.target);
  const encoder = task.format === 'csv' ? csvEncoder(task.columns, output) : jsonEncoder(task.columns, output, task.format === 'ndjson');
  const cells = new RowCells(task.columns.length);
  let rows = 0;
  const visit = (): void => {
    encoder.row(cells);
    rows += 1;
    if (rows % progressEveryRows === 0) progress(rows);
  };
  encoder.begin();
  if (task.viewFile === null) scanRows(task.rowsFile, task.bytes, cells, visit);
  else scanView(task.viewFile, task.rowsFile, task.bytes, cells, visit);
  encoder.end();
  output.end();
  return rows;
}
