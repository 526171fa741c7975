import { serialize } from 'pg-protocol';
import { AppError, toAppError } from '../../errors';
import type { Connection, ReadOnlyLane, ReadOnlyLimits, ReadOnlyOutcome, ResultSink, Statement } from '../driver';
import { LimitedSink } from '../limitedSink';
import { decodeBatch } from '../rows';
import { postgresSession, type PostgresSession, silentSink } from './session';
import { parameterOids } from './types';

/** A portal with a name: a type lookup between two pages would destroy the unnamed one. */
const portal = 'ai_shell_read_only';
const firstPageRows = 64;
/** How long we may hold the transaction open beyond the statement, for a slow reader. */
const idleReserveMs = 5000;
/** Ending the transaction is quick or the session is broken. */
const endTimeoutMs = 10_000;
/** A server that has not stopped this long after it was asked to is inside code that never looks for a cancel: we go without it. */
const abandonAfterMs = 3000;

interface TransactionLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** What one page of a portal brought. */
interface Page {
  readonly session: PostgresSession;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

export const postgresqlReadOnly: ReadOnlyLane = {
  async run(
    connection: Connection,
    statement: Statement,
    sink: ResultSink,
    limits: ReadOnlyLimits,
    signal: AbortSignal,
  ): Promise<ReadOnlyOutcome> {
    const session = postgresSession(connection);
    const limited = new LimitedSink(sink, limits);
    await readOnlyTransaction(session, limits, signal, (page) => readPortal(page, statement, limited, limits));
    limited.finish();
    return { rows: limited.sentRows, truncatedBy: limited.truncatedBy, cellsCut: limited.cellsCut };
  },
};

/**
 * Runs work inside a read-only transaction with our time-outs, and always rolls back. The whole is bounded by the statement's
 * time-out. A session that does not come out of it as it went in is destroyed, and so is one whose server does not stop when it is
 * told to: nobody waits for more than `abandonAfterMs` beyond the time-out or an abort.
 */
export async function readOnlyTransaction<T>(
  session: PostgresSession,
  limits: TransactionLimits,
  signal: AbortSignal,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  if (session.transaction !== 'idle') {
    throw new AppError('busy', 'This session has an open transaction, so that nothing can run read-only beside it.', {
      hint: 'Commit or roll back first.',
    });
  }
  const before: (string | null)[][] = [];
  const started = performance.now();
  const begin = [
    watchedSettings,
    'BEGIN TRANSACTION READ ONLY',
    `SET LOCAL statement_timeout = ${whole(limits.statementTimeoutMs)}`,
    `SET LOCAL lock_timeout = ${whole(limits.lockTimeoutMs)}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${whole(limits.statementTimeoutMs) + idleReserveMs}`,
  ].join('; ');
  const backstop = abandonLate(session, limits, signal);
  try {
    await session.run({ text: begin }, { ...silentSink, rows: (batch) => void before.push(...decodeBatch(batch)) }, { signal, timeoutMs: limits.statementTimeoutMs });
    return await work({ session, deadline: started + limits.statementTimeoutMs, signal });
  } catch (thrown) {
    throw backstop.reason ?? timeOutOf(thrown, limits, performance.now() - started);
  } finally {
    backstop.stop();
    await rollBack(session, before[0]);
  }
}

/**
 * Cuts a session whose server goes on after its time-out or an abort. PostgreSQL looks for a cancel between rows and in most loops,
 * but one call of, say, md5 on a value of a gigabyte runs to its end.
 */
function abandonLate(session: PostgresSession, limits: TransactionLimits, signal: AbortSignal): { reason: AppError | null; stop(): void } {
  const abandon = (): void => {
    const process = session.processId;
    backstop.reason = new AppError(signal.aborted ? 'cancelled' : 'timeout', `The server did not stop when it was told to; the session was cut ${abandonAfterMs / 1000} s later.`, {
      hint: `Its process ${process} ends the statement as soon as the function that it is in returns; nothing can have been changed. Look for it in pg_stat_activity.`,
    });
    session.destroy(backstop.reason);
  };
  let timer = setTimeout(abandon, limits.statementTimeoutMs + abandonAfterMs);
  const aborted = (): void => {
    clearTimeout(timer);
    timer = setTimeout(abandon, abandonAfterMs);
  };
  signal.addEventListener('abort', aborted, { once: true });
  const backstop = {
    /** Why the session was cut, if it was. */
    reason: null as AppError | null,
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
    },
  };
  return backstop;
}

/** Milliseconds that are left for the next message of a page; throws `timeout` when there are none. */
export function remaining(page: Page): number {
  const left = Math.ceil(page.deadline - performance.now());
  if (left <= 0) throw new AppError('timeout', 'The time-out has passed.');
  return left;
}

async function readPortal(page: Page, statement: Statement, sink: LimitedSink, limits: ReadOnlyLimits): Promise<void> {
  const { session, signal } = page;
  let rows = Math.min(firstPageRows, limits.maxRows + 1);
  let messages = [
    serialize.parse({ text: statement.text, types: parameterOids(statement.parameterTypes) }),
    serialize.bind({ portal, values: [...(statement.parameters ?? [])] }),
    serialize.describe({ type: 'P', name: portal }),
  ];
  for (;;) {
    messages = [...messages, serialize.execute({ portal, rows }), serialize.sync()];
    const { suspended } = await session.exchange(
      { messages, extended: true, text: statement.text, sink },
      { signal, timeoutMs: remaining(page) },
    );
    // Another statement of the text itself could have ended our transaction; what follows would not be read-only.
    if (!suspended || sink.truncatedBy !== null || session.transaction !== 'open') return;
    messages = [];
    rows = sink.nextPage();
  }
}

/** Settings that a statement must not be able to leave changed behind. */
const watched = [
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'default_transaction_read_only',
  'search_path',
  'role',
  'session_authorization',
  'row_security',
  'client_encoding',
  'DateStyle',
  'IntervalStyle',
  'bytea_output',
  'extra_float_digits',
  'standard_conforming_strings',
];
const watchedSettings = `SELECT ${watched.map((name) => `pg_catalog.current_setting('${name}')`).join(', ')}`;

/** Ends the transaction, frees session-level advisory locks, and compares the settings; anything odd costs the session. */
async function rollBack(session: PostgresSession, before: readonly (string | null)[] | undefined): Promise<void> {
  try {
    const rows = await session.readRows(
      `ROLLBACK; SELECT pg_catalog.pg_advisory_unlock_all(); ${watchedSettings}`,
      AbortSignal.timeout(endTimeoutMs),
    );
    if (JSON.stringify(rows.at(-1)) === JSON.stringify(before) && session.transaction === 'idle') return;
    session.destroy(new AppError('connection_lost', 'A read-only statement left the session changed; the session was ended.'));
  } catch (thrown) {
    session.destroy(
      new AppError(
        'connection_lost',
        `The read-only transaction could not be rolled back; the session was ended: ${toAppError(thrown).message}`,
        {},
        { cause: thrown },
      ),
    );
  }
}

/** Our own timer and the server's may fire first, and each page has a part of the time: the person set one time-out. */
function timeOutOf(thrown: unknown, limits: TransactionLimits, elapsedMs: number): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  const byServer = thrown.code === 'server_error' && thrown.data.serverCode === '57014' && elapsedMs > limits.statementTimeoutMs - 50;
  if (thrown.code !== 'timeout' && !byServer) return thrown;
  return new AppError(
    'timeout',
    `Stopped after ${limits.statementTimeoutMs} ms, the time-out of the read-only lane.`,
    { hint: 'Narrow the question (a WHERE, a LIMIT), or allow more time.', serverCode: '57014' },
    { cause: thrown },
  );
}

function whole(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds));
}
