import { useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import { formatCount } from '../../shell/format';
import type { Column, ViewSpec } from '../../../src-preload/contract/queries';
import type { GridOverlay } from './overlay';
import { visibleRows } from './scrollMap';
import { blockOf, clamped, ORIGIN, type Selection } from './selection';
import { useGridColumns } from './useGridColumns';
import { useGridRows, type GridRow } from './useGridRows';
import { ROW_HEIGHT, useGridScroll } from './useGridScroll';
import { useGridView } from './useGridView';

interface GridSource {
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly totalRows: number;
  readonly complete: boolean;
  /** Order and filters that are made here, over the stored rows. */
  readonly spec: ViewSpec;
  readonly onNeedMore: (() => void) | undefined;
  readonly overlay: GridOverlay | undefined;
}

/** Rows, columns, scrolling and selection of one grid, tied together. */
export function useGridModel(scroller: RefObject<HTMLDivElement | null>, { resultId, columns, totalRows, complete, spec, onNeedMore, overlay }: GridSource) {
  const view = useGridView(resultId, spec, complete);
  const stored = view.total ?? totalRows;
  const shown = stored + (overlay?.extraRows ?? 0);
  const gutter = Math.max(44, formatCount(Math.max(1, shown)).length * 7 + 18);
  const rows = useGridRows(resultId, view.viewId);
  const scroll = useGridScroll(scroller, shown);
  const grid = useGridColumns(columns, scroller, gutter);
  const [chosen, setSelection] = useState<Selection>(ORIGIN);
  const selection = clamped(chosen, shown, grid.order.length);

  const { first, end } = visibleRows(scroll.offset, scroll.viewport, ROW_HEIGHT, shown);
  const { want } = rows;
  useEffect(() => {
    if (end > first && first < stored) want(first, Math.min(end, stored), stored, scroll.direction);
  }, [want, first, end, stored, scroll.direction, rows.version]);

  const loaded = (): GridRow[] => Array.from({ length: Math.max(0, end - first) }, (_, index) => rows.row(first + index)).filter((row) => row !== undefined);
  useLayoutEffect(() => grid.fitTo(loaded()));

  useEffect(() => {
    if (shown > 0 && end >= shown) onNeedMore?.();
  }, [end, shown, onNeedMore]);

  // Another order is another list: one reads it from its beginning.
  const { scrollTo } = scroll;
  const [viewShown, setViewShown] = useState(view.viewId);
  if (viewShown !== view.viewId) {
    setViewShown(view.viewId);
    setSelection(({ focus }) => ({ anchor: { row: 0, column: focus.column }, focus: { row: 0, column: focus.column } }));
  }
  useEffect(() => scrollTo(0), [scrollTo, view.viewId]);

  const select = (next: Selection): void => {
    setSelection(next);
    scroll.showRow(next.focus.row);
    grid.showColumn(next.focus.column);
  };

  return { view, shown, gutter, rows, scroll, grid, selection, block: blockOf(selection), first, end, setSelection, select, loaded };
}
