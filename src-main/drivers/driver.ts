import type { Duplex } from 'node:stream';
import type { Capabilities, ConnectionTarget, Engine, ServerInfo } from '../../src-preload/contract/connections';
import type { Column, Notice } from '../../src-preload/contract/queries';
import type { ActivityDriver } from './activity';
import type { ExplainLane, ExplainResult } from './explain';
import type { Introspector } from './introspect';
import type { RolesDriver } from './roles';
import type { StructureDriver } from './structure';

/** One engine. Every piece beside `connect` is optional; `capabilities` says why it is missing. */
export interface Driver {
  readonly engine: Engine;
  readonly capabilities: Capabilities;
  /**
   * Opens one server session. Rejects with AppError `connection_failed` (message from the server, hint what to try),
   * `busy` or `timeout`; `cancelled` when the signal aborts.
   */
  connect(target: ConnectTarget, options: ConnectOptions): Promise<Connection>;
  readonly introspect?: Introspector;
  /** `lane` is `planned` unless said otherwise. */
  readonly explain?: (connection: Connection, text: string, signal: AbortSignal, lane?: ExplainLane) => Promise<ExplainResult>;
  readonly readOnly?: ReadOnlyLane;
  /**
   * Runs one `COPY ... FROM STDIN` and sends the source as its data, in the format that the statement names, no faster than the
   * server takes it. Resolves with the rows that the server counted. What the source throws ends the copy on the server and becomes the
   * rejection; else rejects as `Connection.run`. After a failure nothing of the statement has taken effect.
   */
  readonly copyIn?: (connection: Connection, text: string, source: AsyncIterable<Uint8Array>, options: RunOptions) => Promise<number>;
  readonly structure?: StructureDriver;
  readonly activity?: ActivityDriver;
  readonly roles?: RolesDriver;
}

/** A profile's target together with its secret; lives only as long as the call that connects. */
export interface ConnectTarget {
  readonly target: ConnectionTarget;
  readonly password?: string | undefined;
  /** Of the client certificate's key. */
  readonly keyPassphrase?: string | undefined;
}

export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** Shown in the server's session list, for example `ai-shell editor`. */
  readonly applicationName: string;
  /** Milliseconds; default 15,000. */
  readonly connectTimeoutMs?: number;
  /** How to reach the server; absent, it is reached from this machine's own network. */
  readonly dial?: Dial | undefined;
}

/** Of a server's port, or of its Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Opens a stream to an address, nothing sent yet. Rejects with AppError `connection_failed`, or the signal's reason. */
export type Dial = (address: Address, signal: AbortSignal) => Promise<Duplex>;

/** One server session; runs one statement at a time. */
export interface Connection {
  readonly server: ServerInfo;
  /** State of the transaction as the server last reported it. */
  readonly transaction: TransactionState;
  /**
   * Sends the text as written and streams what comes back into the sink, awaiting `sink.rows` (back-pressure).
   * Rejects with AppError: `server_error` (serverCode, position), `cancelled`, `timeout`, `connection_lost`, `busy` when a
   * statement already runs. Aborting cancels on the server over a second connection and the promise settles when the
   * server has stopped, not before.
   */
  run(statement: Statement, sink: ResultSink, options: RunOptions): Promise<void>;
  ping(signal: AbortSignal): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
  /** Called once when the session ends for any reason other than `close()`. */
  onLost(listener: (reason: Error) => void): void;
}

export type TransactionState = 'idle' | 'open' | 'failed';

export interface Statement {
  readonly text: string;
  /** Parameters as the engine's text form; NULL is null. With parameters, the text must be one statement. */
  readonly parameters?: readonly (string | null)[];
  /** The parameters' types by the names of the contract; null, or absent, lets the server infer one. */
  readonly parameterTypes?: readonly (string | null)[];
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Milliseconds after which the statement is cancelled on the server; 0 or absent: none. */
  readonly timeoutMs?: number;
}

/**
 * Receives what a statement returns. For each result: `columns` (absent for statements without rows), any number of `rows`,
 * then `complete`. Notices come at any time.
 */
export interface ResultSink {
  columns(columns: readonly Column[]): void;
  /** The driver waits for the promise before it reads on. The bytes belong to the sink from here on. */
  rows(batch: RowBatch): void | Promise<void>;
  notice(notice: Notice): void;
  complete(result: { command: string; rowsAffected: number | null }): void;
}

/**
 * A run of whole rows, each encoded as a PostgreSQL v3 DataRow message (also for other engines): byte 'D', int32 length of
 * what follows including itself, int16 number of columns, then for each column int32 byte length (-1 is NULL) and that many
 * bytes of text. All integers big-endian. Source: PostgreSQL manual, "Message Formats", DataRow.
 * See `rows.ts` for writing and reading it.
 */
export interface RowBatch {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Server-held limits of the read-only lane; the parser's layers stand in `guard/` and come first. */
export interface ReadOnlyLane {
  /**
   * Runs one statement inside a transaction that is read-only, has the limits' time-outs, is fetched by a server cursor (portal)
   * and is always rolled back. Uses the extended protocol, so a text of several statements is rejected by the server.
   * The connection must be idle and belong to the lane.
   */
  run(connection: Connection, statement: Statement, sink: ResultSink, limits: ReadOnlyLimits, signal: AbortSignal): Promise<ReadOnlyOutcome>;
}

export interface ReadOnlyLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Longer cells are cut at a character border; the outcome says so. */
  readonly maxCellBytes: number;
}

export interface ReadOnlyOutcome {
  readonly rows: number;
  /** Which limit cut the result short, if any. */
  readonly truncatedBy: 'rows' | 'bytes' | null;
  readonly cellsCut: number;
}
