import type { DataQuery, ObjectRef } from '../../src-preload/contract/catalog';
import { databaseOf } from '../../src-preload/contract/database';
import type { Document } from '../../src-preload/contract/documents';
import type { EditLog } from '../../src-preload/contract/rowEditLog';
import type { StructureEdit } from '../../src-preload/contract/structureModel';
import { connectionOf, useConnections } from '../features/connections/store';
import { documentOf, useDocuments } from '../features/documents/store';
import { leaveWelcome, useLayout } from './layout';
import { tabMark, unmarkTab } from './tabs';

/** The connection that a new tab gets: that of the tab in front, else the one whose objects are shown. */
export function currentConnectionId(): string | null {
  return useConnections.getState().currentId;
}

/** Opens a new query tab, with a text if one is given. */
export function newQuery(text = '', connectionId: string | null = currentConnectionId(), title?: string): void {
  leaveWelcome();
  const place = connectionId === null ? { connectionId, database: null } : databaseOf(connectionId);
  useDocuments.getState().openDocument({ kind: 'query', text, connectionId: place.connectionId, options: { database: place.database }, ...(title === undefined ? {} : { title }) });
}

/** Where a person is in a table's data. `row` is the selected row of the page. */
export interface TablePlace extends Omit<DataQuery, 'filters' | 'sorts'> {
  readonly filters: readonly DataQuery['filters'][number][];
  readonly sorts: readonly DataQuery['sorts'][number][];
  readonly row?: number;
}

/** Pending edits of one table. `applying` stands while their transaction is under way: its number once that is known. */
export interface TableEdits {
  readonly log: EditLog;
  readonly applying?: { readonly transaction: string | null };
}

/** What a table tab keeps in its document's text, so that it survives whatever happens to the program. */
export interface ObjectTabState {
  readonly object: ObjectRef;
  readonly view: 'data' | 'structure' | 'ddl' | 'grants';
  readonly place?: TablePlace;
  /** The places that were left by following foreign keys, the last one at the end. */
  readonly back?: readonly TablePlace[];
  readonly forward?: readonly TablePlace[];
  /** By the object's JSON: also of tables that the tab has shown before. */
  readonly edits?: Readonly<Record<string, TableEdits>>;
  /** The structure is being edited; `index` begins with the form of a new index. */
  readonly editing?: 'structure' | 'index' | undefined;
  /** By the object's JSON: edits of its structure that were not applied yet. */
  readonly structureEdits?: Readonly<Record<string, readonly StructureEdit[]>>;
}

/** Reads a table tab's text; null when it is damaged. */
export function parseObjectTab(text: string): ObjectTabState | null {
  try {
    const state = JSON.parse(text) as Partial<ObjectTabState>;
    return state.object && typeof state.object.name === 'string' ? { ...state, object: state.object, view: state.view ?? 'structure' } : null;
  } catch {
    return null;
  }
}

/** The pending edits of the structure of the object that a tab shows. */
export function structureEditsOf({ object, structureEdits }: ObjectTabState): readonly StructureEdit[] {
  return structureEdits?.[structureKey(object)] ?? [];
}

/** The same tab with these edits pending. */
export function withStructureEdits(state: ObjectTabState, edits: readonly StructureEdit[]): ObjectTabState {
  const key = structureKey(state.object);
  const others = Object.entries(state.structureEdits ?? {}).filter(([other]) => other !== key);
  return { ...state, structureEdits: Object.fromEntries(edits.length === 0 ? others : [...others, [key, edits]]) };
}

const structureKey = ({ schema, name, kind }: ObjectRef): string => JSON.stringify([schema, name, kind]);

const sameObject = (a: ObjectRef, b: ObjectRef): boolean => a.schema === b.schema && a.name === b.name && a.kind === b.kind && a.oid === b.oid;

/** Opens an object's tab, or brings the one that shows it to the front; with a place, at these rows. */
export function openObject(connectionId: string, object: ObjectRef, view: ObjectTabState['view'], place?: TablePlace, editing?: ObjectTabState['editing']): void {
  leaveWelcome();
  const store = useDocuments.getState();
  const ref: ObjectRef = { schema: object.schema, name: object.name, kind: object.kind, ...(object.oid === undefined ? {} : { oid: object.oid }) };
  const shown = { object: ref, view, ...(place === undefined ? {} : { place }), ...(editing === undefined ? {} : { editing }) };
  const text = JSON.stringify(shown satisfies ObjectTabState);
  const open = store.documents.find((document) => {
    const shown = document.kind === 'table' && document.connectionId === connectionId ? parseObjectTab(document.text) : null;
    return shown !== null && sameObject(shown.object, ref);
  });
  if (!open) {
    store.openDocument({ kind: 'table', title: object.name, connectionId, text });
    return;
  }
  store.updateDocument(open.id, { text: JSON.stringify({ ...parseObjectTab(open.text), ...shown } satisfies ObjectTabState) });
  store.activate(open.id);
}

/** Opens the tab of a connection's server processes or of its users and grants, or brings it to the front. */
export function openServerTab(kind: 'processes' | 'roles', connectionId: string): void {
  leaveWelcome();
  const store = useDocuments.getState();
  const open = store.documents.find((document) => document.kind === kind && document.connectionId === connectionId);
  if (open) store.activate(open.id);
  else store.openDocument({ kind, title: kind === 'processes' ? 'Server processes' : 'Users and grants', connectionId });
}

/** Opens the assistant on a conversation, or on a new one; `draft` is put into the question box. */
export function openAssistant(options: { connectionId?: string | null; conversationId?: string; title?: string; draft?: string }): void {
  leaveWelcome();
  const store = useDocuments.getState();
  const { conversationId, draft } = options;
  const open = conversationId === undefined ? undefined : store.documents.find((document) => document.kind === 'assistant' && document.text.includes(`"${conversationId}"`));
  if (open) {
    store.activate(open.id);
    return;
  }
  const connectionId = options.connectionId === undefined ? currentConnectionId() : options.connectionId;
  store.openDocument({ kind: 'assistant', title: options.title ?? 'New question', connectionId, text: JSON.stringify({ conversationId: conversationId ?? null, draft: draft ?? '' }) });
}

/** Opens the settings, or brings them to the front; at a section if one is named. */
export function openSettings(section?: string): void {
  leaveWelcome();
  const store = useDocuments.getState();
  const open = store.documents.find(({ kind }) => kind === 'settings');
  if (!open) {
    store.openDocument({ kind: 'settings', title: 'Settings', connectionId: null, text: section ?? '' });
    return;
  }
  if (section !== undefined) store.updateDocument(open.id, { text: section });
  store.activate(open.id);
}

/** Brings a tab to the front. */
export function showDocument(id: string): void {
  leaveWelcome();
  useDocuments.getState().activate(id);
  const connectionId = useDocuments.getState().documents.find((document) => document.id === id)?.connectionId ?? null;
  if (connectionOf(connectionId)) useConnections.setState({ currentId: connectionId });
}

/** Whether closing the tab would lose something that only the person can decide on. */
export function closingLoses(id: string): 'transaction' | 'running' | 'text' | null {
  const mark = tabMark(id);
  const document = useDocuments.getState().documents.find((open) => open.id === id);
  const designed = document?.kind === 'structure' || (document?.kind === 'table' && Object.keys(parseObjectTab(document.text)?.structureEdits ?? {}).length > 0);
  if (mark.transaction !== 'idle') return 'transaction';
  if (mark.running) return 'running';
  return mark.dirty || designed || document?.options.dirty ? 'text' : null;
}

/** Closes a tab without asking. */
export function closeTab(id: string): void {
  useDocuments.getState().closeDocument(id);
  unmarkTab(id);
}

/** The tab in front; null for the welcome page. */
export function frontDocumentId(): string | null {
  return useLayout.getState().welcome === 'front' ? null : useDocuments.getState().activeId;
}

/** Goes `step` tabs to the right, around the end. */
export function cycleTabs(step: number): void {
  const { documents, activeId } = useDocuments.getState();
  if (documents.length === 0) return;
  const index = documents.findIndex((document) => document.id === activeId);
  const next = documents[(index + step + documents.length) % documents.length];
  if (next) showDocument(next.id);
}

/** The tabs that are shown: one, or two side by side. `left` is null only without tabs. */
export function shownSides(documents: readonly Document[], activeId: string | null, lastLeft: string | null): { left: string | null; right: string | null } {
  const right = documents.find(({ options }) => options.beside)?.id ?? null;
  const others = documents.filter(({ id }) => id !== right);
  if (right === null || others.length === 0) return { left: activeId, right: null };
  if (activeId !== null && activeId !== right) return { left: activeId, right };
  const left = others.find(({ id }) => id === lastLeft) ?? others.at(-1);
  return { left: left?.id ?? null, right };
}

/** Shows the tab in front at the right of another one; does the opposite when there is one already. */
export function toggleBeside(): void {
  const store = useDocuments.getState();
  const beside = store.documents.find(({ options }) => options.beside);
  const front = frontDocumentId();
  if (beside) store.setOptions(beside.id, { beside: false });
  if (front === null || beside?.id === front) return;
  if (beside) return;
  store.setOptions(front, { beside: true });
  if (store.documents.length === 1) newQuery('', documentOf(front)?.connectionId ?? null);
}

/** The left tab of this window before the right one had the focus. */
let lastLeft: string | null = null;
useDocuments.subscribe(({ activeId, documents }) => {
  if (activeId !== null && !documents.find(({ id }) => id === activeId)?.options.beside) lastLeft = activeId;
});

/** The two sides right now. */
export function sidesNow(documents: readonly Document[], activeId: string | null): { left: string | null; right: string | null } {
  return shownSides(documents, activeId, lastLeft);
}

/** Goes from the one side to the other. */
export function focusOtherSide(): void {
  const { documents, activeId } = useDocuments.getState();
  const { left, right } = sidesNow(documents, activeId);
  const other = activeId === right ? left : right;
  if (other !== null) showDocument(other);
}
