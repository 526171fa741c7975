import { columnOrderingFeature, columnPinningFeature, columnResizingFeature, columnSizingFeature, columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useMemo, useRef, type RefObject } from 'react';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import { movedColumn, pinnedColumn, type Arrangement } from './columnLayout';
import { useColumnLayout } from './useColumnLayout';
import type { GridRow } from './useGridRows';

// Rows never enter the table model: it holds the columns, their order and their widths; the rows stay in main.
const features = tableFeatures({ columnSizingFeature, columnResizingFeature, columnOrderingFeature, columnPinningFeature, columnVisibilityFeature });
const NO_ROWS: GridRow[] = [];

/** A character of the cells' 12.5 px monospace; no common font is wider. */
const CHARACTER_PX = 7.6;
const PADDING_PX = 26;
/** Room in a header for its sort and filter marks. */
const MARKS_PX = 44;
const MIN_WIDTH = 64;
const MAX_WIDTH = 400;

/** A column in sight: `place` counts on the screen from the left, `index` in the result. */
export interface PlacedColumn {
  readonly place: number;
  readonly index: number;
  readonly start: number;
  readonly size: number;
  readonly pinned: boolean;
}

const lengthOf = (cell: Cell): number => (cell === null ? 4 : typeof cell === 'string' ? cell.length : cell.text.length + 10);

/** A width that shows most values of a column whole. */
export function fittingWidth(column: Column, index: number, rows: readonly GridRow[]): number {
  const header = Math.max(column.name.length, column.type.length * 0.85) * CHARACTER_PX + MARKS_PX;
  const lengths = rows.map((row) => lengthOf(row[index] ?? null)).sort((a, b) => a - b);
  const typical = lengths[Math.floor((lengths.length - 1) * 0.95)] ?? 8;
  return Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.max(Math.min(header, 240), typical * CHARACTER_PX + PADDING_PX))));
}

/** A width that shows every value of a column among these rows whole, within reason. */
function longestWidth(index: number, rows: readonly GridRow[]): number {
  const longest = rows.reduce((most, row) => Math.max(most, lengthOf(row[index] ?? null)), 0);
  return Math.min(MAX_WIDTH, Math.round(longest * CHARACTER_PX + PADDING_PX));
}

/** The table model of the columns: order, pinning, visibility and widths, kept for results of the same shape. */
function useColumnTable(columns: readonly Column[]) {
  const definitions = useMemo(
    () => columns.map((column, index) => ({ id: String(index), accessorFn: (row: GridRow) => row[index], header: column.name, size: fittingWidth(column, index, []), minSize: 40, maxSize: 2000 })),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: NO_ROWS, columnResizeMode: 'onChange' });
  const { columnOrder, columnPinning, columnVisibility, columnSizing } = table.state;
  const byHand = useRef(new Set<string>());
  const kept = useColumnLayout(columns, { columnOrder, pinned: columnPinning.start, columnVisibility, columnSizing }, byHand.current, (layout) => {
    byHand.current = new Set(Object.keys(layout.widths));
    table.setColumnOrder(layout.order);
    table.setColumnPinning({ start: layout.pinned, end: [] });
    table.setColumnVisibility(layout.hidden);
    table.setColumnSizing((sizes) => ({ ...sizes, ...layout.widths }));
  });
  const order = useMemo(
    () => [...table.getStartVisibleLeafColumns(), ...table.getCenterVisibleLeafColumns()].map((column) => Number(column.id)),
    // The model answers from these.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [definitions, columnOrder, columnPinning, columnVisibility],
  );
  const pinned = columnPinning.start.filter((id) => columnVisibility[id] !== false).length;
  const widths = useMemo(
    () => order.map((index) => table.getColumn(String(index))?.getSize() ?? MIN_WIDTH),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [order, columnSizing],
  );
  return { table, kept, byHand, order, pinned, widths };
}

/** The columns: their order on the screen, their widths, what is pinned and hidden, and which of them are in sight. */
export function useGridColumns(columns: readonly Column[], scroller: RefObject<HTMLDivElement | null>, gutter: number) {
  const { table, kept, byHand, order, pinned, widths } = useColumnTable(columns);
  const pinnedWidth = useMemo(() => widths.slice(0, pinned).reduce((sum, width) => sum + width, 0), [widths, pinned]);
  const rangeExtractor = useCallback(
    (range: Range): number[] => {
      const inSight = defaultRangeExtractor(range);
      const first = inSight[0] ?? 0;
      return [...Array.from({ length: Math.min(pinned, first) }, (_, place) => place), ...inSight];
    },
    [pinned],
  );
  const virtualizer = useVirtualizer({
    horizontal: true,
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: (place) => widths[place] ?? MIN_WIDTH,
    paddingStart: gutter,
    scrollPaddingStart: gutter + pinnedWidth,
    rangeExtractor,
    overscan: 2,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, widths, gutter]);

  const virtual = virtualizer.getVirtualItems();
  const items = useMemo(
    () => virtual.map(({ index: place, start, size }): PlacedColumn => ({ place, index: order[place] ?? 0, start, size, pinned: place < pinned })),
    [virtual, order, pinned],
  );
  const showColumn = useCallback(
    (place: number) => {
      if (place >= pinned) virtualizer.scrollToIndex(place, { align: 'auto' });
    },
    [virtualizer, pinned],
  );

  const fitted = useRef<readonly Column[] | null>(null);
  const setSizes = table.setColumnSizing;
  /** Numbers and times that are cut are misread: their columns grow with what is seen, until a person sets a width. */
  const grown = (rows: readonly GridRow[]): Record<string, number> => {
    const wider: Record<string, number> = {};
    for (const { index, size } of items) {
      const column = columns[index];
      if (!column || byHand.current.has(String(index)) || (column.family !== 'number' && column.family !== 'datetime')) continue;
      const wanted = longestWidth(index, rows);
      if (wanted > size) wider[String(index)] = wanted;
    }
    return wider;
  };
  const arrange = (change: (now: Arrangement) => Arrangement): void => {
    kept.touch();
    const all = table.getAllLeafColumns().map((column) => column.id);
    const next = change({ order: table.state.columnOrder.length > 0 ? table.state.columnOrder : all, pinned: table.state.columnPinning.start });
    table.setColumnOrder([...next.order]);
    table.setColumnPinning({ start: [...next.pinned], end: [] });
  };

  return {
    /** Indexes of the columns that are shown, as they stand on the screen. */
    order,
    items,
    width: virtualizer.getTotalSize(),
    showColumn,
    pinned,
    /** Whether anything but widths differs from how the server gave it. */
    arranged: order.length < columns.length || pinned > 0 || order.some((index, place) => index !== place),
    resize: (index: number) => (event: unknown): void => {
      byHand.current.add(String(index));
      kept.touch();
      table.getFlatHeaders().find((header) => header.column.id === String(index))?.getResizeHandler()(event);
    },
    setWidth: (index: number, width: number): void => {
      byHand.current.add(String(index));
      kept.touch();
      setSizes((sizes) => ({ ...sizes, [String(index)]: width }));
    },
    /** Puts a column before or after another one. */
    move: (index: number, target: number, after: boolean): void => arrange((now) => movedColumn(now, String(index), String(target), after)),
    pin: (index: number, pin: boolean): void => arrange((now) => pinnedColumn(now, String(index), pin)),
    /** Hides or shows columns; the last one that is shown stays. */
    show: (indexes: readonly number[], visible: boolean): void => {
      if (!visible && order.every((index) => indexes.includes(index))) return;
      kept.touch();
      table.setColumnVisibility((now) => ({ ...now, ...Object.fromEntries(indexes.map((index) => [String(index), visible])) }));
    },
    /** Back to the server's order, with everything shown and widths by the values. */
    reset: (rows: readonly GridRow[]): void => {
      byHand.current.clear();
      table.setColumnOrder([]);
      table.setColumnPinning({ start: [], end: [] });
      table.setColumnVisibility({});
      setSizes(Object.fromEntries(columns.map((column, index) => [String(index), fittingWidth(column, index, rows)])));
      kept.forget();
    },
    /** Fits all columns to the first rows that came, and later widens what would be cut. */
    fitTo(this: void, rows: readonly GridRow[]): void {
      if (rows.length === 0) return;
      if (fitted.current !== columns) {
        fitted.current = columns;
        const sizes = columns.map((column, index): [string, number] => [String(index), fittingWidth(column, index, rows)]);
        setSizes((old) => ({ ...old, ...Object.fromEntries(sizes.filter(([id]) => !byHand.current.has(id))) }));
        return;
      }
      const wider = grown(rows);
      if (Object.keys(wider).length > 0) setSizes((sizes) => ({ ...sizes, ...wider }));
    },
  };
}
