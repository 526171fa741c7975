import type { Tile, TileRows } from '../../src-preload/contract/dashboards';
import type { ReadOnlyLimits } from '../drivers/driver';
import { storeRead } from '../queries/service';
import type { DashboardsDependencies } from './service';
import type { TileSessions } from './tileSessions';

const TILE_LIMITS: ReadOnlyLimits = { statementTimeoutMs: 30_000, lockTimeoutMs: 2_000, maxRows: 10_000, maxBytes: 16_000_000, maxCellBytes: 100_000 };

type TileDependencies = Pick<DashboardsDependencies, 'guard' | 'results' | 'charts'> & { readonly sessions: TileSessions };

/** Reads a tile's rows into the result store, where they stay until the window lets them go; see `DashboardsService.readTile`. */
export async function readTile({ sessions, guard, results, charts }: TileDependencies, tile: Tile, signal: AbortSignal): Promise<TileRows> {
  const { at, milliseconds, read } = await sessions.run(tile.connectionId, signal, async (connection) => {
    const asked = new Date().toISOString();
    const started = performance.now();
    const stored = await storeRead({ guard, results }, connection, { text: tile.sql }, TILE_LIMITS, 0, signal);
    return { at: asked, milliseconds: performance.now() - started, read: stored };
  });
  try {
    const { view, reason, proposed } = await charts.suggest(read.resultId, tile.view);
    signal.throwIfAborted();
    return { resultId: read.resultId, columns: [...read.columns], rows: read.rows, truncated: read.truncated, view, note: proposed || tile.view === null ? null : reason, at, milliseconds };
  } catch (error) {
    results.release([read.resultId]);
    throw error;
  }
}
