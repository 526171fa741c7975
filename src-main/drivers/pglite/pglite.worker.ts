import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { fsyncSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { startupPacket } from './protocol';
import { ReplyBuffer } from './replyBuffer';
import { shared, windowBytes, type FromWorker, type Residue, type SessionSettings, type ToWorker, type WorkerInput } from './workerMessages';

/** The parts of PGlite's Emscripten module that have no types. */
interface Emscripten {
  readonly wasmMemory: { readonly buffer: ArrayBuffer };
  /** Addresses of the C variables by which PostgreSQL's own signal handlers ask a statement to stop. */
  readonly _InterruptPending: number;
  readonly _QueryCancelPending: number;
  /** Reads and works off one message. */
  _PostgresMainLoopOnce: () => void;
}
interface NodeStream {
  readonly nfd?: number;
}
interface NodeFsModule {
  readonly NODEFS: { readonly stream_ops: { fsync?: (stream: NodeStream) => number } };
}

/** Emscripten's NODEFS has no fsync: without this a commit would survive the program's crash, but not the machine's. */
class DurableNodeFs extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    const addFsync = (module: unknown): void => {
      (module as NodeFsModule).NODEFS.stream_ops.fsync = (stream) => {
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } };
  }
}

const captureQuery = `
  select (select coalesce(pg_catalog.json_object_agg(name, setting), '{}') from pg_catalog.pg_settings where source = 'session') as values,
    pg_catalog.current_setting('role') as role, session_user::text as "sessionUser",
    (select pg_catalog.count(*) from pg_catalog.pg_class where relpersistence = 't' and relkind in ('r', 'S', 'v', 'p'))::int as "temporaryTables",
    (select pg_catalog.count(*) from pg_catalog.pg_prepared_statements where name <> '')::int as "preparedStatements",
    (select pg_catalog.count(*) from pg_catalog.pg_cursors where is_holdable)::int as "heldCursors",
    (select pg_catalog.count(*) from pg_catalog.pg_listening_channels())::int as listeners,
    (select pg_catalog.count(*) from pg_catalog.pg_locks where locktype = 'advisory')::int as "advisoryLocks"`;

/** A standalone backend ignores ALTER DATABASE and ALTER ROLE ... SET (`process_settings` in postinit.c); a server's sessions do not. */
const databaseSettingsQuery = `
  select pg_catalog.set_config(pg_catalog.split_part(item, '=', 1), pg_catalog.substr(item, pg_catalog.strpos(item, '=') + 1), false)
  from (select pg_catalog.unnest(setconfig) as item from pg_catalog.pg_db_role_setting
    where setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
      and setrole in (0, (select oid from pg_catalog.pg_roles where rolname = session_user))
    order by setrole, setdatabase) as settings`;

/** How much of PostgreSQL's own log is kept for an error's details. */
const logLines = 20;

/** Without the question that PGlite asks at each opening: its parsers of arrays are not used here, where rows go on as bytes. */
class QuietPGlite extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}

class Backend {
  private readonly cells: Int32Array;
  private readonly log: string[] = [];
  private session: number | null = null;
  private readonly replies: ReplyBuffer;

  private constructor(
    private readonly db: PGlite,
    input: WorkerInput,
    log: string[],
  ) {
    this.cells = new Int32Array(input.shared);
    this.log = log;
    this.replies = new ReplyBuffer((bytes) => this.post(bytes));
  }

  static async open(input: WorkerInput): Promise<Backend> {
    const log: string[] = [];
    try {
      const db = new QuietPGlite({
        fs: new DurableNodeFs(input.folder),
        startParams: startParameters(input.fsync),
        onStderr: (line) => {
          log.push(line);
          if (log.length > logLines) log.shift();
          return false;
        },
      });
      await db.waitReady;
      watchForTraps(db.Module as unknown as Emscripten, log);
      const backend = new Backend(db, input, log);
      const greeting = await backend.greet();
      tell({ kind: 'open', greeting }, [greeting.buffer]);
      return backend;
    } catch (thrown) {
      tell({ kind: 'openFailed', message: words(thrown), log: log.join('\n'), errno: errnoOf(thrown) });
      throw thrown;
    }
  }

  async run(order: Extract<ToWorker, { kind: 'run' }>): Promise<void> {
    try {
      await this.switchTo(order.session, order.settings);
      Atomics.store(this.cells, shared.cancel, 0);
      const status = await this.execute(order.bytes);
      tell({ kind: 'ran', status, copyIn: this.replies.copyIn });
      if (status === 'I') tell({ kind: 'settled', ...(await this.capture()) });
    } catch (thrown) {
      tell({ kind: 'died', message: words(thrown), log: this.log.join('\n') });
    }
  }

  async close(): Promise<void> {
    await this.db.close();
    tell({ kind: 'closed' });
  }

  private async execute(bytes: Uint8Array): Promise<'I' | 'T' | 'E' | null> {
    this.replies.begin();
    await this.db.execProtocolRawStream(bytes, {
      syncToFs: false,
      onRawData: (data) => {
        this.replies.add(data);
        if (Atomics.load(this.cells, shared.cancel) === 1) this.interrupt(1);
      },
    });
    this.replies.flush();
    // A request that came too late must not stop the next statement.
    this.interrupt(0);
    return this.replies.status;
  }

  /** What PostgreSQL's handler of SIGINT does; it acts on it at the next CHECK_FOR_INTERRUPTS. */
  private interrupt(value: 0 | 1): void {
    const module = this.db.Module as unknown as Emscripten;
    const memory = new DataView(module.wasmMemory.buffer);
    memory.setInt32(module._QueryCancelPending, value, true);
    if (value === 1) memory.setInt32(module._InterruptPending, value, true);
  }

  private post(bytes: Uint8Array<ArrayBuffer>): void {
    const length = bytes.byteLength;
    let inFlight = Atomics.add(this.cells, shared.inFlight, length) + length;
    tell({ kind: 'data', bytes }, [bytes.buffer]);
    while (inFlight > windowBytes && Atomics.load(this.cells, shared.cancel) === 0) {
      Atomics.wait(this.cells, shared.inFlight, inFlight);
      inFlight = Atomics.load(this.cells, shared.inFlight);
    }
  }

  private async greet(): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    await this.db.execProtocolRawStream(startupPacket({ user: 'postgres', database: 'postgres' }), {
      syncToFs: false,
      onRawData: (data) => parts.push(data.slice()),
    });
    return Uint8Array.from(Buffer.concat(parts));
  }

  private async capture(): Promise<{ settings: SessionSettings; residue: Residue }> {
    const { rows } = await this.db.query<Residue & SessionSettings>(captureQuery);
    const [row] = rows;
    if (!row) throw new Error('PostgreSQL did not say what its session has set.');
    const { values, role, sessionUser, ...residue } = row;
    return { settings: { values, role, sessionUser }, residue };
  }

  /** Takes the last session's settings away and puts this one's in place. Only ever called outside a transaction. */
  private async switchTo(session: number, settings: SessionSettings): Promise<void> {
    if (this.session === session) return;
    this.session = session;
    await this.db.exec('set session authorization default; reset all');
    await this.db.query(databaseSettingsQuery);
    if (Object.keys(settings.values).length > 0) {
      await this.db.query('select pg_catalog.set_config(key, value, false) from pg_catalog.json_each_text($1::json)', [JSON.stringify(settings.values)]);
    }
    if (settings.sessionUser !== 'postgres') await this.db.query(`set session authorization ${identifier(settings.sessionUser)}`);
    if (settings.role !== 'none') await this.db.query(`set role ${identifier(settings.role)}`);
  }
}

/**
 * PGlite swallows whatever PostgreSQL's loop throws, but only a jump to its error handler is harmless: anything else (an exit, a
 * trap of the WebAssembly) leaves a backend that must not be used again.
 */
function watchForTraps(module: Emscripten, log: readonly string[]): void {
  const original = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      original();
    } catch (thrown) {
      if (!isErrorJump(thrown)) tell({ kind: 'died', message: words(thrown), log: log.join('\n') });
      throw thrown;
    }
  };
}

/** The exit status by which PGlite tells a longjmp to PostgresMain from an exit (`POSTGRES_MAIN_LONGJMP` in its source). */
const errorJump = 100;

function isErrorJump(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'status' in thrown && thrown.status === errorJump;
}

function startParameters(fsync: boolean): string[] {
  // PGlite's own, but for -F (no fsync), and search_path, which must stay what the database and the role say.
  const kept = PGlite.defaultStartParams.filter((parameter, index, all) => {
    if (parameter === '-F' || parameter.startsWith('search_path=')) return false;
    return !(parameter === '-c' && all[index + 1]?.startsWith('search_path='));
  });
  // PostgreSQL's own 128 MB would have to be grown and cleared at each opening; the operating system keeps the files' pages as well.
  kept.push('-c', 'shared_buffers=32MB');
  // Emscripten's fdatasync does nothing; its fsync reaches the file system.
  if (fsync) return [...kept, '-c', 'wal_sync_method=fsync'];
  return [...kept, '-F', '-c', 'full_page_writes=off', '-c', 'wal_level=minimal', '-c', 'max_wal_senders=0', '-c', 'min_wal_size=32MB', '-c', 'max_wal_size=32MB'];
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function words(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  // Emscripten's ExitStatus and ErrnoError are no Errors.
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}

function errnoOf(thrown: unknown): string | null {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

function tell(news: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(news, transfer);
}

const opening = Backend.open(workerData as WorkerInput);
// The failure was told; without a backend there is nothing to do.
let last: Promise<void> = opening.then(
  () => undefined,
  () => parentPort?.close(),
);
parentPort?.on('message', (order: ToWorker) => {
  last = last.then(async () => {
    const backend = await opening;
    if (order.kind === 'run') await backend.run(order);
    else await backend.close();
  });
});
