import { AppError } from '../../errors';
import type { ReadOnlyLane, ReadOnlyLimits } from '../driver';
import { LimitedSink } from '../limitedSink';
import { mysqlSession, type MysqlSession } from './session';

const endTimeoutMs = 10_000;

/**
 * The transaction is read-only and so is every later one of the session until the lane is left: a DDL statement ends the
 * transaction before it runs. The protocol's flag for several statements is off, so that the server takes one only.
 */
export const mysqlReadOnly: ReadOnlyLane = {
  async run(connection, statement, sink, limits, signal) {
    const session = mysqlSession(connection);
    if (session.transaction !== 'idle') {
      throw new AppError('busy', 'This session has an open transaction, so that nothing can run read-only beside it.', { hint: 'Commit or roll back first.' });
    }
    const limited = new LimitedSink(sink, limits);
    const restore = await enter(session, limits, signal);
    try {
      await read(session, statement.text, limited, limits, signal);
    } finally {
      await leave(session, restore);
    }
    limited.finish();
    return { rows: limited.sentRows, truncatedBy: limited.truncatedBy, cellsCut: limited.cellsCut };
  },
};

/** Runs the statement, and stops it on the server when a limit is reached. */
async function read(session: MysqlSession, text: string, limited: LimitedSink, limits: ReadOnlyLimits, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const rows = limited.rows.bind(limited);
  limited.rows = (batch) => {
    const taken = rows(batch);
    if (limited.truncatedBy === null) return taken;
    // What was kept must have arrived before the rest is thrown away.
    return Promise.resolve(taken).then(() => enough.abort());
  };
  try {
    await session.run({ text }, limited, { signal: AbortSignal.any([signal, enough.signal]), timeoutMs: limits.statementTimeoutMs });
  } catch (thrown) {
    if (!enough.signal.aborted || signal.aborted || !(thrown instanceof AppError) || thrown.code !== 'cancelled') throw thrown;
  }
}

const seconds = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));

/** Resolves with the statement that takes back what was set. */
async function enter(session: MysqlSession, { statementTimeoutMs, lockTimeoutMs, maxRows }: ReadOnlyLimits, signal: AbortSignal): Promise<string> {
  const [readOnly, timeout] = session.isMariaDb ? ['tx_read_only', 'max_statement_time'] : ['transaction_read_only', 'max_execution_time'];
  // MySQL's time-out is held for SELECT only; the session's own, which kills the statement, holds for all.
  const timeoutValue = session.isMariaDb ? String(statementTimeoutMs / 1000) : String(Math.min(statementTimeoutMs, 2 ** 32 - 1));
  const settings: readonly (readonly [string, string])[] = [
    [readOnly, '1'],
    [timeout, timeoutValue],
    ['lock_wait_timeout', String(seconds(lockTimeoutMs))],
    ['innodb_lock_wait_timeout', String(seconds(lockTimeoutMs))],
    // One more than may be shown tells whether there are more.
    ['sql_select_limit', String(maxRows + 1)],
  ];
  const [before = []] = await session.readRows(`SELECT ${settings.map(([name]) => `@@session.${name}`).join(', ')}`, signal);
  await session.readRows(`SET ${settings.map(([name, value]) => `SESSION ${name} = ${value}`).join(', ')}`, signal);
  const restore = `SET ${settings.map(([name], index) => `SESSION ${name} = ${before[index] ?? 'DEFAULT'}`).join(', ')}`;
  try {
    await session.readRows('START TRANSACTION READ ONLY', signal);
  } catch (thrown) {
    await leave(session, restore);
    throw thrown;
  }
  return restore;
}

/** A session that does not come out of the lane as it went in is given up. */
async function leave(session: MysqlSession, restore: string): Promise<void> {
  try {
    await session.readRows('ROLLBACK', AbortSignal.timeout(endTimeoutMs));
    await session.readRows(restore, AbortSignal.timeout(endTimeoutMs));
  } catch (thrown) {
    session.destroy(new AppError('connection_lost', 'The session did not leave the read-only lane as it entered it, and was given up.', { hint: 'Connect again.' }, { cause: thrown }));
  }
}
