import type { Client, ClientChannel } from 'ssh2';
import { hopAddress } from '../../../src-preload/contract/locks';
import type { TunnelHop } from '../../../src-preload/contract/tunnels';
import type { Address, Dial } from '../../drivers/driver';
import { AppError, toAppError } from '../../errors';
import { connectHop, type HopContext } from './hop';
import { TunnelStream } from './stream';

/** Milliseconds that an SSH connection without streams is kept: a login that is tried again, or a cancel, needs it at once. */
const LINGER = 2000;
/** Milliseconds for an answer after the machine slept. */
const ANSWER_TIMEOUT = 10_000;

/** An SSH connection, through perhaps several servers, and the streams in it. */
interface Line {
  /** Whose it is. */
  readonly name: string;
  readonly hops: readonly TunnelHop[];
  readonly opened: Promise<readonly Client[]>;
  readonly giveUp: AbortController;
  readonly streams: Set<TunnelStream>;
  /** Those who wait for it to open, or for a stream. */
  waiting: number;
  linger: NodeJS.Timeout | null;
}

export type TunnelContext = Omit<HopContext, 'signal' | 'secret'>;

/**
 * SSH connections that lead to databases. Streams are channels inside of them: no port of this machine is opened, so that nobody else on
 * it can use the tunnel. One connection is shared by all streams that were asked for under the same name; it is opened for the first
 * one and closed after the last.
 */
export class Tunnels {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly context: TunnelContext) {}

  /** How to open streams through these servers; `name` is whose they are. */
  dialer(name: string, hops: readonly TunnelHop[], secret: HopContext['secret']): Dial {
    const key = JSON.stringify([name, hops]);
    return async (address, signal) => {
      signal.throwIfAborted();
      const line = this.lines.get(key) ?? this.open(name, key, hops, secret);
      line.waiting += 1;
      if (line.linger !== null) clearTimeout(line.linger);
      try {
        const clients = await unlessAborted(line.opened, signal);
        const stream = new TunnelStream(await unlessAborted(openChannel(clients.at(-1) as Client, address, hops), signal, (late) => late.destroy()));
        line.streams.add(stream);
        stream.once('close', () => {
          line.streams.delete(stream);
          this.leave(key, line);
        });
        return stream;
      } catch (thrown) {
        // Perhaps the line is dead and has not noticed: the next try gets a new one.
        if (signal.aborted) this.retire(name);
        throw thrown;
      } finally {
        line.waiting -= 1;
        this.leave(key, line);
      }
    };
  }

  /**
   * Asks every SSH connection whether it still answers, and cuts those that do not; after the machine slept. Resolves when all have
   * answered or were cut.
   */
  async check(): Promise<void> {
    await Promise.all(
      [...this.lines].map(async ([key, line]) => {
        const clients = await line.opened.catch(() => []);
        const last = clients.at(-1);
        if (last && !(await answers(last))) this.cut(key, line, new Error('the SSH connection gave no answer'));
      }),
    );
  }

  /** New streams go over a new connection: something that went over the old one was not answered. */
  retire(name: string): void {
    for (const [key, line] of [...this.lines].filter(([, one]) => one.name === name)) {
      this.forget(key, line);
      this.leave(key, line);
    }
  }

  closeAll(): void {
    for (const [key, line] of [...this.lines]) this.end(key, line);
  }

  private open(name: string, key: string, hops: readonly TunnelHop[], secret: HopContext['secret']): Line {
    const giveUp = new AbortController();
    const context: HopContext = { ...this.context, secret, signal: giveUp.signal };
    const line: Line = { name, hops, giveUp, streams: new Set(), waiting: 0, linger: null, opened: openHops(hops, context, (reason) => this.cut(key, line, reason)) };
    this.lines.set(key, line);
    line.opened.catch(() => this.forget(key, line));
    return line;
  }

  /** Somebody went away: nobody is left to open it for, or to hold it open for. */
  private leave(key: string, line: Line): void {
    if (line.waiting > 0 || line.streams.size > 0) return;
    if (line.linger !== null) clearTimeout(line.linger);
    line.linger = setTimeout(() => this.end(key, line), LINGER);
    line.linger.unref();
  }

  /** The streams end with the reason: whoever waits for an answer on one hears that it is unknown how it went. */
  private cut(key: string, line: Line, reason: Error): void {
    this.forget(key, line);
    for (const stream of [...line.streams]) stream.destroy(new Error(`the SSH tunnel through ${hopAddress(line.hops.at(-1) as TunnelHop)} was cut (${reason.message})`));
    this.end(key, line);
  }

  private end(key: string, line: Line): void {
    this.forget(key, line);
    line.giveUp.abort(new AppError('cancelled', 'Cancelled while connecting.'));
    void line.opened.then(
      (clients) => [...clients].reverse().forEach((client) => client.end()),
      () => undefined,
    );
  }

  private forget(key: string, line: Line): void {
    if (line.linger !== null) clearTimeout(line.linger);
    if (this.lines.get(key) === line) this.lines.delete(key);
  }
}

/** Logs in to one server after the other, each through the one before. */
async function openHops(hops: readonly TunnelHop[], context: HopContext, lost: (reason: Error) => void): Promise<readonly Client[]> {
  const clients: Client[] = [];
  try {
    for (const hop of hops) {
      const before = clients.at(-1);
      const through = before ? new TunnelStream(await openChannel(before, { host: hop.host, port: hop.port }, hops.slice(0, clients.length))) : undefined;
      const client = await connectHop(hop, through, context);
      let reason = new Error('the SSH server closed the connection');
      client.on('error', (error) => (reason = error));
      client.on('close', () => lost(reason));
      clients.push(client);
    }
    context.signal.throwIfAborted();
    return clients;
  } catch (thrown) {
    for (const client of clients.reverse()) client.destroy();
    throw thrown;
  }
}

function openChannel(client: Client, address: Address, hops: readonly TunnelHop[]): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const opened = (error: Error | undefined, channel: ClientChannel): void => {
      if (error) reject(refusedChannel(error, address, hops));
      else resolve(channel);
    };
    try {
      if ('path' in address) client.openssh_forwardOutStreamLocal(address.path, opened);
      else client.forwardOut('127.0.0.1', 0, address.host, address.port, opened);
    } catch (thrown) {
      // ssh2 throws when the connection is gone already.
      reject(new AppError('connection_failed', `The SSH tunnel is gone: ${(thrown as Error).message}`, { hint: 'Try again: a new one is opened.' }, { cause: thrown }));
    }
  });
}

function refusedChannel(error: Error, address: Address, hops: readonly TunnelHop[]): AppError {
  const goal = 'path' in address ? address.path : `${address.host}:${address.port}`;
  const last = hopAddress(hops.at(-1) as TunnelHop);
  return new AppError('connection_failed', `The SSH server ${last} could not reach ${goal}: ${error.message}`, {
    hint: 'The address is looked up there, not here. Is the database listening on it, and does sshd allow forwarding (AllowTcpForwarding, PermitOpen)?',
  });
}

/** To end a forwarding that was never asked for changes nothing, and every SSH server answers it: with a refusal (RFC 4254, section 7.1). */
function answers(client: Client): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER_TIMEOUT);
    const settle = (answer: boolean): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    client.once('close', () => settle(false));
    try {
      client.unforwardIn('127.0.0.1', 1, () => settle(true));
    } catch {
      // ssh2 throws when it knows that the connection is gone.
      settle(false);
    }
  });
}

/** The promise, or the signal's reason; a result that comes too late is thrown away with `drop`. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, drop: (late: T) => void = () => undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
      work.then(drop, () => undefined);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, (thrown: unknown) => reject(toAppError(thrown))).finally(() => signal.removeEventListener('abort', abort));
  });
}
