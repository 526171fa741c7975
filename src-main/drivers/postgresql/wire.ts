import type { Duplex } from 'node:stream';
import { Connection as PgConnection } from 'pg';
import { serialize } from 'pg-protocol';
import type { BackendMessage } from 'pg-protocol/dist/messages.js';
import { Parser } from 'pg-protocol/dist/parser.js';
import { dataRowCode } from '../rows';

/** Receives what the server sends once a session owns the wire. */
export interface WireHandler {
  /** Any message but a DataRow. */
  message(message: BackendMessage): void;
  /** `count` whole DataRow messages, not parsed. Reading stops until a returned promise settles; it must not reject. */
  rows(bytes: Buffer, count: number): void | Promise<void>;
  /** The stream ended or broke; called once. */
  ended(error: Error | null): void;
}

/** What identifies the session in the startup packet. */
interface StartupParameters {
  readonly user: string;
  readonly database: string;
  readonly applicationName: string;
}

/** Bytes before a message's body: its code and its length. */
const messageHeader = 5;

/**
 * pg's Connection over a stream that is connected already, with a fast path: runs of whole DataRow messages are handed on as
 * slices of the chunk they came in, without parsing; all else goes through pg-protocol's parser. While pg's Client logs in,
 * messages are events as the Client expects them; after `takeOver` they go to the session alone.
 */
export class Wire extends PgConnection {
  private readonly parser = new Parser();
  private readonly startupParameters: StartupParameters;
  private handler: WireHandler | null = null;
  /** Chunks not yet worked on: the sink asked to wait. */
  private waiting: Buffer[] = [];
  private paused = false;
  /** The beginning of a message whose end has not arrived. */
  private partial: Buffer[] = [];
  private partialLength = 0;
  private failure: Error | null = null;
  private isOver = false;

  constructor(
    private readonly duplex: Duplex,
    parameters: StartupParameters,
  ) {
    super({ stream: () => duplex });
    this.startupParameters = parameters;
  }

  /** Called by pg's Client, which then waits for the event `connect`. */
  connect(): void {
    this.duplex.on('data', (chunk: Buffer) => this.receive(chunk));
    this.duplex.on('error', (error: Error) => {
      this.failure = error;
      if (this.handler === null) this.emit('error', error);
    });
    this.duplex.on('close', () => this.over());
    this.duplex.on('end', () => this.over());
    process.nextTick(() => this.emit('connect'));
  }

  /** Called by pg's Client; its own idea of the parameters would mix in environment variables. */
  startup(): void {
    const { user, database, applicationName } = this.startupParameters;
    this.write(serialize.startup({ user, database, application_name: applicationName }));
  }

  /** From here on all messages go to the handler. */
  takeOver(handler: WireHandler): void {
    this.handler = handler;
    if (this.isOver) handler.ended(this.failure);
  }

  /** Sends messages in one piece. */
  write(...messages: readonly Buffer[]): void {
    if (this.duplex.writable) this.duplex.write(messages.length === 1 ? messages[0] : Buffer.concat(messages));
  }

  /** Sends messages; resolves when the stream has room for more, or is closed. */
  writeSlowly(...messages: readonly Uint8Array[]): Promise<void> {
    const { duplex } = this;
    if (!duplex.writable) return Promise.resolve();
    duplex.cork();
    let room = true;
    for (const message of messages) room = duplex.write(message);
    duplex.uncork();
    // A turn for others: a fast file and a fast server must not hold the event loop between them.
    if (room) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const go = (): void => {
        duplex.off('drain', go);
        duplex.off('close', go);
        resolve();
      };
      duplex.once('drain', go);
      duplex.once('close', go);
    });
  }

  /** Says goodbye and closes; resolves when the stream is closed. */
  async goodbye(): Promise<void> {
    if (this.duplex.destroyed) return;
    const closed = new Promise<void>((resolve) => this.duplex.once('close', () => resolve()));
    this.duplex.end(serialize.end());
    // A server that does not close its side must not hold us; the stream's own buffers are flushed well within this time.
    const timer = setTimeout(() => this.duplex.destroy(), 1000);
    await closed;
    clearTimeout(timer);
  }

  /** Cuts the line at once. */
  destroy(): void {
    this.duplex.destroy();
  }

  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.duplex.destroy();
    // What came before the end is handed on first: the server's last words may be in it.
    if (!this.paused) this.tellEnd();
  }

  private tellEnd(): void {
    if (this.handler === null) this.emit('end');
    else this.handler.ended(this.failure);
  }

  private receive(chunk: Buffer): void {
    if (this.paused) this.waiting.push(chunk);
    else this.work(chunk);
  }

  /** Works on a chunk until its end or until the sink asks to wait. */
  private work(chunk: Buffer): void {
    let offset = this.partialLength > 0 ? this.completePartial(chunk) : 0;
    while (!this.paused && offset < chunk.length) {
      const next = this.step(chunk, offset);
      if (next === offset) {
        // A copy: the slices of this chunk belong to the sink, which may do with their memory as it likes.
        this.addPartial(Buffer.from(chunk.subarray(offset)));
        return;
      }
      offset = next;
    }
    if (this.paused && offset < chunk.length) this.waiting.unshift(chunk.subarray(offset));
  }

  /** Handles the run of rows, or the one other message, at `offset`; returns the offset behind it, or `offset` when it is not whole. */
  private step(chunk: Buffer, offset: number): number {
    let end = offset;
    let count = 0;
    while (end + messageHeader <= chunk.length && chunk[end] === dataRowCode) {
      const next = end + 1 + chunk.readUInt32BE(end + 1);
      if (next > chunk.length) break;
      end = next;
      count += 1;
    }
    if (count > 0) {
      this.deliverRows(offset === 0 && end === chunk.length ? chunk : chunk.subarray(offset, end), count);
      return end;
    }
    if (offset + messageHeader > chunk.length) return offset;
    end = offset + 1 + chunk.readUInt32BE(offset + 1);
    if (end > chunk.length) return offset;
    this.deliverMessage(chunk.subarray(offset, end));
    return end;
  }

  private addPartial(piece: Buffer): void {
    this.partial.push(piece);
    this.partialLength += piece.length;
  }

  /** Adds what belongs to the partial message; returns the offset in the chunk behind it. */
  private completePartial(chunk: Buffer): number {
    let taken = 0;
    if (this.partialLength < messageHeader) {
      taken = Math.min(messageHeader - this.partialLength, chunk.length);
      this.addPartial(chunk.subarray(0, taken));
      if (this.partialLength < messageHeader) return chunk.length;
    }
    if ((this.partial[0]?.length ?? 0) < messageHeader) this.partial = [Buffer.concat(this.partial)];
    const length = 1 + (this.partial[0]?.readUInt32BE(1) ?? 0);
    const end = Math.min(taken + length - this.partialLength, chunk.length);
    if (end > taken) this.addPartial(chunk.subarray(taken, end));
    if (this.partialLength < length) return chunk.length;
    const message = this.partial.length === 1 && this.partial[0] !== undefined ? this.partial[0] : Buffer.concat(this.partial);
    this.partial = [];
    this.partialLength = 0;
    if (message[0] === dataRowCode) this.deliverRows(message, 1);
    else this.deliverMessage(message);
    return end;
  }

  private deliverRows(bytes: Buffer, count: number): void {
    const wait = this.handler?.rows(bytes, count);
    if (wait === undefined) return;
    this.paused = true;
    this.duplex.pause();
    void wait.then(() => this.resume());
  }

  private deliverMessage(bytes: Buffer): void {
    this.parser.parse(bytes, (message) => {
      if (this.handler !== null) this.handler.message(message);
      else this.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
    });
  }

  private resume(): void {
    this.paused = false;
    while (!this.paused) {
      const chunk = this.waiting.shift();
      if (chunk === undefined) break;
      this.work(chunk);
    }
    if (this.paused) return;
    if (this.isOver) this.tellEnd();
    else this.duplex.resume();
  }
}
