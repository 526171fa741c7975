import type { SavedQuery } from '../../../src-preload/contract/savedQueries';

interface Row {
  readonly depth: number;
  readonly folder: string | null;
  readonly query: SavedQuery | null;
}

/** A folder and all that it lies in; nothing for the root. */
const withParents = (folder: string): string[] => (folder === '' ? [] : folder.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')));

/** Folders before queries, each below its folder; what lies in a closed folder is left out. */
export function rowsOf(queries: readonly SavedQuery[], folders: readonly string[], closed: ReadonlySet<string>): Row[] {
  const all = [...new Set([...folders, ...queries.map((query) => query.folder)].flatMap(withParents))];
  const rows: Row[] = [];
  const add = (parent: string, depth: number): void => {
    const below = all.filter((folder) => (folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '') === parent).sort((a, b) => a.localeCompare(b));
    for (const folder of below) {
      rows.push({ depth, folder, query: null });
      if (!closed.has(folder)) add(folder, depth + 1);
    }
    for (const query of queries) if (query.folder === parent) rows.push({ depth, folder: null, query });
  };
  add('', 0);
  return rows;
}
