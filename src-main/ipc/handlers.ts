import type { AppServices } from '../app';
import { assistantHandlers } from '../assistant/handlers';
import { catalogHandlers } from '../catalog/handlers';
import { chartsHandlers } from '../charts/handlers';
import { connectionsHandlers } from '../connections/handlers';
import { dashboardsHandlers } from '../dashboards/handlers';
import { demoHandlers } from '../demo/handlers';
import { documentsHandlers } from '../documents/handlers';
import { explainHandlers } from '../explain/handlers';
import { filesHandlers, type FileDialogs } from '../files/handlers';
import { guardHandlers } from '../guard/handlers';
import { importsHandlers } from '../imports/handlers';
import { jobsHandlers } from '../jobs/handlers';
import { plansHandlers } from '../plans/handlers';
import { processesHandlers } from '../processes/handlers';
import { queriesHandlers } from '../queries/handlers';
import { rowEditsHandlers } from '../rowEdits/handlers';
import { rolesHandlers } from '../roles/handlers';
import { savedQueriesHandlers, type Trash } from '../savedQueries/handlers';
import { secretsHandlers } from '../secrets/handlers';
import { snippetsHandlers } from '../snippets/handlers';
import { settingsHandlers } from '../settings/handlers';
import { structureHandlers } from '../structure/handlers';
import type { ChosenPaths } from './chosenPaths';
import type { AllHandlers } from './dispatcher';

/** The handlers of every feature that runs without a desktop. */
export function featureHandlers(services: AppServices, chosenPaths: ChosenPaths, desktop: FileDialogs & Trash): Omit<AllHandlers, 'application'> {
  return {
    assistant: assistantHandlers(services.assistant, (path) => chosenPaths.check(path)),
    catalog: catalogHandlers(services.catalog),
    charts: chartsHandlers(services.charts, (path) => chosenPaths.check(path)),
    connections: connectionsHandlers(services.connections, (path) => chosenPaths.check(path)),
    dashboards: dashboardsHandlers(services.dashboards, (path) => chosenPaths.check(path)),
    demo: demoHandlers(services.demo),
    documents: documentsHandlers(services.documents),
    explain: explainHandlers(services.explain),
    files: filesHandlers(services.files, desktop),
    guard: guardHandlers(services.guard, services.connections),
    imports: importsHandlers(services.imports, (path) => chosenPaths.check(path)),
    jobs: jobsHandlers(services.jobs),
    plans: plansHandlers(services.plans),
    processes: processesHandlers(services.processes),
    queries: queriesHandlers(services, (path) => chosenPaths.check(path)),
    rowEdits: rowEditsHandlers(services.rowEdits),
    roles: rolesHandlers(services.roles),
    savedQueries: savedQueriesHandlers(services.savedQueries, services.files, desktop),
    secrets: secretsHandlers(services.secrets),
    snippets: snippetsHandlers(services.snippets),
    settings: settingsHandlers(services.settings),
    structure: structureHandlers(services.structure),
  };
}
