import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Cell, Confirmation } from '../../../src-preload/contract/queries';
import { openConnection } from '../connections/store';

/** How a text that was run apart from any editor ended. */
export type StatementOutcome =
  | { readonly kind: 'done'; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'confirm'; readonly confirmations: readonly Confirmation[]; readonly hash: string }
  /** `rolledBack`: nothing of it stayed. `done` statements of several were committed before. */
  | { readonly kind: 'failed'; readonly error: AppErrorData; readonly statement: string; readonly rolledBack: boolean; readonly done: number };

/**
 * Runs a text in the person's own lane on a server session of its own, with the confirmations of the policy and a line in the history,
 * and ends that session. A transaction that it left open, because a statement failed, is rolled back. Rejects only where nothing was sent.
 */
export async function runStatements(connectionId: string, text: string, options: { confirmedHash?: string; signal?: AbortSignal } = {}): Promise<StatementOutcome> {
  await openConnection(connectionId);
  const sessionKey = `statements-${crypto.randomUUID()}`;
  const results: string[] = [];
  const failures: { error: AppErrorData; from: number; to: number }[] = [];
  let range = { from: 0, to: text.length };
  let done = 0;
  try {
    const outcome = await client.queries.run(
      { connectionId, sessionKey, text, ...(options.confirmedHash === undefined ? {} : { confirmedHash: options.confirmedHash }) },
      {
        ...(options.signal ? { signal: options.signal } : {}),
        onPart(part) {
          if (part.kind === 'statement') range = part.range;
          else if (part.kind === 'result') results.push(part.resultId);
          else if (part.kind === 'done') done += 1;
          else if (part.kind === 'failed') failures.push({ error: part.error, ...range });
        },
      },
    );
    if (outcome.confirmations.length > 0) return { kind: 'confirm', confirmations: outcome.confirmations, hash: outcome.hash };
    const [failure] = failures;
    if (!failure) return { kind: 'done', rows: await rowsOf(results) };
    const statement = text.slice(failure.from, failure.to);
    const lost = failure.error.code === 'connection_lost';
    // The server rolls back what was not committed; a COMMIT without an answer may have been done.
    const rolledBack = outcome.transaction !== 'idle' && !(lost && /^\s*commit\b/i.test(statement));
    if (rolledBack && !lost) await client.queries.endTransaction({ connectionId, sessionKey, action: 'rollback' });
    return { kind: 'failed', error: failure.error, statement, rolledBack, done };
  } finally {
    // The server rolls back what is still open.
    await client.queries.closeSession({ connectionId, sessionKey }).catch(() => undefined);
    if (results.length > 0) await client.queries.release({ resultIds: results }).catch(() => undefined);
  }
}

async function rowsOf(results: readonly string[]): Promise<Cell[][]> {
  const [resultId] = results;
  return resultId === undefined ? [] : (await client.queries.window({ resultId, viewId: null, offset: 0, limit: 100 })).rows;
}

/** What to show when nothing could be sent. */
export const notSent = (thrown: unknown): StatementOutcome => ({ kind: 'failed', error: errorData(thrown), statement: '', rolledBack: true, done: 0 });
