import { IconLayoutDashboard } from '@tabler/icons-react';
import { create } from 'zustand';
import { client, errorData } from '../../client';
import { registerCommands, type Command } from '../../shell/commands';
import { leaveWelcome } from '../../shell/layout';
import { whenSettled } from '../../shell/settled';
import type { DashboardFace, DashboardState } from '../../../src-preload/contract/dashboards';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { useDocuments } from '../documents/store';

interface Dashboards {
  /** Null until they were read. */
  readonly dashboards: readonly DashboardFace[] | null;
  readonly problems: readonly string[];
  readonly error: AppErrorData | null;
}

/** The dashboards of the workspace, by name. */
export const useDashboards = create<Dashboards>(() => ({ dashboards: null, problems: [], error: null }));

export async function readDashboards(): Promise<void> {
  try {
    useDashboards.setState({ ...(await client.dashboards.list(undefined)), error: null });
  } catch (error) {
    useDashboards.setState({ error: errorData(error) });
  }
}

const tabText = (id: string): string => JSON.stringify({ dashboard: id });

/** The id of a dashboard tab's dashboard; null when the text is damaged. */
export function dashboardOfTab(text: string): string | null {
  try {
    const { dashboard } = JSON.parse(text) as { dashboard?: unknown };
    return typeof dashboard === 'string' ? dashboard : null;
  } catch {
    return null;
  }
}

/** Opens a dashboard in a tab, or brings the tab that shows it to the front. */
export function openDashboard(id: string, name: string): void {
  leaveWelcome();
  const store = useDocuments.getState();
  const open = store.documents.find((document) => document.kind === 'dashboard' && dashboardOfTab(document.text) === id);
  if (open) store.activate(open.id);
  else store.openDocument({ kind: 'dashboard', title: name, connectionId: null, text: tabText(id) });
}

/** Makes an empty dashboard and opens it. */
export async function newDashboard(): Promise<void> {
  const taken = new Set((useDashboards.getState().dashboards ?? []).map(({ name }) => name));
  let name = 'Dashboard';
  for (let number = 2; taken.has(name); number += 1) name = `Dashboard ${number}`;
  const made = await client.dashboards.create({ name });
  openDashboard(made.id, made.dashboard.name);
}

/** Names the tab of a dashboard as the dashboard is named. */
export function nameTab({ id, dashboard }: DashboardState): void {
  const store = useDocuments.getState();
  const open = store.documents.find((document) => document.kind === 'dashboard' && dashboardOfTab(document.text) === id);
  if (open && open.title !== dashboard.name) store.updateDocument(open.id, { title: dashboard.name });
}

const commandsOf = (dashboards: readonly DashboardFace[]): Command[] => [
  { id: 'dashboard.new', title: 'New dashboard', group: 'Go to', icon: IconLayoutDashboard, keywords: 'create board tiles', run: newDashboard },
  ...dashboards.map(({ id, name }): Command => ({ id: `dashboard.open.${id}`, title: `Open dashboard ${name}`, group: 'Go to', icon: IconLayoutDashboard, keywords: 'board tiles', run: () => openDashboard(id, name) })),
];

/** Keeps the list and a command in the palette for each dashboard. Returns the function that stops it. */
export function followDashboards(): () => void {
  let unregister = registerCommands(commandsOf([]));
  const stopStore = useDashboards.subscribe(({ dashboards }, before) => {
    if (dashboards === before.dashboards) return;
    unregister();
    unregister = registerCommands(commandsOf(dashboards ?? []));
  });
  const callOff = whenSettled(() => void readDashboards());
  const stop = client.dashboards.on('changed', () => void readDashboards());
  return () => {
    callOff();
    stop();
    stopStore();
    unregister();
  };
}
