import { DatabaseError } from 'pg-protocol';
import type { ServerTarget } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { ConnectOptions, ConnectTarget, Driver } from '../driver';
import { copyIn } from './copyIn';
import { postgresqlActivity } from './activity';
import { explainStatement } from './explain';
import { connectionFailed } from './failures';
import { postgresqlIntrospector } from './introspect/introspector';
import { postgresqlReadOnly } from './readOnly';
import { postgresqlRoles } from './roles/driver';
import { postgresqlStructure } from './structure/driver';
import { openSession, type PostgresSession } from './session';
import { dial, requestCancel, type Route } from './transport';

const defaultConnectTimeoutMs = 15_000;
/** Longer than the session waits for it, so that it is the session that decides. */
const cancelTimeoutMs = 10_000;

/** PostgreSQL 12 and newer over TCP or a Unix socket. */
export const postgresqlDriver: Driver = {
  engine: 'postgresql',
  capabilities: {
    cancel: true,
    statementTimeout: true,
    parallelSessions: true,
    transactions: true,
    readOnlyLane: true,
    explain: true,
    explanation: true,
    ask: true,
    introspect: true,
    notices: true,
    parameters: true,
    copyIn: true,
    tls: true,
    processes: true,
    imports: true,
    tableExport: true,
    rowEdits: true,
    structure: true,
    roles: true,
  },
  connect,
  introspect: postgresqlIntrospector,
  explain: explainStatement,
  copyIn,
  readOnly: postgresqlReadOnly,
  structure: postgresqlStructure,
  activity: postgresqlActivity,
  roles: postgresqlRoles,
};

async function connect({ target, password, keyPassphrase }: ConnectTarget, options: ConnectOptions): Promise<PostgresSession> {
  if (target.engine !== 'postgresql') throw new AppError('bad_input', `This driver does not open “${target.engine}”.`);
  if (target.tunnel && !options.dial) throw new AppError('internal', 'A connection with a tunnel was opened without one.');
  const route: Route = { dial: options.dial, keyPassphrase };
  const timeoutMs = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    return await connectOnce(target, route, password, options.applicationName, signal).catch((thrown: unknown) => {
      if (!refusedBecauseOfTls(target, thrown)) throw thrown;
      return connectOnce({ ...target, tls: { ...target.tls, mode: 'disable' } }, route, password, options.applicationName, signal);
    });
  } catch (thrown) {
    if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled while connecting.');
    if (timeout.aborted) {
      throw new AppError('timeout', `${target.host}:${target.port} did not let us in within ${timeoutMs / 1000} s.`, {
        hint: 'A firewall may drop the packets, the VPN may be down, or the server is overloaded.',
      });
    }
    throw connectionFailed(thrown, target);
  }
}

/** As libpq's `prefer`: a server whose pg_hba.conf has no line for TLS connections may have one for plain ones. */
function refusedBecauseOfTls(target: ServerTarget, thrown: unknown): boolean {
  return target.tls.mode === 'prefer' && thrown instanceof DatabaseError && thrown.code === '28000';
}

async function connectOnce(
  target: ServerTarget,
  route: Route,
  password: string | undefined,
  applicationName: string,
  signal: AbortSignal,
): Promise<PostgresSession> {
  const transport = await dial(target, route, signal);
  return openSession({
    stream: () => transport.stream,
    user: target.user,
    database: target.database,
    password,
    applicationName,
    signal,
    encrypted: transport.encrypted,
    cancel: async (key) => {
      await requestCancel(target, route, transport, key, AbortSignal.timeout(cancelTimeoutMs));
      return 'asked';
    },
  });
}
