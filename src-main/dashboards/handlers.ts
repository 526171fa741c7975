import type { Handlers } from '../../src-preload/contract/core';
import type { dashboardsContract } from '../../src-preload/contract/dashboards';
import type { DashboardsService } from './service';

/** `checkedPath` throws for a file that the window may not name. */
export function dashboardsHandlers(dashboards: DashboardsService, checkedPath: (path: string) => string): Handlers<typeof dashboardsContract> {
  return {
    list: () => dashboards.list(),
    read: ({ id }) => dashboards.read(id),
    create: ({ name, tiles }) => dashboards.create(name, tiles),
    duplicate: ({ id }) => dashboards.duplicate(id),
    edit: ({ id, edits }) => dashboards.edit(id, edits),
    undo: ({ id }) => dashboards.undo(id),
    redo: ({ id }) => dashboards.redo(id),
    remove: ({ id }) => dashboards.remove(id),
    restore: ({ id }) => dashboards.restore(id),
    exportYaml: ({ id, path }) => dashboards.exportYaml(id, checkedPath(path)),
    readTile: ({ id, tileId }, { signal }) => dashboards.readTile(id, tileId, signal),
  };
}
