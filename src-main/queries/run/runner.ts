import { AppError, toAppError } from '../../errors';
import type { CatalogService } from '../../catalog/service';
import type { ConnectionsService } from '../../connections/service';
import type { GuardService } from '../../guard/service';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import type { HistoryEntry, RunOutcome, RunPart } from '../../../src-preload/contract/queries';
import type { Connection, ReadOnlyLimits, ResultSink } from '../../drivers/driver';
import type { HistoryService } from '../history';
import type { ResultStore } from '../results/resultStore';
import { hashOf, readScript, throwIfAborted, type ScriptStatement, type WithCatalog } from './script';
import { StatementSink } from './statementSink';

export interface RunnerServices {
  readonly connections: ConnectionsService;
  readonly guard: GuardService;
  readonly catalog: Pick<CatalogService, 'invalidate'>;
  readonly history: HistoryService;
  readonly results: ResultStore;
}

export interface RunRequest {
  readonly connectionId: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly confirmedHash?: string | undefined;
  readonly timeoutMs: number;
  readonly stopOnError: boolean;
  /** Who runs it, for the history and the server's session list; default `editor`. */
  readonly origin?: HistoryEntry['origin'] | undefined;
}

/** A person who reads may take all there is; the time-out is generous, but a forgotten query does not hold back vacuum for days. */
const readOnlyLimits: Omit<ReadOnlyLimits, 'statementTimeoutMs'> = { lockTimeoutMs: 10_000, maxRows: 2 ** 31 - 1, maxBytes: 2 ** 50, maxCellBytes: 2 ** 30 };
const readOnlyTimeoutMs = 30 * 60_000;

/** The session that asks the catalog about functions before a run on production. */
const guardKey = 'guard';

/** Everything that one run carries along. */
interface Run {
  readonly request: RunRequest;
  readonly profile: ConnectionProfile;
  readonly connection: Connection;
  readonly emit: (part: RunPart) => void;
  readonly signal: AbortSignal;
}

/** Runs texts on the sessions of their tabs, one at a time on each. */
export class Runner {
  private readonly busy = new Set<string>();
  /** Sessions whose open transaction changed the schema: others see that when it ends. */
  private readonly pendingDdl = new Set<string>();
  private readonly guardTurns = new Map<string, Promise<unknown>>();

  constructor(private readonly services: RunnerServices) {}

  run(request: RunRequest, emit: (part: RunPart) => void, signal: AbortSignal): Promise<RunOutcome> {
    return this.exclusive(request, async () => {
      const profile = await this.services.connections.resolve(request.connectionId);
      const connection = await this.session(profile, request, signal);
      const { statements, confirmations } = await readScript(request.text, {
        guard: this.services.guard,
        profile,
        serverVersion: Math.floor(connection.server.versionNumber / 10_000),
        withCatalog: this.catalogFor(profile, connection, signal),
        signal,
      });
      const hash = hashOf(request.text);
      if (confirmations.length > 0 && request.confirmedHash !== hash) {
        return { statements: statements.length, failed: 0, transaction: connection.transaction, confirmations: [...confirmations], hash };
      }
      const run: Run = { request, profile, connection, emit, signal };
      const failed = await this.runAll(run, statements);
      return { statements: statements.length, failed, transaction: connection.transaction, confirmations: [], hash };
    });
  }

  /** COMMIT or ROLLBACK of the session's transaction; resolves with its state afterwards. */
  endTransaction(request: { connectionId: string; sessionKey: string; action: 'commit' | 'rollback' }, signal: AbortSignal): Promise<Connection['transaction']> {
    return this.exclusive(request, async () => {
      const profile = await this.services.connections.resolve(request.connectionId);
      const connection = await this.session(profile, { ...request, origin: 'editor' }, signal);
      const failedBefore = connection.transaction === 'failed';
      const text = request.action === 'commit' ? 'COMMIT' : 'ROLLBACK';
      const history = new HistoryLine(this.services.history, profile, text, 'editor');
      try {
        await connection.run({ text }, quietSink, { signal });
      } catch (thrown) {
        history.end(thrown, null);
        throw named(toAppError(thrown), profile);
      }
      history.end(null, null);
      this.noteDdl(profile.id, request.sessionKey, connection, false);
      if (failedBefore && request.action === 'commit') {
        throw new AppError('server_error', 'Nothing was committed: a statement of the transaction had failed, so the server rolled all of it back.', {
          hint: 'Correct the statement that failed and run the transaction again.',
          connection: profile.name,
        });
      }
      return connection.transaction;
    });
  }

  async closeSession(connectionId: string, sessionKey: string): Promise<void> {
    const { id } = await this.services.connections.resolve(connectionId);
    this.pendingDdl.delete(slotOf(id, sessionKey));
    await Promise.all([sessionKey, readOnlyKey(sessionKey)].map((key) => this.services.connections.closeSession(id, key)));
  }

  private async runAll(run: Run, statements: readonly ScriptStatement[]): Promise<number> {
    let failed = 0;
    for (const [index, statement] of statements.entries()) {
      run.emit({ kind: 'statement', index, count: statements.length, range: { from: statement.from, to: statement.to }, class: statement.verdict.class });
      const error = await this.runOne(run, statement, index);
      if (!error) continue;
      failed += 1;
      if (run.request.stopOnError || run.signal.aborted || error.code === 'connection_lost') break;
    }
    return failed;
  }

  private async runOne(run: Run, statement: ScriptStatement, index: number): Promise<AppError | null> {
    const started = performance.now();
    const sink = new StatementSink(this.services.results, run.emit, index, started);
    const history = new HistoryLine(this.services.history, run.profile, statement.text, run.request.origin ?? 'editor');
    let error: AppError | null = null;
    try {
      throwIfAborted(run.signal);
      await this.send(run, statement, sink);
    } catch (thrown) {
      error = placed(named(toAppError(thrown), run.profile), statement.from);
    }
    await sink.settle();
    if (error) run.emit({ kind: 'failed', statement: index, error: error.data, milliseconds: performance.now() - started });
    const unwritten = history.end(error, sink.rowsSeen);
    if (unwritten) sink.notice({ severity: 'WARNING', message: `This run could not be written to the history: ${unwritten.message}` });
    const { class: kind } = statement.verdict;
    this.noteDdl(run.profile.id, run.request.sessionKey, run.connection, kind === 'ddl' || kind === 'unknown');
    return error;
  }

  private async send({ request, profile, connection, signal }: Run, { text }: ScriptStatement, sink: ResultSink): Promise<void> {
    if (!profile.readOnly) return connection.run({ text }, sink, { signal, timeoutMs: request.timeoutMs });
    const statementTimeoutMs = request.timeoutMs > 0 ? request.timeoutMs : readOnlyTimeoutMs;
    const { truncatedBy } = await this.services.guard.runReadOnly(connection, { text }, sink, { ...readOnlyLimits, statementTimeoutMs }, signal);
    if (truncatedBy) sink.notice({ severity: 'WARNING', message: `The result was cut at the limit of ${truncatedBy} for read-only connections.` });
  }

  private session(profile: ConnectionProfile, { sessionKey, origin = 'editor' }: Pick<RunRequest, 'sessionKey' | 'origin'>, signal: AbortSignal): Promise<Connection> {
    const key = profile.readOnly ? readOnlyKey(sessionKey) : sessionKey;
    return this.services.connections.session(profile.id, key, { applicationName: `ai-shell ${origin}`, signal });
  }

  /**
   * The live catalog is asked where it decides about something: the read-only lane asks it on its own session, a run on production on
   * a session beside the person's, whose transaction it must not touch.
   */
  private catalogFor(profile: ConnectionProfile, connection: Connection, signal: AbortSignal): WithCatalog {
    if (profile.readOnly) return (work) => work(connection);
    if (profile.environment !== 'production') return (work) => work(null);
    return async (work) => {
      const { parallelSessions } = await this.services.connections.capabilities(profile.id);
      if (parallelSessions !== true) return work(connection.transaction === 'idle' ? connection : null);
      return this.inTurn(profile.id, async () => work(await this.services.connections.session(profile.id, guardKey, { applicationName: 'ai-shell guard', signal })));
    };
  }

  /** A session runs one statement at a time, and all runs of a connection share the guard's. */
  private async inTurn<T>(connectionId: string, work: () => Promise<T>): Promise<T> {
    const before = this.guardTurns.get(connectionId) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.guardTurns.set(connectionId, turn);
    try {
      return await turn;
    } finally {
      if (this.guardTurns.get(connectionId) === turn) this.guardTurns.delete(connectionId);
    }
  }

  private async exclusive<T>({ connectionId, sessionKey }: { connectionId: string; sessionKey: string }, work: () => Promise<T>): Promise<T> {
    const slot = slotOf(connectionId, sessionKey);
    if (this.busy.has(slot)) throw new AppError('busy', 'This session still runs a statement.', { hint: 'Wait for it or stop it, or open another tab: each tab has a session of its own.' });
    this.busy.add(slot);
    try {
      return await work();
    } finally {
      this.busy.delete(slot);
    }
  }

  private noteDdl(connectionId: string, sessionKey: string, connection: Connection, ddl: boolean): void {
    const slot = slotOf(connectionId, sessionKey);
    const pending = this.pendingDdl.has(slot);
    if (connection.transaction === 'idle') this.pendingDdl.delete(slot);
    else if (ddl) this.pendingDdl.add(slot);
    if (ddl || (pending && connection.transaction === 'idle')) this.services.catalog.invalidate(connectionId);
  }
}

/** One entry of the history. A history that cannot be written must not keep anybody from running a statement. */
class HistoryLine {
  private readonly started = performance.now();
  private id: number | null = null;
  private failure: AppError | null = null;

  constructor(
    private readonly history: HistoryService,
    profile: ConnectionProfile,
    text: string,
    origin: HistoryEntry['origin'],
  ) {
    this.attempt(() => (this.id = history.begin({ connectionId: profile.id, connectionName: profile.name, text, origin })));
  }

  /** Returns why the entry could not be written, if so. */
  end(thrown: unknown, rows: number | null): AppError | null {
    const error = thrown === null ? null : toAppError(thrown);
    const status = error === null ? 'done' : error.code === 'cancelled' ? 'cancelled' : 'failed';
    this.attempt(() => {
      if (this.id !== null) this.history.end(this.id, { status, milliseconds: performance.now() - this.started, rows, error: error?.message ?? null });
    });
    return this.failure;
  }

  private attempt(access: () => void): void {
    try {
      access();
    } catch (error) {
      this.failure ??= toAppError(error);
    }
  }
}

const quietSink: ResultSink = { columns: () => undefined, rows: () => undefined, notice: () => undefined, complete: () => undefined };

function slotOf(connectionId: string, sessionKey: string): string {
  return `${connectionId}\0${sessionKey}`;
}

/** The lane has sessions of its own: one that ran a person's statements may carry their settings or an open transaction. */
function readOnlyKey(sessionKey: string): string {
  return `${sessionKey}:read-only`;
}

function named(error: AppError, profile: ConnectionProfile): AppError {
  const { code, message, ...rest } = error.data;
  return new AppError(code, message, { connection: profile.name, ...rest }, { cause: error });
}

/** Maps the error's position from the statement into the run's text. */
function placed(error: AppError, from: number): AppError {
  const { code, message, position, ...rest } = error.data;
  return position === undefined ? error : new AppError(code, message, { ...rest, position: position + from }, { cause: error });
}
