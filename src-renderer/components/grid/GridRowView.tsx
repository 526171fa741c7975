import type { VirtualItem } from '@tanstack/react-virtual';
import { memo, type ReactNode } from 'react';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import { formatBytes, formatCount } from '../../shell/format';
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
  readonly items: readonly VirtualItem[];
  /** First and last selected column of this row; -1 where none is. */
  readonly left: number;
  readonly right: number;
  /** The column of the keyboard's cell when it is in this row, else -1. */
  readonly focus: number;
}

/** Line ends and tabs as signs, so that one line shows that there are more. */
const oneLine = (text: string): string => (/[\n\r\t]/.test(text) ? text.replaceAll(/\r\n|\n|\r/g, ' ⏎ ').replaceAll('\t', ' ⇥ ') : text);

function content(cell: Cell): ReactNode {
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

/** One row of the grid: the cells of the columns in sight. */
export const GridRowView = memo(function GridRowView({ id, index, top, width, gutter, cells, columns, items, left, right, focus }: GridRowViewProps) {
  return (
    <div role="row" aria-rowindex={index + 2} aria-busy={cells === undefined || undefined} className={classes.row} data-odd={index % 2 === 1 || undefined} style={{ transform: `translateY(${top}px)`, width }}>
      <div role="rowheader" aria-colindex={1} className={classes.rowNumber} data-row={index} data-selected={left >= 0 || undefined} style={{ width: gutter }}>
        {formatCount(index + 1)}
      </div>
      {items.map((item) => (
        <div
          key={item.index}
          id={focus === item.index ? `${id}-focus` : undefined}
          role="gridcell"
          aria-colindex={item.index + 2}
          aria-selected={item.index >= left && item.index <= right && left >= 0}
          className={classes.cell}
          data-row={index}
          data-column={item.index}
          data-number={columns[item.index]?.family === 'number' || undefined}
          data-focus={focus === item.index || undefined}
          style={{ left: item.start, width: item.size }}
        >
          {cells === undefined ? <span className={classes.waiting} /> : content(cells[item.index] ?? null)}
        </div>
      ))}
    </div>
  );
});
