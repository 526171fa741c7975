import { create } from 'zustand';
import { databaseOf } from '../../../src-preload/contract/database';
import type { AppErrorData, ErrorQuestion } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { withSecrets } from '../secrets/store';

export type Connection = Awaited<ReturnType<typeof client.connections.list>>[number];

interface PasswordQuestion {
  readonly connection: Connection;
  /** Why the last try failed; null at the first. */
  readonly error: AppErrorData | null;
}

/** What lies before the database and wants an answer: an SSH server's key, or a secret. */
interface LineQuestion {
  readonly question: ErrorQuestion;
  readonly error: AppErrorData;
}

interface ConnectionsState {
  readonly connections: readonly Connection[];
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: AppErrorData | null;
  /** The one whose objects the tree shows and that a new tab gets. */
  readonly currentId: string | null;
  /** The form beside the window's content: the id that it edits, '' for a new one, null when closed. */
  readonly form: string | null;
  readonly removing: Connection | null;
  readonly moving: Connection | null;
  /** Folders of the list that are folded together. */
  readonly closedFolders: ReadonlySet<string>;
  /** The panel that imports from other tools' files. */
  readonly importing: boolean;
  readonly question: PasswordQuestion | null;
  readonly lineQuestion: LineQuestion | null;
}

/** The saved connections and how each stands. */
export const useConnections = create<ConnectionsState>(() => ({
  connections: [],
  state: 'loading',
  error: null,
  currentId: null,
  form: null,
  removing: null,
  moving: null,
  closedFolders: new Set(),
  importing: false,
  question: null,
  lineQuestion: null,
}));

/** Whether one of the dialogs of the connections is open. */
export const isAsking = ({ question, lineQuestion, removing, moving, importing }: ConnectionsState): boolean => importing || [question, lineQuestion, removing, moving].some((open) => open !== null);

/** The current connection when it is still there, else the first one that makes sense. */
export function pickCurrent(connections: readonly Connection[], currentId: string | null): string | null {
  if (connections.some((connection) => connection.id === currentId)) return currentId;
  const open = connections.find((connection) => connection.status.state === 'open');
  return (open ?? connections.find((connection) => connection.demo) ?? connections[0])?.id ?? null;
}

/** Reads the list anew. */
export async function loadConnections(): Promise<void> {
  try {
    const connections = await client.connections.list(undefined);
    useConnections.setState(({ currentId }) => ({ connections, state: 'ready', error: null, currentId: pickCurrent(connections, currentId) }));
  } catch (error) {
    useConnections.setState({ state: 'failed', error: errorData(error) });
  }
}

/** Keeps the store in step with main as long as the window lives; resolves when the list was read for the first time. */
export function followConnections(): Promise<void> {
  client.connections.on('changed', () => void loadConnections());
  client.connections.on('statusChanged', (status) =>
    useConnections.setState(({ connections }) => ({
      connections: connections.map((connection) => (connection.id === status.id ? { ...connection, status } : connection)),
    })),
  );
  return loadConnections();
}

/** The connection of an id; for another database of its server, the connection itself. */
function find(connections: readonly Connection[], id: string | null): Connection | null {
  if (id === null) return null;
  return connections.find((connection) => connection.id === id) ?? connections.find((connection) => connection.id === databaseOf(id).connectionId) ?? null;
}

/** A connection right now, for code outside of React. */
export function connectionOf(id: string | null): Connection | null {
  return find(useConnections.getState().connections, id);
}

/** A connection by its id, kept up to date. */
export function useConnection(id: string | null): Connection | null {
  return useConnections((state) => find(state.connections, id));
}

export function selectConnection(id: string): void {
  useConnections.setState({ currentId: id });
}

export function editConnection(id: string): void {
  useConnections.setState({ form: id });
}

export function closeForm(): void {
  useConnections.setState({ form: null });
}

export function askToRemove(removing: Connection | null): void {
  useConnections.setState({ removing });
}

export function toggleFolder(path: string): void {
  useConnections.setState(({ closedFolders }) => ({ closedFolders: new Set(closedFolders.has(path) ? [...closedFolders].filter((one) => one !== path) : [...closedFolders, path]) }));
}

export function showImport(importing: boolean): void {
  useConnections.setState({ importing });
}

/** Makes a copy with its secrets and opens it in the form. */
export async function duplicateConnection(id: string): Promise<void> {
  const copy = await withSecrets('to copy the password', () => client.connections.duplicate({ id }));
  await loadConnections();
  selectConnection(copy.id);
  editConnection(copy.id);
}

export function askToMove(moving: Connection | null): void {
  useConnections.setState({ moving });
}

/** Puts a connection into a folder; '' is the top of the list. */
export async function moveConnection(connection: Connection, folder: string): Promise<void> {
  const { folder: _former, ...profile } = connection;
  await client.connections.save({ profile: folder === '' ? profile : { ...profile, folder }, password: { kind: 'keep' } });
}

let answerLine: ((answered: boolean) => void) | null = null;

function askLine(question: ErrorQuestion, error: AppErrorData): Promise<boolean> {
  answerLine?.(false);
  useConnections.setState({ lineQuestion: { question, error } });
  return new Promise((resolve) => {
    answerLine = resolve;
  });
}

/** Ends the question about what lies before the database; false dismisses it. */
export function lineAnswered(answered: boolean): void {
  useConnections.setState({ lineQuestion: null });
  answerLine?.(answered);
  answerLine = null;
}

/**
 * Runs what reaches for a server. When an SSH server is not known yet, or a key or a login before the database wants a secret, the person is
 * asked, and it runs again; dismissed, it rejects with main's error.
 */
export async function withAnswers<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (failure) {
      const error = errorData(failure);
      if (!error.question || !(await askLine(error.question, error))) throw failure;
    }
  }
}

let answerPassword: ((password: string | null) => void) | null = null;

function askPassword(connection: Connection, error: AppErrorData | null): Promise<string | null> {
  answerPassword?.(null);
  useConnections.setState({ question: { connection, error } });
  return new Promise((resolve) => {
    answerPassword = resolve;
  });
}

/** The person's answer to the password question; null dismisses it. */
export function passwordAnswered(password: string | null): void {
  useConnections.setState({ question: null });
  answerPassword?.(password);
  answerPassword = null;
}

/** PostgreSQL's invalid_authorization_specification and invalid_password. */
const wantsPassword = (error: AppErrorData): boolean => error.serverCode === '28P01' || error.serverCode === '28000' || /password/i.test(error.message);

/**
 * Opens the browsing session. A connection that keeps no password is tried without one first, since many servers want none, and the
 * person is asked when the server does; a wrong answer is asked again. Rejects with main's error, or quietly as `cancelled`.
 */
export async function openConnection(id: string): Promise<void> {
  const connection = connectionOf(id);
  if (connection?.status.state === 'open') return;
  const open = (password?: string): Promise<unknown> =>
    withAnswers(() => withSecrets(`to read the password of ${connection?.name ?? id}`, () => client.connections.open(password === undefined ? { id } : { id, password })));
  let failure: unknown;
  let tried = false;
  try {
    await open();
    return;
  } catch (error) {
    failure = error;
  }
  while (connection && !connection.hasPassword && connection.target.engine !== 'pglite' && wantsPassword(errorData(failure))) {
    const password = await askPassword(connection, tried ? errorData(failure) : null);
    if (password === null) throw failure;
    tried = true;
    try {
      await open(password);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
