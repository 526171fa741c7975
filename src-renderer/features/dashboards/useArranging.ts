import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { arrangement, inOrder, stepped } from '../../../src-preload/contract/dashboardFold';
import { GRID_COLUMNS } from '../../../src-preload/contract/dashboardGrid';
import type { DashboardEdit, Tile, TilePlace } from '../../../src-preload/contract/dashboards';
import type { TileHandles } from './TileView';

/** Height of a row of the grid, and the room between tiles, in px; the stylesheet has the same. */
const ROW_PX = 64;
const GAP_PX = 10;

const steps: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

function sized(place: TilePlace, step: 'left' | 'right' | 'up' | 'down'): TilePlace {
  const w = place.w + (step === 'right' ? 1 : step === 'left' ? -1 : 0);
  return { ...place, w: Math.min(w, GRID_COLUMNS - place.x), h: place.h + (step === 'down' ? 1 : step === 'up' ? -1 : 0) };
}

const placesOf = (edit: DashboardEdit): ReadonlyMap<string, TilePlace> => new Map(edit.kind === 'arrange' ? edit.places.map(({ id, place }) => [id, place]) : []);

/** Tiles are moved and sized with the pointer or the keys; what would come of a drag is shown while it lasts. */
export function useArranging(tiles: readonly Tile[], onEdit: (edit: DashboardEdit) => void) {
  const grid = useRef<HTMLDivElement>(null);
  const [preview, setPreview] = useState<{ readonly id: string; readonly edit: DashboardEdit } | null>(null);

  const begin = (tile: Tile, event: PointerEvent<HTMLElement>, act: 'move' | 'size'): void => {
    const box = grid.current?.getBoundingClientRect();
    const target = event.target instanceof Element ? event.target : null;
    // What a menu of the tile shows elsewhere is told here as well.
    if (event.button !== 0 || !box || !event.currentTarget.contains(target) || target?.closest('button:not([data-grip])')) return;
    const columnPx = (box.width + GAP_PX) / GRID_COLUMNS;
    const { clientX, clientY, currentTarget } = event;
    const { place } = tile;
    let last: DashboardEdit | null = null;
    const move = (now: globalThis.PointerEvent): void => {
      const dx = Math.round((now.clientX - clientX) / columnPx);
      const dy = Math.round((now.clientY - clientY) / (ROW_PX + GAP_PX));
      const wanted = act === 'move' ? { ...place, x: place.x + dx, y: place.y + dy } : { ...place, w: Math.min(place.w + dx, GRID_COLUMNS - place.x), h: place.h + dy };
      last = dx === 0 && dy === 0 ? null : arrangement(tiles, tile.id, wanted);
      setPreview(last ? { id: tile.id, edit: last } : null);
    };
    const stop = (keep: boolean) => (): void => {
      currentTarget.removeEventListener('pointermove', move);
      setPreview(null);
      if (keep && last) onEdit(last);
    };
    currentTarget.setPointerCapture(event.pointerId);
    currentTarget.addEventListener('pointermove', move);
    currentTarget.addEventListener('pointerup', stop(true), { once: true });
    currentTarget.addEventListener('pointercancel', stop(false), { once: true });
  };

  const onKey = (tile: Tile, event: KeyboardEvent<HTMLElement>): void => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const place = event.shiftKey ? sized(tile.place, step) : stepped(tiles, tile.id, step);
    if (place) onEdit(arrangement(tiles, tile.id, place));
  };

  const moved = preview ? placesOf(preview.edit) : null;
  const shown = moved ? tiles.map((tile) => ({ ...tile, place: moved.get(tile.id) ?? tile.place })) : tiles;
  return {
    grid,
    /** As they stand now, in reading order. */
    shown: inOrder(shown),
    moving: preview?.id ?? null,
    handlesOf: (tile: Tile): TileHandles => ({ onPointer: (event, act) => begin(tile, event, act), onKey: (event) => onKey(tile, event) }),
  };
}
