import type { ReactNode } from 'react';
import type { Cell } from '../../../src-preload/contract/queries';

/** How a cell that is not as stored looks. */
export type CellMark = 'changed' | 'invalid';
/** How a row that is not as stored looks. */
export type RowMark = 'changed' | 'inserted' | 'deleted';

/**
 * What an owner lays over the stored rows, such as changes that are not saved yet. Rows count within the view, columns as in the
 * result's `columns`, whatever their order on the screen. A new object is a new picture: the rows in sight are drawn again.
 */
export interface GridOverlay {
  /** What is shown in place of the stored cell; undefined where the cell is as stored. */
  readonly cell: (row: number, column: number) => { readonly value: Cell; readonly mark?: CellMark } | undefined;
  readonly row: (row: number) => RowMark | undefined;
  /** Rows behind the stored ones; all of their cells come from `cell`. */
  readonly extraRows?: number;
  /** The cell that is being edited, and the editor that stands in it. It takes the focus itself and gives it back by `focus()`. */
  readonly editing?: { readonly row: number; readonly column: number; readonly editor: ReactNode } | null;
  /** More items for the menu of the focused cell. */
  readonly menu?: (row: number, column: number) => ReactNode;
}

/** What is selected, in the terms of an owner: rows within the view, columns as in the result's `columns`, in their order on the screen. */
export interface GridSelected {
  readonly top: number;
  readonly bottom: number;
  readonly columns: readonly number[];
  /** All columns on the screen, in their order there. */
  readonly order: readonly number[];
  readonly focus: { readonly row: number; readonly column: number };
}
