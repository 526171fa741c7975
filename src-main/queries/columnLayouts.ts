import { createHash } from 'node:crypto';
import { columnLayout, type ColumnLayout } from '../../src-preload/contract/resultAnalysis';
import type { Store } from '../store/service';

/** How many shapes are remembered; the ones used longest ago go first. */
const keptLayouts = 1000;

type Shape = readonly { readonly name: string; readonly type: string }[];

/** How a person arranged the columns of results, by the results' shape. */
export interface ColumnLayouts {
  /** Null where none was kept, or what was kept cannot be used. */
  read(columns: Shape): ColumnLayout | null;
  /** Null forgets. */
  save(columns: Shape, layout: ColumnLayout | null): void;
}

export function createColumnLayouts(store: Store): ColumnLayouts {
  return {
    read(columns) {
      const row = store.get<{ layout: string }>('SELECT layout FROM column_layouts WHERE shape = ?', shapeOf(columns));
      return row ? parsed(row.layout) : null;
    },
    save(columns, layout) {
      const shape = shapeOf(columns);
      store.transaction(() => {
        store.run('DELETE FROM column_layouts WHERE shape = ?', shape);
        if (layout === null) return;
        store.run('INSERT INTO column_layouts (shape, layout) VALUES (?, ?)', shape, JSON.stringify(layout));
        store.run('DELETE FROM column_layouts WHERE id <= (SELECT max(id) FROM column_layouts) - ?', keptLayouts);
      });
    },
  };
}

function shapeOf(columns: Shape): string {
  return createHash('sha256').update(JSON.stringify(columns.map(({ name, type }) => [name, type]))).digest('hex');
}

function parsed(text: string): ColumnLayout | null {
  try {
    return columnLayout.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
