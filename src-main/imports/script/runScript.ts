import { stat } from 'node:fs/promises';
import { AppError, toAppError } from '../../errors';
import type { ImportSession } from '../loading/session';
import { scriptParts } from './scriptFile';

export interface ScriptTask {
  readonly file: string;
  /** All statements in one transaction; else each for itself, up to the first that fails. */
  readonly transaction: boolean;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly report: (progress: number | null, message: string) => void;
}

/** Runs a SQL file as it stands, the data of its COPY statements included. Resolves with the rows that its statements affected; rejects with the line that failed. */
export async function runScript(session: ImportSession, task: ScriptTask): Promise<number> {
  const { size } = await stat(task.file);
  let read = 0;
  let done = 0;
  let rows = 0;
  const together = task.transaction || task.dryRun;
  try {
    if (together) await session.run('BEGIN');
    for await (const part of scriptParts(task.file, (bytes) => (read = bytes))) {
      if (task.signal.aborted) throw new AppError('cancelled', 'Cancelled.');
      if (part.kind === 'command') continue;
      try {
        rows += part.kind === 'copy' ? await session.copyIn(part.text, part.data) : await session.run(part.text);
      } catch (thrown) {
        throw onLine(toAppError(thrown), part.line, part.text, together ? null : done);
      }
      done += 1;
      if (together && session.connection.transaction === 'idle') {
        throw new AppError('bad_input', `Line ${part.line} ended the transaction around the file, so that what stands before it may have taken effect: ${part.text.slice(0, 80)}`, { hint: 'Run such a file without one transaction around it.' });
      }
      task.report(size === 0 ? null : read / size, `${done.toLocaleString('en-US')} statements, ${rows.toLocaleString('en-US')} rows`);
    }
    if (task.dryRun) await session.run('ROLLBACK');
    else if (together) await session.commit();
    return rows;
  } catch (thrown) {
    await session.rollBack();
    throw thrown;
  }
}

function onLine(error: AppError, line: number, text: string, kept: number | null): AppError {
  const { code, message, detail, ...rest } = error.data;
  if (code === 'cancelled' || code === 'connection_lost') return error;
  const effect = kept === null ? 'Nothing of the file took effect.' : `The ${kept.toLocaleString('en-US')} statements before it took effect.`;
  return new AppError(code, `Line ${line}: ${message}`, { ...rest, detail: [detail, `${effect} The statement: ${text.slice(0, 300)}`].filter((words) => words !== undefined).join('\n') }, { cause: error });
}
