import { IconArrowDown, IconArrowUp, IconPinFilled } from '@tabler/icons-react';
import { memo, useState, type DragEvent, type MouseEvent } from 'react';
import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';
import { FilterPopover } from './FilterPopover';
import type { Operator } from './filters';
import type { PlacedColumn } from './useGridColumns';
import classes from './ResultGrid.module.css';

/** What a person does at the headers; columns by their index in the result. */
export interface HeaderActions {
  readonly sort: (column: number, add: boolean) => void;
  readonly filter: (column: number, filter: Filter | null) => void;
  readonly openFilter: (column: number | null) => void;
  readonly resize: (column: number, event: unknown) => void;
  readonly fit: (column: number) => void;
  readonly move: (column: number, target: number, after: boolean) => void;
  readonly menu: (column: number, event: MouseEvent) => void;
  readonly selectAll: () => void;
}

interface GridHeaderProps {
  readonly columns: readonly Column[];
  readonly items: readonly PlacedColumn[];
  readonly spec: ViewSpec;
  readonly gutter: number;
  readonly width: number;
  readonly focusColumn: number;
  readonly openFilter: number | null;
  readonly operators: readonly Operator[] | null;
  readonly actions: HeaderActions;
}

/** Names the kind of what is dragged, so that text from elsewhere is not taken for a column. */
const DRAGGED = 'application/x-grid-column';

/** Dragging a header's name over another header puts the column before or after that one. */
function useColumnDrop(column: number, move: HeaderActions['move']) {
  const [side, setSide] = useState<'before' | 'after' | null>(null);
  const sideOf = (event: DragEvent<HTMLElement>): 'before' | 'after' => {
    const box = event.currentTarget.getBoundingClientRect();
    return event.clientX < box.left + box.width / 2 ? 'before' : 'after';
  };
  return {
    side,
    handlers: {
      onDragOver: (event: DragEvent<HTMLElement>): void => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        setSide(sideOf(event));
      },
      onDragLeave: (): void => setSide(null),
      onDrop: (event: DragEvent<HTMLElement>): void => {
        setSide(null);
        const dragged = event.dataTransfer.getData(DRAGGED);
        if (dragged === '') return;
        event.preventDefault();
        move(Number(dragged), column, sideOf(event) === 'after');
      },
    },
  };
}

function HeaderCell({ item, column, spec, focused, openFilter, operators, actions }: { readonly item: PlacedColumn; readonly column: Column; readonly focused: boolean } & Omit<GridHeaderProps, 'columns' | 'items' | 'gutter' | 'width' | 'focusColumn'>) {
  const { index } = item;
  const place = spec.sorts.findIndex((sort) => sort.column === index);
  const sort = spec.sorts[place];
  const Arrow = sort?.direction === 'desc' ? IconArrowDown : IconArrowUp;
  const drop = useColumnDrop(index, actions.move);
  return (
    <div
      role="columnheader"
      aria-colindex={item.place + 2}
      aria-sort={sort ? (sort.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
      className={item.pinned ? classes.pinnedHeader : classes.headerCell}
      data-focused={focused || undefined}
      data-drop={drop.side ?? undefined}
      style={{ left: item.start, width: item.size }}
      title={`${column.name}: ${column.type}\nClick sorts, Shift+click adds to the order, dragging moves the column`}
      onClick={(event) => actions.sort(index, event.shiftKey)}
      onContextMenu={(event) => actions.menu(index, event)}
      {...drop.handlers}
    >
      <span
        className={classes.headerNames}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAGGED, String(index));
          event.dataTransfer.effectAllowed = 'move';
        }}
      >
        <span className={classes.headerName}>{column.name}</span>
        <span className={classes.headerType}>{column.type}</span>
      </span>
      {item.pinned ? <IconPinFilled size={11} className={classes.pinMark} aria-label="pinned" /> : null}
      {sort ? (
        <span className={classes.sortMark} aria-hidden>
          <Arrow size={13} stroke={2.2} />
          {spec.sorts.length > 1 ? place + 1 : ''}
        </span>
      ) : null}
      <FilterPopover
        column={column}
        index={index}
        filter={spec.filters.find((filter) => filter.column === index) ?? null}
        opened={openFilter === index}
        operators={operators}
        onOpen={(opened) => actions.openFilter(opened ? index : null)}
        onChange={(filter) => actions.filter(index, filter)}
      />
      <span
        className={classes.resizer}
        aria-hidden
        onMouseDown={(event) => actions.resize(index, event)}
        onTouchStart={(event) => actions.resize(index, event)}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => {
          event.stopPropagation();
          actions.fit(index);
        }}
      />
    </div>
  );
}

/** Names, types, order and filters of the columns in sight. */
export const GridHeader = memo(function GridHeader({ columns, items, gutter, width, focusColumn, ...rest }: GridHeaderProps) {
  return (
    <div role="row" aria-rowindex={1} className={classes.header} style={{ width }}>
      <div role="columnheader" aria-colindex={1} className={classes.corner} style={{ width: gutter }}>
        <button type="button" tabIndex={-1} aria-label="Row number: select all" title="Select all (Ctrl+A)" onClick={rest.actions.selectAll}>
          #
        </button>
      </div>
      {items.map((item) => {
        const column = columns[item.index];
        return column ? <HeaderCell key={item.index} item={item} column={column} focused={focusColumn === item.place} {...rest} /> : null;
      })}
    </div>
  );
});
