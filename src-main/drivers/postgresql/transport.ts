import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { serialize } from 'pg-protocol';
import type { ServerTarget, TlsMode } from '../../../src-preload/contract/connections';
import { lockOfKey } from '../../../src-preload/contract/locks';
import { AppError } from '../../errors';
import type { Dial } from '../driver';
import type { CancelKey } from './session';

/** How a server is reached beside what its target says. */
export interface Route {
  readonly dial?: Dial | undefined;
  readonly keyPassphrase?: string | undefined;
}

/** A connected stream to a server, before the startup packet. */
export interface Transport {
  readonly stream: Duplex;
  readonly encrypted: boolean;
  /** The address that answered, of perhaps several behind the host's name; null for a Unix socket and where it is not known. */
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
export async function dial(target: ServerTarget, route: Route, signal: AbortSignal): Promise<Transport> {
  const mode: TlsMode = isUnixSocket(target) ? 'disable' : target.tls.mode;
  const settings = mode === 'disable' ? null : await tlsSettings(target, mode, route);
  try {
    return await attempt(target, target.host, route, settings, mode === 'prefer', signal);
  } catch (thrown) {
    if (mode !== 'prefer' || signal.aborted || !isTlsError(thrown)) throw thrown;
    return attempt(target, target.host, route, null, false, signal);
  }
}

/**
 * Asks the server, over a second connection to the same address and with the same TLS, to stop what a session is doing.
 * Resolves when the server has closed that connection: it has then sent its signal. Source: the manual, "Canceling Requests
 * in Progress".
 */
export async function requestCancel(target: ServerTarget, route: Route, transport: Transport, key: CancelKey, signal: AbortSignal): Promise<void> {
  const settings = transport.encrypted ? await tlsSettings(target, target.tls.mode, route) : null;
  const { stream } = await attempt(target, transport.address ?? target.host, route, settings, false, signal);
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
  route: Route,
  settings: tls.ConnectionOptions | null,
  mayFallBack: boolean,
  signal: AbortSignal,
): Promise<Transport> {
  const socket = route.dial ? await route.dial(addressOf(target, host), signal) : await openSocket(target, host, signal);
  const address = isUnixSocket(target) || !(socket instanceof net.Socket) ? null : (socket.remoteAddress ?? null);
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

function addressOf(target: ServerTarget, host: string): { host: string; port: number } | { path: string } {
  return isUnixSocket(target) ? { path: `${target.host.replace(/\/+$/, '')}/.s.PGSQL.${target.port}` } : { host, port: target.port };
}

function openSocket(target: ServerTarget, host: string, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const socket = net.connect(addressOf(target, host));
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
function offersTls(socket: Duplex): Promise<boolean> {
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

function handshake(socket: Duplex, settings: tls.ConnectionOptions): Promise<tls.TLSSocket> {
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

async function tlsSettings(target: ServerTarget, mode: TlsMode, { keyPassphrase }: Route): Promise<tls.ConnectionOptions> {
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
    ...(key === undefined ? {} : { key: await readKey(key, keyPassphrase), passphrase: keyPassphrase }),
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

/** Tried before anything is sent: a key that cannot be opened must not look like a server without TLS. */
async function readKey(file: string, passphrase: string | undefined): Promise<string> {
  const pem = await readPem(file, 'client key');
  try {
    createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
    return pem;
  } catch (thrown) {
    if (!pem.includes('ENCRYPTED')) throw new AppError('connection_failed', `The client key ${file} cannot be used: ${(thrown as Error).message}`, { hint: 'It must be a private key in PEM format.' }, { cause: thrown });
    const words = passphrase === undefined ? `The client key ${file} is behind a passphrase.` : `The passphrase does not open the client key ${file}.`;
    throw new AppError('connection_failed', words, { hint: 'Enter its passphrase.', question: { kind: 'secret', ...lockOfKey(file) } }, { cause: thrown });
  }
}

function isTlsError(thrown: unknown): boolean {
  if (thrown instanceof TlsFailure) return thrown.code !== 'TLS_ANSWER';
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return /^ERR_(SSL|TLS|OSSL)|^EPROTO/.test(code);
}
