import { CloseButton } from '@mantine/core';
import { useMemo } from 'react';
import { ErrorPanel } from '../../shell/ErrorPanel';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';
import { describeFilter } from './filters';
import { GridRowView, type RowMatches } from './GridRowView';
import type { GridOverlay } from './overlay';
import type { Block, Selection } from './selection';
import type { PlacedColumn } from './useGridColumns';
import type { GridRow, GridRows } from './useGridRows';
import type { GridView } from './useGridView';
import { ROW_HEIGHT, type GridScroll } from './useGridScroll';
import classes from './ResultGrid.module.css';

interface RowsLayerProps {
  readonly id: string;
  readonly first: number;
  readonly end: number;
  readonly row: (index: number) => GridRow | undefined;
  readonly scroll: GridScroll;
  readonly width: number;
  readonly gutter: number;
  readonly columns: readonly Column[];
  readonly items: readonly PlacedColumn[];
  readonly block: Block;
  readonly selection: Selection;
  readonly overlay: GridOverlay | undefined;
  readonly found: ((row: number) => RowMatches | undefined) | null;
}

/** Rows are placed within their layer from a row near by: a browser's coordinates are exact to a px up to some millions only. */
const ANCHOR_ROWS = 1024;

/** The rows in sight. Scrolling moves their layer; a row itself is drawn again only when something in it changes. */
export function RowsLayer({ id, first, end, row, scroll, width, gutter, columns, items, block, selection, overlay, found }: RowsLayerProps) {
  const anchor = Math.floor(first / ANCHOR_ROWS) * ANCHOR_ROWS;
  const drawn = useMemo(() => Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index), [first, end]);
  // Where the scroll bar is a scale, rows are placed from what the bar shows.
  const shift = scroll.map.scaled ? scroll.offset - scroll.top : 0;
  return (
    <div className={classes.rows} style={{ transform: `translateY(${anchor * ROW_HEIGHT - shift}px)`, width }} role="presentation">
      {drawn.map((index) => {
        const selected = index >= block.top && index <= block.bottom;
        return (
          <GridRowView
            key={index}
            id={id}
            index={index}
            top={(index - anchor) * ROW_HEIGHT}
            width={width}
            gutter={gutter}
            cells={row(index)}
            columns={columns}
            items={items}
            left={selected ? block.left : -1}
            right={selected ? block.right : -1}
            focus={index === selection.focus.row ? selection.focus.column : -1}
            overlay={overlay}
            found={found?.(index)}
          />
        );
      })}
    </div>
  );
}

interface FilterBarProps {
  readonly columns: readonly Column[];
  readonly spec: ViewSpec;
  readonly onChange: (spec: ViewSpec) => void;
  readonly error: AppErrorData | null;
}

/** The filters in words, each with a button that takes it away; nothing where there are none. */
export function FilterBar({ columns, spec, onChange, error }: FilterBarProps) {
  if (spec.filters.length === 0 && !error) return null;
  const without = (gone: Filter): ViewSpec => ({ ...spec, filters: spec.filters.filter((filter) => filter !== gone) });
  return (
    <div className={classes.chips}>
      {spec.filters.length > 0 ? <span>Only rows where</span> : null}
      {spec.filters.map((filter) => (
        <span className={classes.chip} key={filter.column}>
          <span>{describeFilter(filter, columns)}</span>
          <CloseButton size={16} aria-label={`Remove the filter ${describeFilter(filter, columns)}`} onClick={() => onChange(without(filter))} />
        </span>
      ))}
      {error ? <ErrorPanel title="The rows could not be ordered or filtered" error={error} /> : null}
    </div>
  );
}

interface GridMessageProps {
  readonly empty: boolean;
  readonly filtered: boolean;
  readonly view: GridView;
  readonly rows: GridRows;
}

/** Why there are no rows to see, or that they are being ordered. */
export function GridMessage({ empty, filtered, view, rows }: GridMessageProps) {
  if (view.building) return <div className={classes.building} />;
  if (rows.error) {
    return (
      <div className={classes.message}>
        <ErrorPanel title="The rows could not be read" error={rows.error} onRetry={rows.retry} />
      </div>
    );
  }
  if (!empty) return null;
  return <div className={classes.message}>{filtered ? 'No row passes the filters.' : 'The statement gave no rows.'}</div>;
}
