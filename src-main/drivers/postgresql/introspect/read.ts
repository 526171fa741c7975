import { AppError } from '../../../errors';
import type { Connection, ResultSink } from '../../driver';
import { decodeBatch } from '../../rows';

/** A connection that reads the catalog for one call. */
export interface Reader {
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

const quiet = { columns: () => undefined, notice: () => undefined, complete: () => undefined };

/** Rows of a query as objects: the server writes each as JSON, so that arrays and NULL arrive as they are. */
export async function readObjects<Row>(reader: Reader, query: string, parameters: readonly (string | null)[] = []): Promise<Row[]> {
  const rows: Row[] = [];
  const sink: ResultSink = {
    ...quiet,
    rows: (batch) => {
      for (const [json] of decodeBatch(batch)) rows.push(JSON.parse(json ?? 'null') as Row);
    },
  };
  const text = `SELECT pg_catalog.row_to_json(q)::text FROM (${query}) q`;
  await reader.connection.run({ text, parameters }, sink, { signal: reader.signal });
  return rows;
}

/** Rows of a single text column. */
export async function readTexts(reader: Reader, query: string, parameters: readonly (string | null)[] = []): Promise<string[]> {
  const texts: string[] = [];
  const sink: ResultSink = {
    ...quiet,
    rows: (batch) => {
      for (const [text] of decodeBatch(batch)) texts.push(text ?? '');
    },
  };
  await reader.connection.run({ text: query, parameters }, sink, { signal: reader.signal });
  return texts;
}

/** How long the catalog may wait for a lock: somebody may be changing the very table that is looked at. */
const lockTimeout = "SET LOCAL lock_timeout = '3s'";
const rollBackMs = 10_000;

/**
 * Runs reads on one state of the catalog, which they cannot change, and ends the transaction whatever happens. The connection
 * must be idle.
 */
export async function inOneState<T>(reader: Reader, work: () => Promise<T>): Promise<T> {
  const { connection, signal } = reader;
  if (connection.transaction !== 'idle') {
    throw new AppError('busy', 'The session for browsing has an open transaction.', { hint: 'Commit or roll back first.' });
  }
  const command = (text: string, until: AbortSignal): Promise<void> =>
    connection.run({ text }, { ...quiet, rows: () => undefined }, { signal: until });
  try {
    await command(`BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; ${lockTimeout}`, signal);
    return await work();
  } catch (thrown) {
    throw explainLock(thrown);
  } finally {
    await command('ROLLBACK', AbortSignal.timeout(rollBackMs)).catch(() => connection.close());
  }
}

/** From here on, in the transaction, the server writes every name with its schema, as a dump does. */
export async function qualifyNames(reader: Reader): Promise<void> {
  await reader.connection.run({ text: "SET LOCAL search_path = ''" }, { ...quiet, rows: () => undefined }, { signal: reader.signal });
}

function explainLock(thrown: unknown): unknown {
  if (!(thrown instanceof AppError) || thrown.data.serverCode !== '55P03') return thrown;
  return new AppError('busy', 'The object is locked by another session, so that its details cannot be read.', {
    hint: 'Look in pg_locks for who holds an AccessExclusiveLock on it, or try again in a moment.',
    serverCode: '55P03',
  });
}
