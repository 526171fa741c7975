/** A cell by its row in the view and its place among the columns. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** `anchor` is where a range began, `focus` where the keyboard is. */
export interface Selection {
  readonly anchor: Spot;
  readonly focus: Spot;
}

/** A rectangle of cells; the ends are included. */
export interface Block {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export const ORIGIN: Selection = { anchor: { row: 0, column: 0 }, focus: { row: 0, column: 0 } };

export function blockOf({ anchor, focus }: Selection): Block {
  return {
    top: Math.min(anchor.row, focus.row),
    bottom: Math.max(anchor.row, focus.row),
    left: Math.min(anchor.column, focus.column),
    right: Math.max(anchor.column, focus.column),
  };
}

export const isSingle = (block: Block): boolean => block.top === block.bottom && block.left === block.right;
export const cellCount = (block: Block): number => (block.bottom - block.top + 1) * (block.right - block.left + 1);

interface Size {
  readonly rows: number;
  readonly columns: number;
  /** Rows that one page shows. */
  readonly page: number;
}

export interface KeyStroke {
  readonly key: string;
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean;
  readonly shift: boolean;
}

function target({ row, column }: Spot, { key, mod }: KeyStroke, { rows, columns, page }: Size): Spot | null {
  switch (key) {
    case 'ArrowUp':
      return { row: mod ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: mod ? rows - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: mod ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: mod ? columns - 1 : column + 1 };
    case 'PageUp':
      return mod ? null : { row: row - page, column };
    case 'PageDown':
      return mod ? null : { row: row + page, column };
    case 'Home':
      return { row: mod ? 0 : row, column: 0 };
    case 'End':
      return { row: mod ? rows - 1 : row, column: columns - 1 };
    default:
      return null;
  }
}

/** Where a key takes the selection; null when the key does not move it. Shift keeps the anchor. */
export function moved(selection: Selection, stroke: KeyStroke, size: Size): Selection | null {
  if (stroke.mod && stroke.key.toLowerCase() === 'a' && !stroke.shift) {
    return { anchor: { row: 0, column: 0 }, focus: { row: Math.max(0, size.rows - 1), column: Math.max(0, size.columns - 1) } };
  }
  const to = target(selection.focus, stroke, size);
  if (!to) return null;
  const focus = { row: Math.max(0, Math.min(to.row, size.rows - 1)), column: Math.max(0, Math.min(to.column, size.columns - 1)) };
  return { anchor: stroke.shift ? selection.anchor : focus, focus };
}

/** The selection inside a result that became smaller. */
export function clamped({ anchor, focus }: Selection, rows: number, columns: number): Selection {
  const clamp = (spot: Spot): Spot => ({ row: Math.max(0, Math.min(spot.row, rows - 1)), column: Math.max(0, Math.min(spot.column, columns - 1)) });
  return { anchor: clamp(anchor), focus: clamp(focus) };
}
