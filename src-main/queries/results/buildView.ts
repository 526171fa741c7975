import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../errors';
import type { ViewSpec } from '../../../src-preload/contract/queries';
import { compileFilters } from '../views/filters';
import type { ViewTask } from '../views/sortView';
import { runWorker } from '../workers/runWorker';
import { diskError } from './diskError';
import type { StoredResult } from './storedResult';
import { ViewFile } from './viewFile';

/** Keys sorted in memory at a time; the worker takes about three times as much for short keys. */
const sortBudgetBytes = 64 * 1024 * 1024;

/** Sorts and filters the rows that are there now, in a worker; see `ResultStore.view`. */
export async function buildView(result: StoredResult, viewId: string, file: string, spec: ViewSpec, signal: AbortSignal): Promise<ViewFile> {
  const columns = result.columns.map(({ name, family }) => ({ name, family }));
  const unknown = spec.sorts.find((sort) => sort.column >= columns.length || sort.column < 0);
  if (unknown) throw new AppError('bad_input', `The result has no column ${unknown.column} to sort by.`);
  compileFilters(spec.filters, columns);
  const complete = result.complete;
  const bytes = result.bytes;
  await result.log.flush();
  const task: ViewTask = { rowsFile: result.log.file, bytes, columns, spec, viewFile: file, budgetBytes: sortBudgetBytes };
  try {
    const { total } = await runWorker<{ total: number }>('resultView', task, {
      signal,
      diskError: (thrown) => diskError('The rows could not be sorted', path.dirname(file), thrown),
    });
    return await ViewFile.open(viewId, file, total, complete);
  } catch (error) {
    await removePieces(file);
    throw error;
  }
}

/** What an ended sort leaves: the view's file and its runs. */
async function removePieces(file: string): Promise<void> {
  const folder = path.dirname(file);
  const name = path.basename(file);
  const pieces = (await readdir(folder)).filter((entry) => entry === name || entry.startsWith(`${name}.`));
  await Promise.all(pieces.map((piece) => rm(path.join(folder, piece), { force: true })));
}
