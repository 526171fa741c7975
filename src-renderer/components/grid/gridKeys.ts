import type { CopyFormat } from '../../../src-preload/contract/resultAnalysis';
import { moved, type Selection, type Size } from './selection';

/** The part of a key event that counts here. */
export interface GridKey {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What needs no more said. */
export interface PlainCommand {
  readonly kind: 'goTo' | 'view' | 'filter' | 'menu' | 'closePanel' | 'find' | 'row';
}

/** What a key means in the grid. */
export type GridCommand =
  | { readonly kind: 'select'; readonly selection: Selection; readonly follow: boolean }
  | { readonly kind: 'copy'; readonly format: CopyFormat }
  | PlainCommand
  | { readonly kind: 'nextMatch'; readonly direction: 1 | -1 }
  | { readonly kind: 'sort'; readonly add: boolean }
  | { readonly kind: 'edit'; readonly initial: string | null }
  | { readonly kind: 'moveColumn'; readonly step: -1 | 1 };

interface GridKeyState {
  readonly selection: Selection;
  readonly size: Size;
  /** Whether a panel or the search is open. */
  readonly panelOpen: boolean;
  /** Whether typing edits the cell. */
  readonly editable: boolean;
}

const PLAIN: Readonly<Record<string, GridCommand>> = {
  enter: { kind: 'view' },
  f: { kind: 'filter' },
  contextmenu: { kind: 'menu' },
};

function withMod(key: string, shift: boolean): GridCommand | null {
  if (key === 'c') return { kind: 'copy', format: shift ? 'tsvWithNames' : 'tsv' };
  if (key === 'f' && !shift) return { kind: 'find' };
  if (key === 'i' && !shift) return { kind: 'row' };
  return key === 'g' ? { kind: 'goTo' } : null;
}

/** Esc first closes what stands beside or above the rows, then takes a range back to its cell; then it is left to others, such as stopping a run. */
function escape({ selection, panelOpen }: GridKeyState): GridCommand | null {
  if (panelOpen) return { kind: 'closePanel' };
  const { anchor, focus } = selection;
  const single = anchor.row === focus.row && anchor.column === focus.column;
  return single ? null : { kind: 'select', selection: { anchor: focus, focus }, follow: true };
}

function withAlt(key: string, mod: boolean, shift: boolean): GridCommand | null {
  if (mod || !shift) return null;
  return key === 'ArrowLeft' ? { kind: 'moveColumn', step: -1 } : key === 'ArrowRight' ? { kind: 'moveColumn', step: 1 } : null;
}

/** Where cells can be edited, F2, Enter and every character begin that. */
function editing({ key }: GridKey): GridCommand | null {
  if (key === 'F2' || key === 'Enter') return { kind: 'edit', initial: null };
  return [...key].length === 1 ? { kind: 'edit', initial: key } : null;
}

/** What a key does; null leaves it to others. */
export function gridCommand(stroke: GridKey, state: GridKeyState): GridCommand | null {
  const { key, mod, shift, alt } = stroke;
  if (alt) return withAlt(key, mod, shift);
  const selection = moved(state.selection, { key, mod, shift }, state.size);
  const lower = key.toLowerCase();
  // Selecting everything must not fling the person to the end.
  if (selection) return { kind: 'select', selection, follow: lower !== 'a' };
  if (mod) return withMod(lower, shift);
  if (lower === 'escape') return escape(state);
  if (lower === 'f10' && shift) return { kind: 'menu' };
  if (lower === 'f3') return { kind: 'nextMatch', direction: shift ? -1 : 1 };
  const edit = state.editable ? editing(stroke) : null;
  if (edit) return edit;
  if (lower === 's') return { kind: 'sort', add: shift };
  return PLAIN[lower] ?? null;
}
