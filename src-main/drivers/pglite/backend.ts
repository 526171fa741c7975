import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors';
import { workerUrl } from '../../workers';
import { shared, type FromWorker, type Residue, type SessionSettings, type WorkerInput } from './workerMessages';

/** Why a backend is gone: somebody stopped it, or it ended by itself. */
export class BackendGone extends Error {
  constructor(
    message: string,
    readonly log: string,
  ) {
    super(message);
    this.name = 'BackendGone';
  }
}

/** Takes a chunk of whole messages; the promise (or its absence) says when the client has taken it. */
export type ReplySink = (bytes: Buffer) => Promise<void>;

export interface RunResult {
  /** Null: the client has not asked to synchronise yet. */
  readonly status: 'I' | 'T' | 'E' | null;
  /** A COPY asked for data. */
  readonly copyIn: boolean;
  /** Comes after a status I, when the backend has said what the session has set. */
  readonly settled: Promise<{ settings: SessionSettings; residue: Residue }> | null;
}

interface Running {
  readonly sink: ReplySink;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
}

interface Settling {
  readonly resolve: (state: { settings: SessionSettings; residue: Residue }) => void;
  readonly reject: (error: Error) => void;
}

/** One worker thread with one PostgreSQL backend in it. Runs one order at a time; once it is gone it stays gone. */
export class Backend {
  /** Settles when the thread has ended, for whatever reason. */
  readonly gone: Promise<BackendGone>;
  greeting: Buffer = Buffer.alloc(0);
  private readonly worker: Worker;
  private readonly cells: Int32Array;
  private running: Running | null = null;
  private settling: Settling | null = null;
  private end: BackendGone | null = null;
  private isOpen = false;
  private opened: { resolve: () => void; reject: (error: Error) => void } | null = null;
  private closed: (() => void) | null = null;
  private closing = false;
  private idle: (() => void) | null = null;
  private announceGone: (reason: BackendGone) => void = () => undefined;

  private constructor(private readonly folder: string, fsync: boolean) {
    const memory = new SharedArrayBuffer(shared.cells * Int32Array.BYTES_PER_ELEMENT);
    this.cells = new Int32Array(memory);
    this.gone = new Promise((resolve) => (this.announceGone = resolve));
    const input: WorkerInput = { folder, fsync, shared: memory };
    this.worker = new Worker(workerUrl('pglite'), { workerData: input, stdout: true, stderr: true });
    this.worker.on('message', (news: FromWorker) => this.hear(news));
    this.worker.on('error', (error: NodeJS.ErrnoException) => this.finish(new BackendGone(error.message, ''), error.code));
    this.worker.on('exit', (code) => this.finish(new BackendGone(`its thread ended with status ${code}`, '')));
  }

  /**
   * Starts PostgreSQL on a folder that nobody else has open; an empty folder gets a new database. Rejects with AppError
   * `connection_failed`, `disk` when the system refuses the files, `cancelled` when the signal aborts.
   */
  static async open(folder: string, options: { fsync: boolean; signal?: AbortSignal }): Promise<Backend> {
    options.signal?.throwIfAborted();
    const backend = new Backend(folder, options.fsync);
    const abort = (): void => void backend.stop('cancelled');
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => (backend.opened = { resolve, reject }));
      // From here on the thread alone does not keep the program running.
      backend.worker.unref();
      return backend;
    } catch (thrown) {
      await backend.stop('could not be opened');
      if (options.signal?.aborted === true) throw new AppError('cancelled', 'Cancelled while the embedded database was opening.', {}, { cause: thrown });
      throw thrown;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** Sends messages of one session. Rejects with BackendGone. */
  run(session: number, settings: SessionSettings, bytes: Uint8Array, sink: ReplySink): Promise<RunResult> {
    if (this.end) return Promise.reject(this.end);
    return new Promise((resolve, reject) => {
      this.running = { sink, resolve, reject };
      this.worker.ref();
      this.worker.postMessage({ kind: 'run', bytes, session, settings });
    });
  }

  /** Asks the running statement to stop. Nothing happens before it returns rows again. */
  interrupt(): void {
    Atomics.store(this.cells, shared.cancel, 1);
    Atomics.notify(this.cells, shared.inFlight);
  }

  /** Ends the thread at once, in the middle of whatever it does; to PostgreSQL that is a crash, which it recovers from. */
  async stop(reason: string): Promise<void> {
    this.finish(new BackendGone(reason, ''));
    await this.worker.terminate();
  }

  /** Shuts PostgreSQL down in order, once what runs is done; what takes longer than a moment is cut off. Idempotent. */
  async close(): Promise<void> {
    if (this.running) await this.idleSoon();
    if (!this.end && !this.running) {
      const gone = this.gone.then(() => undefined);
      const closed = new Promise<void>((resolve) => (this.closed = resolve));
      this.closing = true;
      this.worker.ref();
      this.worker.postMessage({ kind: 'close' });
      await Promise.race([closed, gone]);
    }
    await this.stop('closed');
  }

  /** Resolves when nothing runs any more, or when that takes too long. */
  private idleSoon(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private hear(news: FromWorker): void {
    switch (news.kind) {
      case 'open':
        this.isOpen = true;
        this.greeting = Buffer.from(news.greeting.buffer, news.greeting.byteOffset, news.greeting.byteLength);
        this.opened?.resolve();
        return;
      case 'openFailed':
        this.opened?.reject(openError(this.folder, news));
        return;
      case 'data':
        this.deliver(news.bytes);
        return;
      case 'ran':
        this.ran(news);
        return;
      case 'settled':
        this.settling?.resolve(news);
        this.settling = null;
        this.rest();
        return;
      case 'died':
        void this.die(new BackendGone(news.message, news.log));
        return;
      case 'closed':
        this.closed?.();
        return;
    }
  }

  private deliver(bytes: Uint8Array): void {
    const taken = (): void => {
      Atomics.sub(this.cells, shared.inFlight, bytes.byteLength);
      Atomics.notify(this.cells, shared.inFlight);
    };
    const { running } = this;
    if (running) void running.sink(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).finally(taken);
    else taken();
  }

  private ran({ status, copyIn }: { status: RunResult['status']; copyIn: boolean }): void {
    const { running } = this;
    this.running = null;
    this.idle?.();
    if (status !== 'I') {
      this.rest();
      running?.resolve({ status, copyIn, settled: null });
      return;
    }
    const settled = new Promise<{ settings: SessionSettings; residue: Residue }>((resolve, reject) => (this.settling = { resolve, reject }));
    // Whoever does not wait for it must not be hurt when the backend ends meanwhile.
    settled.catch(() => undefined);
    running?.resolve({ status, copyIn, settled });
  }

  /** A thread that waits for orders does not keep the program running; one that works, perhaps already on the next order, or ends does. */
  private rest(): void {
    if (!this.closing && !this.running && !this.end) this.worker.unref();
  }

  private async die(reason: BackendGone): Promise<void> {
    this.finish(reason);
    await this.worker.terminate();
  }

  private finish(reason: BackendGone, errno?: string): void {
    if (this.end) return;
    this.end = reason;
    // First, so that the owner has a new backend before anybody asks for one.
    this.announceGone(reason);
    if (!this.isOpen) this.opened?.reject(openError(this.folder, { message: reason.message, log: reason.log, errno: errno ?? null }));
    this.running?.reject(reason);
    this.idle?.();
    this.settling?.reject(reason);
    this.running = null;
    this.settling = null;
  }
}

/** Errors of the system, not of the database's files: nothing is wrong with the folder itself. */
const systemErrors = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM'];
/** How long a shutdown waits for a statement, such as the cleaning up behind a session that has just ended. */
const patienceMs = 1000;
/** The thread's code could not be loaded, or had no memory. */
const loadErrors = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_WORKER_OUT_OF_MEMORY', 'ERR_WORKER_INIT_FAILED'];
const systemWords = /no space left on device|permission denied|read-only file system|disk quota exceeded/i;

function openError(folder: string, failure: { message: string; log: string; errno: string | null }): AppError {
  const fatal = /(?:FATAL|PANIC):\s+(.*)/.exec(failure.log)?.[1];
  const said = fatal ?? failure.message;
  // The program's own files are broken; the folder must not be taken for damaged.
  if (failure.errno !== null && loadErrors.includes(failure.errno)) {
    return new AppError('internal', `The embedded database could not be started: ${failure.message}`, { hint: 'Install the program anew: its files may be damaged. The data is untouched.' });
  }
  const ofSystem = (failure.errno !== null && systemErrors.includes(failure.errno)) || systemWords.test(`${said}\n${failure.log}`);
  return new AppError(ofSystem ? 'disk' : 'connection_failed', `The embedded database in ${folder} does not open: ${said}`, {
    hint: ofSystem
      ? 'The system refuses the files: look at the free space and the permissions of this folder.'
      : 'The folder was left as it is. Copy it before you try anything else, then restore it from a backup; `pg_resetwal` is the last resort.',
    ...(failure.log === '' ? {} : { detail: failure.log }),
  });
}
