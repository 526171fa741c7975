import { create } from 'zustand';
import { client, errorData } from '../../client';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { SavedQuery } from '../../../src-preload/contract/savedQueries';
import { currentConnectionId } from '../../shell/documentActions';
import { showActivity } from '../../shell/layout';
import { useConnections } from '../connections/store';
import { documentOf, useDocuments } from '../documents/store';
import { adoptFile, showFile } from '../files/store';
import { runQuery } from '../queries/sessions';

interface SavedQueries {
  readonly queries: readonly SavedQuery[] | null;
  readonly folders: readonly string[];
  readonly error: AppErrorData | null;
  /** The tab whose text is being kept. */
  readonly saving: string | null;
}

export const useSavedQueries = create<SavedQueries>(() => ({ queries: null, folders: [], error: null, saving: null }));

let search = '';

/** Reads the list anew, for a search text. */
export async function readSavedQueries(wanted = search): Promise<void> {
  search = wanted;
  try {
    const found = await client.savedQueries.list({ search: wanted });
    if (search === wanted) useSavedQueries.setState({ ...found, error: null });
  } catch (error) {
    useSavedQueries.setState({ error: errorData(error) });
  }
}

/** Keeps the list in step with the folder; returns the function that stops it. */
export function followSavedQueries(): () => void {
  void readSavedQueries();
  return client.savedQueries.on('changed', () => void readSavedQueries());
}

/** Where a saved query runs: the connection that it names, else the current one. */
function connectionFor(query: SavedQuery): string | null {
  const wanted = query.connection?.toLowerCase();
  const named = useConnections.getState().connections.find((connection) => connection.name.toLowerCase() === wanted);
  return named?.id ?? currentConnectionId();
}

/** Opens a saved query in a tab; with `run` it is run there as well. */
export async function openSavedQuery(query: SavedQuery, run = false): Promise<void> {
  const id = showFile(await client.savedQueries.read({ id: query.id }), { connectionId: connectionFor(query), title: query.name });
  const document = documentOf(id);
  if (run && document?.connectionId && document.text.trim() !== '') await runQuery(id, document.connectionId, { text: document.text, offset: 0, scope: 'all' });
}

/** Opens the form that keeps a tab's text as a saved query; null closes it. */
export function askToSave(id: string | null): void {
  useSavedQueries.setState({ saving: id });
}

/** Keeps a tab's text as a new saved query; the tab belongs to its file from then on. */
export async function saveQuery(id: string, query: { readonly folder: string; readonly name: string; readonly description: string }): Promise<void> {
  const document = documentOf(id);
  if (!document) return;
  const connection = useConnections.getState().connections.find((one) => one.id === document.connectionId)?.name ?? null;
  const saved = await client.savedQueries.create({ ...query, connection, text: document.text });
  adoptFile(id, saved.file, saved.query.name);
  showActivity('saved');
  await readSavedQueries();
}

/** Renames or moves one; a tab that has it goes along. */
export async function moveQuery(query: SavedQuery, to: { readonly folder: string; readonly name: string }): Promise<void> {
  const moved = await client.savedQueries.move({ id: query.id, ...to });
  for (const document of useDocuments.getState().documents) {
    const { file } = document.options;
    if (file?.path === query.path) useDocuments.getState().updateDocument(document.id, { title: moved.query.name, options: { ...document.options, file: { ...file, path: moved.stamp.path } } });
  }
  await readSavedQueries();
}
