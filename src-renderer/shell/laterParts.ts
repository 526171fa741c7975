import { lazy } from 'react';

const load = {
  exports: () => import('../components/export/ExportPanel'),
  settings: () => import('../features/settings/SettingsTab'),
  welcome: () => import('../features/application/Welcome'),
  assistantTab: () => import('../features/assistant/AssistantTab'),
  conversations: () => import('../features/assistant/ConversationsPanel'),
  dashboardTab: () => import('../features/dashboards/DashboardTab'),
  dashboards: () => import('../features/dashboards/DashboardsPanel'),
  objectTab: () => import('../features/catalog/ObjectTab'),
  connectionDialogs: () => import('../features/connections/ConnectionDialogs'),
  connectionForm: () => import('../features/connections/ConnectionForm'),
  importTab: () => import('../features/imports/ImportTab'),
  jobs: () => import('../features/jobs/JobsPanel'),
  history: () => import('../features/queries/HistoryPanel'),
  newStructure: () => import('../features/structure/NewStructureTab'),
  dropPanel: () => import('../features/structure/DropPanel'),
  processes: () => import('../features/processes/ProcessesTab'),
  roles: () => import('../features/roles/RolesTab'),
  savedQueries: () => import('../features/savedQueries/SavedQueriesPanel'),
  saveQuery: () => import('../features/savedQueries/SaveQueryDrawer'),
  secrets: () => import('../features/secrets/SecretsDialog'),
  snippets: () => import('../features/snippets/SnippetsDrawer'),
  shortcuts: () => import('./ShortcutsDialog'),
};

// Each is a file of its own, read when it is shown, or soon after the start.
export const SettingsTab = lazy(async () => ({ default: (await load.settings()).SettingsTab }));
export const Welcome = lazy(async () => ({ default: (await load.welcome()).Welcome }));
export const AssistantTab = lazy(async () => ({ default: (await load.assistantTab()).AssistantTab }));
export const ConversationsPanel = lazy(async () => ({ default: (await load.conversations()).ConversationsPanel }));
export const DashboardTab = lazy(async () => ({ default: (await load.dashboardTab()).DashboardTab }));
export const DashboardsPanel = lazy(async () => ({ default: (await load.dashboards()).DashboardsPanel }));
export const ObjectTab = lazy(async () => ({ default: (await load.objectTab()).ObjectTab }));
export const ConnectionDialogs = lazy(async () => ({ default: (await load.connectionDialogs()).ConnectionDialogs }));
export const ConnectionForm = lazy(async () => ({ default: (await load.connectionForm()).ConnectionForm }));
export const ExportPanel = lazy(async () => ({ default: (await load.exports()).ExportPanel }));
export const ImportTab = lazy(async () => ({ default: (await load.importTab()).ImportTab }));
export const JobsPanel = lazy(async () => ({ default: (await load.jobs()).JobsPanel }));
export const HistoryPanel = lazy(async () => ({ default: (await load.history()).HistoryPanel }));
export const NewStructureTab = lazy(async () => ({ default: (await load.newStructure()).NewStructureTab }));
export const DropPanel = lazy(async () => ({ default: (await load.dropPanel()).DropPanel }));
export const ProcessesTab = lazy(async () => ({ default: (await load.processes()).ProcessesTab }));
export const RolesTab = lazy(async () => ({ default: (await load.roles()).RolesTab }));
export const SecretsDialog = lazy(async () => ({ default: (await load.secrets()).SecretsDialog }));
export const SavedQueriesPanel = lazy(async () => ({ default: (await load.savedQueries()).SavedQueriesPanel }));
export const SaveQueryDrawer = lazy(async () => ({ default: (await load.saveQuery()).SaveQueryDrawer }));
export const SnippetsDrawer = lazy(async () => ({ default: (await load.snippets()).SnippetsDrawer }));
export const ShortcutsDialog = lazy(async () => ({ default: (await load.shortcuts()).ShortcutsDialog }));

/** How long after the window is drawn the other parts are fetched, so that none of them is waited for when it is opened. */
const SOON_MS = 3_000;

/** Fetches all parts while nothing else is to do. Returns the function that calls it off. */
export function fetchLaterParts(): () => void {
  const timer = setTimeout(() => requestIdleCallback(() => Object.values(load).forEach((part) => void part())), SOON_MS);
  return () => clearTimeout(timer);
}
