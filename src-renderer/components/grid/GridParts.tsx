import { CloseButton } from '@mantine/core';
import type { VirtualItem } from '@tanstack/react-virtual';
import { useMemo } from 'react';
import { ErrorPanel } from '../../shell/ErrorPanel';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';
import { describeFilter } from './filters';
import { GridRowView } from './GridRowView';
import type { Block, Selection } from './selection';
import type { GridRows } from './useGridRows';
import type { GridView } from './useGridView';
import { ROW_HEIGHT, type GridScroll } from './useGridScroll';
import classes from './ResultGrid.module.css';

interface RowsLayerProps {
  readonly id: string;
  readonly first: number;
  readonly end: number;
  readonly rows: GridRows;
  readonly scroll: GridScroll;
  readonly width: number;
  readonly gutter: number;
  readonly columns: readonly Column[];
  readonly items: readonly VirtualItem[];
  readonly block: Block;
  readonly selection: Selection;
}

/** The rows in sight, each at its place under the scroll bar. */
export function RowsLayer({ id, first, end, rows, scroll, width, gutter, columns, items, block, selection }: RowsLayerProps) {
  const drawn = useMemo(() => Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index), [first, end]);
  // Where the scroll bar is a scale, rows are placed from what the bar shows.
  const shift = scroll.map.scaled ? scroll.offset - scroll.top : 0;
  return drawn.map((index) => {
    const selected = index >= block.top && index <= block.bottom;
    return (
      <GridRowView
        key={index}
        id={id}
        index={index}
        top={index * ROW_HEIGHT - shift}
        width={width}
        gutter={gutter}
        cells={rows.row(index)}
        columns={columns}
        items={items}
        left={selected ? block.left : -1}
        right={selected ? block.right : -1}
        focus={index === selection.focus.row ? selection.focus.column : -1}
      />
    );
  });
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
