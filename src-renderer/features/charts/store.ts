import { IconChartBar } from '@tabler/icons-react';
import { client } from '../../client';
import { registerCommands } from '../../shell/commands';
import { showError } from '../../shell/errors';
import { leaveWelcome } from '../../shell/layout';
import { whenSettled } from '../../shell/settled';
import type { SavedChart } from '../../../src-preload/contract/charts';
import { useDocuments } from '../documents/store';

/** What a chart tab keeps in its document's text. */
export const chartTabText = (name: string): string => JSON.stringify({ chart: name });

/** The name of a chart tab's chart; null when the text is damaged. */
export function chartOfTab(text: string): string | null {
  try {
    const { chart } = JSON.parse(text) as { chart?: unknown };
    return typeof chart === 'string' ? chart : null;
  } catch {
    return null;
  }
}

/** Opens a saved chart in a tab, or brings the tab that shows it to the front. */
function openChart({ name, connectionId }: SavedChart): void {
  leaveWelcome();
  const store = useDocuments.getState();
  const open = store.documents.find((document) => document.kind === 'chart' && chartOfTab(document.text) === name);
  if (open) store.activate(open.id);
  else store.openDocument({ kind: 'chart', title: name, connectionId, text: chartTabText(name) });
}

/** Keeps a command in the palette for each saved chart. Returns the function that stops it. */
export function followCharts(): () => void {
  let unregister = (): void => undefined;
  const read = async (): Promise<void> => {
    const { charts, problems } = await client.charts.list();
    unregister();
    unregister = registerCommands(charts.map((chart) => ({ id: `chart.open.${chart.name}`, title: `Open chart ${chart.name}`, group: 'Go to', icon: IconChartBar, keywords: 'saved graph plot', run: () => openChart(chart) })));
    if (problems.length > 0) showError('Saved charts could not be read', new Error(problems.join('\n')));
  };
  const update = (): void => void read().catch((error: unknown) => showError('The saved charts could not be read', error));
  const callOff = whenSettled(update);
  const stop = client.charts.on('changed', update);
  return () => {
    callOff();
    stop();
    unregister();
  };
}
