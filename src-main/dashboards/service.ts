import type { ChartsService } from '../charts/service';
import type { ConnectionsService } from '../connections/service';
import type { GuardService } from '../guard/service';
import type { ResultStore } from '../queries/service';
import type { Workspace } from '../workspace/service';
import type { DashboardEdit, DashboardFace, DashboardState, Tile, TileRows } from '../../src-preload/contract/dashboards';
import { DashboardFiles } from './dashboardFiles';
import { readTile } from './readTile';
import { TileSessions } from './tileSessions';

/** Dashboards: tiles of queries that only read, each dashboard a file of the workspace's folder `dashboards`. */
export interface DashboardsService {
  /** By name; a file that cannot be used is told in `problems` and hides none of the others. */
  list(): Promise<{ dashboards: DashboardFace[]; problems: string[] }>;
  /** As what follows, rejects with `not_found`, and with `bad_input` naming file, line and field where the file cannot be used. */
  read(id: string): Promise<DashboardState>;
  create(name: string, tiles: readonly Tile[]): Promise<DashboardState>;
  duplicate(id: string): Promise<DashboardState>;
  /** Folds the edits into the file as it stands; what was changed outside meanwhile stays. One undo takes all of them back. */
  edit(id: string, edits: readonly DashboardEdit[]): Promise<DashboardState>;
  undo(id: string): Promise<DashboardState>;
  redo(id: string): Promise<DashboardState>;
  remove(id: string): Promise<void>;
  /** Rejects with `not_found` when this program has not removed it. */
  restore(id: string): Promise<DashboardState>;
  /** Writes the file as it stands, comments and all. Rejects with `disk`. */
  exportYaml(id: string, file: string): Promise<void>;
  /**
   * Reads a tile in the read-only lane: at most 10,000 rows, 30 seconds. Rejects with `refused` where the query does not only read,
   * `timeout`, `server_error`, and the errors of connecting.
   */
  readTile(id: string, tileId: string, signal: AbortSignal): Promise<TileRows>;
  /** Told with the id of a dashboard whose file changed, by us or outside. */
  onChange(listener: (id: string) => void): () => void;
  close(): Promise<void>;
}

export interface DashboardsDependencies {
  readonly workspace: Workspace;
  readonly connections: ConnectionsService;
  readonly guard: GuardService;
  readonly results: ResultStore;
  readonly charts: Pick<ChartsService, 'suggest'>;
}

export function createDashboardsService(dependencies: DashboardsDependencies): DashboardsService {
  const files = new DashboardFiles(dependencies.workspace);
  const sessions = new TileSessions(dependencies.connections);
  return {
    list: () => files.list(),
    read: (id) => files.read(id),
    create: (name, tiles) => files.create({ name, refreshSeconds: 0, tiles: [...tiles] }),
    async duplicate(id) {
      const { dashboard } = await files.read(id);
      return files.create({ ...dashboard, name: `${dashboard.name.slice(0, 110)} (copy)` });
    },
    edit: (id, edits) => files.edit(id, edits),
    undo: (id) => files.takeBack(id, 'undo'),
    redo: (id) => files.takeBack(id, 'redo'),
    remove: (id) => files.remove(id),
    restore: (id) => files.restore(id),
    exportYaml: (id, file) => files.exportYaml(id, file),
    readTile: async (id, tileId, signal) => readTile({ ...dependencies, sessions }, await files.tile(id, tileId), signal),
    onChange: (listener) => files.onChange(listener),
    close: () => sessions.close(),
  };
}
