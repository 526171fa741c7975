import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { offsetShowing, scrollMap, type ScrollMap } from './scrollMap';

export const ROW_HEIGHT = 26;
export const HEADER_HEIGHT = 32;

export interface GridScroll {
  readonly map: ScrollMap;
  /** Offset in the rows of what stands at the top, in px. */
  readonly offset: number;
  /** The scroll bar's own position, from which rows are placed. */
  readonly top: number;
  /** Height of the rows' part of the window, in px. */
  readonly viewport: number;
  readonly direction: -1 | 0 | 1;
  readonly scrollTo: (offset: number) => void;
  /** Scrolls no further than needed to show the row whole. */
  readonly showRow: (row: number) => void;
}

/**
 * Scrolling of any number of rows. While the rows fit the browser's limit it is the browser's own; beyond it the scroll bar is a
 * scale, and the wheel moves by px of rows all the same.
 */
export function useGridScroll(scroller: RefObject<HTMLDivElement | null>, rows: number): GridScroll {
  const [viewport, setViewport] = useState(0);
  const [position, setPosition] = useState({ offset: 0, top: 0, direction: 0 as -1 | 0 | 1 });
  const map = useMemo(() => scrollMap(rows, ROW_HEIGHT, viewport), [rows, viewport]);
  const state = useRef({ map, offset: 0, expectedTop: 0 });

  useLayoutEffect(() => {
    state.current.map = map;
  }, [map]);

  const move = useCallback((offset: number, top: number) => {
    const before = state.current.offset;
    state.current.offset = offset;
    setPosition({ offset, top, direction: offset > before ? 1 : offset < before ? -1 : 0 });
  }, []);

  const scrollTo = useCallback(
    (offset: number) => {
      const element = scroller.current;
      if (!element) return;
      const clamped = Math.max(0, Math.min(offset, state.current.map.maxOffset));
      element.scrollTop = state.current.map.toScrollTop(clamped);
      // Read back: the browser rounds to its own pixels.
      state.current.expectedTop = element.scrollTop;
      move(clamped, element.scrollTop);
    },
    [scroller, move],
  );

  // Before the first frame, so that the first rows are asked for at once and not a frame later.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && element.clientHeight > 0) setViewport(Math.max(0, element.clientHeight - HEADER_HEIGHT));
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const onScroll = (): void => {
      const { scrollTop } = element;
      if (state.current.map.scaled && Math.abs(scrollTop - state.current.expectedTop) < 0.5) return;
      state.current.expectedTop = scrollTop;
      const offset = state.current.map.toOffset(scrollTop);
      if (offset !== state.current.offset) move(offset, scrollTop);
    };
    const onWheel = (event: WheelEvent): void => {
      if (!state.current.map.scaled || event.deltaY === 0 || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
      scrollTo(state.current.offset + event.deltaY * unit);
    };
    const observer = new ResizeObserver(() => {
      // A hidden tab has no height; its rows stay as they were.
      if (element.clientHeight > 0) setViewport(Math.max(0, element.clientHeight - HEADER_HEIGHT));
    });
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [scroller, move, scrollTo]);

  // Fewer rows or a higher window: what was at the end must not stand beyond it. More rows: the scale has changed under the bar.
  useLayoutEffect(() => {
    if (viewport > 0 && (map.scaled || state.current.offset > map.maxOffset)) scrollTo(state.current.offset);
  }, [map, viewport, scrollTo]);

  const showRow = useCallback(
    (row: number) => {
      const offset = offsetShowing(row, state.current.offset, viewport, ROW_HEIGHT);
      if (offset !== state.current.offset) scrollTo(offset);
    },
    [viewport, scrollTo],
  );

  return { map, ...position, viewport, scrollTo, showRow };
}
