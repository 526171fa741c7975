import { z } from 'zod';
import { resultView } from './charts';
import { call, defineContract, event, nothing } from './core';
import { GRID_COLUMNS } from './dashboardGrid';
import { column } from './queries';

/** Where a tile stands, in columns and rows of the grid. */
export const tilePlace = z.object({
  x: z.number().int().min(0).max(GRID_COLUMNS - 2),
  y: z.number().int().min(0).max(100_000),
  w: z.number().int().min(2).max(GRID_COLUMNS),
  h: z.number().int().min(2).max(40),
});
export type TilePlace = z.infer<typeof tilePlace>;

/** One query and how its rows are looked at. */
export const tile = z.object({
  /** Unique in its dashboard. */
  id: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().trim().min(1).max(120),
  /** The connection's id. */
  connectionId: z.string().min(1),
  /** One statement that only reads. */
  sql: z.string().min(1).max(100_000),
  /** Null: the rules choose at each reading, by the columns. */
  view: resultView.nullable().default(null),
  /** Without one it stands below the others. */
  place: tilePlace.default({ x: 0, y: 100_000, w: 6, h: 4 }),
});
export type Tile = z.infer<typeof tile>;

const dashboardName = z.string().trim().min(1).max(120);
/** Seconds between two readings of the tiles; 0 reads by hand only. */
const refreshSeconds = z.number().int().refine((seconds) => seconds === 0 || (seconds >= 5 && seconds <= 86_400), '0, or 5 to 86400 seconds');
const tiles = z.array(tile).max(60).refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'Two tiles have the same id.');

/** `.ai-shell/dashboards/ID.yaml`. */
export const dashboard = z.object({ name: dashboardName, refreshSeconds: refreshSeconds.default(0), tiles: tiles.default([]) });
export type Dashboard = z.infer<typeof dashboard>;

/** One change; lists of them are folded by `foldDashboard`. */
export const dashboardEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), tile }),
  z.object({ kind: z.literal('remove'), id: z.string() }),
  z.object({ kind: z.literal('change'), id: z.string(), change: tile.pick({ title: true, connectionId: true, sql: true, view: true }).partial() }),
  z.object({ kind: z.literal('arrange'), places: z.array(z.object({ id: z.string(), place: tilePlace })) }),
  z.object({ kind: z.literal('rename'), name: dashboardName }),
  z.object({ kind: z.literal('interval'), seconds: refreshSeconds }),
]);
export type DashboardEdit = z.infer<typeof dashboardEdit>;

/** A dashboard as it is stored; `undo` and `redo` say whether there is something to take back or to do again. */
export const dashboardState = z.object({ id: z.string(), dashboard, undo: z.boolean(), redo: z.boolean() });
export type DashboardState = z.infer<typeof dashboardState>;

export const dashboardFace = z.object({ id: z.string(), name: z.string(), tiles: z.number().int() });
export type DashboardFace = z.infer<typeof dashboardFace>;

/** What a tile's query gave; the rows are read through `queries.window` and let go by `queries.release`. */
export const tileRows = z.object({
  resultId: z.string(),
  columns: z.array(column),
  rows: z.number().int(),
  /** More rows are there than a tile reads. */
  truncated: z.boolean(),
  /** The tile's own view where the rows fit it, else the one that the rules suggest. */
  view: resultView,
  /** Why another view is shown than the tile's own. */
  note: z.string().nullable(),
  /** When the server was asked; ISO 8601, UTC. */
  at: z.string(),
  milliseconds: z.number(),
});
export type TileRows = z.infer<typeof tileRows>;

const ref = z.object({ id: z.string() });

export const dashboardsContract = defineContract('dashboards', {
  /** By name. `problems` says which files cannot be used; the others are there all the same. */
  list: call(nothing, z.object({ dashboards: z.array(dashboardFace), problems: z.array(z.string()) })),
  read: call(ref, dashboardState),
  create: call(z.object({ name: dashboardName, tiles: tiles.default([]) }), dashboardState),
  /** A copy under another name. */
  duplicate: call(ref, dashboardState),
  edit: call(z.object({ id: z.string(), edits: z.array(dashboardEdit).min(1).max(200) }), dashboardState),
  undo: call(ref, dashboardState),
  redo: call(ref, dashboardState),
  remove: call(ref, nothing),
  /** Takes the removal back, as long as the program runs. */
  restore: call(ref, dashboardState),
  /** Writes the YAML to a file that the person chose. */
  exportYaml: call(z.object({ id: z.string(), path: z.string() }), nothing),
  /** Reads one tile's rows in the read-only lane. Rejects with `refused` for what does not only read, `timeout`, and the errors of connecting. */
  readTile: call(z.object({ id: z.string(), tileId: z.string() }), tileRows),
  changed: event(ref),
});
