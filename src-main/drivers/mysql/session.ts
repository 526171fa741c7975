import type { Connection as Client, ResultSetHeader } from 'mysql2';
import type { ServerInfo, ServerTarget } from '../../../src-preload/contract/connections';
import { AppError } from '../../errors';
import type { Connection, ResultSink, RowBatch, RunOptions, Statement, TransactionState } from '../driver';
import { decodeBatch } from '../rows';
import { Execution, type ExecutionEnd } from './execution';
import { connectionLost, endingCodes, interruptedCode, isServerError, serverError, timeoutCodes } from './failures';

/** SERVER_STATUS_IN_TRANS of the protocol's status flags. */
const inTransaction = 1;
/** More warnings of one statement than anybody reads. */
const mostWarnings = 100;

/** A packet as the library's parser hands it on. */
interface Packet {
  isEOF(): boolean;
  eofStatusFlags(): number;
  eofWarningCount(): number;
}

type Reason = 'cancelled' | 'timeout' | 'given up';

export interface SessionOptions {
  readonly client: Client;
  readonly encrypted: boolean;
  readonly target: ServerTarget;
  /** Runs one statement on a second connection to the same server. */
  readonly onSecond: (text: string) => Promise<void>;
}

/** One server session of MySQL or MariaDB; see `Connection`. */
export class MysqlSession implements Connection {
  private info: ServerInfo;
  private state: TransactionState = 'idle';
  private warnings = 0;
  private current: Execution | null = null;
  private lostBecause: AppError | null = null;
  private closing = false;
  private readonly lostListeners: ((reason: Error) => void)[] = [];
  private readonly client: Client;

  constructor(private readonly options: SessionOptions) {
    const { client, encrypted, target } = options;
    this.client = client;
    this.info = { product: 'MySQL', version: '', versionNumber: 0, user: target.user, database: target.database, superuser: false, encoding: '', timeZone: '', encrypted };
    client.on('error', (error: Error) => this.lose(connectionLost(error, this.current !== null)));
    client.on('end', () => this.lose(connectionLost(null, this.current !== null)));
    this.watchStatus();
  }

  get server(): ServerInfo {
    return this.info;
  }

  get transaction(): TransactionState {
    return this.state;
  }

  get isMariaDb(): boolean {
    return this.info.product === 'MariaDB';
  }

  /** What the server is: one round trip after the login. */
  async prepare(signal: AbortSignal): Promise<void> {
    const text = `SELECT VERSION(), CURRENT_USER(), DATABASE(), @@character_set_connection, @@session.time_zone,
 EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'SUPER' AND REPLACE(GRANTEE, '''', '') = CURRENT_USER())`;
    const [row] = await this.readRows(text, signal);
    const [version, user, database, encoding, timeZone, superuser] = row ?? [];
    const [, major = '0', minor = '0', patch = '0'] = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(version ?? '') ?? [];
    this.info = {
      ...this.info,
      product: /mariadb/i.test(version ?? '') ? 'MariaDB' : 'MySQL',
      version: `${major}.${minor}.${patch}`,
      versionNumber: Number(major) * 10_000 + Number(minor) * 100 + Number(patch),
      user: user ?? this.info.user,
      database: database ?? this.info.database,
      superuser: superuser === '1',
      encoding: encoding ?? '',
      timeZone: timeZone ?? '',
    };
  }

  async run(statement: Statement, sink: ResultSink, options: RunOptions): Promise<void> {
    if (statement.parameters !== undefined && statement.parameters.length > 0) {
      throw new AppError('unsupported', 'Parameters cannot be sent to MySQL and MariaDB yet.', { hint: 'Write the values into the statement.' });
    }
    await this.exchange(statement.text, sink, options);
    if (this.warnings > 0 && !/SQL_CALC_FOUND_ROWS/i.test(statement.text)) await this.tellWarnings(sink, options.signal);
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.exchange('DO 0', silentSink, { signal });
  }

  /** All rows of one of the program's own queries, as text. */
  async readRows(text: string, signal: AbortSignal): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = [];
    await this.exchange(text, { ...silentSink, rows: (batch: RowBatch) => void rows.push(...decodeBatch(batch)) }, { signal });
    return rows;
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    const running = this.current;
    this.lostBecause ??= new AppError('connection_lost', 'The session was closed.', { hint: 'Open it again.' });
    if (running !== null) {
      // The server would go on with a statement whose client is gone.
      await this.options.onSecond(`KILL CONNECTION ${this.client.threadId}`).catch(() => undefined);
      this.client.destroy();
      running.fail(this.lostBecause);
    } else {
      await new Promise<void>((resolve) => this.client.end(() => resolve()));
    }
    this.state = 'idle';
  }

  /** Ends the session because its state cannot be trusted any more; listeners hear of it. */
  destroy(reason: AppError): void {
    this.lose(reason);
  }

  onLost(listener: (reason: Error) => void): void {
    if (this.lostBecause !== null && !this.closing) listener(this.lostBecause);
    else this.lostListeners.push(listener);
  }

  private async exchange(text: string, sink: ResultSink, options: RunOptions): Promise<void> {
    if (this.lostBecause !== null) throw this.lostBecause;
    if (this.current !== null) throw new AppError('busy', 'A statement already runs on this session.', { hint: 'Wait for it, or stop it.' });
    if (options.signal.aborted) throw new AppError('cancelled', 'Cancelled before the statement was sent.');
    this.warnings = 0;
    let reason: Reason | null = null;
    let killed: Promise<void> = Promise.resolve();
    const interrupt = (why: Reason): void => {
      if (reason !== null) return;
      reason = why;
      execution.discard();
      killed = this.options.onSecond(`KILL QUERY ${this.client.threadId}`).catch((thrown: unknown) => {
        const words = thrown instanceof Error ? thrown.message : String(thrown);
        this.lose(new AppError('connection_lost', `The statement could not be stopped, so its session was given up: ${words}`, { hint: 'It may still run on the server: look at its processes.' }));
      });
    };
    const execution = new Execution(this.client, text, sink, { sinkFailed: () => interrupt('given up'), header: (header) => this.noteHeader(header) });
    this.current = execution;
    const onAbort = (): void => interrupt('cancelled');
    options.signal.addEventListener('abort', onAbort, { once: true });
    const timeout = options.timeoutMs ?? 0;
    const timer = timeout > 0 ? setTimeout(() => interrupt('timeout'), timeout) : null;
    try {
      const end = await execution.ended;
      if (timer !== null) clearTimeout(timer);
      await killed;
      if (reason !== null) await this.swallowLateKill();
      this.judge(end, reason, execution, text, timeout);
    } finally {
      if (timer !== null) clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      this.current = null;
    }
  }

  /** A kill that came when the statement had ended would hit the next one. */
  private async swallowLateKill(): Promise<void> {
    if (this.lostBecause !== null) return;
    const execution = new Execution(this.client, 'DO 0', silentSink, { sinkFailed: () => undefined, header: (header) => this.noteHeader(header) });
    this.current = execution;
    await execution.ended;
  }

  private judge(end: ExecutionEnd, reason: Reason | null, execution: Execution, text: string, timeoutMs: number): void {
    const { error } = end;
    if (this.lostBecause !== null) throw this.lostBecause;
    if (execution.sinkError !== null) throw execution.sinkError;
    if (isServerError(error) && endingCodes.includes(error.errno)) {
      const lost = connectionLost(error, true);
      this.lose(lost);
      throw lost;
    }
    const stopped = isServerError(error) && error.errno === interruptedCode;
    // MySQL ends a SLEEP that is killed with a row. A change that was made before the kill came is no cancelled one.
    if (reason !== null && (stopped || (error === null && end.returnedRows))) throw this.stopped(reason, timeoutMs);
    if (error === null) return;
    if (isServerError(error) && timeoutCodes.includes(error.errno)) throw new AppError('timeout', error.message, { serverCode: String(error.errno) }, { cause: error });
    throw isServerError(error) ? serverError(error, text) : connectionLost(error, true);
  }

  private stopped(reason: Reason, timeoutMs: number): AppError {
    if (reason === 'timeout') return new AppError('timeout', `The statement was stopped after ${timeoutMs / 1000} s.`, { hint: 'Raise the time-out, or make the statement cheaper.' });
    return new AppError('cancelled', 'The statement was cancelled.');
  }

  private async tellWarnings(sink: ResultSink, signal: AbortSignal): Promise<void> {
    for (const [level, number, message] of await this.readRows(`SHOW WARNINGS LIMIT ${mostWarnings}`, signal)) {
      sink.notice({ severity: (level ?? 'Warning').toUpperCase(), message: message ?? '', ...(number ? { serverCode: number } : {}) });
    }
  }

  /** The library keeps the status flags of results with rows to itself; they stand in the EOF packet. */
  private watchStatus(): void {
    const parser = this.client as unknown as { handlePacket(packet?: Packet): void };
    const handle = parser.handlePacket.bind(this.client);
    parser.handlePacket = (packet) => {
      if (packet?.isEOF() === true) {
        this.state = (packet.eofStatusFlags() & inTransaction) === 0 ? 'idle' : 'open';
        this.warnings = packet.eofWarningCount();
      }
      handle(packet);
    };
  }

  /** Told by the header of a result without rows. */
  private noteHeader(header: ResultSetHeader): void {
    // Typed by the library as in its older versions, with only one of the two.
    const { serverStatus, warningStatus } = header as ResultSetHeader & { serverStatus?: number };
    this.state = ((serverStatus ?? 0) & inTransaction) === 0 ? 'idle' : 'open';
    this.warnings = warningStatus;
  }

  private lose(reason: AppError): void {
    const first = this.lostBecause === null;
    this.lostBecause ??= reason;
    this.client.destroy();
    this.current?.fail(this.lostBecause);
    if (first && !this.closing) for (const listener of this.lostListeners) listener(reason);
    this.state = 'idle';
  }
}

/** The session behind a connection of this driver. */
export function mysqlSession(connection: Connection): MysqlSession {
  if (connection instanceof MysqlSession) return connection;
  throw new AppError('unsupported', 'This connection does not speak MySQL’s protocol.');
}

const silentSink: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };
