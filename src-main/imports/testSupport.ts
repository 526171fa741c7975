import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { ImportOutcome, ImportRequest, ImportSource } from '../../src-preload/contract/imports';
import { createCatalogService, type CatalogService } from '../catalog/service';
import { createConnectionsService } from '../connections/connections';
import type { ConnectionsService } from '../connections/service';
import { createPgliteDriver } from '../drivers/pglite/driver';
import { mysqlDriver } from '../drivers/mysql/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { createGuardService } from '../guard/create';
import type { GuardService } from '../guard/service';
import { createJobsService, type JobsService } from '../jobs/service';
import { createHistoryService } from '../queries/service';
import { createSecretsService } from '../secrets/secrets';
import { openStore } from '../store/service';
import { openWorkspace } from '../workspace/workspace';
import { createImportsService, type ImportOrder, type ImportsService } from './service';

const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };
export const never = new AbortController().signal;

/** The services around imports on a real server, for tests. */
export interface TestProgram {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly imports: ImportsService;
  readonly jobs: JobsService;
  readonly connections: ConnectionsService;
  readonly catalog: CatalogService;
  readonly guard: GuardService;
  readonly profiles: Record<'dev' | 'production' | 'reader' | 'embedded', ConnectionProfile>;
  /** Writes a file and returns its path. */
  file(name: string, content: string | Uint8Array): string;
  /** The request that a person gets who changes nothing: a scan decides on the columns of a new table, names on those of an existing one. */
  request(file: string, over?: { source?: Partial<ImportSource>; existing?: string; table?: string }): Promise<ImportRequest>;
  run(request: ImportRequest, over?: Partial<ImportOrder>, signal?: AbortSignal): Promise<ImportOutcome>;
  close(): Promise<void>;
}

/** `database` is dropped by `close`; default a fresh one on the server of the set-up. */
export async function startTestProgram(given?: TestDatabase): Promise<TestProgram> {
  const database = given ?? (await testDatabase());
  const folder = mkdtempSync(path.join(os.tmpdir(), 'imports-'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  const workspace = openWorkspace(folder);
  const pglite = createPgliteDriver({ program: 'the tests of imports' });
  const connections = createConnectionsService({ workspace, secrets, drivers: { postgresql: postgresqlDriver, mysql: mysqlDriver, pglite }, environment: {}, cwd: folder, personal: { home: folder, environment: {} }, knownHosts: path.join(folder, 'known_hosts') });
  const save = (name: string, over: Pick<ConnectionProfile, 'environment' | 'readOnly'>): Promise<ConnectionProfile> =>
    connections.save({ id: '', name, target: database.target, color: 'gray', ...over }, { kind: 'set', password: database.password });
  mkdirSync(path.join(folder, 'embedded'));
  const profiles = {
    dev: await save('dev', { environment: 'dev', readOnly: false }),
    production: await save('production', { environment: 'production', readOnly: false }),
    reader: await save('reader', { environment: 'dev', readOnly: true }),
    embedded: await connections.save({ id: '', name: 'embedded', target: { engine: 'pglite', folder: path.join(folder, 'embedded') }, color: 'gray', environment: 'dev', readOnly: false }, { kind: 'keep' }),
  };
  const store = openStore(path.join(folder, 'state.db'));
  const jobs = createJobsService({ store });
  const catalog = createCatalogService({ connections });
  const guard = createGuardService();
  const imports = createImportsService({ connections, catalog, guard, jobs, history: createHistoryService({ store }) });
  return {
    folder,
    database,
    imports,
    jobs,
    connections,
    catalog,
    guard,
    profiles,
    file(name, content) {
      const target = path.join(folder, name);
      writeFileSync(target, content);
      return target;
    },
    async request(file, { source: over = {}, existing, table = 'imported' } = {}) {
      const preview = await imports.inspect({ path: file, ...over }, never);
      const scan = await imports.scan(preview.source, () => undefined, never);
      const fileColumns = scan.columns.map(({ name }) => name);
      return {
        connectionId: profiles.dev.id,
        source: preview.source,
        fileColumns,
        target: existing === undefined ? { kind: 'new', schema: 'public', table } : { kind: 'existing', schema: 'public', table: existing },
        columns: scan.columns.map(({ name, type, dateOrder }, source) => ({ source, name, type, dateOrder: dateOrder === 'ask' ? null : dateOrder })),
        mode: 'append',
        key: [],
        onError: 'stop',
      };
    },
    run: (request, over = {}, signal = never) => imports.run({ request, dryRun: false, confirmedHash: undefined, rejectPath: null, origin: 'editor', ...over }, signal, () => undefined),
    async close() {
      await jobs.close();
      await connections.closeAll();
      await pglite.close();
      store.close();
      workspace.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
