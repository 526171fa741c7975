import type { VirtualItem } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';
import { FilterPopover } from './FilterPopover';
import type { Operator } from './filters';
import classes from './ResultGrid.module.css';

export interface HeaderActions {
  readonly sort: (column: number, add: boolean) => void;
  readonly filter: (column: number, filter: Filter | null) => void;
  readonly openFilter: (column: number | null) => void;
  readonly resize: (column: number) => ((event: unknown) => void) | undefined;
  readonly fit: (column: number) => void;
  readonly selectAll: () => void;
}

interface GridHeaderProps {
  readonly columns: readonly Column[];
  readonly items: readonly VirtualItem[];
  readonly spec: ViewSpec;
  readonly gutter: number;
  readonly width: number;
  readonly focusColumn: number;
  readonly openFilter: number | null;
  readonly operators: readonly Operator[] | null;
  readonly actions: HeaderActions;
}

function HeaderCell({ item, column, spec, focused, openFilter, operators, actions }: { readonly item: VirtualItem; readonly column: Column; readonly focused: boolean } & Omit<GridHeaderProps, 'columns' | 'items' | 'gutter' | 'width' | 'focusColumn'>) {
  const place = spec.sorts.findIndex((sort) => sort.column === item.index);
  const sort = spec.sorts[place];
  const Arrow = sort?.direction === 'desc' ? IconArrowDown : IconArrowUp;
  return (
    <div
      role="columnheader"
      aria-colindex={item.index + 2}
      aria-sort={sort ? (sort.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
      className={classes.headerCell}
      data-focused={focused || undefined}
      style={{ left: item.start, width: item.size }}
      title={`${column.name}: ${column.type}${column.source ? `\nfrom ${column.source.relation}.${column.source.column}` : ''}\nClick sorts, Shift+click adds to the order`}
      onClick={(event) => actions.sort(item.index, event.shiftKey)}
    >
      <span className={classes.headerNames}>
        <span className={classes.headerName}>{column.name}</span>
        <span className={classes.headerType}>{column.type}</span>
      </span>
      {sort ? (
        <span className={classes.sortMark} aria-hidden>
          <Arrow size={13} stroke={2.2} />
          {spec.sorts.length > 1 ? place + 1 : ''}
        </span>
      ) : null}
      <FilterPopover
        column={column}
        index={item.index}
        filter={spec.filters.find((filter) => filter.column === item.index) ?? null}
        opened={openFilter === item.index}
        operators={operators}
        onOpen={(opened) => actions.openFilter(opened ? item.index : null)}
        onChange={(filter) => actions.filter(item.index, filter)}
      />
      <span
        className={classes.resizer}
        aria-hidden
        onMouseDown={actions.resize(item.index)}
        onTouchStart={actions.resize(item.index)}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => {
          event.stopPropagation();
          actions.fit(item.index);
        }}
      />
    </div>
  );
}

/** Names, types, order and filters of the columns in sight. */
export function GridHeader({ columns, items, gutter, width, focusColumn, ...rest }: GridHeaderProps) {
  return (
    <div role="row" aria-rowindex={1} className={classes.header} style={{ width }}>
      <div role="columnheader" aria-colindex={1} className={classes.corner} style={{ width: gutter }}>
        <button type="button" tabIndex={-1} aria-label="Row number: select all" title="Select all (Ctrl+A)" onClick={rest.actions.selectAll}>
          #
        </button>
      </div>
      {items.map((item) => {
        const column = columns[item.index];
        return column ? <HeaderCell key={item.index} item={item} column={column} focused={focusColumn === item.index} {...rest} /> : null;
      })}
    </div>
  );
}
