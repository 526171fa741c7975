import { DatabaseError } from 'pg-protocol';
import type { Capabilities } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { ConnectOptions, ConnectTarget, Driver } from '../driver';
import { postgresqlDriver } from '../postgresql/driver';
import { connectionFailed } from '../postgresql/failures';
import { openSession, type CancelKey, type ExchangeRequest, type PostgresSession } from '../postgresql/session';
import { busyState } from './host';
import { PgliteHosts } from './hosts';
import { cancelPacket } from './protocol';

const defaultConnectTimeoutMs = 15_000;
const cancelTimeoutMs = 5000;

const capabilities: Capabilities = {
  cancel:
    'A statement that returns rows stops at its next row. Any other is stopped by restarting the embedded database: what was committed is kept; an open transaction, temporary tables, prepared statements, held cursors and advisory locks are lost, also those of other sessions, which are then disconnected.',
  statementTimeout: 'PGlite ignores statement_timeout. The program holds the time-out itself and stops the statement as it stops a cancelled one.',
  parallelSessions:
    'There is one backend. Statements of different sessions run one after the other; while a session has a transaction open, others are refused and told who it is. Settings (SET) belong to each session; temporary tables, prepared statements, LISTEN and advisory locks are seen by all.',
  transactions: true,
  readOnlyLane: true,
  explain: true,
  explanation: true,
  ask: true,
  introspect: true,
  notices: true,
  parameters: true,
  copyIn: 'PGlite reads the data of a COPY FROM STDIN together with the statement. Imports are loaded by INSERT statements of many rows instead.',
  processes: 'The database runs inside the program, with one backend: there are no server processes to look at or to end. A statement that runs is stopped in its own tab.',
  imports: true,
  tableExport: true,
  rowEdits: true,
  structure: true,
  roles: true,
  tls: 'The database runs inside the program; nothing goes over a network.',
};

/** The driver, and what the owner of a folder needs beside it. */
export interface PgliteDriver extends Driver {
  readonly hosts: PgliteHosts;
  /** Shuts down what this process has open; without it the next start recovers as after a crash. Idempotent. */
  close(): Promise<void>;
}

/**
 * Embedded PostgreSQL: PGlite in a worker thread of the process that opened the folder first; other processes of the same person
 * are connected through that one. `program` names this process to them, such as `the AI-Shell window`; `hosts` are what it has open
 * already.
 */
export function createPgliteDriver(options: { program: string; hosts?: PgliteHosts | undefined }): PgliteDriver {
  const hosts = options.hosts ?? new PgliteHosts(options.program);
  const { introspect, explain, readOnly, structure, roles } = postgresqlDriver;
  return {
    engine: 'pglite',
    capabilities,
    connect: (target, connectOptions) => connect(hosts, target, connectOptions),
    ...(introspect ? { introspect } : {}),
    ...(explain ? { explain } : {}),
    ...(readOnly ? { readOnly } : {}),
    ...(structure ? { structure } : {}),
    ...(roles ? { roles } : {}),
    hosts,
    close: () => hosts.close(),
  };
}

async function connect(hosts: PgliteHosts, { target }: ConnectTarget, options: ConnectOptions): Promise<PostgresSession> {
  if (target.engine !== 'pglite') throw new AppError('bad_input', `This driver does not open “${target.engine}”.`);
  const { folder } = target;
  const timeoutMs = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
  let timeout: AbortSignal | null = null;
  try {
    const { stream } = await hosts.connect(folder, options.signal, { milliseconds: timeoutMs });
    timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([options.signal, timeout]);
    const session = await openSession({
      stream: () => stream,
      user: 'postgres',
      database: 'postgres',
      applicationName: options.applicationName,
      signal,
      encrypted: false,
      product: 'PostgreSQL (embedded, PGlite)',
      cancel: (key) => requestCancel(hosts, folder, key),
    });
    return sayWhatIsDifferent(session);
  } catch (thrown) {
    if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled while connecting.', {}, { cause: thrown });
    if (timeout?.aborted === true) {
      throw new AppError('timeout', `The embedded database in ${folder} did not answer within ${timeoutMs / 1000} s.`, {
        hint: 'Another session may be running a long statement in it; stop that, or wait.',
      });
    }
    if (thrown instanceof DatabaseError && thrown.code === busyState) throw new AppError('busy', thrown.message, { serverCode: busyState, ...(thrown.hint === undefined ? {} : { hint: thrown.hint }) });
    if (thrown instanceof AppError) throw busyOf(thrown);
    throw connectionFailed(thrown, { host: folder, port: 0, user: 'postgres', database: 'postgres' });
  }
}

async function requestCancel(hosts: PgliteHosts, folder: string, key: CancelKey): Promise<'asked'> {
  const { stream } = await hosts.connect(folder, AbortSignal.timeout(cancelTimeoutMs), { milliseconds: cancelTimeoutMs });
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject);
    stream.on('close', () => resolve());
    stream.resume();
    stream.write(cancelPacket(key.processId, key.secretKey));
  });
  return 'asked';
}

/**
 * Two things that a PostgreSQL server does not do: refuse a statement because of another session's transaction, and lose the
 * session's own transaction when a statement is cancelled.
 */
function sayWhatIsDifferent(session: PostgresSession): PostgresSession {
  const exchange = session.exchange.bind(session);
  session.exchange = async (request: ExchangeRequest, options) => {
    const before = session.transaction;
    try {
      return await exchange(request, options);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const lost = before !== 'idle' && session.transaction === 'idle' && (thrown.code === 'cancelled' || thrown.code === 'timeout');
      if (!lost) throw busyOf(thrown);
      const { code, message, ...rest } = thrown.data;
      const words = `${message} The embedded database was restarted to stop it, and the open transaction is rolled back.`;
      throw new AppError(code, words, { ...rest, hint: 'What was committed is kept. Begin the transaction again.' }, { cause: thrown });
    }
  };
  return session;
}

function busyOf(error: AppError): AppError {
  if (error.data.serverCode !== busyState) return error;
  const { message, hint } = error.data;
  return new AppError('busy', message, { serverCode: busyState, ...(hint === undefined ? {} : { hint }) }, { cause: error });
}
