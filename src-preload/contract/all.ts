import { applicationContract } from './application';
import { assistantContract } from './assistant';
import { catalogContract } from './catalog';
import { chartsContract } from './charts';
import { connectionsContract } from './connections';
import { dashboardsContract } from './dashboards';
import { demoContract } from './demo';
import { documentsContract } from './documents';
import { explainContract } from './explain';
import { filesContract } from './files';
import { guardContract } from './guard';
import { importsContract } from './imports';
import { jobsContract } from './jobs';
import { plansContract } from './plans';
import { processesContract } from './processes';
import { queriesContract } from './queries';
import { rowEditsContract } from './rowEdits';
import { rolesContract } from './roles';
import { savedQueriesContract } from './savedQueries';
import { secretsContract } from './secrets';
import { snippetsContract } from './snippets';
import { settingsContract } from './settings';
import { structureContract } from './structure';

/** Every feature's contract. Add a line here, its handlers in `src-main/ipc/handlers.ts`, and it is reachable from the window. */
export const contracts = {
  application: applicationContract,
  assistant: assistantContract,
  catalog: catalogContract,
  charts: chartsContract,
  connections: connectionsContract,
  dashboards: dashboardsContract,
  demo: demoContract,
  documents: documentsContract,
  explain: explainContract,
  files: filesContract,
  guard: guardContract,
  imports: importsContract,
  jobs: jobsContract,
  plans: plansContract,
  processes: processesContract,
  queries: queriesContract,
  rowEdits: rowEditsContract,
  roles: rolesContract,
  savedQueries: savedQueriesContract,
  secrets: secretsContract,
  snippets: snippetsContract,
  settings: settingsContract,
  structure: structureContract,
} as const;
export type Contracts = typeof contracts;
