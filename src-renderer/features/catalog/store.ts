import { create } from 'zustand';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { client, errorData } from '../../client';
import { settled } from '../../shell/settled';
import { openConnection } from '../connections/store';
import { emptyList, emptyTree, firstExpanded, folderOf, objectKey, PAGE_SIZE, type PagedList, type Tree } from './treeModel';

interface CatalogState {
  /** By connection. */
  readonly trees: Readonly<Record<string, Tree>>;
  readonly errors: Readonly<Record<string, AppErrorData | null>>;
  /** Rises when a connection's objects were read anew, so that open object tabs follow. */
  readonly versions: Readonly<Record<string, number>>;
}

/** What is known of each connection's objects. */
export const useCatalog = create<CatalogState>(() => ({ trees: {}, errors: {}, versions: {} }));

const treeOf = (connectionId: string): Tree => useCatalog.getState().trees[connectionId] ?? emptyTree;

function patch(connectionId: string, change: (tree: Tree) => Partial<Tree>): void {
  useCatalog.setState(({ trees }) => {
    const tree = trees[connectionId] ?? emptyTree;
    return { trees: { ...trees, [connectionId]: { ...tree, ...change(tree) } } };
  });
}

function setError(connectionId: string, thrown: unknown): void {
  const error = thrown === null ? null : errorData(thrown);
  if (error?.code === 'cancelled') return;
  useCatalog.setState(({ errors }) => ({ errors: { ...errors, [connectionId]: error } }));
}

/** What is being read, so that nothing is asked for twice. */
const underWay = new Set<string>();

async function once(key: string, connectionId: string, work: () => Promise<void>): Promise<void> {
  if (underWay.has(key)) return;
  underWay.add(key);
  try {
    await work();
  } catch (error) {
    setError(connectionId, error);
  } finally {
    underWay.delete(key);
  }
}

/** Opens the connection if needed and reads its schemas. */
export function loadSchemas(connectionId: string): Promise<void> {
  return once(`schemas ${connectionId}`, connectionId, async () => {
    setError(connectionId, null);
    await openConnection(connectionId);
    // A first statement needs the connection as well, but not the tree.
    await settled();
    const schemas = await client.catalog.schemas({ connectionId });
    patch(connectionId, (tree) => ({ schemas, expanded: tree.schemas === null && tree.expanded.size === 0 ? firstExpanded(schemas) : tree.expanded }));
  });
}

function withPage(list: PagedList, page: number, answer: { readonly total: number; readonly objects: PagedList['pages'][number] }): PagedList {
  return { total: answer.total, pages: { ...list.pages, [page]: answer.objects } };
}

/** Reads one page of a folder, or of what the search finds (`folder` null). */
export function loadPage(connectionId: string, folder: string | null, page: number): Promise<void> {
  const { search } = treeOf(connectionId);
  const version = useCatalog.getState().versions[connectionId] ?? 0;
  return once(JSON.stringify(['page', connectionId, folder ?? search, folder === null, page, version]), connectionId, async () => {
    const scope = folder === null ? { schema: null, kind: null, search } : { ...folderOf(folder), search: '' };
    const answer = await client.catalog.objects({ connectionId, ...scope, offset: page * PAGE_SIZE, limit: PAGE_SIZE });
    if ((useCatalog.getState().versions[connectionId] ?? 0) !== version) return;
    patch(connectionId, (tree) => {
      if (folder !== null) return { lists: { ...tree.lists, [folder]: withPage(tree.lists[folder] ?? emptyList, page, answer) } };
      // The person has typed on: this answer is of no use any more.
      return tree.search === search ? { found: withPage(tree.found, page, answer) } : {};
    });
  });
}

/** Searches all objects on the server; an empty text shows the branches again. */
export function searchObjects(connectionId: string, search: string): void {
  if (treeOf(connectionId).search === search) return;
  patch(connectionId, () => ({ search, found: emptyList }));
  if (search !== '') void loadPage(connectionId, null, 0);
}

function loadColumns(connectionId: string, object: ObjectRef): Promise<void> {
  const key = objectKey(object);
  return once(JSON.stringify(['columns', connectionId, key]), connectionId, async () => {
    patch(connectionId, (tree) => ({ columns: { ...tree.columns, [key]: tree.columns[key] ?? null } }));
    const detail = await client.catalog.detail({ connectionId, object });
    patch(connectionId, (tree) => ({ columns: { ...tree.columns, [key]: detail.columns } }));
  });
}

/** Opens or closes a branch; an object's columns are read when it opens. */
export function expand(connectionId: string, key: string, expanded: boolean, object?: ObjectRef): void {
  patch(connectionId, (tree) => {
    const next = new Set(tree.expanded);
    if (expanded) next.add(key);
    else next.delete(key);
    return { expanded: next };
  });
  if (expanded && object && !treeOf(connectionId).columns[key]) {
    void loadColumns(connectionId, { schema: object.schema, name: object.name, kind: object.kind, ...(object.oid === undefined ? {} : { oid: object.oid }) });
  }
}

/** Reads everything anew, as after a DDL statement; open branches stay open. */
export async function refreshCatalog(connectionId: string): Promise<void> {
  await openConnection(connectionId);
  await client.catalog.refresh({ connectionId });
  forgetCatalog(connectionId);
  await loadSchemas(connectionId);
}

/** Drops what was read of a connection, so that it is read again when it is looked at; open branches are remembered. */
export function forgetCatalog(connectionId: string): void {
  useCatalog.setState(({ versions }) => ({ versions: { ...versions, [connectionId]: (versions[connectionId] ?? 0) + 1 } }));
  patch(connectionId, (tree) => ({ lists: {}, columns: {}, found: emptyList, expanded: new Set([...tree.expanded].filter((key) => !key.startsWith('["o"'))) }));
  if (treeOf(connectionId).search !== '') void loadPage(connectionId, null, 0);
}
