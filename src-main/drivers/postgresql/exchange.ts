import { type DatabaseError, serialize } from 'pg-protocol';
import type {
  BackendMessage,
  CommandCompleteMessage,
  Field,
  NoticeMessage,
  NotificationResponseMessage,
  ReadyForQueryMessage,
  RowDescriptionMessage,
} from 'pg-protocol/dist/messages.js';
import type { Column, Notice } from '../../../src-preload/contract/queries';
import { AppError } from '../../errors';
import type { ResultSink, RowBatch } from '../driver';
import type { TypeNames } from './types';

/** How an exchange with the server ended, before anybody judges whether that is good. */
export interface ExchangeEnd {
  /** The server's error, if it reported one. */
  readonly error: DatabaseError | null;
  /** What our own sink threw, if it did. */
  readonly sinkError: Error | null;
  /** What the person must be told instead of a result, such as COPY without data. */
  readonly refusal: AppError | null;
  /** Rows were thrown away because the exchange was given up. */
  readonly dropped: boolean;
  /** The portal has more rows. */
  readonly suspended: boolean;
}

/** What an exchange asks of its session. */
export interface ExchangeHost {
  readonly types: TypeNames;
  send(...messages: readonly Buffer[]): void;
  /** Stops the server's work: nobody wants its result any more. */
  interrupt(): void;
  /** Reads unknown types once the server is idle again. */
  lookUpTypes(oids: readonly number[]): Promise<void>;
  /** Sends messages and resolves when there is room for more, or the line is gone. */
  sendSlowly(...messages: readonly Uint8Array[]): Promise<void>;
}

type HeldCall =
  | { kind: 'columns'; fields: readonly Field[] }
  | { kind: 'rows'; batch: RowBatch }
  | { kind: 'complete'; command: string; rowsAffected: number | null };

/** Results whose columns have types unknown to the session are held back, up to this size, until the types can be looked up. */
const holdLimit = 4 * 1024 * 1024;

/** Commands after which a type may have another name than the session has learned. */
const renamesTypes = /^ALTER (TYPE|TABLE|DOMAIN|SCHEMA)$/;

/** From sending to ReadyForQuery: turns the server's messages into calls of a sink. */
export class Exchange {
  /** Settles at ReadyForQuery; rejects only when the session is lost. */
  readonly ended: Promise<ExchangeEnd>;
  private settle: (end: ExchangeEnd) => void = () => undefined;
  private reject: (reason: AppError) => void = () => undefined;
  private error: DatabaseError | null = null;
  private sinkError: Error | null = null;
  private refusal: AppError | null = null;
  private dropped = false;
  private givenUp = false;
  private suspended = false;
  private held: HeldCall[] = [];
  private heldBytes = 0;
  /** Types that results are held back for. */
  private readonly unknown = new Set<number>();
  /** Types to read once the server is idle, also when a result was too large to be held back for them. */
  private readonly wanted = new Set<number>();
  private hasColumns = false;
  private releaseReader: (() => void) | null = null;

  /** `extended` says which protocol the messages that were sent belong to. */
  constructor(
    private readonly sink: ResultSink,
    private readonly host: ExchangeHost,
    private readonly extended: boolean,
    /** The data of a COPY FROM STDIN; null where none may be asked for. */
    private readonly copySource: AsyncIterable<Uint8Array> | null = null,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.reject = reject;
    });
  }

  /** The error that the server reported so far. */
  get serverError(): DatabaseError | null {
    return this.error;
  }

  /** From here on rows are read and thrown away: the statement is being cancelled. */
  giveUp(): void {
    this.givenUp = true;
    if (this.held.length > 0) this.dropped = true;
    this.held = [];
    this.unknown.clear();
    this.releaseReader?.();
  }

  /** The session is gone. */
  fail(reason: AppError): void {
    this.giveUp();
    this.reject(reason);
  }

  rows(bytes: Buffer, count: number): void | Promise<void> {
    if (this.givenUp) {
      this.dropped = true;
      return;
    }
    const batch: RowBatch = { bytes, count };
    if (this.unknown.size > 0) {
      this.held.push({ kind: 'rows', batch });
      this.heldBytes += bytes.length;
      return this.heldBytes > holdLimit ? this.guard(this.release()) : undefined;
    }
    return this.guarded(() => this.sink.rows(batch));
  }

  message(message: BackendMessage): void {
    switch (message.name) {
      case 'rowDescription':
        return this.columns((message as RowDescriptionMessage).fields);
      case 'commandComplete':
        return this.complete((message as CommandCompleteMessage).text);
      case 'emptyQuery':
        return this.complete('');
      case 'portalSuspended':
        this.suspended = true;
        return;
      case 'error':
        this.error ??= message as DatabaseError & BackendMessage;
        return;
      case 'notice':
        return this.call(() => this.sink.notice(noticeOf(message as NoticeMessage)));
      case 'notification':
        return this.call(() => this.sink.notice(notificationNotice(message as NotificationResponseMessage)));
      case 'copyInResponse':
        if (this.copySource !== null) return void this.sendCopy(this.copySource);
        this.refuse(
          'COPY ... FROM STDIN needs a file of data, which a statement in the editor does not have.',
          'Import the file instead, or use psql’s \\copy.',
        );
        // In copy mode the server ignored the Sync that we sent with the statement.
        return this.host.send(serialize.copyFail('the client sends no data'), ...(this.extended ? [serialize.sync()] : []));
      case 'copyOutResponse':
        this.refuse('COPY ... TO STDOUT would send a file, which the editor cannot show.', 'Run the SELECT and export its result instead.');
        return this.host.interrupt();
      default:
        return;
    }
  }

  /** The server is idle again. */
  ready(message: ReadyForQueryMessage): void {
    const end = (): void => {
      const { error, sinkError, refusal, dropped, suspended } = this;
      this.settle({ error, sinkError, refusal, dropped, suspended });
    };
    if (this.wanted.size === 0) return end();
    // In a failed transaction nothing can be read.
    const known = message.status === 'E' ? Promise.resolve() : this.host.lookUpTypes([...this.wanted]);
    void this.guard(known.then(() => this.release())).then(end);
  }

  private columns(fields: readonly Field[]): void {
    this.hasColumns = true;
    if (this.givenUp) {
      this.dropped = true;
      return;
    }
    for (const { dataTypeID, dataTypeModifier } of fields) {
      if (this.host.types.find(dataTypeID, dataTypeModifier) !== null) continue;
      this.unknown.add(dataTypeID);
      this.wanted.add(dataTypeID);
    }
    if (this.unknown.size > 0) this.held.push({ kind: 'columns', fields });
    else this.call(() => this.sink.columns(fields.map((field) => this.column(field))));
  }

  private complete(tag: string): void {
    const result = commandResult(tag, this.hasColumns);
    if (renamesTypes.test(result.command)) this.host.types.forget();
    this.hasColumns = false;
    if (this.sinkError !== null || this.refusal !== null || this.dropped) return;
    if (this.held.length > 0) this.held.push({ kind: 'complete', ...result });
    // Also while being cancelled: what finished before the request arrived took effect, and its end must be known.
    else void this.guarded(() => this.sink.complete(result));
  }

  private column(field: Field): Column {
    const type = this.host.types.find(field.dataTypeID, field.dataTypeModifier);
    const source = field.tableID > 0 && field.columnID > 0 ? { relation: field.tableID, attribute: field.columnID } : null;
    return { name: field.name, type: type?.name ?? `type ${field.dataTypeID}`, family: type?.family ?? 'other', source };
  }

  /** Hands on what was held back. */
  private async release(): Promise<void> {
    const held = this.held;
    this.held = [];
    this.heldBytes = 0;
    this.unknown.clear();
    for (const item of held) {
      if (this.givenUp) return;
      if (item.kind === 'columns') this.sink.columns(item.fields.map((field) => this.column(field)));
      else if (item.kind === 'rows') await this.sink.rows(item.batch);
      else this.sink.complete({ command: item.command, rowsAffected: item.rowsAffected });
    }
  }

  /** Never rejects. The server drops what comes after its own error, so that sending may stop at any message. */
  private async sendCopy(source: AsyncIterable<Uint8Array>): Promise<void> {
    let failure: string | null = null;
    try {
      for await (const chunk of source) {
        if (this.givenUp || this.error !== null) break;
        await this.host.sendSlowly(copyDataHeader(chunk.length), chunk);
        if (this.givenUp || this.error !== null) break;
      }
      if (this.givenUp) failure = 'the import was stopped';
    } catch (thrown) {
      this.sinkError ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      failure = 'the source of the data failed';
    }
    this.host.send(failure === null ? serialize.copyDone() : serialize.copyFail(failure));
  }

  private refuse(message: string, hint: string): void {
    this.refusal ??= new AppError('unsupported', message, { hint });
    this.giveUp();
  }

  private call(work: () => void): void {
    if (this.givenUp) return;
    void this.guarded(work);
  }

  /** Runs a call of the sink. An error of the sink stops the server's work and becomes the exchange's. */
  private guarded(work: () => void | Promise<void>): void | Promise<void> {
    try {
      const wait = work();
      return wait instanceof Promise ? this.guard(wait) : undefined;
    } catch (thrown) {
      this.sinkFailed(thrown);
    }
  }

  /** Never rejects, and settles at once when the exchange is given up: a sink that hangs cannot hold a cancel. */
  private guard(wait: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      this.releaseReader = resolve;
      if (this.givenUp) resolve();
      wait.catch((thrown: unknown) => this.sinkFailed(thrown)).finally(resolve);
    });
  }

  private sinkFailed(thrown: unknown): void {
    this.sinkError ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    this.giveUp();
    this.host.interrupt();
  }
}

/**
 * Reads a command tag such as `INSERT 0 5`, `SELECT 10`, `CREATE TABLE`. The count of a statement that only returned its rows
 * affected none. Source: the manual, CommandComplete.
 */
export function commandResult(tag: string, returnedRows: boolean): { command: string; rowsAffected: number | null } {
  const match = /^(.*?)(?: (\d+))?(?: (\d+))?$/s.exec(tag);
  const command = match?.[1] ?? tag;
  const count = match?.[3] ?? match?.[2];
  const read = returnedRows && (command === 'SELECT' || command === 'FETCH');
  return { command, rowsAffected: count === undefined || read ? null : Number(count) };
}

/** What stands before the bytes of one CopyData message. Source: the manual, "Message Formats". */
function copyDataHeader(length: number): Buffer {
  const header = Buffer.allocUnsafe(5);
  header[0] = 0x64;
  header.writeUInt32BE(length + 4, 1);
  return header;
}

function noticeOf(message: NoticeMessage): Notice {
  return {
    severity: message.severity ?? 'NOTICE',
    message: message.message ?? '',
    ...(message.detail === undefined ? {} : { detail: message.detail }),
    ...(message.hint === undefined ? {} : { hint: message.hint }),
    ...(message.code === undefined ? {} : { serverCode: message.code }),
  };
}

/** What another session sent with NOTIFY to a channel that this one listens to. */
function notificationNotice(message: NotificationResponseMessage): Notice {
  return {
    severity: 'NOTIFY',
    message: `${message.channel}: ${message.payload}`,
    detail: `From the session with process ${message.processId}.`,
  };
}
