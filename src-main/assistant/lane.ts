import type { Column } from '../../src-preload/contract/queries';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { ConnectionsService } from '../connections/service';
import type { Connection, ReadOnlyLimits, Statement } from '../drivers/driver';
import type { GuardService, Kept } from '../guard/service';
import { privateColumnsOf } from './privateCatalog';
import { collectSink, storeRead, type ResultStore, type StoredRead } from '../queries/service';

/** The session name that a DBA sees in the server's list. */
export const APPLICATION_NAME = 'ai-shell assistant';

/** Limits of a small look-up of our own. */
export const LOOKUP_LIMITS: ReadOnlyLimits = { statementTimeoutMs: 5_000, lockTimeoutMs: 1_000, maxRows: 200, maxBytes: 1_000_000, maxCellBytes: 500_000 };
/** Limits of a query whose rows go beside the chat. */
export const QUERY_LIMITS: ReadOnlyLimits = { statementTimeoutMs: 60_000, lockTimeoutMs: 2_000, maxRows: 10_000, maxBytes: 32_000_000, maxCellBytes: 1_000_000 };

export interface SmallResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly truncated: boolean;
}

/**
 * One conversation's way to the server: a session of its own, opened when first needed, on which nothing runs that the guard has
 * not admitted, inside a read-only transaction that is rolled back.
 */
export interface Lane {
  /** What no statement of the lane may read. */
  readonly kept: Kept;
  connection(signal: AbortSignal): Promise<Connection>;
  /** A few rows, in memory, of the program's own question about a column that `rows` may read; only passwords are kept from it. */
  lookUp(statement: Statement, signal: AbortSignal): Promise<SmallResult>;
  /** A few rows, in memory. */
  rows(statement: Statement, signal: AbortSignal): Promise<SmallResult>;
  /** All rows into the result store. A result that ends with an error is released. */
  store(statement: Statement, previewRows: number, signal: AbortSignal): Promise<StoredRead>;
  /** Closes the session; the next use opens another. */
  close(): Promise<void>;
}

export interface LaneDependencies {
  readonly connections: ConnectionsService;
  readonly guard: GuardService;
  readonly results: ResultStore;
}

export function createLane({ connections, guard: guards, results }: LaneDependencies, profile: ConnectionProfile, sessionKey: string): Lane {
  const guard = guards.of(profile.target.engine);
  const connection = (signal: AbortSignal): Promise<Connection> => connections.session(profile.id, sessionKey, { applicationName: APPLICATION_NAME, signal });
  const kept: Kept = { withoutPasswords: true, privateColumns: privateColumnsOf(profile) };
  const held: Pick<GuardService, 'runReadOnly'> = { runReadOnly: (session, statement, sink, limits, signal) => guard.runReadOnly(session, statement, sink, limits, signal, kept) };
  const small = async (statement: Statement, what: Kept, signal: AbortSignal): Promise<SmallResult> => {
    const sink = collectSink(Number.POSITIVE_INFINITY);
    const outcome = await guard.runReadOnly(await connection(signal), statement, sink, LOOKUP_LIMITS, signal, what);
    return { columns: sink.columnsSeen(), rows: sink.rowsSeen(), truncated: outcome.truncatedBy !== null };
  };
  return {
    kept,
    connection,
    lookUp: (statement, signal) => small(statement, { withoutPasswords: true }, signal),
    rows: (statement, signal) => small(statement, kept, signal),
    async store(statement, previewRows, signal) {
      return storeRead({ guard: held, results }, await connection(signal), statement, QUERY_LIMITS, previewRows, signal);
    },
    close: () => connections.closeSession(profile.id, sessionKey),
  };
}
