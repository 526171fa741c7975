import { readFile } from 'node:fs/promises';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { serialize } from 'pg-protocol';
import type { ServerTarget, TlsMode } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { CancelKey } from './session';

/** A connected stream to a server, before the startup packet. */
export interface Transport {
  readonly stream: Duplex;
  readonly encrypted: boolean;
  /** The address that answered, of perhaps several behind the host's name; null for a Unix socket. */
  readonly address: string | null;
}

const keepAliveMs = 30_000;

/** An error of the TLS library or of the other side's answer to our question for TLS. */
class TlsFailure extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/**
 * Connects to the target with its TLS mode, as libpq does: a Unix socket never has TLS; `prefer` goes on in plain text when the
 * server has no TLS or the handshake fails. Rejects with the network's or the TLS library's error, or the signal's reason.
 */
export async function dial(target: ServerTarget, signal: AbortSignal): Promise<Transport> {
  const mode: TlsMode = isUnixSocket(target) ? 'disable' : target.tls.mode;
  const settings = mode === 'disable' ? null : await tlsSettings(target, mode);
  try {
    return await attempt(target, target.host, settings, mode === 'prefer', signal);
  } catch (thrown) {
    if (mode !== 'prefer' || signal.aborted || !isTlsError(thrown)) throw thrown;
    return attempt(target, target.host, null, false, signal);
  }
}

/**
 * Asks the server, over a second connection to the same address and with the same TLS, to stop what a session is doing.
 * Resolves when the server has closed that connection: it has then sent its signal. Source: the manual, "Canceling Requests
 * in Progress".
 */
export async function requestCancel(target: ServerTarget, transport: Transport, key: CancelKey, signal: AbortSignal): Promise<void> {
  const settings = transport.encrypted ? await tlsSettings(target, target.tls.mode) : null;
  const { stream } = await attempt(target, transport.address ?? target.host, settings, false, signal);
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => void stream.destroy(new Error('gave up waiting'));
    signal.addEventListener('abort', abort, { once: true });
    stream.on('error', reject);
    stream.on('close', () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    stream.on('end', () => stream.end());
    stream.resume();
    stream.write(serialize.cancel(key.processId, key.secretKey));
  });
}

function isUnixSocket(target: ServerTarget): boolean {
  return target.host.startsWith('/');
}

async function attempt(
  target: ServerTarget,
  host: string,
  settings: tls.ConnectionOptions | null,
  mayFallBack: boolean,
  signal: AbortSignal,
): Promise<Transport> {
  const socket = await openSocket(target, host, signal);
  const address = isUnixSocket(target) ? null : (socket.remoteAddress ?? null);
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (settings === null) return { stream: socket, encrypted: false, address };
    if (!(await offersTls(socket))) {
      if (mayFallBack) return { stream: socket, encrypted: false, address };
      throw new TlsFailure('the server does not support TLS', 'TLS_NOT_SUPPORTED');
    }
    return { stream: await handshake(socket, settings), encrypted: true, address };
  } catch (thrown) {
    socket.destroy();
    throw signal.aborted ? signal.reason : thrown;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function openSocket(target: ServerTarget, host: string, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const socket = isUnixSocket(target)
      ? net.connect(`${target.host.replace(/\/+$/, '')}/.s.PGSQL.${target.port}`)
      : net.connect({ host, port: target.port });
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    const failed = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(error);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs);
      resolve(socket);
    });
  });
}

/** Sends SSLRequest and reads its one byte of answer. */
function offersTls(socket: net.Socket): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(new TlsFailure('the other side closed the connection when asked for TLS', 'ECONNRESET'));
    socket.once('error', reject);
    socket.once('close', closed);
    socket.once('readable', () => {
      const answer = socket.read(1) as Buffer | null;
      if (answer === null) return;
      socket.off('error', reject);
      socket.off('close', closed);
      // More than the one byte would be plain text slipped in before the handshake (CVE-2021-23222).
      if (socket.readableLength > 0)
        return reject(new TlsFailure('the other side does not answer as a PostgreSQL server does', 'TLS_ANSWER'));
      if (answer[0] === 0x53) resolve(true);
      else if (answer[0] === 0x4e) resolve(false);
      else reject(new TlsFailure('the other side does not answer as a PostgreSQL server does', 'TLS_ANSWER'));
    });
    socket.write(serialize.requestSsl());
  });
}

function handshake(socket: net.Socket, settings: tls.ConnectionOptions): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = tls.connect({ ...settings, socket });
    const closed = (): void => reject(new TlsFailure('the other side closed the connection during the TLS handshake', 'ECONNRESET'));
    secure.once('error', reject);
    secure.once('close', closed);
    secure.once('secureConnect', () => {
      secure.off('error', reject);
      secure.off('close', closed);
      resolve(secure);
    });
  });
}

async function tlsSettings(target: ServerTarget, mode: TlsMode): Promise<tls.ConnectionOptions> {
  const checked = mode === 'verify-ca' || mode === 'verify-full';
  const { ca, cert, key } = target.tls;
  return {
    host: target.host,
    // Server names that are addresses may not be sent (RFC 6066, section 3).
    ...(net.isIP(target.host) === 0 ? { servername: target.host } : {}),
    rejectUnauthorized: checked,
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(ca === undefined ? {} : { ca: await readPem(ca, 'CA') }),
    ...(cert === undefined ? {} : { cert: await readPem(cert, 'client certificate') }),
    ...(key === undefined ? {} : { key: await readPem(key, 'client key') }),
  };
}

async function readPem(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new AppError(
      'connection_failed',
      `The ${what} file cannot be read: ${(thrown as Error).message}`,
      { hint: 'Check the path in the connection’s TLS settings, and who may read it.' },
      { cause: thrown },
    );
  }
}

function isTlsError(thrown: unknown): boolean {
  if (thrown instanceof TlsFailure) return thrown.code !== 'TLS_ANSWER';
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return /^ERR_(SSL|TLS|OSSL)|^EPROTO/.test(code);
}
