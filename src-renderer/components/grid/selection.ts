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
export const isInside = (block: Block, { row, column }: Spot): boolean => row >= block.top && row <= block.bottom && column >= block.left && column <= block.right;

export interface Size {
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

type Step = (spot: Spot, size: Size, mod: boolean) => Spot | null;

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: ({ row, column }, _size, mod) => ({ row: mod ? 0 : row - 1, column }),
  ArrowDown: ({ row, column }, { rows }, mod) => ({ row: mod ? rows - 1 : row + 1, column }),
  ArrowLeft: ({ row, column }, _size, mod) => ({ row, column: mod ? 0 : column - 1 }),
  ArrowRight: ({ row, column }, { columns }, mod) => ({ row, column: mod ? columns - 1 : column + 1 }),
  // Ctrl+PageUp and Ctrl+PageDown go from tab to tab.
  PageUp: ({ row, column }, { page }, mod) => (mod ? null : { row: row - page, column }),
  PageDown: ({ row, column }, { page }, mod) => (mod ? null : { row: row + page, column }),
  Home: ({ row }, _size, mod) => ({ row: mod ? 0 : row, column: 0 }),
  End: ({ row }, { rows, columns }, mod) => ({ row: mod ? rows - 1 : row, column: columns - 1 }),
};

/** Where a key takes the selection; null when the key does not move it. Shift keeps the anchor. */
export function moved(selection: Selection, stroke: KeyStroke, size: Size): Selection | null {
  if (stroke.mod && stroke.key.toLowerCase() === 'a' && !stroke.shift) {
    return { anchor: { row: 0, column: 0 }, focus: { row: Math.max(0, size.rows - 1), column: Math.max(0, size.columns - 1) } };
  }
  const to = STEPS[stroke.key]?.(selection.focus, size, stroke.mod);
  if (!to) return null;
  const focus = { row: Math.max(0, Math.min(to.row, size.rows - 1)), column: Math.max(0, Math.min(to.column, size.columns - 1)) };
  return { anchor: stroke.shift ? selection.anchor : focus, focus };
}

/** The selection inside a result that became smaller. */
export function clamped({ anchor, focus }: Selection, rows: number, columns: number): Selection {
  const clamp = (spot: Spot): Spot => ({ row: Math.max(0, Math.min(spot.row, rows - 1)), column: Math.max(0, Math.min(spot.column, columns - 1)) });
  return { anchor: clamp(anchor), focus: clamp(focus) };
}
