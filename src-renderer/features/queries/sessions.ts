import { create } from 'zustand';
import { client, errorData, RequestError } from '../../client';
import type { RunRequest, TextMark } from '../../components/CodeEditor';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { onDatabase } from '../../../src-preload/contract/database';
import type { Confirmation, ParameterSlot, ParameterValue, TransactionInfo } from '../../../src-preload/contract/queries';
import { showError } from '../../shell/errors';
import { markTab } from '../../shell/tabs';
import { refreshCatalog } from '../catalog/store';
import { connectionOf, openConnection } from '../connections/store';
import { documentOf, useDocuments } from '../documents/store';
import { useSettings } from '../settings/store';
import { withSecrets } from '../secrets/store';
import { staleCatalog } from './completion/catalogCache';
import { errorMark } from './errorMark';
import { NO_LOG, RunGatherer, type RunLog, type TransactionState } from './runState';

/** What a person must say yes to before anything is sent. */
export interface PendingConfirmation {
  readonly confirmations: readonly Confirmation[];
  readonly hash: string;
  readonly request: RunRequest;
  /** The connection that was asked; another one is another question. */
  readonly connectionId: string;
  readonly parameters: readonly ParameterValue[] | null;
}

/** Values that a text wants before it can be sent. */
export interface PendingParameters {
  readonly slots: readonly ParameterSlot[];
  readonly request: RunRequest;
  readonly connectionId: string;
}

/** A query tab's work on the server. It lives as long as the tab, whether that is in front or not. */
export interface QuerySession {
  readonly phase: 'idle' | 'connecting' | 'running' | 'stopping' | 'ending';
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly request: RunRequest | null;
  readonly connectionId: string | null;
  readonly log: RunLog;
  /** The text that `log` came from. */
  readonly ran: RunRequest | null;
  /** The connection that `log` came from; the tab may have another one by now. */
  readonly ranOn: string | null;
  /** Why nothing was sent, or why the end of the run is not known. */
  readonly error: AppErrorData | null;
  readonly confirmation: PendingConfirmation | null;
  /** The bar that asks for values; it stays after the run, so that other values can be tried. */
  readonly asking: PendingParameters | null;
  readonly transactionInfo: TransactionInfo | null;
  readonly transaction: TransactionState;
  readonly mark: TextMark | null;
  /** A result's id, or `messages`. */
  readonly shown: string;
  /** Milliseconds for each statement; 0 is none. */
  readonly timeoutMs: number;
}

const EMPTY: QuerySession = {
  phase: 'idle',
  startedAt: null,
  endedAt: null,
  request: null,
  connectionId: null,
  log: NO_LOG,
  ran: null,
  ranOn: null,
  error: null,
  confirmation: null,
  asking: null,
  transactionInfo: null,
  transaction: 'idle',
  mark: null,
  shown: 'messages',
  timeoutMs: 0,
};

interface Sessions {
  readonly sessions: Readonly<Record<string, QuerySession>>;
  /** How many runs of this window have ended. */
  readonly ended: number;
}

/** A tab that has not run anything; it has the time limit of the settings. */
let fresh = EMPTY;
useSettings.subscribe(({ settings: { limits } }) => {
  const timeoutMs = limits.statementSeconds * 1000;
  if (timeoutMs !== fresh.timeoutMs) fresh = { ...EMPTY, timeoutMs };
});

const useSessions = create<Sessions>(() => ({ sessions: {}, ended: 0 }));
const running = new Map<string, AbortController>();
/** Tabs that changed a schema in a way that others see only after the commit. */
const unseenDdl = new Set<string>();
const PUBLISH_MS = 80;

/** The session of a tab, kept up to date. */
export function useQuerySession(id: string): QuerySession {
  return useSessions((state) => state.sessions[id] ?? fresh);
}

/** Grows with each run that ended, for what shows the history. */
export function useRunsEnded(): number {
  return useSessions((state) => state.ended);
}

/** The session of a tab right now. */
export function querySession(id: string): QuerySession {
  return useSessions.getState().sessions[id] ?? fresh;
}

let following = false;

function patch(id: string, change: Partial<QuerySession>): void {
  // The first session begins it; it lasts as long as the window.
  if (!following) follow();
  following = true;
  const next = { ...querySession(id), ...change };
  useSessions.setState(({ sessions }) => ({ sessions: { ...sessions, [id]: next } }));
  markTab(id, { running: next.phase !== 'idle', transaction: next.transaction, since: next.transactionInfo?.since ?? null });
}

const isOpen = (id: string): boolean => useDocuments.getState().documents.some((document) => document.id === id);

function release(results: RunLog['results']): void {
  const resultIds = results.map((result) => result.resultId);
  if (resultIds.length > 0) client.queries.release({ resultIds }).catch((error: unknown) => showError('Old results could not be released', error));
}

/** Publishes what a run gathers a few times a second, and what a person waits for at once. */
function publisher(id: string, gatherer: RunGatherer) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let started = false;
  const publish = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!isOpen(id)) return;
    const log = gatherer.snapshot();
    const before = querySession(id);
    const gone = started ? [] : before.log.results;
    started = true;
    const newest = log.results[0];
    // The first result is shown when it comes; after that the person chooses.
    const keeps = log.results.some((result) => result.resultId === before.shown);
    patch(id, { log, ran: before.request, ranOn: before.connectionId, ...(keeps ? {} : { shown: newest?.resultId ?? 'messages' }) });
    release(gone);
  };
  return {
    soon(this: void, urgent: boolean): void {
      if (urgent) publish();
      else timer ??= setTimeout(publish, PUBLISH_MS);
    },
    /** Nothing is published where nothing was sent: the old results stay. */
    finish(this: void, failed: number | null): void {
      gatherer.end(failed);
      if (started || timer !== null) publish();
    },
  };
}

function markOf(id: string, request: RunRequest, log: RunLog): TextMark | null {
  const failed = log.statements.find((statement) => statement.state === 'failed');
  const text = useDocuments.getState().documents.find((document) => document.id === id)?.text;
  return failed?.error && failed.error.code !== 'cancelled' && text !== undefined ? errorMark(text, request, failed.error, failed) : null;
}

/** Waits for what cannot be aborted itself; after an abort its outcome no longer matters here. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(new RequestError({ code: 'cancelled', message: 'Cancelled while connecting; nothing was sent.' }));
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}

/** What a person gave beside the text. */
export interface Given {
  readonly confirmedHash?: string;
  readonly parameters?: readonly ParameterValue[] | null;
}

/** The id of the database that a tab works on; null without a connection. */
export function workplaceOf(id: string): string | null {
  const document = documentOf(id);
  return document?.connectionId ? onDatabase(document.connectionId, document.options.database) : null;
}

/** What a tab does with transactions: its own choice, else its connection's. */
export function commitModeOf(id: string): 'auto' | 'manual' {
  const document = documentOf(id);
  return document?.options.commitMode ?? connectionOf(document?.connectionId ?? null)?.commitMode ?? 'auto';
}

async function send(id: string, connectionId: string, request: RunRequest, given: Given, abort: AbortController): Promise<void> {
  const gatherer = new RunGatherer();
  const { soon, finish } = publisher(id, gatherer);
  let failed: number | null = null;
  try {
    await unlessAborted(openConnection(connectionOf(connectionId)?.id ?? connectionId), abort.signal);
    patch(id, { phase: 'running', startedAt: Date.now() });
    const { timeoutMs } = querySession(id);
    const { confirmedHash, parameters = null } = given;
    const place = { connectionId, sessionKey: id, searchPath: documentOf(id)?.options.searchPath ?? null, commitMode: commitModeOf(id) };
    const input = { ...place, text: request.text, timeoutMs, parameters: parameters && [...parameters], ...(confirmedHash === undefined ? {} : { confirmedHash }) };
    const outcome = await withSecrets(`to connect to ${connectionOf(connectionId)?.name ?? connectionId}`, () =>
      client.queries.run(input, {
        signal: abort.signal,
        onPart(part) {
          gatherer.add(part);
          if (part.kind === 'done' && gatherer.classOf(part.statement) === 'ddl') unseenDdl.add(id);
          soon(part.kind === 'result');
        },
      }),
    );
    const { transaction, transactionInfo, confirmations, hash } = outcome;
    failed = outcome.failed;
    const confirmation = confirmations.length > 0 ? { confirmations, hash, request, connectionId, parameters } : null;
    const asking = outcome.parameters.length > 0 ? { slots: outcome.parameters, request, connectionId } : parameters === null ? null : querySession(id).asking;
    patch(id, { transaction, transactionInfo, confirmation, asking });
  } finally {
    finish(failed);
  }
}

/** After a change of the schema that others can see, the tree, the open objects and completion read it anew. */
function showDdl(id: string, connectionId: string): void {
  if (querySession(id).transaction !== 'idle' || !unseenDdl.delete(id)) return;
  staleCatalog(connectionId);
  refreshCatalog(connectionId).catch((error: unknown) => showError('The objects could not be read anew', error));
}

/** The tab after a run: why nothing was sent, the question that stands, or what is shown first. */
function settle(id: string, request: RunRequest, given: Given, error: AppErrorData | null): void {
  const { log, shown, confirmation, asking } = querySession(id);
  const unasked = confirmation === null && error === null;
  if (unasked && asking !== null && !given.parameters) {
    // Nothing was sent: what was shown stays, under the question.
    patch(id, { phase: 'idle', endedAt: null, startedAt: log === NO_LOG ? null : Date.now() });
    return;
  }
  const failed = log.statements.some((statement) => statement.state === 'failed');
  // A failure comes to the front; a person who watches rows is not taken away from them by the end.
  const toMessages = confirmation === null && (error !== null || failed || log.results.length === 0);
  patch(id, { phase: 'idle', endedAt: Date.now(), error, mark: unasked ? markOf(id, request, log) : null, shown: toMessages ? 'messages' : shown });
}

/** Runs a text in the tab's own server session. Does nothing while the session is at work: a second press starts nothing twice. */
export async function runQuery(id: string, connectionId: string, request: RunRequest, given: Given = {}): Promise<void> {
  if (querySession(id).phase !== 'idle') return;
  const abort = new AbortController();
  running.set(id, abort);
  patch(id, { phase: 'connecting', startedAt: Date.now(), endedAt: null, request, connectionId, error: null, confirmation: null, mark: null });
  let error: AppErrorData | null = null;
  try {
    await send(id, connectionId, request, given, abort);
  } catch (thrown) {
    error = errorData(thrown);
  }
  running.delete(id);
  showDdl(id, connectionId);
  useSessions.setState(({ ended }) => ({ ended: ended + 1 }));
  if (isOpen(id)) settle(id, request, given, error);
  else release(querySession(id).log.results);
}

/** Cancels what runs in the tab, on the server too. The session stays busy until the server has answered. */
export function stopQuery(id: string): void {
  const abort = running.get(id);
  if (!abort || querySession(id).phase === 'stopping') return;
  patch(id, { phase: 'stopping' });
  abort.abort();
}

/** The person's yes to exactly what was shown. */
export async function confirmRun(id: string): Promise<void> {
  const { confirmation } = querySession(id);
  if (confirmation) await runQuery(id, confirmation.connectionId, confirmation.request, { confirmedHash: confirmation.hash, parameters: confirmation.parameters });
}

/** Runs what asked for values with these. */
export async function runWithParameters(id: string, parameters: readonly ParameterValue[]): Promise<void> {
  const { asking } = querySession(id);
  if (asking) await runQuery(id, asking.connectionId, asking.request, { parameters });
}

export function dismissParameters(id: string): void {
  patch(id, { asking: null });
}

export function dismissConfirmation(id: string): void {
  patch(id, { confirmation: null });
}

export function showResult(id: string, shown: string): void {
  patch(id, { shown });
}

export function setTimeLimit(id: string, timeoutMs: number): void {
  patch(id, { timeoutMs });
}

/** Commits or rolls back the tab's open transaction, or goes back to one of its savepoints. */
export async function endTransaction(id: string, action: 'commit' | 'rollback', savepoint: string | null = null): Promise<void> {
  const { connectionId, phase } = querySession(id);
  if (connectionId === null || phase !== 'idle') return;
  patch(id, { phase: 'ending' });
  try {
    const { transaction, transactionInfo } = await client.queries.endTransaction({ connectionId, sessionKey: id, action, savepoint });
    patch(id, { transaction, transactionInfo, phase: 'idle' });
    showDdl(id, connectionId);
  } catch (error) {
    // The server has ended the transaction even where it committed nothing.
    patch(id, { phase: 'idle', ...(errorData(error).code === 'server_error' || errorData(error).code === 'connection_lost' ? { transaction: 'idle' as const, transactionInfo: null } : {}) });
    throw error;
  }
}

/** Gives the tab another connection: its server session ends, and with it an open transaction. */
export function leaveConnection(id: string): void {
  const { connectionId } = querySession(id);
  patch(id, { transaction: 'idle', transactionInfo: null, connectionId: null, confirmation: null, asking: null, error: null });
  if (connectionId !== null) client.queries.closeSession({ connectionId, sessionKey: id }).catch((error: unknown) => showError('The server session could not be closed', error));
}

/** Ends the work of a tab that was closed. */
function forget(id: string): void {
  const { connectionId, log } = querySession(id);
  running.get(id)?.abort();
  unseenDdl.delete(id);
  useSessions.setState(({ sessions }) => ({ sessions: Object.fromEntries(Object.entries(sessions).filter(([key]) => key !== id)) }));
  release(log.results);
  if (connectionId !== null) client.queries.closeSession({ connectionId, sessionKey: id }).catch((error: unknown) => showError('The server session could not be closed', error));
}

/** Follows the tabs and the connections: a closed tab frees its results, a lost connection has no transaction any more. */
function follow(): void {
  useDocuments.subscribe(({ documents }, before) => {
    if (documents.length >= before.documents.length) return;
    const open = new Set(documents.map((document) => document.id));
    for (const id of Object.keys(useSessions.getState().sessions)) if (!open.has(id)) forget(id);
  });
  client.connections.on('statusChanged', ({ id: connectionId, state }) => {
    if (state !== 'closed' && state !== 'lost') return;
    staleCatalog(connectionId);
    for (const [id, session] of Object.entries(useSessions.getState().sessions)) {
      if (session.connectionId === connectionId && session.transaction !== 'idle') patch(id, { transaction: 'idle', transactionInfo: null });
    }
  });
}
