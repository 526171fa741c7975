import os from 'node:os';
import path from 'node:path';
import { createAssistantService } from './assistant/assistant';
import type { AssistantService } from './assistant/service';
import { createChartsService, type ChartsService } from './charts/service';
import { createCatalogService, type CatalogService } from './catalog/service';
import { createConnectionsService } from './connections/connections';
import type { ConnectionsService } from './connections/service';
import { createDashboardsService, type DashboardsService } from './dashboards/service';
import type { EarlyDemo } from './demo/early';
import { createDemoService, demoProfile, type DemoService } from './demo/service';
import { createDocumentsService, type DocumentsService } from './documents/service';
import { mysqlDriver } from './drivers/mysql/driver';
import { createPgliteDriver } from './drivers/pglite/driver';
import { postgresqlDriver } from './drivers/postgresql/driver';
import { createGuardService } from './guard/create';
import type { GuardService } from './guard/service';
import { createImportsService, type ImportsService } from './imports/service';
import { createExplainService, warningsOf, type ExplainService } from './explain/service';
import { createFilesService, type FilesService } from './files/service';
import { createJobsService, type JobsService } from './jobs/service';
import { createLogger, type FileLogger } from './log';
import type { ProgramPaths } from './paths';
import { createColumnLayouts, createHistoryService, createQueriesService, type ColumnLayouts, type HistoryService, type QueriesService } from './queries/service';
import { createSavedQueriesService, type SavedQueriesService } from './savedQueries/service';
import { createSnippetsService, type SnippetsService } from './snippets/service';
import { createResultStore } from './queries/results/resultStore';
import { createRowEditsService, type RowEditsService } from './rowEdits/service';
import { createPlansService, type PlansService } from './plans/service';
import { createProcessesService, type ProcessesService } from './processes/service';
import { createRolesService, type RolesService } from './roles/service';
import { systemKeychain } from './secrets/keychain';
import { createSecretsService } from './secrets/secrets';
import type { SecretsService } from './secrets/service';
import { createSettingsService, type SettingsService } from './settings/service';
import { openStore, type Store } from './store/service';
import { createStructureService, type StructureService } from './structure/service';
import { openWorkspace } from './workspace/workspace';
import type { Workspace } from './workspace/service';

type Environment = Readonly<Record<string, string | undefined>>;

export interface AppOptions {
  readonly paths: ProgramPaths;
  /** Variables such as ANTHROPIC_API_KEY. */
  readonly environment: Environment;
  /** Variables that may fill the gaps of a connection: the command's environment, nothing for the window. */
  readonly connectionEnvironment?: Environment;
  /** How this process is called where another meets it, such as `the AI-Shell window`. */
  readonly program: string;
  readonly cwd: string;
  /** The demo, when it was begun before the other services. */
  readonly early?: EarlyDemo;
}

/** Every service of the program, built once. */
export interface AppServices {
  readonly log: FileLogger;
  readonly workspace: Workspace;
  readonly settings: SettingsService;
  readonly store: Store;
  readonly secrets: SecretsService;
  readonly connections: ConnectionsService;
  readonly catalog: CatalogService;
  readonly guard: GuardService;
  readonly jobs: JobsService;
  readonly history: HistoryService;
  readonly queries: QueriesService;
  readonly rowEdits: RowEditsService;
  readonly columnLayouts: ColumnLayouts;
  readonly imports: ImportsService;
  readonly charts: ChartsService;
  readonly dashboards: DashboardsService;
  readonly documents: DocumentsService;
  readonly files: FilesService;
  readonly savedQueries: SavedQueriesService;
  readonly snippets: SnippetsService;
  readonly demo: DemoService;
  readonly assistant: AssistantService;
  readonly structure: StructureService;
  readonly plans: PlansService;
  readonly explain: ExplainService;
  readonly processes: ProcessesService;
  readonly roles: RolesService;
  /** Ends all work and closes what is open, in reverse order; idempotent. */
  close(): Promise<void>;
}

/** Builds the services by plain constructors; nothing is connected or sent by building them. */
export function createApp(options: AppOptions): AppServices {
  const { paths, environment, cwd } = options;
  const secrets = createSecretsService({ folder: paths.config, keychain: systemKeychain(environment) });
  const log = createLogger({ file: paths.logFile, redact: (text) => secrets.redact(text) });
  const workspace = openWorkspace(paths.workspace);
  const settings = createSettingsService(workspace, (problems) => log.warn('settings.yaml has values that cannot be used', { problems }));
  void settings.current();
  const store = openStore(paths.database);
  if (store.setAside) log.warn('the store was damaged and was set aside', { file: store.setAside });
  const pglite = createPgliteDriver({ program: options.program, hosts: options.early?.hosts });
  const drivers = { postgresql: postgresqlDriver, mysql: mysqlDriver, pglite };
  const connections = createConnectionsService({
    workspace,
    secrets,
    drivers,
    demoProfile: demoProfile(paths.demo),
    environment: options.connectionEnvironment ?? {},
    cwd,
    personal: { home: os.homedir(), environment },
    knownHosts: path.join(paths.config, 'known_hosts'),
  });
  const catalog = createCatalogService({ connections });
  const guard = createGuardService({ policy: () => settings.policy() });
  const jobs = createJobsService({ store });
  const history = createHistoryService({ store, redact: (text) => secrets.redact(text) });
  // The limit is in megabytes of 1,024 kB, as sizes are shown.
  const results = createResultStore({ folder: paths.results, limit: () => settings.known().limits.resultMegabytes * 1024 * 1024 });
  const queries = createQueriesService({ connections, guard, catalog, history, jobs, results, store });
  const rowEdits = createRowEditsService({ connections, catalog, guard, history, results });
  const columnLayouts = createColumnLayouts(store);
  const imports = createImportsService({ connections, catalog, guard, jobs, history });
  const charts = createChartsService({ workspace, results });
  const dashboards = createDashboardsService({ workspace, connections, guard, results, charts });
  const documents = createDocumentsService({ store });
  const savedQueries = createSavedQueriesService({ folder: path.join(workspace.folder, 'queries') });
  const files = createFilesService({ store, alsoAllowed: (file) => savedQueries.owns(file) });
  const snippets = createSnippetsService({ workspace });
  const demo = options.early?.demo ?? createDemoService({ folder: paths.demo, hosts: pglite.hosts });
  const assistant = createAssistantService({ connections, catalog, charts, guard, advise: (text, snapshot) => warningsOf(guard, text, snapshot), results, history, secrets, store, workspace, environment, costLimit: () => settings.known().limits.askCost });

  const structure = createStructureService({ connections });
  const plans = createPlansService({ connections, guard, history });
  const explain = createExplainService({ guard, connections, catalog, plans, assistant });
  const processes = createProcessesService({ connections });
  const roles = createRolesService({ connections });

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const steps: (() => Promise<void> | void)[] = [
      () => assistant.close(),
      () => dashboards.close(),
      () => jobs.close(),
      () => files.close(),
      () => savedQueries.close(),
      () => connections.closeAll(),
      () => pglite.close(),
      () => results.close(),
      () => store.close(),
      () => workspace.close(),
      () => log.flush(),
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        // What stands behind it must be closed all the same.
        log.error('closing failed', { error });
      }
    }
  };
  return {
    log, workspace, settings, store, secrets, connections, catalog, guard, jobs, history, queries, imports, rowEdits, documents, files, savedQueries, snippets, demo, columnLayouts, charts, dashboards,
    assistant, structure, plans, explain, processes, roles,
    close: () => (closing ??= close()),
  };
}
