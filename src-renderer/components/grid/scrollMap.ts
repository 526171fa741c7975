/**
 * Chromium's layout stops at 2^25 px (33,554,432), less with a zoomed page; an element higher than that is cut silently. Rows
 * beyond this height are reached by a scaled scroll bar instead.
 */
export const HEIGHT_LIMIT = 12_000_000;

export interface ScrollMap {
  /** Height of the scrolled element in px: what the browser is told. */
  readonly height: number;
  /** Height that all rows would have. */
  readonly virtualHeight: number;
  /** The largest offset, at which the last row stands at the bottom. */
  readonly maxOffset: number;
  /** False where one px of the scroll bar is one px of rows. */
  readonly scaled: boolean;
  /** From the browser's scrollTop to an offset in the rows. */
  readonly toOffset: (scrollTop: number) => number;
  readonly toScrollTop: (offset: number) => number;
}

/**
 * Maps the scroll bar to rows of equal height. Both ends are exact: scrollTop 0 is row 0, the largest scrollTop shows the last
 * row whole.
 */
export function scrollMap(rows: number, rowHeight: number, viewport: number, limit = HEIGHT_LIMIT): ScrollMap {
  const virtualHeight = rows * rowHeight;
  const height = Math.min(virtualHeight, limit);
  const maxOffset = Math.max(0, virtualHeight - viewport);
  const maxTop = Math.max(0, height - viewport);
  const scaled = virtualHeight > height;
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));
  return {
    height,
    virtualHeight,
    maxOffset,
    scaled,
    toOffset: (scrollTop) => (scaled ? (clamp(scrollTop, maxTop) / maxTop) * maxOffset : clamp(scrollTop, maxOffset)),
    toScrollTop: (offset) => (scaled ? (clamp(offset, maxOffset) / maxOffset) * maxTop : clamp(offset, maxOffset)),
  };
}

/** The rows that a viewport shows at an offset, whole or in part; half-open. */
export function visibleRows(offset: number, viewport: number, rowHeight: number, rows: number): { first: number; end: number } {
  const first = Math.max(0, Math.min(Math.floor(offset / rowHeight), rows));
  return { first, end: Math.min(rows, Math.ceil((offset + viewport) / rowHeight)) };
}

/** The offset nearest to `offset` at which a row is whole in the viewport. */
export function offsetShowing(row: number, offset: number, viewport: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < offset) return top;
  if (top + rowHeight > offset + viewport) return Math.max(0, top + rowHeight - viewport);
  return offset;
}
