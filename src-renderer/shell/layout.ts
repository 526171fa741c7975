import { create } from 'zustand';

/** What the activity bar switches between; each is a panel at the left. */
export const activities = ['databases', 'assistant', 'saved', 'dashboards', 'history', 'jobs'] as const;
export type Activity = (typeof activities)[number];

interface Layout {
  readonly activity: Activity;
  readonly sidePanel: boolean;
  /** The welcome page is no document: closed, a tab behind, or in front. */
  readonly welcome: 'closed' | 'behind' | 'front';
  readonly shortcuts: boolean;
  /** Share of the left of two tabs side by side, 0 to 1. */
  readonly split: number;
}

/** Which parts of the frame are open. */
export const useLayout = create<Layout>(() => ({ activity: 'databases', sidePanel: true, welcome: 'closed', shortcuts: false, split: 0.5 }));

/** Shows a panel at the left. */
export function showActivity(activity: Activity): void {
  useLayout.setState({ activity, sidePanel: true });
}

/** A click in the activity bar: shows the panel, or hides it when it is shown already. */
export function toggleActivity(activity: Activity): void {
  useLayout.setState((now) => ({ activity, sidePanel: now.activity !== activity || !now.sidePanel }));
}

export function showWelcome(): void {
  useLayout.setState({ welcome: 'front' });
}

/** Puts the documents in front of the welcome page. */
export function leaveWelcome(): void {
  useLayout.setState(({ welcome }) => ({ welcome: welcome === 'front' ? 'behind' : welcome }));
}

export function closeWelcome(): void {
  useLayout.setState({ welcome: 'closed' });
}

export function showShortcuts(shortcuts: boolean): void {
  useLayout.setState({ shortcuts });
}
