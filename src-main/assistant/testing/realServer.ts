import path from 'node:path';
import type { TestDatabase } from '../../../e2e/servers/postgresql';
import type { ConnectionProfile } from '../../../src-preload/contract/connections';
import { createConnectionsService } from '../../connections/connections';
import type { ConnectionsService } from '../../connections/service';
import { postgresqlDriver } from '../../drivers/postgresql/driver';
import { createGuardService } from '../../guard/create';
import { createHistoryService, createResultStore } from '../../queries/service';
import type { SecretsService } from '../../secrets/service';
import { openStore } from '../../store/service';
import { openWorkspace } from '../../workspace/workspace';
import type { AssistantDependencies } from '../assistant';
import { liveCatalog } from './liveCatalog';

/** The assistant's real neighbours on a real PostgreSQL, for `KitOptions.neighbours`. Close them when done. */
export function realNeighbours(database: TestDatabase, more: Partial<ConnectionProfile> = {}): {
  neighbours: (folder: string, secrets: SecretsService) => Promise<Partial<AssistantDependencies>>;
  close: () => Promise<void>;
} {
  const closing: (() => Promise<void> | void)[] = [];
  return {
    async neighbours(folder, secrets) {
      const workspace = openWorkspace(path.join(folder, 'connections'));
      const connections: ConnectionsService = createConnectionsService({ workspace, secrets, drivers: { postgresql: postgresqlDriver, pglite: postgresqlDriver }, environment: {}, cwd: folder });
      await connections.save({ id: '', name: 'c1', target: database.target, environment: 'dev', color: 'blue', readOnly: false, ...more }, { kind: 'set', password: database.password });
      const results = createResultStore({ folder: path.join(folder, 'results') });
      const historyStore = openStore(path.join(folder, 'history.db'));
      closing.push(() => connections.closeAll(), () => results.close(), () => historyStore.close(), () => workspace.close());
      return { connections, results, guard: createGuardService(), catalog: liveCatalog(database), history: createHistoryService({ store: historyStore }) };
    },
    async close() {
      for (const close of closing) await close();
    },
  };
}
