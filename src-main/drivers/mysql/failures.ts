import type { QueryError } from 'mysql2';
import type { ServerTarget } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';

/** Whether an error came from the server, with its number. */
export function isServerError(thrown: unknown): thrown is QueryError & { errno: number } {
  return thrown instanceof Error && 'errno' in thrown && typeof thrown.errno === 'number' && 'sqlState' in thrown;
}

/** ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT (MariaDB) and ER_QUERY_TIMEOUT (MySQL). */
export const interruptedCode = 1317;
export const timeoutCodes: readonly number[] = [1969, 3024];
/** The session ends with these: ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED, ER_CLIENT_INTERACTION_TIMEOUT. */
export const endingCodes: readonly number[] = [1053, 1927, 4031];

/** The server refused a statement: its own words and number, and where it points. */
export function serverError(error: QueryError & { errno: number }, text: string): AppError {
  const position = positionOf(error.message, text);
  return new AppError('server_error', error.message, { serverCode: String(error.errno), ...(position === undefined ? {} : { position }) }, { cause: error });
}

/** The server names no offset, but quotes what follows it and counts the lines: `near 'x' at line 2`. */
function positionOf(message: string, text: string): number | undefined {
  const [, near, line] = /near '([\s\S]*)' at line (\d+)/.exec(message) ?? [];
  if (near === undefined || line === undefined) return undefined;
  if (near === '') return text.length;
  let start = 0;
  for (let number = 1; number < Number(line); number++) {
    const next = text.indexOf('\n', start);
    if (next === -1) return undefined;
    start = next + 1;
  }
  // What is quoted may begin on an earlier line than the one that is named.
  const found = text.indexOf(near, start);
  const at = found === -1 ? text.lastIndexOf(near) : found;
  return at === -1 ? undefined : at;
}

/** The session ended while it was needed. */
export function connectionLost(reason: Error | null, running: boolean): AppError {
  const words = reason === null ? 'The server closed the connection.' : `The connection was lost: ${reason.message}`;
  const hint = running
    ? 'The statement may have run or not: look at the data before you run it again. A transaction that was open is rolled back.'
    : 'Connect again. A transaction that was open is rolled back.';
  const code = isServerError(reason) ? { serverCode: String(reason.errno) } : {};
  return new AppError('connection_lost', words, { hint, ...code }, reason === null ? {} : { cause: reason });
}

/** What to try, by the server's number at login. */
const loginHints: Readonly<Record<number, (target: ServerTarget) => string>> = {
  1045: ({ user }) => `Check the password of “${user}”. Accounts belong to a host too: the server may know another “${user}” for the one that you come from.`,
  1698: ({ user }) => `“${user}” may only log in from the server's own machine over its Unix socket (auth_socket or unix_socket).`,
  1049: ({ database }) => `There is no database “${database}” on this server. Try “information_schema” and look at the list.`,
  1044: ({ user, database }) => `Grant the right: GRANT SELECT ON \`${database}\`.* TO '${user}'.`,
  1040: () => 'The server has no free connection. Close sessions, wait, or raise max_connections.',
  1130: () => 'No account of this server may come from this host. Its keeper can create one.',
  1129: () => 'Too many connections from here failed. Its keeper can lift that with FLUSH HOSTS.',
  1251: () => 'The server wants an older or newer way to log in than this account has.',
  1820: () => 'The password has expired: change it with the server’s own client first.',
};

const networkHints: Readonly<Record<string, (target: ServerTarget) => string>> = {
  ECONNREFUSED: ({ host, port }) => `Nothing listens on ${host}:${port}. Is the server running, is it the right port, and does its bind-address allow this host?`,
  ENOTFOUND: ({ host }) => `The name “${host}” has no address. Check its spelling, the VPN and the name server.`,
  EAI_AGAIN: ({ host }) => `The name server did not answer for “${host}”. Check the network and the VPN.`,
  ETIMEDOUT: ({ host, port }) => `No answer from ${host}:${port}. A firewall may drop the packets, or the VPN is down.`,
  EHOSTUNREACH: ({ host }) => `There is no route to ${host}. Check the network and the VPN.`,
  ENOENT: ({ host }) => `There is no Unix socket ${host}. Is the server running, and is it the right file?`,
  EACCES: ({ host }) => `The socket ${host} may not be opened by this user.`,
  HANDSHAKE_NO_SSL_SUPPORT: () => 'The server does not offer TLS. Switch it on there, or choose the mode prefer or disable.',
  PROTOCOL_CONNECTION_LOST: () => 'The other side closed the connection. Is it a MySQL or MariaDB server?',
};

/** Turns whatever stopped a login into `connection_failed`; AppErrors pass as they are. */
export function connectionFailed(thrown: unknown, target: ServerTarget): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isServerError(error)) {
    const hint = loginHints[error.errno]?.(target);
    return new AppError('connection_failed', `The server refused the connection: ${error.message}`, { serverCode: String(error.errno), ...(hint === undefined ? {} : { hint }) }, { cause: error });
  }
  return unreachable(error, target);
}

function unreachable(error: Error, target: ServerTarget): AppError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const aboutTls = /certificate|SSL|TLS/i.test(`${code} ${error.message}`);
  const hint = networkHints[code]?.(target) ?? (aboutTls ? 'The TLS connection could not be made: check the TLS mode and the certificate files.' : undefined);
  const words = error.message === '' && error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
  const where = target.host.startsWith('/') ? target.host : `${target.host}:${target.port}`;
  return new AppError('connection_failed', `Could not connect to ${where}: ${words}`, { ...(hint === undefined ? {} : { hint }), ...(code === '' ? {} : { serverCode: code }) }, { cause: error });
}
