import type { Connection } from './store';

/** A line of the connection list. */
export type ListRow =
  | { readonly kind: 'folder'; readonly path: string; readonly name: string; readonly depth: number; readonly count: number; readonly open: boolean }
  | { readonly kind: 'connection'; readonly connection: Connection; readonly depth: number };

/**
 * The connections as lines, by folders: folders first and by name, connections in the order of the list. What lies in a folder that is
 * closed is left out, unless `all` is set (a search shows what it found).
 */
export function listRows(connections: readonly Connection[], closed: ReadonlySet<string>, all: boolean): ListRow[] {
  const within = (path: string, depth: number): ListRow[] => {
    const prefix = path === '' ? '' : `${path}/`;
    const inside = connections.filter(({ folder = '' }) => folder === path || path === '' || folder.startsWith(prefix));
    const names = [...new Set(inside.flatMap(({ folder = '' }) => (folder === path ? [] : [folder.slice(prefix.length).split('/')[0] ?? ''])))].sort((a, b) => a.localeCompare(b));
    const folders = names.flatMap((name): ListRow[] => {
      const inner = `${prefix}${name}`;
      const open = all || !closed.has(inner);
      const count = inside.filter(({ folder = '' }) => folder === inner || folder.startsWith(`${inner}/`)).length;
      return [{ kind: 'folder', path: inner, name, depth, count, open }, ...(open ? within(inner, depth + 1) : [])];
    });
    return [...folders, ...inside.filter(({ folder = '' }) => folder === path).map((connection): ListRow => ({ kind: 'connection', connection, depth }))];
  };
  return within('', 0);
}
