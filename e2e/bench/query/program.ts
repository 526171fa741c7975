import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createCatalogService } from '../../../src-main/catalog/service';
import { createConnectionsService } from '../../../src-main/connections/connections';
import type { ServerTarget } from '../../../src-preload/contract/connections';
import type { Driver } from '../../../src-main/drivers/driver';
import { postgresqlDriver } from '../../../src-main/drivers/postgresql/driver';
import { mysqlDriver } from '../../../src-main/drivers/mysql/driver';
import { AppError } from '../../../src-main/errors';
import { createGuardService } from '../../../src-main/guard/create';
import { createImportsService, type ImportsService } from '../../../src-main/imports/service';
import { createJobsService, type JobsService } from '../../../src-main/jobs/service';
import { createHistoryService, createQueriesService, createResultStore, type QueriesService } from '../../../src-main/queries/service';
import { createSecretsService } from '../../../src-main/secrets/secrets';
import { openStore } from '../../../src-main/store/service';
import { openWorkspace } from '../../../src-main/workspace/workspace';

/** Where to connect, and as whom. */
export interface BenchDatabase {
  readonly target: ServerTarget;
  readonly password: string;
}

/** The program's services around `queries`, as `app.ts` builds them, on a production connection: the one with the most checks. */
export interface BenchProgram {
  readonly queries: QueriesService;
  readonly jobs: JobsService;
  readonly imports: ImportsService;
  readonly connectionId: string;
  close(): Promise<void>;
}

const embedded: Driver = { engine: 'pglite', capabilities: postgresqlDriver.capabilities, connect: () => Promise.reject(new AppError('unsupported', 'The bench has no embedded database.')) };
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };

export async function startProgram(database: BenchDatabase): Promise<BenchProgram> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-bench-query-'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  const workspace = openWorkspace(folder);
  const connections = createConnectionsService({ workspace, secrets, drivers: { postgresql: postgresqlDriver, mysql: mysqlDriver, pglite: embedded }, environment: {}, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
  const { id } = await connections.save(
    { id: '', name: 'bench', target: database.target, environment: 'production', color: 'red', readOnly: false },
    { kind: 'set', password: database.password },
  );
  const store = openStore(path.join(folder, 'state.db'));
  const jobs = createJobsService({ store });
  const results = createResultStore({ folder: path.join(folder, 'results') });
  const history = createHistoryService({ store });
  const guard = createGuardService();
  const catalog = createCatalogService({ connections });
  const queries = createQueriesService({ connections, guard, catalog, history, jobs, results, store });
  const imports = createImportsService({ connections, catalog, guard, jobs, history });
  return {
    queries,
    jobs,
    imports,
    connectionId: id,
    async close() {
      await jobs.close();
      await connections.closeAll();
      await results.close();
      store.close();
      workspace.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
