import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../errors';
import { diskError } from '../results/diskError';
import type { ResultRef, ResultStore } from '../results/resultStore';
import { runWorker } from '../workers/runWorker';
import type { ExportFormat, ExportTask } from './writeExport';

export interface ExportOptions {
  readonly signal: AbortSignal;
  /** Called now and then with the rows written so far. */
  readonly onProgress?: (rows: number, total: number) => void;
}

/**
 * Writes a whole result or view, waiting for its last rows. The file is written beside `target` and renamed when it is complete and
 * synced: whoever looks sees no half file, and after an abort or an error there is none. Resolves with the number of rows. Rejects
 * with AppError `bad_input`, `not_found`, `disk`, `cancelled`.
 */
export async function exportFile(results: ResultStore, ref: ResultRef, format: ExportFormat, target: string, options: ExportOptions): Promise<number> {
  if (!path.isAbsolute(target)) throw new AppError('bad_input', `${target} is not an absolute path.`, { hint: 'Choose a file by its full path.' });
  const folder = path.dirname(target);
  const beside = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString('hex')}.partial`);
  return results.withFiles(ref, options.signal, async ({ columns, rowsFile, bytes, rows: total, viewFile }) => {
    const task: ExportTask = { columns: columns.map(({ name, family }) => ({ name, family })), rowsFile, bytes, viewFile, format, target: beside };
    const asDiskError = (thrown: unknown): AppError => diskError(`${target} could not be written`, folder, thrown);
    try {
      const { rows } = await runWorker<{ rows: number }>('resultExport', task, {
        signal: options.signal,
        onProgress: (done) => options.onProgress?.(done, total),
        diskError: asDiskError,
      });
      await rename(beside, target).catch((error: unknown) => Promise.reject(asDiskError(error)));
      return rows;
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  });
}
