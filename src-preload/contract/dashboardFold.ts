import { GRID_COLUMNS } from './dashboardGrid';
import type { Dashboard, DashboardEdit, Tile, TilePlace } from './dashboards';

type Placed = Pick<Tile, 'id' | 'place'>;

/**
 * The dashboard after these edits, in their order; tiles never lie over one another. An edit of a tile that is not there changes nothing.
 */
export function foldDashboard(start: Dashboard, edits: readonly DashboardEdit[]): Dashboard {
  return edits.reduce((now, edit) => withSettled(folded(now, edit)), withSettled(start));
}

function folded(now: Dashboard, edit: DashboardEdit): Dashboard {
  const { tiles } = now;
  switch (edit.kind) {
    case 'add':
      return { ...now, tiles: [...tiles.filter(({ id }) => id !== edit.tile.id), edit.tile] };
    case 'remove':
      return { ...now, tiles: tiles.filter(({ id }) => id !== edit.id) };
    case 'change':
      return { ...now, tiles: tiles.map((tile) => (tile.id === edit.id ? { ...tile, ...edit.change } : tile)) };
    case 'arrange':
      return { ...now, tiles: tiles.map((tile) => ({ ...tile, place: edit.places.find(({ id }) => id === tile.id)?.place ?? tile.place })) };
    case 'rename':
      return { ...now, name: edit.name };
    case 'interval':
      return { ...now, refreshSeconds: edit.seconds };
  }
}

/** The edits that lead back to `before` from what `edit` made of it. */
export function invertEdit(before: Dashboard, edit: DashboardEdit): DashboardEdit[] {
  const tile = (wanted: string): Tile | undefined => before.tiles.find(({ id }) => id === wanted);
  const places: DashboardEdit = { kind: 'arrange', places: before.tiles.map(({ id, place }) => ({ id, place })) };
  const known = edit.kind === 'add' ? tile(edit.tile.id) : edit.kind === 'remove' || edit.kind === 'change' ? tile(edit.id) : undefined;
  switch (edit.kind) {
    case 'add':
      return [known ? { kind: 'add', tile: known } : { kind: 'remove', id: edit.tile.id }, places];
    case 'remove':
      return known ? [{ kind: 'add', tile: known }, places] : [];
    case 'change':
      return known ? [{ kind: 'change', id: known.id, change: Object.fromEntries(Object.keys(edit.change).map((key) => [key, known[key as keyof typeof edit.change]])) }] : [];
    case 'arrange':
      return [places];
    case 'rename':
      return [{ kind: 'rename', name: before.name }];
    case 'interval':
      return [{ kind: 'interval', seconds: before.refreshSeconds }];
  }
}

const withSettled = (now: Dashboard): Dashboard => {
  const places = new Map(settled(now.tiles).map(({ id, place }) => [id, place]));
  return { ...now, tiles: now.tiles.map((tile) => ({ ...tile, place: places.get(tile.id) ?? tile.place })) };
};

const besides = (a: TilePlace, b: TilePlace): boolean => a.x + a.w <= b.x || b.x + b.w <= a.x;

/** From the top left to the bottom right. */
export function inOrder<T extends Placed>(tiles: readonly T[], first?: string): T[] {
  return [...tiles].sort((a, b) => a.place.y - b.place.y || Number(b.id === first) - Number(a.id === first) || a.place.x - b.place.x);
}

/**
 * Moves every tile up until it meets another, so that none lie over one another and no row is empty. `first` goes before others that
 * begin in its row. Settling what is settled changes nothing.
 */
export function settled<T extends Placed>(tiles: readonly T[], first?: string): T[] {
  const done: T[] = [];
  for (const tile of inOrder(tiles, first)) {
    const { w, h } = tile.place;
    const place = { w, h, x: Math.min(tile.place.x, GRID_COLUMNS - w), y: 0 };
    place.y = Math.max(0, ...done.filter((other) => !besides(other.place, place)).map((other) => other.place.y + other.place.h));
    done.push({ ...tile, place });
  }
  return done;
}

/** The edit that puts one tile somewhere and lets the others make room. */
export function arrangement(tiles: readonly Placed[], id: string, place: TilePlace): DashboardEdit {
  const wanted = { ...place, w: bounded(place.w, 2, GRID_COLUMNS), h: bounded(place.h, 2, 40), y: Math.max(0, place.y) };
  const moved = { ...wanted, x: bounded(place.x, 0, GRID_COLUMNS - wanted.w) };
  const places = settled(tiles.map((tile) => ({ id: tile.id, place: tile.id === id ? moved : tile.place })), id);
  return { kind: 'arrange', places };
}

const bounded = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Where a tile goes by one step of an arrow key: sideways by a column, up and down past the next tile. Null where there is no way. */
export function stepped(tiles: readonly Placed[], id: string, step: 'left' | 'right' | 'up' | 'down'): TilePlace | null {
  const place = tiles.find((tile) => tile.id === id)?.place;
  if (!place) return null;
  if (step === 'left') return place.x > 0 ? { ...place, x: place.x - 1 } : null;
  if (step === 'right') return place.x + place.w < GRID_COLUMNS ? { ...place, x: place.x + 1 } : null;
  const near = tiles.filter((tile) => tile.id !== id && !besides(tile.place, place)).map((tile) => tile.place);
  if (step === 'up') {
    const above = near.filter(({ y }) => y < place.y).map(({ y }) => y);
    return above.length > 0 ? { ...place, y: Math.max(...above) } : null;
  }
  const below = near.filter(({ y }) => y > place.y).map(({ y }) => y);
  return below.length > 0 ? { ...place, y: Math.min(...below) + 1 } : null;
}

/** A place for a new tile: in the first row that has room for it, else below. */
export function freePlace(tiles: readonly Placed[], w: number, h: number): TilePlace {
  const bottom = Math.max(0, ...tiles.map(({ place }) => place.y + place.h));
  const overlaps = (a: TilePlace, b: TilePlace): boolean => !besides(a, b) && a.y < b.y + b.h && b.y < a.y + a.h;
  for (let y = 0; y < bottom; y += 1) {
    for (let x = 0; x + w <= GRID_COLUMNS; x += 1) {
      const place = { x, y, w, h };
      if (!tiles.some((other) => overlaps(other.place, place))) return settledPlace(tiles, place);
    }
  }
  return { x: 0, y: bottom, w, h };
}

const settledPlace = (tiles: readonly Placed[], place: TilePlace): TilePlace => settled([...tiles, { id: '', place }]).find(({ id }) => id === '')?.place ?? place;
