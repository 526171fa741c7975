import { DatabaseError } from 'pg-protocol';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { AppError } from '../../errors';

/**
 * The 0-based UTF-16 offset of a server's position: it counts characters (code points, the session speaks UTF-8) from 1.
 * `skip` characters before the text were added by us.
 */
export function utf16Position(text: string, position: string | undefined, skip = 0): number | undefined {
  const characters = Number(position) - 1 - skip;
  if (position === undefined || !Number.isInteger(characters) || characters < 0) return undefined;
  let offset = 0;
  for (let seen = 0; seen < characters && offset < text.length; seen++) offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}

/** The server refused a statement: its own words, code and hint, and the place in `text`. */
export function serverError(error: DatabaseError, text: string | null, skip = 0): AppError {
  const position = text === null ? undefined : utf16Position(text, error.position, skip);
  const detail = [error.detail, error.where].filter((part) => part !== undefined && part !== '').join('\n');
  const rest: Omit<AppErrorData, 'code' | 'message'> = {
    ...(error.code === undefined ? {} : { serverCode: error.code }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(detail === '' ? {} : { detail }),
    ...(position === undefined ? {} : { position }),
    ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
    ...(error.column === undefined ? {} : { column: error.column }),
  };
  return new AppError('server_error', error.message, rest, { cause: error });
}

/** The session ended while it was needed. `reason` is what the server or the network said last. */
export function connectionLost(reason: Error | null, running: boolean): AppError {
  const words = reason === null ? 'The server closed the connection.' : `The connection was lost: ${reason.message}`;
  const hint = running
    ? 'The statement may have run or not: look at the data before you run it again. A transaction that was open is rolled back.'
    : 'Connect again. A transaction that was open is rolled back.';
  const code = reason instanceof DatabaseError ? reason.code : undefined;
  return new AppError(
    'connection_lost',
    words,
    { hint, ...(code === undefined ? {} : { serverCode: code }) },
    reason === null ? {} : { cause: reason },
  );
}

interface Where {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** What to try, by the server's SQLSTATE at login. */
const loginHints: Readonly<Record<string, (where: Where) => string>> = {
  '28P01': ({ user }) => `Check the password of the role “${user}”.`,
  '28000': ({ user }) =>
    `The server's pg_hba.conf does not let “${user}” in from here, or the role may not log in. Try another TLS mode, or ask its keeper.`,
  '3D000': ({ database }) =>
    `There is no database “${database}” on this server. Names are case-sensitive; try “postgres” and look at the list.`,
  '53300': () => 'The server has no free connection. Close sessions, wait, or raise max_connections; superusers have some in reserve.',
  '57P03': () => 'The server is starting up, shutting down or recovering. Try again in a moment.',
  '42501': ({ user, database }) => `Grant the right to connect: GRANT CONNECT ON DATABASE ${database} TO ${user}.`,
  '55000': ({ database }) => `The database “${database}” does not accept connections (datallowconn is off).`,
};

/** What to try, by the code of the network's or the TLS library's error. */
const networkHints: Readonly<Record<string, (where: Where) => string>> = {
  ECONNREFUSED: ({ host, port }) =>
    `Nothing listens on ${host}:${port}. Is the server running, and is it the right port? Its listen_addresses must allow this host.`,
  ENOTFOUND: ({ host }) => `The name “${host}” has no address. Check its spelling, the VPN and the name server.`,
  EAI_AGAIN: ({ host }) => `The name server did not answer for “${host}”. Check the network and the VPN.`,
  ETIMEDOUT: ({ host, port }) => `No answer from ${host}:${port}. A firewall may drop the packets, or the VPN is down.`,
  EHOSTUNREACH: ({ host }) => `There is no route to ${host}. Check the network and the VPN.`,
  ENETUNREACH: ({ host }) => `There is no route to ${host}. Check the network and the VPN.`,
  ECONNRESET: () => 'The other side closed the connection. Is it a PostgreSQL server, and does it expect TLS?',
  ENOENT: ({ host, port }) => `There is no socket .s.PGSQL.${port} in ${host}. Is the server running, and is it the right folder and port?`,
  EACCES: ({ host }) => `The socket in ${host} may not be opened by this user.`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) =>
    `The server's certificate is not made for “${host}”. Use the name in the certificate, or the mode verify-ca.`,
  CERT_HAS_EXPIRED: () => "The server's certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT: () => "The server's certificate is self-signed: name it, or the authority that signed it, as CA file.",
  SELF_SIGNED_CERT_IN_CHAIN: () => "The server's certificate comes from an authority that this computer does not know: name its CA file.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () =>
    "The server's certificate comes from an authority that this computer does not know: name its CA file.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () =>
    "The server's certificate comes from an authority that this computer does not know: name its CA file.",
  TLS_NOT_SUPPORTED: () => 'The server does not offer TLS. Switch it on there (ssl = on), or choose the mode prefer or disable.',
};

/** Turns whatever stopped a login into `connection_failed`; AppErrors pass as they are. */
export function connectionFailed(thrown: unknown, where: Where): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return error instanceof DatabaseError ? refusedByServer(error, where) : unreachable(error, where);
}

function refusedByServer(error: DatabaseError, where: Where): AppError {
  const hint = loginHints[error.code ?? '']?.(where) ?? error.hint;
  const rest = {
    ...(error.code === undefined ? {} : { serverCode: error.code }),
    ...(hint === undefined ? {} : { hint }),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
  };
  return new AppError('connection_failed', `The server refused the connection: ${error.message}`, rest, { cause: error });
}

function unreachable(error: Error, where: Where): AppError {
  const target = where.host.startsWith('/') ? `${where.host} (port ${where.port})` : `${where.host}:${where.port}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const aboutTls = /certificate|SSL|TLS/i.test(`${code} ${error.message}`);
  const hint =
    networkHints[code]?.(where) ??
    (aboutTls ? 'The TLS connection could not be made: check the TLS mode and the certificate files.' : undefined);
  // Of several addresses that were tried, Node's error has no message of its own.
  const words = error.message === '' && error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
  const rest = { ...(hint === undefined ? {} : { hint }), ...(code === '' ? {} : { serverCode: code }) };
  return new AppError('connection_failed', `Could not connect to ${target}: ${words}`, rest, { cause: error });
}
