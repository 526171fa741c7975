import type { Duplex } from 'node:stream';
import { Client, type ClientConfig } from 'pg';
import { serialize } from 'pg-protocol';
import type { DatabaseError } from 'pg-protocol';
import type { BackendKeyDataMessage, BackendMessage, ParameterStatusMessage, ReadyForQueryMessage } from 'pg-protocol/dist/messages.js';
import type { ServerInfo } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { Connection, ResultSink, RowBatch, RunOptions, Statement, TransactionState } from '../driver';
import { decodeBatch } from '../rows';
import { Exchange, type ExchangeEnd, type ExchangeHost } from './exchange';
import { connectionLost, serverError } from './failures';
import { Interrupt } from './interrupt';
import { parameterOids, TypeNames, typesByOidQuery, userTypeFromRow, userTypesQuery } from './types';
import { Wire, type WireHandler } from './wire';

/** What the server told us for asking it to cancel. */
export interface CancelKey {
  readonly processId: number;
  readonly secretKey: number;
}

export interface SessionOptions {
  /** A connected stream of PostgreSQL's v3 protocol, nothing sent yet; called once. The session owns it and closes it. */
  readonly stream: () => Duplex;
  readonly user: string;
  readonly database: string;
  readonly password?: string | undefined;
  readonly applicationName: string;
  /** Ends the login; later aborts have no effect. The caller also bounds the time with it. */
  readonly signal: AbortSignal;
  /** The stream is TLS. */
  readonly encrypted: boolean;
  /** Shown as `ServerInfo.product`; default `PostgreSQL`. */
  readonly product?: string;
  /**
   * Asks the server to stop what the session is doing. Resolves with `asked` once the request was delivered (the session then
   * waits for the server's answer), with `ended` when the server could only be stopped together with the session.
   */
  readonly cancel: (key: CancelKey) => Promise<'asked' | 'ended'>;
}

/** What one exchange sends: whole protocol messages that the server answers with one ReadyForQuery. */
export interface ExchangeRequest {
  readonly messages: readonly Buffer[];
  readonly extended: boolean;
  /** The person's text, in which error positions lie; null when there is none. */
  readonly text: string | null;
  /** Characters that stand before the text in what the server parses. */
  readonly textOffset?: number;
  readonly sink: ResultSink;
  /** The data of a COPY FROM STDIN. */
  readonly copySource?: AsyncIterable<Uint8Array>;
}

const stateOfStatus: Readonly<Record<string, TransactionState>> = { I: 'idle', T: 'open', E: 'failed' };

/** Exact text forms, independent of what the role or the database has set. The time zone stays the person's own. */
const sessionSettings = "SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1";
const serverFacts = `SELECT current_user, current_database(), pg_catalog.current_setting('server_version'),
  pg_catalog.current_setting('server_version_num'),
 pg_catalog.current_setting('is_superuser'), pg_catalog.current_setting('server_encoding'), pg_catalog.current_setting('TimeZone')`;

/**
 * Logs in over a connected stream and makes the session ready. Rejects with what stopped the login: pg's DatabaseError, the
 * stream's error, or the signal's reason.
 */
export async function openSession(options: SessionOptions): Promise<PostgresSession> {
  options.signal.throwIfAborted();
  const wire = new Wire(options.stream(), options);
  const key = { processId: 0, secretKey: 0 };
  wire.once('backendKeyData', (message: BackendKeyDataMessage) => {
    key.processId = message.processID;
    key.secretKey = message.secretKey;
  });
  const abort = (): void => wire.destroy();
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    await logIn(wire, options);
    const session = new PostgresSession(wire, key, options);
    await session.prepare();
    return session;
  } catch (thrown) {
    wire.destroy();
    throw options.signal.aborted ? options.signal.reason : thrown;
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

/** pg's Client knows all ways to authenticate; afterwards the session owns the wire and the Client is not used again. */
async function logIn(wire: Wire, options: SessionOptions): Promise<void> {
  const config: ClientConfig & { connection: Wire } = {
    connection: wire,
    user: options.user,
    database: options.database,
    // A function, so that neither PGPASSWORD nor a .pgpass file is asked behind the person's back.
    password: () => {
      if (options.password !== undefined && options.password !== '') return options.password;
      throw new AppError('connection_failed', 'The server asks for a password, and none is known.', {
        hint: 'Enter the password of this connection.',
        serverCode: '28P01',
      });
    },
    ssl: false,
    sslnegotiation: 'postgres',
  };
  const client = new Client(config);
  await new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.connect((error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

/** One server session over the wire protocol; see `Connection`. The other files of this folder use `exchange` as well. */
export class PostgresSession implements Connection, WireHandler, ExchangeHost {
  readonly types = new TypeNames();
  private info: ServerInfo;
  private state: TransactionState = 'idle';
  private current: Exchange | null = null;
  private interrupted: Interrupt | null = null;
  private lostBecause: AppError | null = null;
  private closing = false;
  /** What the server said outside of any exchange before it closed the line. */
  private lastWords: DatabaseError | null = null;
  private readonly lostListeners: ((reason: Error) => void)[] = [];

  constructor(
    private readonly wire: Wire,
    private readonly key: CancelKey,
    private readonly options: SessionOptions,
  ) {
    const { user, database, encrypted, product = 'PostgreSQL' } = options;
    this.info = { product, version: '', versionNumber: 0, user, database, superuser: false, encoding: '', timeZone: '', encrypted };
    wire.takeOver(this);
  }

  get server(): ServerInfo {
    return this.info;
  }

  get transaction(): TransactionState {
    return this.state;
  }

  /** The server's process, as pg_stat_activity names it. */
  get processId(): number {
    return this.key.processId;
  }

  /** Settings, server facts and the database's own types: one round trip after the login. */
  async prepare(): Promise<void> {
    const results = await this.readRows(`${sessionSettings}; ${serverFacts}; ${userTypesQuery}`, this.options.signal);
    const [user, database, version, versionNumber, superuser, encoding, timeZone] = results[0] ?? [];
    this.info = {
      ...this.info,
      user: user ?? this.info.user,
      database: database ?? this.info.database,
      version: (version ?? '').split(' ')[0] ?? '',
      versionNumber: Number(versionNumber),
      superuser: superuser === 'on',
      encoding: encoding ?? '',
      timeZone: timeZone ?? '',
    };
    this.types.learn(results.slice(1).map(userTypeFromRow));
  }

  run(statement: Statement, sink: ResultSink, options: RunOptions): Promise<void> {
    return this.exchange({ ...statementMessages(statement), text: statement.text, sink }, options).then(() => undefined);
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.exchange({ messages: [serialize.query('')], extended: false, text: null, sink: silentSink }, { signal });
  }

  /** All rows of all results of one of the program's own queries, as text. */
  async readRows(text: string, signal: AbortSignal, parameters?: readonly (string | null)[]): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = [];
    const sink: ResultSink = { ...silentSink, rows: (batch: RowBatch) => void rows.push(...decodeBatch(batch)) };
    await this.run(parameters === undefined ? { text } : { text, parameters }, sink, { signal });
    return rows;
  }

  /**
   * Sends messages and reads until the server is ready again. Rejects as `Connection.run` does. Resolves with `suspended` true
   * when a portal has more rows.
   */
  async exchange(request: ExchangeRequest, options: RunOptions): Promise<{ suspended: boolean }> {
    if (this.lostBecause !== null) throw this.lostBecause;
    if (this.current !== null)
      throw new AppError('busy', 'A statement already runs on this session.', { hint: 'Wait for it, or stop it.' });
    if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled before the statement was sent.');
    if (request.text?.includes('\0') === true)
      throw new AppError('bad_input', 'The text contains a NUL character, which PostgreSQL cannot read.', {
        position: request.text.indexOf('\0'),
      });

    const exchange = new Exchange(request.sink, this, request.extended, request.copySource ?? null);
    this.current = exchange;
    const interrupt = new Interrupt(exchange, {
      cancel: () => this.options.cancel(this.key),
      serverEnded: (toStatement) => this.lose(connectionLost(null, false), toStatement),
      undeliverable: (reason) => this.lose(reason),
    });
    this.interrupted = interrupt;
    const onAbort = (): void => interrupt.start('cancelled');
    options.signal.addEventListener('abort', onAbort, { once: true });
    const timeout = options.timeoutMs ?? 0;
    const timer = timeout > 0 ? setTimeout(() => interrupt.start('timeout'), timeout) : null;
    try {
      this.wire.write(...request.messages);
      const end = await exchange.ended;
      if (timer !== null) clearTimeout(timer);
      // A request to cancel that is still under way could hit the next statement.
      await interrupt.finished();
      return outcome(end, interrupt, request, timeout);
    } finally {
      if (timer !== null) clearTimeout(timer);
      interrupt.stop();
      options.signal.removeEventListener('abort', onAbort);
      this.current = null;
      this.interrupted = null;
    }
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    const busy = this.current !== null;
    if (this.lostBecause === null)
      this.lostBecause = new AppError('connection_lost', 'The session was closed.', { hint: 'Open it again.' });
    if (busy) this.wire.destroy();
    else await this.wire.goodbye();
  }

  /** Ends the session because its state cannot be trusted any more; listeners hear of it. */
  destroy(reason: AppError): void {
    this.lose(reason);
  }

  onLost(listener: (reason: Error) => void): void {
    if (this.lostBecause !== null && !this.closing) listener(this.lostBecause);
    else this.lostListeners.push(listener);
  }

  /** Part of ExchangeHost. */
  send(...messages: readonly Buffer[]): void {
    this.wire.write(...messages);
  }

  /** Part of ExchangeHost. */
  sendSlowly(...messages: readonly Uint8Array[]): Promise<void> {
    return this.wire.writeSlowly(...messages);
  }

  /** Part of ExchangeHost. */
  interrupt(): void {
    this.interrupted?.start('given up');
  }

  /** Part of ExchangeHost: a second exchange inside the ending of the first. */
  async lookUpTypes(oids: readonly number[]): Promise<void> {
    const outer = this.current;
    const rows: (string | null)[][] = [];
    const sink: ResultSink = { ...silentSink, rows: (batch) => void rows.push(...decodeBatch(batch)) };
    const inner = new Exchange(sink, this, false);
    this.current = inner;
    try {
      this.wire.write(serialize.query(typesByOidQuery(oids)));
      const end = await inner.ended;
      if (end.error === null) this.types.learn(rows.map(userTypeFromRow));
    } finally {
      this.current = outer;
    }
  }

  /** Part of WireHandler. */
  rows(bytes: Buffer, count: number): void | Promise<void> {
    return this.current?.rows(bytes, count);
  }

  /** Part of WireHandler. */
  message(message: BackendMessage): void {
    if (message.name === 'readyForQuery') this.ready(message as ReadyForQueryMessage);
    else if (message.name === 'parameterStatus') this.parameter(message as ParameterStatusMessage);
    else if (this.current !== null) this.current.message(message);
    else if (message.name === 'error') this.lastWords = message as DatabaseError & BackendMessage;
  }

  /** Part of WireHandler. */
  ended(error: Error | null): void {
    const reason = connectionLost(this.current?.serverError ?? this.lastWords ?? error, this.current !== null);
    // While a cancel is under way it decides: it may have ended the server on purpose.
    if (this.interrupted?.reason === undefined || this.interrupted.reason === null) this.lose(reason);
    else void this.interrupted.finished().then(() => this.lose(reason));
  }

  private ready(message: ReadyForQueryMessage): void {
    this.state = stateOfStatus[message.status] ?? 'idle';
    this.current?.ready(message);
  }

  private parameter(message: ParameterStatusMessage): void {
    const { parameterName, parameterValue } = message;
    if (parameterName === 'TimeZone') this.info = { ...this.info, timeZone: parameterValue };
    else if (parameterName === 'is_superuser') this.info = { ...this.info, superuser: parameterValue === 'on' };
  }

  private lose(reason: AppError, toStatement: AppError = reason): void {
    const first = this.lostBecause === null;
    this.lostBecause ??= reason;
    this.wire.destroy();
    this.current?.fail(this.closing ? this.lostBecause : toStatement);
    // The listeners may ask what state was lost.
    if (first && !this.closing) for (const listener of this.lostListeners) listener(reason);
    this.state = 'idle';
  }
}

/** The session behind a connection of this driver or of another one that is built on it. */
export function postgresSession(connection: Connection): PostgresSession {
  if (connection instanceof PostgresSession) return connection;
  throw new AppError('unsupported', 'This connection does not speak PostgreSQL’s protocol.');
}

/** A sink for what nobody looks at. */
export const silentSink: ResultSink = {
  columns: () => undefined,
  rows: () => undefined,
  notice: () => undefined,
  complete: () => undefined,
};

/** Without parameters the simple protocol, so that the text goes to the server as written; else the extended one. */
function statementMessages(statement: Statement): { messages: Buffer[]; extended: boolean } {
  const { text, parameters, parameterTypes } = statement;
  if (parameters === undefined || parameters.length === 0) return { messages: [serialize.query(text)], extended: false };
  return {
    messages: [...bindMessages(text, parameters, parameterTypes), serialize.describe({ type: 'P' }), serialize.execute(), serialize.sync()],
    extended: true,
  };
}

/** Parse and Bind of the unnamed statement and portal: text in, text out. */
export function bindMessages(text: string, parameters: readonly (string | null)[], types?: Statement['parameterTypes']): Buffer[] {
  return [serialize.parse({ text, types: parameterOids(types) }), serialize.bind({ values: [...parameters] })];
}

function outcome(end: ExchangeEnd, interrupt: Interrupt, request: ExchangeRequest, timeoutMs: number): { suspended: boolean } {
  if (end.sinkError !== null) throw end.sinkError;
  if (end.refusal !== null) throw end.refusal;
  const stopped = end.error?.code === '57014' || (end.error === null && end.dropped);
  if (stopped && interrupt.reason !== null) throw interruptionError(interrupt.reason, end.error, timeoutMs);
  if (end.error !== null) throw serverError(end.error, request.text, request.textOffset);
  return { suspended: end.suspended };
}

function interruptionError(reason: 'cancelled' | 'timeout' | 'given up', error: DatabaseError | null, timeoutMs: number): AppError {
  const rest = error?.code === undefined ? {} : { serverCode: error.code };
  if (reason === 'timeout')
    return new AppError('timeout', `Stopped after ${timeoutMs} ms, the time-out of this statement.`, {
      ...rest,
      hint: 'Allow more time, or make the statement cheaper.',
    });
  const words =
    error === null
      ? 'The server had finished the statement before it could be cancelled, so it took effect; the rest of its rows was dropped.'
      : 'Cancelled. The server has stopped the statement.';
  return new AppError('cancelled', words, rest);
}
