import { memo, type ReactNode } from 'react';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import { formatBytes, formatCount } from '../../shell/format';
import type { CellMark, GridOverlay } from './overlay';
import type { PlacedColumn } from './useGridColumns';
import type { GridRow } from './useGridRows';
import classes from './ResultGrid.module.css';

interface GridRowViewProps {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly width: number;
  readonly gutter: number;
  /** Undefined while the row is on its way. */
  readonly cells: GridRow | undefined;
  readonly columns: readonly Column[];
  readonly items: readonly PlacedColumn[];
  /** First and last selected place of this row; -1 where none is. */
  readonly left: number;
  readonly right: number;
  /** The place of the keyboard's cell when it is in this row, else -1. */
  readonly focus: number;
  readonly overlay: GridOverlay | undefined;
  /** Columns with a match of the search in this row; the current one is marked apart. */
  readonly found: RowMatches | undefined;
}

/** Matches of a search in one row, by the columns' index in the result. */
export interface RowMatches {
  readonly columns: readonly number[];
  readonly current: number | null;
}

/** Line ends and tabs as signs, so that one line shows that there are more. */
const oneLine = (text: string): string => (/[\n\r\t]/.test(text) ? text.replaceAll(/\r\n|\n|\r/g, ' ⏎ ').replaceAll('\t', ' ⇥ ') : text);

/** A cell as it stands in the grid and in lists of a row: NULL and the empty text each by a sign of its own. */
export function content(cell: Cell): ReactNode {
  if (cell === null) return <span className={classes.null}>NULL</span>;
  if (cell === '') return <span className={classes.empty}>empty</span>;
  if (typeof cell === 'string') return oneLine(cell);
  return (
    <>
      <span className={classes.cutText}>{oneLine(cell.text)}</span>
      <span className={classes.cut} title={`Cut here: the whole value has ${formatBytes(cell.cut)}. Enter shows it.`}>
        … {formatBytes(cell.cut)}
      </span>
    </>
  );
}

/** What stands in a cell: its editor, what is laid over it, or what is stored. */
function shownIn(row: GridRowViewProps, column: number): { readonly node: ReactNode; readonly mark: CellMark | undefined; readonly editing: true | undefined } {
  const { index, overlay, cells } = row;
  const editing = overlay?.editing;
  const laid = overlay?.cell(index, column);
  if (editing?.row === index && editing.column === column) return { node: editing.editor, mark: laid?.mark, editing: true };
  if (laid) return { node: content(laid.value), mark: laid.mark, editing: undefined };
  return { node: cells === undefined ? <span className={classes.waiting} /> : content(cells[column] ?? null), mark: undefined, editing: undefined };
}

const matchIn = (found: RowMatches | undefined, column: number): 'current' | 'other' | undefined =>
  found?.columns.includes(column) ? (found.current === column ? 'current' : 'other') : undefined;

function CellView({ item, row }: { readonly item: PlacedColumn; readonly row: GridRowViewProps }) {
  const focused = row.focus === item.place;
  const { node, mark, editing } = shownIn(row, item.index);
  return (
    <div
      id={focused ? `${row.id}-focus` : undefined}
      role="gridcell"
      aria-colindex={item.place + 2}
      aria-selected={item.place >= row.left && item.place <= row.right && row.left >= 0}
      className={item.pinned ? classes.pinnedCell : classes.cell}
      data-row={row.index}
      data-column={item.place}
      data-number={row.columns[item.index]?.family === 'number' || undefined}
      data-focus={focused || undefined}
      data-mark={mark}
      data-match={matchIn(row.found, item.index)}
      data-editing={editing}
      style={{ left: item.start, width: item.size }}
    >
      {node}
    </div>
  );
}

/** One row of the grid: the cells of the columns in sight. */
export const GridRowView = memo(function GridRowView(row: GridRowViewProps) {
  const { index, top, width, gutter, cells, items, left, overlay } = row;
  const mark = overlay?.row(index);
  return (
    <div role="row" aria-rowindex={index + 2} aria-busy={cells === undefined || undefined} className={classes.row} data-odd={index % 2 === 1 || undefined} data-mark={mark} style={{ transform: `translateY(${top}px)`, width }}>
      <div role="rowheader" aria-colindex={1} aria-label={mark ? `${formatCount(index + 1)}, ${mark}` : undefined} className={classes.rowNumber} data-row={index} data-selected={left >= 0 || undefined} style={{ width: gutter }}>
        {formatCount(index + 1)}
      </div>
      {items.map((item) => (
        <CellView key={item.index} item={item} row={row} />
      ))}
    </div>
  );
});
