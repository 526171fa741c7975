import type { ServerTarget } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { ConnectOptions, ConnectTarget, Driver } from '../driver';
import { mysqlActivity } from './activity';
import { connectionFailed } from './failures';
import { mysqlIntrospector } from './introspect/introspector';
import { mysqlReadOnly } from './readOnly';
import { MysqlSession } from './session';
import { logIn } from './transport';

const defaultConnectTimeoutMs = 15_000;
const secondTimeoutMs = 10_000;

/** MySQL 8 and MariaDB 10.6, and newer, over TCP or a Unix socket. */
export const mysqlDriver: Driver = {
  engine: 'mysql',
  capabilities: {
    cancel: true,
    statementTimeout: true,
    parallelSessions: true,
    transactions: true,
    readOnlyLane: true,
    explain: 'Plans of MySQL and MariaDB are not drawn yet: run EXPLAIN in a query tab and read the server’s own table.',
    explanation: 'Statements of MySQL and MariaDB are not told in plain words yet: the explanation reads PostgreSQL’s grammar.',
    ask: 'Claude writes no SQL for MySQL and MariaDB yet: its checks of a query need plans of that engine.',
    introspect: true,
    notices: true,
    parameters: 'Values for :name and ? are not sent to MySQL and MariaDB yet: write them into the statement.',
    copyIn: 'MySQL and MariaDB have no COPY.',
    imports: 'Files are not loaded into MySQL and MariaDB yet. LOAD DATA or INSERT statements do it in a query tab.',
    tableExport: 'Whole tables of MySQL and MariaDB are not exported yet. Run the SELECT in a query tab and export its result.',
    rowEdits: 'Rows of MySQL and MariaDB are not edited in the grid yet: write UPDATE, INSERT and DELETE in a query tab.',
    structure: 'Tables of MySQL and MariaDB are not changed in the window yet: write ALTER TABLE in a query tab.',
    tls: true,
    processes: true,
    roles: 'Users and grants of MySQL and MariaDB are not listed yet: SHOW GRANTS in a query tab does.',
  },
  connect,
  introspect: mysqlIntrospector,
  readOnly: mysqlReadOnly,
  activity: mysqlActivity,
};

async function connect(given: ConnectTarget, options: ConnectOptions): Promise<MysqlSession> {
  const { target } = given;
  if (target.engine !== 'mysql') throw new AppError('bad_input', `This driver does not open “${target.engine}”.`);
  if (target.tunnel && !options.dial) throw new AppError('internal', 'A connection with a tunnel was opened without one.');
  const timeoutMs = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    const loggedIn = await logIn(target, given, { dial: options.dial, applicationName: options.applicationName, signal });
    const session = new MysqlSession({ ...loggedIn, target, onSecond: (text) => onSecond(target, given, options, text) });
    await session.prepare(signal).catch(async (thrown: unknown) => {
      await session.close();
      throw thrown;
    });
    return session;
  } catch (thrown) {
    if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled while connecting.', {}, { cause: thrown });
    if (timeout.aborted) {
      throw new AppError('timeout', `${target.host}:${target.port} did not let us in within ${timeoutMs / 1000} s.`, {
        hint: 'A firewall may drop the packets, the VPN may be down, or the server is overloaded.',
      });
    }
    throw connectionFailed(thrown, target);
  }
}

/** Opens a connection, runs one statement, closes it. */
async function onSecond(target: ServerTarget, given: ConnectTarget, { dial, applicationName }: ConnectOptions, text: string): Promise<void> {
  const { client } = await logIn(target, given, { dial, applicationName, signal: AbortSignal.timeout(secondTimeoutMs) });
  try {
    await new Promise<void>((resolve, reject) => client.query(text, (error: Error | null) => (error ? reject(error) : resolve())));
  } finally {
    client.end();
  }
}
