import path from 'node:path';
import type { TestDatabase } from '../servers/postgresql';
import type { ConnectionProfile, ConnectionTarget } from '../../src-preload/contract/connections';
import { createCatalogService } from '../../src-main/catalog/service';
import { createChartsService } from '../../src-main/charts/service';
import { createConnectionsService } from '../../src-main/connections/connections';
import type { ConnectionsService } from '../../src-main/connections/service';
import { createPgliteDriver } from '../../src-main/drivers/pglite/driver';
import { mysqlDriver } from '../../src-main/drivers/mysql/driver';
import { postgresqlDriver } from '../../src-main/drivers/postgresql/driver';
import { warningsOf } from '../../src-main/explain/service';
import { createGuardService } from '../../src-main/guard/create';
import { createHistoryService, createResultStore } from '../../src-main/queries/service';
import type { SecretsService } from '../../src-main/secrets/service';
import { openStore } from '../../src-main/store/service';
import { openWorkspace } from '../../src-main/workspace/workspace';
import type { AssistantDependencies } from '../../src-main/assistant/assistant';

/** The assistant's real neighbours on a real PostgreSQL, for `KitOptions.neighbours`. Close them when done. */
export function realNeighbours(database: Pick<TestDatabase, 'password'> & { target: ConnectionTarget }, more: Partial<ConnectionProfile> = {}): {
  neighbours: (folder: string, secrets: SecretsService) => Promise<Partial<AssistantDependencies>>;
  close: () => Promise<void>;
} {
  const closing: (() => Promise<void> | void)[] = [];
  return {
    async neighbours(folder, secrets) {
      const workspace = openWorkspace(path.join(folder, 'connections'));
      const pglite = createPgliteDriver({ program: 'the tests' });
      const connections: ConnectionsService = createConnectionsService({ workspace, secrets, drivers: { postgresql: postgresqlDriver, mysql: mysqlDriver, pglite }, environment: {}, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
      await connections.save({ id: '', name: 'c1', target: database.target, environment: 'dev', color: 'blue', readOnly: false, ...more }, { kind: 'set', password: database.password });
      const results = createResultStore({ folder: path.join(folder, 'results') });
      const historyStore = openStore(path.join(folder, 'history.db'));
      closing.push(() => connections.closeAll(), () => pglite.close(), () => results.close(), () => historyStore.close(), () => workspace.close());
      const guard = createGuardService();
      return { connections, results, advise: (text, snapshot) => warningsOf(guard, text, snapshot), charts: createChartsService({ workspace, results }), guard, catalog: createCatalogService({ connections }), history: createHistoryService({ store: historyStore }) };
    },
    async close() {
      for (const close of closing) await close();
    },
  };
}
