import type { Cell, Column } from '../../../src-preload/contract/queries';
import type { ForeignKeyEnd } from '../../../src-preload/contract/rowEdits';
import type { TablePlace } from '../../shell/documentActions';
import { placeOf } from '../catalog/place';
import type { RowEdits } from './useRowEdits';

/** A row's values by column as they are shown, pending ones included; long ones are left out. */
export function rowCells(rowEdits: RowEdits, columns: readonly Column[], row: number, stored: readonly Cell[] | undefined): Record<string, string | null> {
  const id = rowEdits.ids.id(row);
  const change = id === null ? undefined : rowEdits.edits.byRow.get(id);
  const values = change === undefined || change.kind === 'delete' ? {} : change.values;
  const cells: Record<string, string | null> = {};
  for (const [index, { name }] of columns.entries()) {
    const value = values[name];
    const cell = value === undefined ? stored?.[index] : value.kind === 'text' ? value.text : null;
    if (cell === null || typeof cell === 'string') cells[name] = cell;
  }
  return cells;
}

/** The foreign keys that a column is part of. */
export function foreignKeysOf(rowEdits: RowEdits, column: string): readonly ForeignKeyEnd[] {
  return rowEdits.target?.foreignKeys.filter(({ columns }) => columns.includes(column)) ?? [];
}

/** The referenced row's place; null where a column of the key is NULL, so that it leads nowhere. */
export function referencedPlace({ columns, references }: ForeignKeyEnd, cells: Readonly<Record<string, string | null>>): TablePlace | null {
  const values = columns.map((column) => cells[column]);
  if (values.some((value) => typeof value !== 'string')) return null;
  const filters = references.columns.map((column, index) => ({ column, op: 'eq' as const, value: values[index] ?? '' }));
  return placeOf({ schema: references.schema, name: references.table, kind: references.kind }, filters);
}
