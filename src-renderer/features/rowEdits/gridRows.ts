import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { Column } from '../../../src-preload/contract/queries';
import { isNewRow, rowId } from '../../../src-preload/contract/rowEditFold';
import type { Original, RowChange } from '../../../src-preload/contract/rowEditLog';
import type { EditTarget } from '../../../src-preload/contract/rowEdits';
import type { GridOverlay } from '../../components/grid/overlay';
import type { GridRow } from '../../components/grid/useGridRows';
import { client } from '../../client';
import { shownValue, untouchedValue } from './tabEdits';

/** The rows of a grid, by their place in it, with their ids. */
export interface GridRowIds {
  /** Null where the row is not in memory, or its key is too long to be shown whole. */
  readonly id: (row: number) => string | null;
  readonly stored: number;
  readonly inserted: readonly string[];
}

export function gridRowIds(target: EditTarget | null, columns: readonly Column[], stored: number, changes: readonly RowChange[], row: (index: number) => GridRow | undefined): GridRowIds {
  const inserted = changes.filter((change) => change.kind === 'insert').map((change) => change.row);
  const key = target?.key.map((name) => columns.findIndex((column) => column.name === name)) ?? [];
  return {
    stored,
    inserted,
    id: (index) => {
      if (index >= stored) return inserted[index - stored] ?? null;
      const cells = row(index);
      if (cells === undefined || key.length === 0) return null;
      const values = key.map((column) => cells[column]);
      return values.every((value) => typeof value === 'string') ? rowId(values) : null;
    },
  };
}

interface OverlayParts {
  readonly ids: GridRowIds;
  readonly target: EditTarget;
  readonly columns: readonly Column[];
  readonly byRow: ReadonlyMap<string, RowChange>;
  /** `row\0column` of cells that the server would refuse, or has refused. */
  readonly invalid: ReadonlySet<string>;
  readonly editing: GridOverlay['editing'];
  readonly menu: GridOverlay['menu'];
}

/** The pending changes as the grid draws them over the stored rows. */
export function editOverlay({ ids, target, columns, byRow, invalid, editing, menu }: OverlayParts): GridOverlay {
  const known = new Map(target.columns.map((column) => [column.name, column]));
  const changeAt = (row: number): RowChange | undefined => {
    if (byRow.size === 0) return undefined;
    const id = ids.id(row);
    return id === null ? undefined : byRow.get(id);
  };
  return {
    extraRows: ids.inserted.length,
    editing: editing ?? null,
    ...(menu === undefined ? {} : { menu }),
    row: (row) => {
      const change = changeAt(row);
      return change === undefined ? undefined : ({ insert: 'inserted', update: 'changed', delete: 'deleted' } as const)[change.kind];
    },
    cell: (row, column) => {
      const change = changeAt(row);
      const name = columns[column]?.name ?? '';
      if (change === undefined || change.kind === 'delete') return undefined;
      const mark = invalid.has(`${change.row}\0${name}`) ? ('invalid' as const) : undefined;
      const value = change.values[name];
      if (value !== undefined) return { value: shownValue(value), mark: mark ?? 'changed' };
      const definition = known.get(name);
      if (change.kind !== 'insert' || definition === undefined) return undefined;
      return { value: untouchedValue(definition), ...(mark === undefined ? {} : { mark }) };
    },
  };
}

interface Captured {
  readonly connectionId: string;
  readonly object: ObjectRef;
  readonly resultId: string;
}

/** The rows as they were read, by id, for those that have no pending change yet. */
export async function readOriginals({ connectionId, object, resultId }: Captured, ids: GridRowIds, rows: readonly number[], byRow: ReadonlyMap<string, RowChange>): Promise<Map<string, Original>> {
  const wanted = rows.filter((row) => {
    const id = ids.id(row);
    return row < ids.stored && id !== null && !isNewRow(id) && !byRow.has(id);
  });
  if (wanted.length === 0) return new Map();
  const captured = await client.rowEdits.capture({ connectionId, object, resultId, viewId: null, rows: wanted });
  return new Map(captured.map(({ id, original }) => [id, original]));
}
