import type { DryRun, Undo } from '../../src-preload/contract/assistant';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { AppError, toAppError } from '../errors';
import type { CatalogService } from '../catalog/service';
import type { ConnectionsService } from '../connections/service';
import type { Connection } from '../drivers/driver';
import { quoteIdentifier, quoteLiteral } from '../drivers/sqlText';
import type { GuardService, Undoable } from '../guard/service';
import { collectSink } from '../queries/service';
import { findRelation } from './relationNames';
import { undoOf } from './undo';

export interface DryRunDependencies {
  readonly connections: ConnectionsService;
  readonly catalog: CatalogService;
  readonly guard: GuardService;
}

const APPLICATION_NAME = 'ai-shell dry run';
const LOCK_SECONDS = 2;
const STATEMENT_SECONDS = 10;
/** Rows of which an undo is made. */
const MOST_ROWS = 10_000;

/** What gives another value each time: the run will not write what the try wrote. */
const VARYING = /\b(now|age|timeofday|random\w*|setseed|current_(date|time|timestamp)|local(time|timestamp)|(clock|statement|transaction)_timestamp|\w*uuid\w*|nextval|txid_\w+|pg_current_\w+|pg_backend_pid)\b/i;

const countsQuery = `SELECT schemaname, relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_catalog.pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1, 2`;
const locksQuery = `SELECT n.nspname, c.relname, l.mode FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_catalog.pg_backend_pid() AND c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND l.mode <> 'AccessShareLock' ORDER BY 1, 2, 3`;
const holdersQuery = (relation: string): string => `SELECT DISTINCT a.pid, a.application_name, a.usename, a.state FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
  WHERE l.relation = pg_catalog.to_regclass(${quoteLiteral(relation)}) AND l.granted AND l.mode <> 'AccessShareLock' AND a.pid <> pg_catalog.pg_backend_pid() ORDER BY a.pid LIMIT 3`;

type Change = Extract<Undoable, { change: unknown }>['change'];

/**
 * Runs a statement in a transaction that is always rolled back: what it changes, which locks it takes, and the SQL that would take it
 * back. Waits at most two seconds for a lock and ten for the statement. Rejects with `refused` and the reason where a rollback would not undo all of it,
 * and as `Connection.run` does.
 */
export async function dryRun(text: string, { connections, catalog, guard }: DryRunDependencies, profile: ConnectionProfile, signal: AbortSignal): Promise<DryRun> {
  const snapshot = await catalog.snapshot(profile.id, signal);
  return connections.withSession(profile.id, { applicationName: APPLICATION_NAME, signal }, async (connection) => {
    const known = await guard.undoable(text, connection, signal);
    if ('refusal' in known) throw new AppError('refused', `It cannot be tried: it ${known.refusal}.`, { hint: 'A rollback might not undo all of that. Read the statement with more care.' });
    const { change } = known;
    const name = [change.relation.schema, change.relation.name].filter((part) => part !== null).map(quoteIdentifier).join('.');
    const relation = findRelation(snapshot, name);
    if (!relation) throw new AppError('not_found', `${change.relation.name} is no table that is known here.`, { hint: 'Refresh the tree, and try again.' });
    const object = { schema: relation.schema, name: relation.name, kind: relation.kind };
    const started = performance.now();
    try {
      const [detail, target] = await Promise.all([catalog.detail(profile.id, object, signal), catalog.editTarget(profile.id, object, signal)]);
      await run(connection, `BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = '${LOCK_SECONDS}s'; SET LOCAL statement_timeout = '${STATEMENT_SECONDS}s'; SAVEPOINT tried`, signal);
      const obstacle = obstacleOf(change, target.key);
      const [statement] = (await guard.split(text)).statements;
      const result = await run(connection, obstacle === null && statement ? `${statement.text}\nRETURNING ${quoteIdentifier(change.alias)}.*` : text, signal);
      const tables = (await run(connection, countsQuery, signal)).rows.map(([schema, table, ...counts]) => ({ schema: schema ?? '', name: table ?? '', inserted: Number(counts[0]), updated: Number(counts[1]), deleted: Number(counts[2]) }));
      const locks = (await run(connection, locksQuery, signal)).rows.map(([schema, table, mode]) => ({ schema: schema ?? '', name: table ?? '', mode: mode ?? '' }));
      const undo = await undoFor();
      return { tables, locks, undo, milliseconds: performance.now() - started, at: new Date().toISOString() };

      async function undoFor(): Promise<Undo> {
        if (obstacle !== null) return { kind: 'none', why: obstacle };
        if (tables.some((table) => table.schema !== object.schema || table.name !== object.name)) return { kind: 'none', why: 'Other tables change along with it; only a backup brings all of that back.' };
        if (result.count > MOST_ROWS) return { kind: 'none', why: `It changes more than ${MOST_ROWS.toLocaleString('en')} rows.` };
        const columns = result.columns;
        const shared = { kind: change.kind, detail, key: target.key, columns, sameAgain: !VARYING.test(text) };
        const given = detail.columns.some(({ name, identity, default: value }) => target.key.includes(name) && (identity !== null || value !== null));
        if (change.kind === 'insert' && (given || !shared.sameAgain)) return { kind: 'none', why: 'The server gives the new rows their keys when it runs: delete them by those.' };
        if (change.kind === 'insert' && detail.referencedBy.length > 0) return { kind: 'none', why: 'Rows of other tables may refer to the new ones by then; deleting them could take those along.' };
        if (change.kind !== 'update') return undoOf({ ...shared, before: change.kind === 'delete' ? result.rows : [], after: change.kind === 'insert' ? result.rows : [] });
        if (result.rows.length === 0) return undoOf({ ...shared, before: [], after: [] });
        await run(connection, 'ROLLBACK TO tried', signal);
        const keys = result.rows.map((row) => `(${target.key.map((column) => literalOf(row[columns.indexOf(column)] ?? null)).join(', ')})`);
        const list = columns.map(quoteIdentifier).join(', ');
        const old = await run(connection, `SELECT ${list} FROM ${quoteIdentifier(object.schema)}.${quoteIdentifier(object.name)} WHERE (${target.key.map(quoteIdentifier).join(', ')}) IN (${keys.join(', ')})`, signal);
        return undoOf({ ...shared, before: old.rows, after: result.rows });
      }
    } catch (thrown) {
      throw await explained(thrown, connection, name);
    } finally {
      await run(connection, 'ROLLBACK', AbortSignal.timeout(STATEMENT_SECONDS * 1000)).catch(() => undefined);
    }
  });
}

/** Why no undo can be made of the rows that the statement returns; null where it can. */
function obstacleOf({ returns, onConflict, kind, sets }: Change, key: readonly string[]): string | null {
  if (returns) return 'The statement has a RETURNING of its own.';
  if (onConflict) return 'INSERT with ON CONFLICT may insert or update.';
  if (kind !== 'delete' && key.length === 0) return 'No key identifies the rows of the table.';
  return kind === 'update' && sets.some((column) => key.includes(column)) ? 'It changes the key by which a row is found again.' : null;
}

const literalOf = (value: string | null): string => (value === null ? 'NULL' : quoteLiteral(value));

async function run(connection: Connection, text: string, signal: AbortSignal): Promise<{ columns: string[]; rows: readonly (readonly (string | null)[])[]; count: number }> {
  const sink = collectSink(MOST_ROWS);
  let count = 0;
  await connection.run({ text }, { ...sink, complete: ({ rowsAffected }) => void (count = rowsAffected ?? 0) }, { signal });
  return { columns: sink.columnsSeen().map(({ name }) => name), rows: sink.rowsSeen(), count };
}

/** Who holds the table, where a lock was waited for in vain. */
async function explained(thrown: unknown, connection: Connection, relation: string): Promise<AppError> {
  const error = toAppError(thrown);
  if (error.data.serverCode !== '55P03') return error;
  const signal = AbortSignal.timeout(STATEMENT_SECONDS * 1000);
  await run(connection, 'ROLLBACK', signal);
  const { rows } = await run(connection, holdersQuery(relation), signal);
  const holders = rows.map(([pid, application, user, state]) => `process ${pid ?? ''} (${[application, user, state].filter(Boolean).join(', ')})`);
  const who = holders.length > 0 ? ` It is held by ${holders.join(' and ')}.` : '';
  return new AppError('server_error', `A lock was not given within ${LOCK_SECONDS} seconds.${who}`, { ...error.data, hint: 'Nothing was changed. Wait for it, or look at the server processes.' }, { cause: error });
}
