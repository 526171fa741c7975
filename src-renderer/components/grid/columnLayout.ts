import type { ColumnLayout } from '../../../src-preload/contract/resultAnalysis';

/** The order of all columns, hidden ones too, and which of them are pinned, by the table model's ids. */
export interface Arrangement {
  readonly order: readonly string[];
  readonly pinned: readonly string[];
}

const without = (ids: readonly string[], id: string): string[] => ids.filter((known) => known !== id);

function inserted(ids: readonly string[], id: string, target: string, after: boolean): string[] {
  const left = without(ids, id);
  const at = left.indexOf(target);
  return at < 0 ? [...left, id] : left.toSpliced(after ? at + 1 : at, 0, id);
}

/** Puts a column beside another one; beside a pinned one it becomes pinned, beside another it is no longer. */
export function movedColumn({ order, pinned }: Arrangement, id: string, target: string, after: boolean): Arrangement {
  if (id === target) return { order, pinned };
  if (pinned.includes(target)) return { order, pinned: inserted(pinned, id, target, after) };
  return { order: inserted(order, id, target, after), pinned: without(pinned, id) };
}

/** A column that is pinned comes to stand at the end of the pinned ones; one that is no longer returns to its place among the others. */
export function pinnedColumn({ order, pinned }: Arrangement, id: string, pin: boolean): Arrangement {
  return { order, pinned: pin ? [...without(pinned, id), id] : without(pinned, id) };
}

/** A kept layout as the table model wants it: numbers that are no column of `count` are dropped, missing ones stand at the end. */
export function restored(layout: ColumnLayout, count: number): { order: string[]; pinned: string[]; hidden: Record<string, boolean>; widths: Record<string, number> } {
  const known = (columns: readonly number[]): number[] => [...new Set(columns)].filter((column) => column >= 0 && column < count);
  const order = known(layout.order);
  const rest = Array.from({ length: count }, (_, column) => column).filter((column) => !order.includes(column));
  const hidden = known(layout.hidden);
  return {
    order: [...order, ...rest].map(String),
    pinned: known(layout.pinned).map(String),
    // Without one column to see there would be no way back.
    hidden: Object.fromEntries((hidden.length < count ? hidden : []).map((column) => [String(column), false])),
    widths: Object.fromEntries(Object.entries(layout.widths).filter(([column]) => Number(column) < count)),
  };
}
