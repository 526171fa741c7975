import { columnResizingFeature, columnSizingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useMemo, useRef, type RefObject } from 'react';
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

/** A width that shows every value of a column among these rows whole, within reason. */
function longestWidth(index: number, rows: readonly GridRow[]): number {
  const longest = rows.reduce((most, row) => Math.max(most, lengthOf(row[index] ?? null)), 0);
  return Math.min(MAX_WIDTH, Math.round(longest * CHARACTER_PX + PADDING_PX));
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

  const fitted = useRef<readonly Column[] | null>(null);
  const byHand = useRef(new Set<number>());

  const setSizes = table.setColumnSizing;
  /** Numbers and times that are cut are misread: their columns grow with what is seen, until a person sets a width. */
  const grown = (rows: readonly GridRow[]): Record<string, number> => {
    const wider: Record<string, number> = {};
    for (const { index } of virtualizer.getVirtualItems()) {
      const column = columns[index];
      if (!column || byHand.current.has(index) || (column.family !== 'number' && column.family !== 'datetime')) continue;
      const wanted = longestWidth(index, rows);
      if (wanted > (widths[index] ?? 0)) wider[String(index)] = wanted;
    }
    return wider;
  };

  return {
    headers,
    items: virtualizer.getVirtualItems(),
    width: virtualizer.getTotalSize(),
    showColumn,
    /** Keeps a width that a person chose. */
    keepWidth: (index: number): void => void byHand.current.add(index),
    setWidth: (index: number, width: number): void => setSizes((sizes) => ({ ...sizes, [String(index)]: width })),
    /** Fits all columns to the first rows that came, and later widens what would be cut. */
    fitTo(this: void, rows: readonly GridRow[]): void {
      if (rows.length === 0) return;
      if (fitted.current !== columns) {
        fitted.current = columns;
        setSizes(Object.fromEntries(columns.map((column, index) => [String(index), fittingWidth(column, index, rows)])));
        return;
      }
      const wider = grown(rows);
      if (Object.keys(wider).length > 0) setSizes((sizes) => ({ ...sizes, ...wider }));
    },
  };
}
