import { AppError, toAppError } from '../../errors';
import type { CatalogService } from '../../catalog/service';
import type { ConnectionsService } from '../../connections/service';
import type { GuardService } from '../../guard/service';
import type { CommitMode, ConnectionProfile } from '../../../src-preload/contract/connections';
import { databaseOf } from '../../../src-preload/contract/database';
import type { Confirmation, HistoryEntry, ParameterSlot, ParameterValue, RunOutcome, RunPart, TransactionInfo } from '../../../src-preload/contract/queries';
import type { Connection, ReadOnlyLimits, ResultSink } from '../../drivers/driver';
import type { HistoryService } from '../history';
import type { ParameterMemory } from '../parameterMemory';
import type { ResultStore } from '../results/resultStore';
import { HistoryLine } from './historyLine';
import { boundStatement, inferTypes, usedBy, withoutSecrets } from './parameters';
import { hashOf, readScript, throwIfAborted, type ScriptStatement, type WithCatalog } from './script';
import { SearchPaths } from './searchPaths';
import { StatementSink } from './statementSink';
import { Transactions } from './transactions';

export interface RunnerServices {
  readonly connections: ConnectionsService;
  readonly guard: GuardService;
  readonly catalog: Pick<CatalogService, 'invalidate'>;
  readonly history: HistoryService;
  readonly results: ResultStore;
  readonly parameters: ParameterMemory;
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
  /** See the contract; absent is null. */
  readonly searchPath?: readonly string[] | null | undefined;
  /** Default `auto`. */
  readonly commitMode?: CommitMode | undefined;
  /** Null, as when absent, asks for values when the text has parameters. */
  readonly parameters?: readonly ParameterValue[] | null | undefined;
}

export interface EndRequest {
  readonly connectionId: string;
  readonly sessionKey: string;
  readonly action: 'commit' | 'rollback';
  /** With `rollback`: only back to it. */
  readonly savepoint?: string | null | undefined;
}

/** A person who reads may take all there is; the time-out is generous, but a forgotten query does not hold back vacuum for days. */
const readOnlyLimits: Omit<ReadOnlyLimits, 'statementTimeoutMs'> = { lockTimeoutMs: 10_000, maxRows: 2 ** 31 - 1, maxBytes: 2 ** 50, maxCellBytes: 2 ** 30 };
const readOnlyTimeoutMs = 30 * 60_000;

/** A script with more statements is not asked for the types of its parameters. */
const MOST_INFERRED = 20;

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
  private readonly searchPaths = new SearchPaths();
  readonly transactions = new Transactions();

  constructor(private readonly services: RunnerServices) {}

  run(request: RunRequest, emit: (part: RunPart) => void, signal: AbortSignal): Promise<RunOutcome> {
    return this.exclusive(request, async () => {
      const profile = await this.services.connections.resolve(request.connectionId);
      const connection = await this.session(profile, request, signal);
      const { statements, confirmations } = await readScript(request.text, {
        guard: this.services.guard.of(profile.target.engine),
        profile,
        serverVersion: Math.floor(connection.server.versionNumber / 10_000),
        withCatalog: this.catalogFor(profile, connection, request, signal),
        signal,
      });
      const values = request.parameters ?? [];
      const hash = hashOf(request.text, values, request.searchPath);
      const outcome = (rest: Partial<RunOutcome>): RunOutcome => ({
        statements: statements.length,
        failed: 0,
        transaction: connection.transaction,
        confirmations: [],
        hash,
        transactionInfo: this.transactions.info(slotOf(profile.id, request.sessionKey)),
        parameters: [],
        ...rest,
      });
      const names = [...new Set(statements.flatMap((statement) => statement.parameters))];
      if (names.some((name) => !values.some((value) => value.name === name))) return outcome({ parameters: await this.slots(profile, statements, names, request, signal) });
      const asked = [...confirmations, ...outsideTransaction(statements, request, profile, connection)];
      if (asked.length > 0 && request.confirmedHash !== hash) return outcome({ confirmations: asked });
      if (names.length > 0) this.services.parameters.remember(databaseOf(profile.id).connectionId, values.filter(({ name }) => names.includes(name)));
      const run: Run = { request, profile, connection, emit, signal };
      const failed = await this.runAll(run, statements);
      return outcome({ failed });
    });
  }

  /** COMMIT or ROLLBACK of the session's transaction; resolves with its state afterwards. */
  endTransaction(request: EndRequest, signal: AbortSignal): Promise<{ transaction: Connection['transaction']; transactionInfo: TransactionInfo | null }> {
    return this.exclusive(request, async () => {
      const profile = await this.services.connections.resolve(request.connectionId);
      const connection = await this.session(profile, { ...request, origin: 'editor' }, signal);
      if (connection.transaction === 'idle') {
        this.transactions.forget(slotOf(profile.id, request.sessionKey));
        throw new AppError('connection_lost', 'Nothing was sent: this tab’s session has no open transaction. If one was open, its session has ended and the server has rolled it back.', {
          hint: 'Look at the data, then run the transaction again.',
          connection: profile.name,
        });
      }
      const failedBefore = connection.transaction === 'failed';
      const text = endText(request);
      await this.runOwn(profile, request.sessionKey, connection, text, signal);
      this.noteDdl(profile.id, request.sessionKey, connection, false);
      if (failedBefore && request.action === 'commit') {
        throw new AppError('server_error', 'Nothing was committed: a statement of the transaction had failed, so the server rolled all of it back.', {
          hint: 'Correct the statement that failed and run the transaction again.',
          connection: profile.name,
        });
      }
      return { transaction: connection.transaction, transactionInfo: this.transactions.info(slotOf(profile.id, request.sessionKey)) };
    });
  }

  async closeSession(connectionId: string, sessionKey: string): Promise<void> {
    const { id } = await this.services.connections.resolve(connectionId);
    this.pendingDdl.delete(slotOf(id, sessionKey));
    this.transactions.forget(slotOf(id, sessionKey));
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
    const { request, profile, connection } = run;
    const started = performance.now();
    const sink = new StatementSink(this.services.results, run.emit, index, started);
    const parameters = usedBy(statement, request.parameters ?? []);
    const history = new HistoryLine(this.services.history, profile, { text: statement.text, origin: request.origin ?? 'editor', documentId: request.sessionKey, parameters });
    let before = connection.transaction;
    let error: AppError | null = null;
    try {
      throwIfAborted(run.signal);
      refuseInside(statement, connection);
      await this.prepare(run, statement, index);
      before = connection.transaction;
      await this.send(run, statement, sink);
    } catch (thrown) {
      error = withoutSecrets(placed(named(toAppError(thrown), profile), statement), parameters);
    }
    await sink.settle();
    this.transactions.observe(slotOf(profile.id, request.sessionKey), { connection, connectionName: profile.name, sessionKey: request.sessionKey }, { before, text: statement.text, facts: statement.facts, error });
    if (error) run.emit({ kind: 'failed', statement: index, error: error.data, milliseconds: performance.now() - started });
    const unwritten = history.end(error, sink.rowsSeen);
    if (unwritten) sink.notice({ severity: 'WARNING', message: `This run could not be written to the history: ${unwritten.message}` });
    const { class: kind } = statement.verdict;
    this.noteDdl(profile.id, request.sessionKey, connection, kind === 'ddl' || kind === 'unknown');
    return error;
  }

  /** What the program itself sends before a statement, each told to the person: the tab's search path, and BEGIN in manual mode. */
  private async prepare(run: Run, statement: ScriptStatement, index: number): Promise<void> {
    const { request, profile, connection, emit, signal } = run;
    const searchPath = this.searchPaths.wanted(connection, request.searchPath ?? null);
    if (searchPath !== null) {
      emit({ kind: 'own', before: index, text: searchPath, why: 'the search path of this tab' });
      await connection.run({ text: searchPath }, quietSink, { signal });
      this.searchPaths.sent(connection, searchPath);
      this.services.guard.of(profile.target.engine).forget(connection);
    }
    if (request.commitMode !== 'manual' || profile.readOnly || !needsTransaction(statement, connection)) return;
    emit({ kind: 'own', before: index, text: 'BEGIN', why: 'manual commit: what follows lasts when you commit' });
    await this.runOwn(profile, request.sessionKey, connection, 'BEGIN', signal);
  }

  /** A statement of the program's own that belongs into the history. */
  private async runOwn(profile: ConnectionProfile, sessionKey: string, connection: Connection, text: string, signal: AbortSignal): Promise<void> {
    const history = new HistoryLine(this.services.history, profile, { text, origin: 'editor', documentId: sessionKey });
    const before = connection.transaction;
    let error: AppError | null = null;
    try {
      await connection.run({ text }, quietSink, { signal });
    } catch (thrown) {
      error = named(toAppError(thrown), profile);
    }
    const facts = await this.services.guard.of(profile.target.engine).facts(text);
    this.transactions.observe(slotOf(profile.id, sessionKey), { connection, connectionName: profile.name, sessionKey }, { before, text, facts, error });
    history.end(error, null);
    if (error) throw error;
  }

  private async send({ request, profile, connection, signal }: Run, scriptStatement: ScriptStatement, sink: ResultSink): Promise<void> {
    const statement = boundStatement(scriptStatement, request.parameters ?? []);
    if (!profile.readOnly) return connection.run(statement, sink, { signal, timeoutMs: request.timeoutMs });
    const statementTimeoutMs = request.timeoutMs > 0 ? request.timeoutMs : readOnlyTimeoutMs;
    const { truncatedBy } = await this.services.guard.of(profile.target.engine).runReadOnly(connection, statement, sink, { ...readOnlyLimits, statementTimeoutMs }, signal);
    if (truncatedBy) sink.notice({ severity: 'WARNING', message: `The result was cut at the limit of ${truncatedBy} for read-only connections.` });
  }

  /** The parameters of a script, with what was given last and what the server infers, asked on a session beside the tab's. */
  private async slots(profile: ConnectionProfile, statements: readonly ScriptStatement[], names: readonly string[], request: RunRequest, signal: AbortSignal): Promise<ParameterSlot[]> {
    const inferred = new Map<string, string>();
    const { parallelSessions } = await this.services.connections.capabilities(profile.id);
    if (parallelSessions === true && statements.length <= MOST_INFERRED) {
      await this.onGuardSession(profile, request, signal, async (connection) => {
        for (const statement of statements.filter(({ parameters }) => parameters.length > 0)) {
          const types = await inferTypes(connection, statement, signal);
          statement.parameters.forEach((name, index) => {
            const type = types?.[index];
            if (typeof type === 'string' && !inferred.has(name)) inferred.set(name, type);
          });
        }
      });
    }
    return this.services.parameters.recall(databaseOf(profile.id).connectionId, names).map((slot) => ({ ...slot, inferred: inferred.get(slot.name) ?? null }));
  }

  private session(profile: ConnectionProfile, { sessionKey, origin = 'editor' }: Pick<RunRequest, 'sessionKey' | 'origin'>, signal: AbortSignal): Promise<Connection> {
    const key = profile.readOnly ? readOnlyKey(sessionKey) : sessionKey;
    return this.services.connections.session(profile.id, key, { applicationName: `ai-shell ${origin}`, signal });
  }

  /**
   * The live catalog is asked where it decides about something: the read-only lane asks it on its own session, a run on production on
   * a session beside the person's, whose transaction it must not touch.
   */
  private catalogFor(profile: ConnectionProfile, connection: Connection, request: RunRequest, signal: AbortSignal): WithCatalog {
    if (profile.readOnly) return (work) => work(connection);
    if (profile.environment !== 'production') return (work) => work(null);
    return async (work) => {
      const { parallelSessions } = await this.services.connections.capabilities(profile.id);
      if (parallelSessions !== true) return work(connection.transaction === 'idle' ? connection : null);
      return this.onGuardSession(profile, request, signal, work);
    };
  }

  /** Names mean there what they mean in the tab. */
  private onGuardSession<T>(profile: ConnectionProfile, request: RunRequest, signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.inTurn(profile.id, async () => {
      const connection = await this.services.connections.session(profile.id, guardKey, { applicationName: 'ai-shell guard', signal });
      const searchPath = this.searchPaths.wanted(connection, request.searchPath ?? null);
      if (searchPath !== null) {
        await connection.run({ text: searchPath }, quietSink, { signal });
        this.searchPaths.sent(connection, searchPath);
        this.services.guard.of(profile.target.engine).forget(connection);
      }
      return work(connection);
    });
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

/** Maps the error's position from the statement that was sent into the run's text. */
function placed(error: AppError, { from, original }: ScriptStatement): AppError {
  const { code, message, position, ...rest } = error.data;
  return position === undefined ? error : new AppError(code, message, { ...rest, position: original(position) + from }, { cause: error });
}

function endText({ action, savepoint }: EndRequest): string {
  if (action === 'commit') return 'COMMIT';
  return savepoint === null || savepoint === undefined ? 'ROLLBACK' : `ROLLBACK TO SAVEPOINT "${savepoint.replaceAll('"', '""')}"`;
}

/** In manual mode, what only reads begins no transaction: one that is forgotten would hold back vacuum for nothing. */
function needsTransaction({ verdict, facts }: ScriptStatement, connection: Connection): boolean {
  if (connection.transaction !== 'idle' || facts.transaction !== null || facts.outside !== null) return false;
  return facts.inside || verdict.class === 'write' || verdict.class === 'ddl' || verdict.class === 'unknown';
}

/** The server would refuse it as well, and abort the transaction by that. */
function refuseInside({ facts }: ScriptStatement, connection: Connection): void {
  if (facts.outside === null || connection.transaction === 'idle') return;
  throw new AppError('refused', `${facts.outside} cannot run inside a transaction, and one is open in this tab. It was not sent, and the transaction is as it was.`, {
    hint: 'Commit or roll back first, or run it in another tab.',
  });
}

/** In manual mode a person expects to be able to roll back: what cannot be is told before it is sent. */
function outsideTransaction(statements: readonly ScriptStatement[], request: RunRequest, profile: ConnectionProfile, connection: Connection): Confirmation[] {
  if (request.commitMode !== 'manual' || profile.readOnly || connection.transaction !== 'idle') return [];
  return statements
    .filter(({ facts }) => facts.outside !== null)
    .map(({ text, facts, verdict }) => ({
      reason: 'no_transaction',
      sentence: `${facts.outside} cannot run inside a transaction, although this tab is in manual mode: it would be sent without BEGIN, takes effect at once on ${profile.name}, and cannot be rolled back.`,
      statement: text,
      objects: verdict.objects,
    }));
}
