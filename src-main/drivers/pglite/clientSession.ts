import type { Duplex } from 'node:stream';
import { BackendGone, type Backend, type RunResult } from './backend';
import {
  authenticationOk,
  backendKey,
  errorResponse,
  FrameSplitter,
  message,
  parameterStatus,
  readOpening,
  readyForQuery,
  type Frame,
  type Startup,
  type WireError,
  type WireStatus,
} from './protocol';
import type { Residue, SessionSettings } from './workerMessages';

/** What a session asks of the host that owns the backend. */
export interface SessionHost {
  /** Rejects with a Refusal. */
  acquire(session: ClientSession): Promise<Backend>;
  release(session: ClientSession, status: WireStatus): void;
  /** The words to tell a session whose statement ended with the backend. */
  explainLoss(session: ClientSession, loss: BackendGone): WireError;
  cancel(processId: number, secret: number): void;
  /** The backend did not finish a statement; it cannot be used any more. */
  broken(backend: Backend): void;
  /** The client may use the database now. */
  greeting(): Readonly<Record<string, string>>;
  settled(session: ClientSession, residue: Residue): void;
  left(session: ClientSession): void;
}

/** A statement may not be sent, or not any more; the session itself lives on. */
export class Refusal extends Error {
  constructor(readonly error: WireError) {
    super(error.message);
    this.name = 'Refusal';
  }
}

/** Messages after which the server answers with ReadyForQuery: Query, FunctionCall, Sync. */
const cycleEnds = ['Q', 'F', 'S'];
/** What a startup packet says beside settings. */
const notSettings = ['user', 'database', 'options', 'replication'];
/** CopyData, CopyDone, CopyFail. */
const copyMessages = ['d', 'c', 'f'];
/**
 * A COPY FROM STDIN reads its data at once, and PGlite exits when there is none: so that every statement which could be one is
 * followed by CopyFail, which a server that does not copy ignores (PostgreSQL's manual, "COPY Operations").
 */
const copyFail = message('f', Buffer.from('COPY FROM STDIN does not work on the embedded database\0'));

/**
 * One client of the embedded database: answers its startup packet as a server would, sends its statements when its turn has come
 * and hands the replies back. Lives until either side closes the stream.
 */
export class ClientSession {
  settings: SessionSettings = { values: {}, role: 'none', sessionUser: 'postgres' };
  /** What this session has in the backend that could not be put back after a restart. */
  residue = 0;
  name = 'a session';
  private readonly splitter = new FrameSplitter();
  private working = false;
  private started = false;
  private over = false;
  private batch: Buffer[] = [];
  /** After an error, everything up to the next Sync is dropped. */
  private skipping = false;
  /** Syncs that a client sends after a COPY that asked for data; the backend has seen one in their place. */
  private syncsToDrop = 0;
  private status: WireStatus = 'I';
  /** The one that works on the running cycle. */
  private backend: Backend | null = null;

  constructor(
    private readonly host: SessionHost,
    readonly stream: Duplex,
    /** Unique in this process; the client's process id in the sense of the protocol. */
    readonly id: number,
    readonly secret: number,
  ) {
    stream.on('data', (chunk: Buffer) => {
      this.splitter.push(chunk);
      void this.work();
    });
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.leave());
    stream.on('end', () => this.leave());
  }

  get transactionOpen(): boolean {
    return this.status !== 'I';
  }

  get running(): boolean {
    return this.backend !== null;
  }

  get closed(): boolean {
    return this.over;
  }

  /** Asks the running statement to stop at its next row. */
  interrupt(): void {
    this.backend?.interrupt();
  }

  /** Ends the backend that works on the running statement. */
  stopBackend(reason: string): void {
    void this.backend?.stop(reason);
  }

  /** Ends the session with the server's last words. */
  end(error: WireError): void {
    if (this.over) return;
    if (this.stream.writable) this.stream.end(errorResponse({ ...error, severity: 'FATAL' }));
    this.leave();
  }

  private leave(): void {
    if (this.over) return;
    this.over = true;
    this.host.left(this);
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      for (let frame = this.splitter.next(); frame !== null && !this.over; frame = this.splitter.next()) await this.take(frame);
    } catch (thrown) {
      this.end({ severity: 'FATAL', code: '08P01', message: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      this.working = false;
    }
  }

  private async take(frame: Frame): Promise<void> {
    if (!this.started) {
      this.open(frame.bytes);
      return;
    }
    if (frame.type === 'X') {
      this.stream.end();
      this.leave();
      return;
    }
    if (copyMessages.includes(frame.type) || this.dropSync(frame) || this.skip(frame)) return;
    if (frame.type === 'S' || frame.type === 'H') this.batch.push(copyFail);
    this.batch.push(frame.bytes);
    if (frame.type === 'Q') this.batch.push(copyFail);
    if (frame.type === 'H' || cycleEnds.includes(frame.type)) await this.send(frame.type);
  }

  private dropSync(frame: Frame): boolean {
    if (frame.type !== 'S' || this.syncsToDrop === 0 || this.running || this.batch.length > 0) return false;
    this.syncsToDrop -= 1;
    return true;
  }

  private skip(frame: Frame): boolean {
    if (!this.skipping) return false;
    if (frame.type === 'S') {
      this.skipping = false;
      void this.reply(readyForQuery(this.status));
    }
    return true;
  }

  private open(packet: Buffer): void {
    const opening = readOpening(packet);
    if (opening.kind === 'encryption') {
      void this.reply(Buffer.from('N'));
    } else if (opening.kind === 'cancel') {
      this.host.cancel(opening.processId, opening.secret);
      this.stream.end();
      this.leave();
    } else {
      this.start(opening);
    }
  }

  private start({ parameters }: Startup): void {
    this.started = true;
    this.splitter.start();
    const { application_name: name = '' } = parameters;
    if (name !== '') this.name = name;
    const settings = Object.entries(parameters).filter(([key]) => !notSettings.includes(key));
    const values = { ...Object.fromEntries(settings), application_name: name };
    this.settings = { ...this.settings, values };
    const known = Object.entries({ ...this.host.greeting(), ...values });
    void this.reply(Buffer.concat([authenticationOk(), ...known.map(([key, value]) => parameterStatus(key, value)), backendKey(this.id, this.secret), readyForQuery('I')]));
  }

  /** Sends what was gathered, and waits until the backend has worked it off. `last` is the type of the message that asked for it. */
  private async send(last: string): Promise<void> {
    const bytes = Buffer.concat(this.batch);
    this.batch = [];
    try {
      const backend = this.backend ?? (await this.host.acquire(this));
      this.backend = backend;
      const result = await backend.run(this.id, this.settings, bytes, (chunk) => this.reply(chunk));
      await this.finish(backend, result, last);
    } catch (thrown) {
      this.fail(thrown, last);
    }
  }

  private async finish(backend: Backend, result: RunResult, last: string): Promise<void> {
    if (result.copyIn && last === 'S') this.syncsToDrop += 1;
    if (result.status === null) {
      if (!cycleEnds.includes(last)) return;
      this.host.broken(backend);
      throw new BackendGone('PostgreSQL did not finish the statement', '');
    }
    this.status = result.status;
    if (result.settled) {
      try {
        const { settings, residue } = await result.settled;
        this.settings = settings;
        this.host.settled(this, residue);
      } catch {
        // The statement is done and told; whoever comes next meets the new backend.
        this.residue = 0;
      }
    }
    this.backend = null;
    this.host.release(this, result.status);
  }

  private fail(thrown: unknown, last: string): void {
    if (thrown instanceof Refusal) this.refuse(thrown.error, last);
    else if (thrown instanceof BackendGone) {
      const words = this.host.explainLoss(this, thrown);
      this.status = 'I';
      this.residue = 0;
      this.backend = null;
      this.host.release(this, 'I');
      if (words.severity === 'FATAL') this.end(words);
      else this.refuse(words, last);
    } else throw thrown;
  }

  private refuse(error: WireError, last: string): void {
    void this.reply(errorResponse(error));
    if (cycleEnds.includes(last)) void this.reply(readyForQuery(this.status));
    else this.skipping = true;
  }

  /** Resolves when the client has taken the bytes, or will take none any more. */
  private reply(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.stream.writable) this.stream.write(bytes, () => resolve());
      else resolve();
    });
  }
}
