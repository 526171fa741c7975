import { Button, Popover, TextInput } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useMemo, useState, type FormEvent } from 'react';
import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import type { ChartSpec } from '../../../src-preload/contract/charts';
import type { Column } from '../../../src-preload/contract/queries';
import { PinToDashboard } from '../../features/dashboards/PinToDashboard';
import { PanelFrame } from '../grid/panels/PanelFrame';
import { autoSpec } from './autoSpec';
import { ChartView } from './ChartView';
import { useSuggestion } from './useSuggestion';

/** The statement that gave a result. */
export interface ChartQuery {
  readonly connectionId: string;
  readonly sql: string;
}

interface ChartPanelProps {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly columns: readonly Column[];
  readonly complete: boolean;
  readonly query: ChartQuery | undefined;
  readonly onClose: () => void;
}

function SaveChart({ query, spec }: { readonly query: ChartQuery; readonly spec: ChartSpec }) {
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    client.charts.save({ name, ...query, chart: spec }).then(
      () => {
        setOpened(false);
        showDone(`Saved the chart ${name}. The palette opens it again.`);
      },
      (error: unknown) => showError('The chart was not saved', error),
    );
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconDeviceFloppy size={13} />} onClick={() => setOpened(!opened)}>
          Save chart
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={save} style={{ display: 'flex', gap: 6, alignItems: 'flex-end' }}>
          <TextInput data-autofocus label="Name of the chart" value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} w={220} />
          <Button type="submit" disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function ChartActions({ query, spec, resultId }: { readonly query: ChartQuery; readonly spec: ChartSpec; readonly resultId: string }) {
  return (
    <>
      <SaveChart query={query} spec={spec} />
      <PinToDashboard variant="default" pinned={{ ...query, title: 'Chart', resultId, view: { kind: 'chart', chart: spec } }} />
    </>
  );
}

/** A quick chart beside the rows. It can be saved with its query, where the query is known. */
export function ChartPanel({ resultId, viewId, columns, complete, query, onClose }: ChartPanelProps) {
  const [chosen, setChosen] = useState<ChartSpec | null>(null);
  const { suggestion, error } = useSuggestion(resultId, complete, null);
  // Who opens this panel wants a picture, also where rows would say more.
  const other = useMemo(() => autoSpec(columns), [columns]);
  const spec = chosen ?? (suggestion?.view.kind === 'chart' ? suggestion.view.chart : suggestion || error ? other : null);
  return (
    <PanelFrame label="Chart" title="Chart" detail={complete ? 'over all rows' : 'drawn when the last rows are there'} onClose={onClose}>
      {spec ? <ChartView resultId={resultId} viewId={viewId} columns={columns} spec={spec} onSpec={setChosen} name="chart" actions={query ? <ChartActions query={query} spec={spec} resultId={resultId} /> : null} /> : null}
    </PanelFrame>
  );
}
