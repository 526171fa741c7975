import type { RowChange } from '../../src-preload/contract/rowEditLog';
import type { ApplyOutcome, EditTarget } from '../../src-preload/contract/rowEdits';
import type { Connection } from '../drivers/driver';
import { quoteIdentifier, quoteLiteral } from '../drivers/sqlText';
import type { AppError } from '../errors';
import { keyCondition, LOCK_TIMEOUT_S, type RowStatement } from './plan';
import { runText } from './rows';

type Failed = Extract<ApplyOutcome, { kind: 'failed' }>;

interface Failure {
  readonly error: AppError;
  /** The statement that was refused; null for COMMIT. */
  readonly statement: RowStatement | null;
  readonly application: { readonly target: EditTarget; readonly changes: readonly RowChange[]; readonly profile: { readonly name: string } };
  /** Rolled back and idle, or lost. */
  readonly connection: Connection;
}

/** Where a refusal belongs: the row, the cell if the server names it, and for a lock who holds it. */
export async function failureOf({ error, statement, application, connection }: Failure): Promise<Failed> {
  const { data } = error;
  const column = statement === null ? null : columnOf(error, statement);
  const base: Omit<Failed, 'error'> = { kind: 'failed', row: statement?.row ?? null, column, holders: [] };
  const named = { ...data, connection: application.profile.name };
  if (error.code === 'connection_lost') {
    return { ...base, error: { ...named, hint: 'The transaction had not been committed, so the server rolls it back: nothing was changed. Apply again when the server answers.' } };
  }
  if (error.data.serverCode !== '55P03') return { ...base, error: { ...named, hint: data.hint ?? 'Everything was rolled back: nothing was changed.' } };
  const holders = await lockHolders(application, statement, connection).catch(() => []);
  const message = `Another session holds a lock on this row or its table; gave up after ${LOCK_TIMEOUT_S} s.`;
  return { ...base, holders, error: { ...named, code: 'busy', message, hint: 'Everything was rolled back. Try again when the other session has ended its transaction.', detail: data.message } };
}

/** By the place of the error in the statement, the column that the server names, or the key that it quotes. */
function columnOf(error: AppError, statement: RowStatement): string | null {
  const { position, column, detail } = error.data;
  const at = position === undefined ? undefined : statement.places.find((place) => position >= place.from && position < place.to);
  if (at !== undefined) return at.column;
  if (column !== undefined) return column;
  const key = /^Key \((.+?)\)=/.exec(detail ?? '')?.[1]?.split(', ').map((name) => name.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')) ?? [];
  const set = statement.places.map((place) => place.column);
  return key.find((name) => set.includes(name)) ?? (set.length === 1 ? (set[0] ?? null) : null);
}

/** `pid 4711: anna, psql, idle in transaction since 12:03:04`, of whoever holds the row or the table. */
async function lockHolders({ target, changes }: Failure['application'], statement: RowStatement | null, connection: Connection): Promise<string[]> {
  const change = changes.find(({ row }) => row === statement?.row);
  const table = `${quoteIdentifier(target.object.schema)}.${quoteIdentifier(target.object.name)}`;
  const signal = AbortSignal.timeout(5_000);
  await runText(connection, "SET lock_timeout = '500ms'", signal);
  const row = change === undefined || change.kind === 'insert' ? null : await runText(connection, `SELECT xmax FROM ${table} WHERE ${keyCondition(target, change.original)}`, signal).catch(() => null);
  const xmax = row?.rows[0]?.[0] ?? '0';
  const text = `SELECT DISTINCT pg_catalog.format('pid %s: %s, %s, %s since %s', a.pid, coalesce(a.usename::text, 'unknown role'), coalesce(nullif(a.application_name, ''), 'no application name'),
  coalesce(a.state, 'state not visible'), pg_catalog.to_char(a.state_change, 'HH24:MI:SS TZ'))
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND a.pid <> pg_catalog.pg_backend_pid() AND (l.locktype = 'transactionid' AND l.transactionid::text = ${quoteLiteral(xmax)}
  OR l.locktype = 'relation' AND l.relation = pg_catalog.to_regclass(${quoteLiteral(table)})::oid AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))`;
  const { rows } = await runText(connection, text, signal);
  return rows.map(([holder]) => holder ?? '');
}
