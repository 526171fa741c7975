import { IconArrowLeft, IconArrowRight, IconBookmark, IconBraces, IconCopy, IconDatabase, IconDatabaseImport, IconDownload, IconFileExport, IconFileImport, IconFolderOpen, IconFolderSymlink, IconHelp, IconHistory, IconHome, IconKeyboard, IconLayoutColumns, IconLayoutDashboard, IconLayoutSidebarLeftCollapse, IconListNumbers, IconMoon, IconPlugConnected, IconPlus, IconProgressCheck, IconRefresh, IconSearch, IconServer, IconSettings, IconSparkles, IconTablePlus, IconTerminal2, IconUsers, IconX } from '@tabler/icons-react';
import { openExport } from '../components/export/store';
import { refreshCatalog } from '../features/catalog/store';
import { exportConnections } from '../features/connections/exportConnections';
import { askToMove, connectionOf, duplicateConnection, editConnection, openConnection, selectConnection, showImport, useConnections } from '../features/connections/store';
import { useDocuments } from '../features/documents/store';
import { openFiles } from '../features/files/store';
import { setTheme, useSettings } from '../features/settings/store';
import { manageSnippets } from '../features/snippets/store';
import { beginTable, beginView } from '../features/structure/begin';
import { chooseImport } from '../features/imports/openImport';
import { palette } from './CommandPalette';
import { registerCommands, type Command } from './commands';
import { currentConnectionId, cycleTabs, focusOtherSide, newQuery, openAssistant, openServerTab, openSettings, showDocument, toggleBeside } from './documentActions';
import { activities, showActivity, showShortcuts, showWelcome, useLayout } from './layout';
import { requestCloseFront } from './requestClose';
import { activityFaces } from './ActivityBar';

const activityIcons = { databases: IconDatabase, assistant: IconSparkles, saved: IconBookmark, dashboards: IconLayoutDashboard, history: IconHistory, jobs: IconProgressCheck };

function toggleTheme(): void {
  const { theme } = useSettings.getState().settings.appearance;
  const dark = theme === 'dark' || (theme === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  setTheme(dark ? 'light' : 'dark');
}

/** Puts the cursor into the search box of the panel at the left. */
function focusSearch(): void {
  showActivity('databases');
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-search="objects"]')?.focus());
}

/** What needs a connection, with the one that a new tab would get. */
function onCurrent(id: string, title: string, keywords: string, icon: Command['icon'], run: (connectionId: string) => void): Command {
  return {
    id,
    title,
    group: 'Connections',
    keywords,
    ...(icon ? { icon } : {}),
    enabled: () => currentConnectionId() !== null,
    run: () => {
      const connectionId = currentConnectionId();
      if (connectionId !== null) run(connectionId);
    },
  };
}

const serverCommands: Command[] = [
  onCurrent('server.processes', 'Server processes', 'activity sessions blocked locks kill cancel', IconServer, (connectionId) => openServerTab('processes', connectionId)),
  onCurrent('server.roles', 'Users and grants', 'roles permissions privileges', IconUsers, (connectionId) => openServerTab('roles', connectionId)),
  onCurrent('structure.newTable', 'New table', 'create design', IconTablePlus, (connectionId) => beginTable(connectionId, 'public')),
  onCurrent('structure.newView', 'New view', 'create', IconTablePlus, (connectionId) => beginView(connectionId, 'public')),
];

const tabCommands: Command[] = [
  { id: 'query.new', title: 'New query', group: 'Tabs', keys: ['Mod+T', 'Mod+N'], icon: IconTerminal2, run: () => newQuery() },
  { id: 'tab.close', title: 'Close tab', group: 'Tabs', keys: ['Mod+W'], icon: IconX, run: requestCloseFront },
  { id: 'tab.next', title: 'Next tab', group: 'Tabs', keys: ['Ctrl+Tab', 'Ctrl+PageDown'], icon: IconArrowRight, run: () => cycleTabs(1) },
  { id: 'tab.previous', title: 'Previous tab', group: 'Tabs', keys: ['Ctrl+Shift+Tab', 'Ctrl+PageUp'], icon: IconArrowLeft, run: () => cycleTabs(-1) },
  { id: 'tab.beside', title: 'Show the tab beside another, or end that', group: 'Tabs', keys: ['Mod+\\'], icon: IconLayoutColumns, keywords: 'split view side', run: toggleBeside },
  { id: 'tab.otherSide', title: 'Go to the tab at the other side', group: 'Tabs', keys: ['Alt+\\'], icon: IconLayoutColumns, keywords: 'split view focus', enabled: () => useDocuments.getState().documents.some(({ options }) => options.beside), run: focusOtherSide },
  ...Array.from({ length: 9 }, (_, index): Command => ({
    id: `tab.go${index + 1}`,
    title: index === 0 ? 'First tab (2 to 9: the others)' : `Tab ${index + 1}`,
    unlisted: index > 0,
    icon: IconListNumbers,
    group: 'Tabs',
    keys: [`Mod+${index + 1}`],
    enabled: () => useDocuments.getState().documents.length > index,
    run: () => {
      const document = useDocuments.getState().documents[index];
      if (document) showDocument(document.id);
    },
  })),
];

/** Whether a connection is the person's: the demo is nobody's to change. */
const isOwn = (id: string | null): boolean => connectionOf(id)?.demo === false;

/** What the frame itself can do; features register their own. */
export const coreCommands: readonly Command[] = [
  ...tabCommands,
  ...serverCommands,
  ...activities.map((activity): Command => ({
    id: `panel.${activity}`,
    title: activityFaces[activity].label,
    group: 'Go to',
    keys: [activityFaces[activity].keys],
    icon: activityIcons[activity],
    run: () => showActivity(activity),
  })),
  { id: 'file.open', title: 'Open SQL files', group: 'Files', keys: ['Mod+O'], icon: IconFolderOpen, keywords: 'load sql script', run: openFiles },
  { id: 'snippets.manage', title: 'Snippets', group: 'Files', icon: IconBraces, keywords: 'templates abbreviations', run: () => manageSnippets(true) },
  { id: 'catalog.search', title: 'Find a table or another object', group: 'Go to', keys: ['Mod+P'], icon: IconSearch, keywords: 'object tree view function', run: focusSearch },
  { id: 'settings.open', title: 'Settings', group: 'Go to', keys: ['Mod+,'], icon: IconSettings, keywords: 'preferences options appearance editor limits safety models', run: () => openSettings() },
  { id: 'settings.keys', title: 'Change keyboard shortcuts', group: 'Help', icon: IconKeyboard, keywords: 'settings keys bindings', run: () => openSettings('keys') },
  { id: 'settings.yaml', title: 'Edit the settings as YAML', group: 'View', icon: IconSettings, keywords: 'file yaml', run: () => openSettings('yaml') },
  { id: 'welcome.show', title: 'Welcome', group: 'Go to', icon: IconHome, run: showWelcome },
  { id: 'connection.new', title: 'New connection', group: 'Connections', keys: ['Mod+Shift+N'], icon: IconPlus, keywords: 'add server database url', run: () => editConnection('') },
  {
    id: 'connection.edit',
    title: 'Edit the current connection',
    group: 'Connections',
    icon: IconPlugConnected,
    enabled: () => connectionOf(currentConnectionId()) !== null,
    run: () => editConnection(currentConnectionId() ?? ''),
  },
  {
    id: 'connection.duplicate',
    title: 'Duplicate the current connection',
    group: 'Connections',
    icon: IconCopy,
    enabled: () => isOwn(currentConnectionId()),
    run: () => duplicateConnection(currentConnectionId() ?? ''),
  },
  {
    id: 'connection.move',
    title: 'Move the current connection to a folder',
    group: 'Connections',
    icon: IconFolderSymlink,
    enabled: () => isOwn(currentConnectionId()),
    run: () => askToMove(connectionOf(currentConnectionId())),
  },
  { id: 'connection.import', title: 'Import connections of another tool', group: 'Connections', icon: IconFileImport, keywords: 'dbeaver pgadmin datagrip pg_service file', run: () => showImport(true) },
  { id: 'connection.export', title: 'Export the connections without secrets', group: 'Connections', icon: IconFileExport, keywords: 'save file yaml share', run: exportConnections },
  {
    id: 'catalog.refresh',
    title: 'Read the objects anew',
    group: 'Connections',
    keys: ['F5'],
    icon: IconRefresh,
    keywords: 'reload refresh tree schema',
    enabled: () => currentConnectionId() !== null,
    run: async () => {
      const id = currentConnectionId();
      if (id !== null) await refreshCatalog(id);
    },
  },
  {
    id: 'tables.export',
    title: 'Export tables…',
    group: 'Connections',
    keys: ['Mod+Alt+Shift+E'],
    icon: IconDownload,
    keywords: 'save csv xlsx parquet sql dump several',
    enabled: () => currentConnectionId() !== null,
    run: () => openExport({ kind: 'tables', connectionId: currentConnectionId() ?? '', schema: null, tables: [] }),
  },
  { id: 'import.file', title: 'Import a file…', group: 'Connections', icon: IconDatabaseImport, keywords: 'csv tsv json ndjson xlsx parquet sql load upload', run: () => chooseImport() },
  { id: 'assistant.ask', title: 'Ask a question', group: 'Assistant', keys: ['Mod+L'], icon: IconSparkles, keywords: 'claude chat ai conversation', run: () => openAssistant({}) },
  { id: 'theme.toggle', title: 'Switch between light and dark', group: 'View', keys: ['Mod+Shift+L'], icon: IconMoon, keywords: 'theme colour', run: toggleTheme },
  {
    id: 'panel.toggle',
    title: 'Show or hide the side panel',
    group: 'View',
    keys: ['Mod+B'],
    icon: IconLayoutSidebarLeftCollapse,
    run: () => useLayout.setState(({ sidePanel }) => ({ sidePanel: !sidePanel })),
  },
  { id: 'palette.open', title: 'Command palette', group: 'Help', keys: ['Mod+K', 'Mod+Shift+P', 'F1'], icon: IconHelp, run: () => palette.toggle() },
  { id: 'help.shortcuts', title: 'Keyboard shortcuts', group: 'Help', keys: ['Mod+/'], icon: IconKeyboard, run: () => showShortcuts(true) },
];

/** One command a saved connection, so that the palette goes to it by its name. */
function connectionCommands(): Command[] {
  return useConnections.getState().connections.map((connection) => ({
    id: `connection.open.${connection.id}`,
    title: `Go to ${connection.name}`,
    group: 'Connections',
    icon: IconDatabase,
    keywords: `${connection.environment} connect open`,
    run: async () => {
      selectConnection(connection.id);
      showActivity('databases');
      await openConnection(connection.id);
    },
  }));
}

/** Keeps a command for each saved connection; returns the function that stops it. */
export function followConnectionCommands(): () => void {
  const nameAll = (): string => JSON.stringify(useConnections.getState().connections.map(({ id, name, environment }) => [id, name, environment]));
  let named = nameAll();
  let remove = registerCommands(connectionCommands());
  const stop = useConnections.subscribe(() => {
    const now = nameAll();
    // How a connection stands changes often, and none of its command.
    if (now === named) return;
    named = now;
    remove();
    remove = registerCommands(connectionCommands());
  });
  return () => {
    stop();
    remove();
  };
}
