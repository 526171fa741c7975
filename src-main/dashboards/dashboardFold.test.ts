import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrangement, foldDashboard, freePlace, invertEdit, settled, stepped } from '../../src-preload/contract/dashboardFold';
import type { Dashboard, DashboardEdit, Tile, TilePlace } from '../../src-preload/contract/dashboards';

const anyPlace: fc.Arbitrary<TilePlace> = fc.record({ x: fc.nat(10), y: fc.nat(30), w: fc.integer({ min: 2, max: 12 }), h: fc.integer({ min: 2, max: 8 }) });
const tileOf = (id: string, place: TilePlace): Tile => ({ id, title: id, connectionId: 'c', sql: 'select 1', view: { kind: 'table' }, place });
const anyId = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const anyTile = fc.record({ id: anyId, place: anyPlace }).map(({ id, place }) => tileOf(id, place));
const anyBoard: fc.Arbitrary<Dashboard> = fc.uniqueArray(anyTile, { selector: ({ id }) => id }).map((tiles) => foldDashboard({ name: 'x', refreshSeconds: 0, tiles }, []));
const anyEdit: fc.Arbitrary<DashboardEdit> = fc.oneof(
  anyTile.map((tile) => ({ kind: 'add' as const, tile })),
  anyId.map((id) => ({ kind: 'remove' as const, id })),
  fc.record({ id: anyId, title: fc.constantFrom('t', 'u') }).map(({ id, title }) => ({ kind: 'change' as const, id, change: { title } })),
  fc.record({ id: anyId, place: anyPlace }).map((one) => ({ kind: 'arrange' as const, places: [one] })),
  fc.constant({ kind: 'rename' as const, name: 'y' }),
  fc.constant({ kind: 'interval' as const, seconds: 30 }),
);
const byId = (board: Dashboard): Dashboard => ({ ...board, tiles: [...board.tiles].sort((a, b) => a.id.localeCompare(b.id)) });
const overlap = (a: TilePlace, b: TilePlace): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

it('no edits lay tiles over one another or out of the grid', () => {
  fc.assert(
    fc.property(anyBoard, fc.array(anyEdit, { maxLength: 8 }), (start, edits) => {
      const { tiles } = foldDashboard(start, edits);
      for (const [index, { place }] of tiles.entries()) {
        expect(place.x + place.w).toBeLessThanOrEqual(12);
        expect(tiles.slice(index + 1).filter((other) => overlap(place, other.place))).toEqual([]);
      }
    }),
  );
});

it('every edit is taken back by its inverse', () => {
  fc.assert(
    fc.property(anyBoard, anyEdit, (before, edit) => {
      expect(byId(foldDashboard(foldDashboard(before, [edit]), invertEdit(before, edit)))).toEqual(byId(before));
    }),
  );
});

it('what is settled stays, and an arrangement is stored as it was shown', () => {
  fc.assert(
    fc.property(anyBoard, anyPlace, (board, place) => {
      expect(settled(settled(board.tiles))).toEqual(settled(board.tiles));
      const id = board.tiles[0]?.id;
      if (id === undefined) return;
      const edit = arrangement(board.tiles, id, place);
      const stored = foldDashboard(board, [edit]).tiles.map((tile) => ({ id: tile.id, place: tile.place }));
      expect(edit.kind === 'arrange' && [...edit.places].sort((a, b) => a.id.localeCompare(b.id))).toEqual(stored.sort((a, b) => a.id.localeCompare(b.id)));
    }),
  );
});

it('goes past the next tile by keys, and back', () => {
  const tiles = settled([tileOf('a', { x: 0, y: 0, w: 6, h: 3 }), tileOf('b', { x: 0, y: 3, w: 6, h: 4 }), tileOf('c', { x: 6, y: 0, w: 6, h: 2 })]);
  const board: Dashboard = { name: 'x', refreshSeconds: 0, tiles };
  const down = stepped(tiles, 'a', 'down');
  const after = foldDashboard(board, [arrangement(tiles, 'a', down ?? { x: 0, y: 0, w: 2, h: 2 })]);
  expect(after.tiles.map(({ id, place }) => [id, place.y])).toEqual(expect.arrayContaining([['b', 0], ['a', 4]]));
  const up = stepped(after.tiles, 'a', 'up');
  expect(byId(foldDashboard(after, [arrangement(after.tiles, 'a', up ?? { x: 0, y: 0, w: 2, h: 2 })]))).toEqual(byId(board));
  expect([stepped(tiles, 'a', 'left'), stepped(tiles, 'a', 'up'), stepped(tiles, 'b', 'down'), stepped(tiles, 'c', 'right')]).toEqual([null, null, null, null]);
});

it('a new tile takes the first room', () => {
  const tiles = [tileOf('a', { x: 0, y: 0, w: 6, h: 4 })];
  expect(freePlace(tiles, 6, 4)).toEqual({ x: 6, y: 0, w: 6, h: 4 });
  expect(freePlace(tiles, 12, 4)).toEqual({ x: 0, y: 4, w: 12, h: 4 });
  expect(freePlace([], 4, 2)).toEqual({ x: 0, y: 0, w: 4, h: 2 });
});
