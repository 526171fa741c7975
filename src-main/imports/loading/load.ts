import { stat } from 'node:fs/promises';
import { AppError, toAppError } from '../../errors';
import type { ImportOutcome, ImportRequest } from '../../../src-preload/contract/imports';
import { readPieces } from '../reading/readerThread';
import type { Piece } from '../reading/tasks';
import { fileBytes, NotPlain } from './fileBytes';
import type { LoadPlan } from './loadPlan';
import type { Rejects } from './rejects';
import type { ImportSession } from './session';
import { isAboutRows, StagedRows } from './stagedRows';

export interface LoadTask {
  readonly request: ImportRequest;
  readonly plan: LoadPlan;
  readonly dryRun: boolean;
  readonly rejects: Rejects;
  readonly signal: AbortSignal;
  readonly report: (progress: number | null, message: string) => void;
}

export type Loaded = Pick<ImportOutcome, 'committed' | 'rowsLoaded' | 'problemsCut' | 'rejectFile' | 'way'>;

/** Share of the work that reading the file is, where rows are moved afterwards. */
const readingShare = 0.6;

/**
 * Loads a file in one transaction: all of it, or all of it but rows that the person lets be skipped, or nothing. Rejects when nothing was
 * kept; `rejects` then has the rows that are to blame, if any are.
 */
export async function load(session: ImportSession, task: LoadTask): Promise<Loaded> {
  try {
    if (task.plan.copy !== null) {
      const rows = await copyStraight(session, task, task.plan.copy);
      if (rows !== null) return await finish(session, task, { rowsLoaded: rows, problemsCut: false, way: 'copy' });
    }
    return await throughStage(session, task);
  } catch (thrown) {
    await session.rollBack();
    throw thrown;
  }
}

/** The rows that the server counted; null when it refused some: then they are looked for. */
async function copyStraight(session: ImportSession, { request, plan, report }: LoadTask, copy: string): Promise<number | null> {
  const { size } = await stat(request.source.path);
  await session.run('BEGIN');
  for (const statement of plan.prepare) await session.run(statement);
  try {
    const rows = await session.copyIn(copy, fileBytes(request.source.path, (read) => report(size === 0 ? null : read / size, `${megabytes(read)} of ${megabytes(size)}`)));
    await session.run('SET CONSTRAINTS ALL IMMEDIATE');
    return rows;
  } catch (thrown) {
    const error = thrown instanceof NotPlain ? null : toAppError(thrown);
    // COPY does not work with row-level security (0A000), and its own reading of CSV is class 22.
    if (error !== null && !isAboutRows(error) && error.data.serverCode !== '0A000') throw error;
    report(0, 'The server does not take the file as it is; its rows are looked at one by one.');
    await session.rollBack();
    return null;
  }
}

async function throughStage(session: ImportSession, task: LoadTask): Promise<Loaded> {
  const { plan, request, rejects, report } = task;
  await session.run('BEGIN');
  await session.run(plan.createStage);
  let staged = 0;
  const heard = async (piece: Piece): Promise<void> => {
    for (const problem of piece.problems) await rejects.add(problem);
    staged += piece.rows;
    const share = piece.size === 0 ? 1 : piece.position / piece.size;
    report(share * readingShare, `${staged.toLocaleString('en-US')} rows read, ${megabytes(piece.position)} of ${megabytes(piece.size)}`);
  };
  const form = session.canCopy ? 'copy' : 'arrays';
  const pieces = readPieces({ kind: 'read', source: request.source, fileColumns: request.fileColumns, wanted: request.columns.map(({ source }) => source), form }, task.signal);
  if (form === 'copy') await session.copyIn(plan.fillStage.copy, copyData(pieces, heard));
  else await insertPieces(session, plan, pieces, heard);
  for (const statement of plan.prepare) await session.run(statement);
  report(readingShare, `Loading ${staged.toLocaleString('en-US')} rows`);
  const moved = new StagedRows(session, plan, request, rejects, (rows) => report(readingShare + (staged === 0 ? 0 : (rows / staged) * (1 - readingShare)), `${rows.toLocaleString('en-US')} of ${staged.toLocaleString('en-US')} rows loaded, ${rejects.total} refused`));
  await moved.load();
  await session.run('SET CONSTRAINTS ALL IMMEDIATE');
  if (rejects.total > 0 && request.onError === 'stop') throw refusedRows(rejects.total, moved.cut, task.dryRun);
  if (moved.cut) throw new AppError('bad_input', `More than ${rejects.total.toLocaleString('en-US')} rows do not fit: the import was given up, and nothing was loaded.`, { hint: 'Look at the types and the mapping.' });
  return finish(session, task, { rowsLoaded: moved.loaded, problemsCut: false, way: 'stage' });
}

async function* copyData(pieces: AsyncIterable<Piece>, heard: (piece: Piece) => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    await heard(piece);
    if (piece.copy !== null && piece.copy.length > 0) yield piece.copy;
  }
}

async function insertPieces(session: ImportSession, plan: LoadPlan, pieces: AsyncIterable<Piece>, heard: (piece: Piece) => Promise<void>): Promise<void> {
  for await (const piece of pieces) {
    await heard(piece);
    if (piece.arrays !== null && piece.rows > 0) await session.run(plan.fillStage.arrays, piece.arrays);
  }
}

function refusedRows(total: number, cut: boolean, dryRun: boolean): AppError {
  const count = `${cut ? 'At least ' : ''}${total.toLocaleString('en-US')} ${total === 1 ? 'row does' : 'rows do'} not fit`;
  return new AppError('bad_input', dryRun ? `${count}: an import would load nothing.` : `${count}: nothing was loaded.`, { hint: 'Mend the file or the mapping, or let such rows be skipped and written to a file.' });
}

/** The file of rejected rows is whole before the transaction is: no row may be in neither. */
async function finish(session: ImportSession, { dryRun, rejects, signal }: LoadTask, result: Pick<Loaded, 'rowsLoaded' | 'problemsCut' | 'way'>): Promise<Loaded> {
  if (signal.aborted) throw new AppError('cancelled', 'Cancelled.');
  const rejectFile = dryRun ? null : await rejects.finish();
  if (dryRun) await session.run('ROLLBACK');
  else await session.commit();
  return { ...result, committed: !dryRun, rejectFile };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}
