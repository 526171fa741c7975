import { useEffect, useRef } from 'react';
import { client } from '../../client';
import { showError } from '../../shell/errors';
import type { Column } from '../../../src-preload/contract/queries';
import { restored } from './columnLayout';

/** The part of the table model's state that is kept. */
interface LayoutState {
  readonly columnOrder: readonly string[];
  readonly pinned: readonly string[];
  readonly columnVisibility: Readonly<Record<string, boolean>>;
  readonly columnSizing: Readonly<Record<string, number>>;
}

/** A drag of a header's edge gives many widths; the last one is kept. */
const SAVE_DELAY_MS = 300;

/**
 * Reads the layout that results of the same shape had, and keeps what a person changes from now on. Widths are kept for the columns
 * in `byHand` only.
 */
export function useColumnLayout(columns: readonly Column[], state: LayoutState, byHand: ReadonlySet<string>, apply: (layout: ReturnType<typeof restored>) => void) {
  const touched = useRef(false);
  const latest = useRef({ apply, byHand });
  useEffect(() => {
    latest.current = { apply, byHand };
  });
  useEffect(() => {
    if (columns.length === 0) return undefined;
    const controller = new AbortController();
    touched.current = false;
    client.queries
      .columnLayout({ columns: columns.map(({ name, type }) => ({ name, type })) }, { signal: controller.signal })
      .then((layout) => {
        // What the person did meanwhile counts more.
        if (layout && !controller.signal.aborted && !touched.current) latest.current.apply(restored(layout, columns.length));
      })
      // A layout that cannot be read is no reason to disturb: the columns stand as the server gave them.
      .catch(() => undefined);
    return () => controller.abort();
  }, [columns]);

  const { columnOrder, pinned, columnVisibility, columnSizing } = state;
  useEffect(() => {
    if (!touched.current) return undefined;
    const save = setTimeout(() => {
      const layout = {
        order: columnOrder.map(Number),
        pinned: pinned.map(Number),
        hidden: Object.entries(columnVisibility).flatMap(([id, visible]) => (visible ? [] : [Number(id)])),
        widths: Object.fromEntries(Object.entries(columnSizing).filter(([id]) => latest.current.byHand.has(id))),
      };
      client.queries.saveColumnLayout({ columns: columns.map(({ name, type }) => ({ name, type })), layout }).catch((error: unknown) => showError('The layout of the columns was not kept', error));
    }, SAVE_DELAY_MS);
    return () => clearTimeout(save);
  }, [columns, columnOrder, pinned, columnVisibility, columnSizing]);

  return {
    /** From now on changes are the person's, and kept. */
    touch(this: void): void {
      touched.current = true;
    },
    /** Drops what was kept. */
    forget(this: void): void {
      touched.current = false;
      client.queries.saveColumnLayout({ columns: columns.map(({ name, type }) => ({ name, type })), layout: null }).catch((error: unknown) => showError('The layout of the columns was not reset', error));
    },
  };
}
