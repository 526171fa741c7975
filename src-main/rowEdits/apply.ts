import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { Original, RowChange } from '../../src-preload/contract/rowEditLog';
import type { ApplyOutcome, EditConflict, EditTarget } from '../../src-preload/contract/rowEdits';
import type { ConnectionsService } from '../connections/service';
import type { Connection } from '../drivers/driver';
import { quoteLiteral } from '../drivers/sqlText';
import { AppError, toAppError } from '../errors';
import type { HistoryService } from '../queries/service';
import { originalCell } from './capture';
import { failureOf } from './failure';
import { currentRowQuery, type RowPlan, type RowStatement } from './plan';
import { runText, type Returned } from './rows';

export type TransactionEnd = 'committed' | 'aborted' | 'in progress' | 'unknown';

/** SQLSTATE of `transaction ID is in the future`. */
const INVALID_PARAMETER = '22023';
const applicationName = 'ai-shell row edits';
/** Milliseconds that a rollback or the question after a lost COMMIT may take. */
const AFTERWARDS_MS = 10_000;
/** Longer values are not sent back to the window, which reads its rows anew. */
const LONGEST_RETURNED = 1000;

export interface Application {
  readonly connections: Pick<ConnectionsService, 'withSession'>;
  readonly history: Pick<HistoryService, 'begin' | 'end'>;
  readonly profile: ConnectionProfile;
  readonly target: EditTarget;
  readonly changes: readonly RowChange[];
  readonly plan: RowPlan;
  /** Told the transaction's number before COMMIT is sent. */
  readonly onTransaction: (transaction: string) => void;
  readonly signal: AbortSignal;
}

/** A statement changed another number of rows than one. */
class NotOneRow extends Error {
  constructor(
    readonly statement: RowStatement,
    readonly affected: number | null,
  ) {
    super('The statement did not change exactly one row.');
  }
}

/** A statement, or the transaction around it, was refused. */
class Refused extends Error {
  constructor(
    readonly statement: RowStatement | null,
    readonly error: AppError,
  ) {
    super(error.message);
  }
}

/** COMMIT was sent and got no answer. */
class CommitLost extends Error {
  constructor(
    readonly transaction: string,
    readonly rows: Applied,
    readonly error: AppError,
  ) {
    super(error.message);
  }
}

type Applied = Extract<ApplyOutcome, { kind: 'applied' }>['rows'];

/**
 * Sends a plan, statement by statement, on a session of its own. Everything is committed or nothing is; only when the line breaks at
 * COMMIT the outcome has to be asked for, by the transaction's number. Rejects with the errors of connecting and with `cancelled`.
 */
export async function applyPlan(application: Application): Promise<ApplyOutcome> {
  const { history, profile, plan } = application;
  const started = performance.now();
  const entry = attempt(() => history.begin({ connectionId: profile.id, connectionName: profile.name, text: plan.script, origin: 'editor' }));
  const end = (status: 'done' | 'failed' | 'cancelled', rows: number | null, error: string | null): void => {
    if (entry !== null) attempt(() => history.end(entry, { status, milliseconds: performance.now() - started, rows, error }));
  };
  try {
    const outcome = await send(application);
    end(outcome.kind === 'applied' ? 'done' : 'failed', outcome.kind === 'applied' ? outcome.rows.length : null, 'error' in outcome ? outcome.error.message : outcome.kind === 'applied' ? null : 'Rolled back: a row was not as it was read.');
    return outcome;
  } catch (thrown) {
    const error = toAppError(thrown);
    end(error.code === 'cancelled' ? 'cancelled' : 'failed', null, error.message);
    throw error;
  }
}

async function send(application: Application): Promise<ApplyOutcome> {
  const { connections, profile, signal, target } = application;
  try {
    return await connections.withSession(profile.id, { applicationName, signal }, async (connection) => {
      try {
        return { kind: 'applied', rows: await runPlan(application, connection) };
      } catch (thrown) {
        if (thrown instanceof CommitLost) throw thrown;
        await rollBack(connection);
        return await explain(application, connection, thrown);
      }
    });
  } catch (thrown) {
    if (!(thrown instanceof CommitLost)) throw thrown;
    return afterLostCommit(application, thrown, target);
  }
}

async function runPlan({ plan, onTransaction, signal }: Application, connection: Connection): Promise<Applied> {
  const rows: Applied = [];
  let transaction = '';
  for (const statement of plan.statements) {
    if (statement.text === 'COMMIT') {
      onTransaction(transaction);
      await commit(connection, statement, transaction, rows);
      continue;
    }
    const returned = await runStatement(connection, statement, signal);
    if (statement.row === null) transaction = returned.rows[0]?.map((cell) => cell ?? '').join('@') ?? transaction;
    else if (returned.affected !== 1) throw new NotOneRow(statement, returned.affected);
    else rows.push({ row: statement.row, cells: statement.kind === 'delete' ? null : cellsOf(returned, 0) });
  }
  return rows;
}

async function runStatement(connection: Connection, statement: RowStatement, signal: AbortSignal): Promise<Returned> {
  try {
    return await runText(connection, statement.text, signal);
  } catch (thrown) {
    throw new Refused(statement, toAppError(thrown));
  }
}

/** Nobody can take back a COMMIT that was sent: it is not aborted by the person's signal. */
async function commit(connection: Connection, statement: RowStatement, transaction: string, rows: Applied): Promise<void> {
  try {
    await runText(connection, statement.text, new AbortController().signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'server_error') throw new Refused(null, error);
    throw new CommitLost(transaction, rows, error);
  }
}

function cellsOf(returned: Returned, skip: number): Record<string, string | null> {
  const row = returned.rows[0] ?? [];
  const named = returned.columns.map((name, index) => [name, row[index] ?? null] as const).slice(skip);
  return Object.fromEntries(named.filter(([, cell]) => cell === null || cell.length <= LONGEST_RETURNED));
}

async function rollBack(connection: Connection): Promise<void> {
  // A session that is lost, or cannot roll back, is closed by its keeper, and the server rolls back.
  await runText(connection, 'ROLLBACK', AbortSignal.timeout(AFTERWARDS_MS)).catch(() => undefined);
}

async function explain(application: Application, connection: Connection, thrown: unknown): Promise<ApplyOutcome> {
  if (thrown instanceof NotOneRow) return explainCount(application, connection, thrown);
  if (!(thrown instanceof Refused)) throw thrown;
  if (thrown.error.code === 'cancelled') throw new AppError('cancelled', 'Cancelled. Everything was rolled back.');
  return failureOf({ error: thrown.error, statement: thrown.statement, application, connection });
}

async function explainCount(application: Application, connection: Connection, { statement, affected }: NotOneRow): Promise<ApplyOutcome> {
  const conflicts = affected === 0 ? await findConflicts(application, connection) : [];
  if (conflicts.length > 0) return { kind: 'conflict', conflicts };
  const words =
    affected === 0
      ? 'The server changed nothing, though nobody else has changed the row: a trigger or a row security policy keeps it as it is.'
      : `The statement would have changed ${affected ?? 'an unknown number of'} rows instead of one.`;
  const error = new AppError('refused', words, { hint: 'Everything was rolled back.', connection: application.profile.name });
  return { kind: 'failed', error: error.data, row: statement.row, column: null, holders: [] };
}

/** Every row of the changes that is not as it was read, so that the person sees all of them at once. */
async function findConflicts({ target, changes, signal }: Application, connection: Connection): Promise<EditConflict[]> {
  const conflicts: EditConflict[] = [];
  for (const change of changes) {
    if (change.kind === 'insert') continue;
    const returned = await runText(connection, currentRowQuery(target, change.original), signal);
    const row = returned.rows[0];
    if (row === undefined) conflicts.push({ row: change.row, theirs: null });
    else if (row[0] !== 't') conflicts.push({ row: change.row, theirs: asOriginal(returned.columns.slice(1), row.slice(1)) });
  }
  return conflicts;
}

function asOriginal(columns: readonly string[], row: readonly (string | null)[]): Original {
  return Object.fromEntries(columns.map((name, index) => [name, originalCell(row[index] ?? null)]));
}

async function afterLostCommit({ connections, profile }: Application, lost: CommitLost, target: EditTarget): Promise<ApplyOutcome> {
  const end = await askTransactionEnd(connections, profile.id, lost.transaction, AbortSignal.timeout(AFTERWARDS_MS)).catch(() => 'unknown' as const);
  if (end === 'committed') return { kind: 'applied', rows: lost.rows };
  if (end === 'aborted') {
    const error = new AppError('connection_lost', 'The connection was lost at COMMIT. The server says that the transaction was rolled back: nothing was changed.', { hint: 'Apply again.', connection: profile.name, detail: lost.error.message });
    return { kind: 'failed', error: error.data, row: null, column: null, holders: [] };
  }
  const error = new AppError('connection_lost', `The connection was lost at COMMIT, and the server cannot be asked yet whether the changes of ${target.object.name} took effect.`, {
    hint: 'Ask again when the server answers. Do not apply the changes a second time before that.',
    connection: profile.name,
    detail: lost.error.message,
  });
  return { kind: 'unknown', error: error.data, transaction: lost.transaction };
}

/**
 * How a transaction ended, from the server's own record. A number that the server has not reached was lost in a crash, so that nothing of
 * the transaction remains. `unknown` when the record is gone; also for a `committed` after a restart, where the number may have been
 * given again to somebody else's transaction.
 */
export async function askTransactionEnd(connections: Pick<ConnectionsService, 'withSession'>, connectionId: string, transaction: string, signal: AbortSignal): Promise<TransactionEnd> {
  const [number = '', since = ''] = transaction.split('@');
  const text = `SELECT pg_catalog.txid_status(${quoteLiteral(number)}::bigint), coalesce(extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text, '')`;
  const returned = await connections.withSession(connectionId, { applicationName, signal }, (connection) =>
    runText(connection, text, signal).catch((thrown: unknown) => {
      if (toAppError(thrown).data.serverCode === INVALID_PARAMETER) return null;
      throw thrown;
    }),
  );
  if (returned === null) return 'aborted';
  const [end, runsSince] = returned.rows[0] ?? [];
  if (end === 'committed') return runsSince === since ? 'committed' : 'unknown';
  return end === 'aborted' || end === 'in progress' ? end : 'unknown';
}

/** A history that cannot be written must not keep anybody from working. */
function attempt<T>(write: () => T): T | null {
  try {
    return write();
  } catch {
    return null;
  }
}
