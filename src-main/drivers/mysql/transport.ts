import { readFile } from 'node:fs/promises';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connection as Client, ConnectionOptions, SslOptions } from 'mysql2';
import type { ServerTarget } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { ConnectOptions, ConnectTarget, Dial } from '../driver';

/** A logged-in client of the library, and whether its line is TLS. */
export interface LoggedIn {
  readonly client: Client;
  readonly encrypted: boolean;
}

/**
 * Logs in with the target's TLS mode; `prefer` goes on in plain text where the server has no TLS. Rejects with the library's,
 * the network's or the server's error, or the signal's reason.
 */
export async function logIn(target: ServerTarget, given: ConnectTarget, options: Pick<ConnectOptions, 'dial' | 'applicationName' | 'signal'>): Promise<LoggedIn> {
  const mode = isUnixSocket(target) ? 'disable' : target.tls.mode;
  if (mode === 'disable') return { client: await attempt(target, given, options, null), encrypted: false };
  try {
    return { client: await attempt(target, given, options, await tlsSettings(target, given)), encrypted: true };
  } catch (thrown) {
    if (mode !== 'prefer' || !(thrown instanceof Error && 'code' in thrown && /^HANDSHAKE_(NO_SSL_SUPPORT|SSL_ERROR)$/.test(String(thrown.code)))) throw thrown;
    return { client: await attempt(target, given, options, null), encrypted: false };
  }
}

function isUnixSocket({ host }: ServerTarget): boolean {
  return host.startsWith('/');
}

async function attempt(target: ServerTarget, { password }: ConnectTarget, { dial, applicationName, signal }: Pick<ConnectOptions, 'dial' | 'applicationName' | 'signal'>, ssl: SslOptions | null): Promise<Client> {
  signal.throwIfAborted();
  const stream = await openStream(target, dial, signal);
  const config: ConnectionOptions = {
    host: target.host,
    user: target.user,
    password: password ?? '',
    database: target.database,
    stream,
    charset: 'utf8mb4_unicode_ci',
    // A server must not be able to ask for files of this machine; function names are parsed and rows counted as the server's own client does.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE', '-FOUND_ROWS', '-ODBC'],
    connectAttributes: { program_name: applicationName },
    // The caller's signal bounds the time.
    connectTimeout: 0,
    multipleStatements: false,
    ...(ssl === null ? {} : { ssl }),
  };
  // Loaded when the first such server is opened.
  const { createConnection } = await import('mysql2');
  const client = createConnection(config);
  return new Promise<Client>((resolve, reject) => {
    const abort = (): void => settle(() => reject(signal.reason as Error));
    const failed = (error: Error): void => settle(() => reject(error));
    const settle = (then: () => void): void => {
      signal.removeEventListener('abort', abort);
      client.off('connect', connected);
      then();
      client.destroy();
    };
    const connected = (): void => {
      signal.removeEventListener('abort', abort);
      client.off('error', failed);
      resolve(client);
    };
    client.on('error', failed);
    client.once('connect', connected);
    // Whatever a dying client still says has been told already.
    client.on('error', () => undefined);
    signal.addEventListener('abort', abort, { once: true });
  });
}

async function openStream(target: ServerTarget, dial: Dial | undefined, signal: AbortSignal): Promise<Duplex> {
  const address = isUnixSocket(target) ? { path: target.host } : { host: target.host, port: target.port };
  if (dial) return dial(address, signal);
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    const failed = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      // The client hears of errors itself from here on; until it listens, none may be uncaught.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

async function tlsSettings({ tls }: ServerTarget, { keyPassphrase }: ConnectTarget): Promise<SslOptions> {
  const [ca, cert, key] = await Promise.all([tls.ca, tls.cert, tls.key].map(readPem));
  const checks = tls.mode === 'verify-ca' || tls.mode === 'verify-full';
  return {
    rejectUnauthorized: checks,
    verifyIdentity: tls.mode === 'verify-full',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(keyPassphrase === undefined ? {} : { passphrase: keyPassphrase }),
  };
}

async function readPem(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new AppError('connection_failed', `The file ${file} could not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { hint: 'Check the paths of the certificate files.' }, { cause: thrown });
  }
}
