import { columnResizingFeature, columnSizingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from 'react';
import type { Cell, Column } from '../../../src-preload/contract/queries';
import type { GridRow } from './useGridRows';

// Rows never enter the table model: it holds the columns and their widths, the rows stay in main.
const features = tableFeatures({ columnSizingFeature, columnResizingFeature });
const NO_ROWS: GridRow[] = [];

/** A character of the cells' 12.5 px monospace; no common font is wider. */
const CHARACTER_PX = 7.6;
const PADDING_PX = 26;
/** Room in a header for its sort and filter marks. */
const MARKS_PX = 44;
const MIN_WIDTH = 64;
const MAX_WIDTH = 400;

const lengthOf = (cell: Cell): number => (cell === null ? 4 : typeof cell === 'string' ? cell.length : cell.text.length + 10);

/** A width that shows most values of a column whole. */
export function fittingWidth(column: Column, index: number, rows: readonly GridRow[]): number {
  const header = Math.max(column.name.length, column.type.length * 0.85) * CHARACTER_PX + MARKS_PX;
  const lengths = rows.map((row) => lengthOf(row[index] ?? null)).sort((a, b) => a - b);
  const typical = lengths[Math.floor((lengths.length - 1) * 0.95)] ?? 8;
  return Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.max(Math.min(header, 240), typical * CHARACTER_PX + PADDING_PX))));
}

/** The columns: their widths, resizing by hand, and which of them are in sight. */
export function useGridColumns(columns: readonly Column[], scroller: RefObject<HTMLDivElement | null>, gutter: number) {
  const definitions = useMemo(
    () => columns.map((column, index) => ({ id: String(index), accessorFn: (row: GridRow) => row[index], header: column.name, size: fittingWidth(column, index, []), minSize: 40, maxSize: 2000 })),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: NO_ROWS, columnResizeMode: 'onChange' });
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const widths = headers.map((header) => header.getSize());
  const key = widths.join(',');

  const virtualizer = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? MIN_WIDTH,
    paddingStart: gutter,
    scrollPaddingStart: gutter,
    overscan: 2,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, key, gutter]);

  const showColumn = useCallback((index: number) => virtualizer.scrollToIndex(index, { align: 'auto' }), [virtualizer]);

  // Another result begins with widths of its own.
  const fitted = useRef<readonly Column[] | null>(null);
  const { resetColumnSizing } = table;
  useEffect(() => {
    if (fitted.current !== columns) resetColumnSizing(true);
  }, [columns, resetColumnSizing]);

  return {
    headers,
    items: virtualizer.getVirtualItems(),
    width: virtualizer.getTotalSize(),
    showColumn,
    setWidth: (index: number, width: number) => table.setColumnSizing((sizes) => ({ ...sizes, [String(index)]: width })),
    /** Fits all columns to the first rows that came, once for each result. */
    fitOnce(rows: readonly GridRow[]): void {
      if (fitted.current === columns || rows.length === 0) return;
      fitted.current = columns;
      table.setColumnSizing(Object.fromEntries(columns.map((column, index) => [String(index), fittingWidth(column, index, rows)])));
    },
  };
}
