import { closeSync, openSync, readSync } from 'node:fs';
import type { ImportPreview, ImportScan, ImportSource, RowProblem } from '../../../src-preload/contract/imports';
import { ColumnGuesser } from '../guess/columnGuesser';
import { openReader } from './openReader';
import { sniff } from './sniff';
import { listedProblems, type RejectedRow } from './tasks';

const previewRows = 100;
const previewChars = 300;
const previewTextBytes = 64 * 1024;

/** What the beginning of a file shows. Throws the system's error, or AppError `bad_input` for a file that cannot be read so. */
export async function inspectFile(known: Partial<ImportSource> & { path: string }): Promise<ImportPreview> {
  const { source, notes, size } = sniff(known);
  if (source.format === 'sql') return { source, size, columns: [], rows: [], problems: [], notes, sheets: [], text: beginning(source.path) };
  const sheets = source.format === 'xlsx' ? await sheetNames(source.path) : [];
  const reader = await openReader(source, null);
  try {
    const rows: (string | null)[][] = [];
    const problems: RowProblem[] = [];
    for await (const batch of reader.batches()) {
      for (const row of batch.rows.slice(0, previewRows - rows.length)) rows.push(row.map((value) => (value !== null && value.length > previewChars ? `${value.slice(0, previewChars)}…` : value)));
      problems.push(...batch.problems.slice(0, listedProblems - problems.length).map(withoutRaw));
      if (rows.length >= previewRows) break;
    }
    const columns = [...reader.columns];
    // Keys that turned up later are missing in the rows before.
    for (const row of rows) while (row.length < columns.length) row.push(null);
    return { source, size, columns, rows, problems, notes, sheets, text: '' };
  } finally {
    reader.close();
  }
}

/** Reads all of a file for its columns' types; `progress` is told now and then. */
export async function scanFile(source: ImportSource, progress: (bytes: number, size: number, rows: number) => void): Promise<ImportScan> {
  const reader = await openReader(source, null);
  try {
    const guessers: ColumnGuesser[] = [];
    const problems: RowProblem[] = [];
    let problemsTotal = 0;
    let rows = 0;
    for await (const batch of reader.batches()) {
      for (const row of batch.rows) {
        // A key that turns up late was NULL in all rows before.
        while (guessers.length < row.length) guessers.push(new ColumnGuesser(rows));
        for (let column = 0; column < guessers.length; column += 1) guessers[column]?.add(row[column] ?? null);
        rows += 1;
      }
      problemsTotal += batch.problems.length;
      problems.push(...batch.problems.slice(0, listedProblems - problems.length).map(withoutRaw));
      progress(reader.position, reader.size, rows);
    }
    const columns = reader.columns.map((name, index) =>
      (guessers[index] ?? new ColumnGuesser(rows)).guess(name, { asText: reader.textColumns.has(index), declared: reader.declaredTypes.get(index) }),
    );
    return { columns, rows, problems, problemsTotal };
  } finally {
    reader.close();
  }
}

async function sheetNames(file: string): Promise<string[]> {
  const { openWorkbook } = await import('./workbook');
  const workbook = await openWorkbook(file);
  workbook.close();
  return workbook.sheets.map(({ name }) => name);
}

function beginning(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(previewTextBytes);
    return buffer.subarray(0, readSync(handle, buffer, 0, previewTextBytes, 0)).toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    closeSync(handle);
  }
}

export function withoutRaw({ line, column, message, value }: RejectedRow): RowProblem {
  return { line, column, message, value };
}
