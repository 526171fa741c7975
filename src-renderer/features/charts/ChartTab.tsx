import { Button, Loader, Text } from '@mantine/core';
import { IconDeviceFloppy, IconPlayerStop, IconRefresh, IconTerminal2, IconTrash } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { client, errorData, RequestError } from '../../client';
import { ChartView } from '../../components/chart/ChartView';
import { SqlText } from '../../components/SqlText';
import { useCommand } from '../../shell/commands';
import { closeTab, newQuery } from '../../shell/documentActions';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import type { ChartSpec, SavedChart } from '../../../src-preload/contract/charts';
import type { Document } from '../../../src-preload/contract/documents';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Column } from '../../../src-preload/contract/queries';
import { openConnection, useConnection } from '../connections/store';
import { chartOfTab } from './store';
import styles from './Charts.module.css';

interface Drawn {
  readonly resultId: string;
  readonly columns: readonly Column[];
  readonly at: Date;
}

/** The one result of a saved query; `refused` where a person must say yes first. */
async function runChart({ connectionId, sql }: SavedChart, sessionKey: string, signal: AbortSignal): Promise<Drawn> {
  await openConnection(connectionId);
  let drawn: Drawn | null = null;
  const failures: AppErrorData[] = [];
  const outcome = await client.queries.run(
    { connectionId, sessionKey, text: sql },
    {
      signal,
      onPart: (part) => {
        if (part.kind === 'result') drawn ??= { resultId: part.resultId, columns: part.columns, at: new Date() };
        if (part.kind === 'failed') failures.push(part.error);
      },
    },
  );
  if (failures[0]) throw new RequestError(failures[0]);
  if (outcome.confirmations.length > 0) throw new RequestError({ code: 'confirm_required', message: 'This query asks for a yes before it runs.', hint: 'Open it as a query and run it there.' });
  if (!drawn) throw new RequestError({ code: 'bad_input', message: 'The query gave no rows to draw.', hint: 'Open it as a query and look at what it gives.' });
  return drawn;
}

function useChartRun(chart: SavedChart | null, sessionKey: string) {
  const [state, setState] = useState<{ readonly drawn: Drawn | null; readonly running: boolean; readonly error: AppErrorData | null }>({ drawn: null, running: false, error: null });
  const running = useRef<AbortController | null>(null);
  const shown = useRef<string | null>(null);
  const refresh = useCallback(async (): Promise<void> => {
    if (!chart) return;
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState((now) => ({ ...now, running: true, error: null }));
    try {
      const drawn = await runChart(chart, sessionKey, controller.signal);
      const old = shown.current;
      shown.current = drawn.resultId;
      if (running.current === controller) setState({ drawn, running: false, error: null });
      if (old) await client.queries.release({ resultIds: [old] });
    } catch (error) {
      if (running.current === controller) setState((now) => ({ ...now, running: false, error: errorData(error) }));
    }
  }, [chart, sessionKey]);
  useEffect(() => {
    void refresh();
  }, [refresh]);
  useEffect(
    () => () => {
      running.current?.abort();
      if (shown.current) client.queries.release({ resultIds: [shown.current] }).catch(() => undefined);
    },
    [],
  );
  return { ...state, refresh, stop: () => running.current?.abort() };
}

/** A saved chart: its query is run anew, and the time of its data is said. */
export function ChartTab({ document, active }: { readonly document: Document; readonly active: boolean }) {
  const name = chartOfTab(document.text);
  const [chart, setChart] = useState<SavedChart | null>(null);
  const [missing, setMissing] = useState<AppErrorData | null>(null);
  const [spec, setSpec] = useState<ChartSpec | null>(null);
  useEffect(() => {
    client.charts.list().then(
      ({ charts }) => {
        const found = charts.find((known) => known.name === name) ?? null;
        setChart(found);
        setSpec(found?.chart ?? null);
        setMissing(found ? null : { code: 'not_found', message: `There is no saved chart ${name ?? ''} any more.`, hint: 'Close this tab.' });
      },
      (error: unknown) => setMissing(errorData(error)),
    );
  }, [name]);
  const { drawn, running, error, refresh, stop } = useChartRun(chart, document.id);
  const connection = useConnection(chart?.connectionId ?? null);
  useCommand({ id: 'chart.refresh', title: 'Run the chart’s query again', group: 'Results', keys: ['Mod+R'], icon: IconRefresh, run: refresh }, active);
  const keep = (): void => {
    if (chart && spec) client.charts.save({ ...chart, chart: spec }).then(() => (setChart({ ...chart, chart: spec }), showDone('Saved the chart')), (failure: unknown) => showError('The chart was not saved', failure));
  };
  const remove = (): void => {
    if (chart) client.charts.remove({ name: chart.name }).then(() => closeTab(document.id), (failure: unknown) => showError('The chart was not removed', failure));
  };
  return (
    <div className={styles.tab}>
      <header className={styles.head}>
        <b>{name}</b>
        <Text size="xs" c="dimmed" role="status">
          {connection ? `${connection.name} · ` : ''}
          {running ? 'running the query…' : drawn ? `data of ${drawn.at.toLocaleString()}` : ''}
        </Text>
        <span style={{ flex: 1 }} />
        {running ? (
          <Button size="compact-xs" variant="default" leftSection={<Loader size={10} />} rightSection={<IconPlayerStop size={12} />} onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button size="compact-xs" variant="default" leftSection={<IconRefresh size={13} />} disabled={!chart} onClick={() => void refresh()}>
            Run again
          </Button>
        )}
        <Button size="compact-xs" variant="default" leftSection={<IconDeviceFloppy size={13} />} disabled={!chart || spec === chart.chart} onClick={keep}>
          Save changes
        </Button>
        <Button size="compact-xs" variant="default" leftSection={<IconTerminal2 size={13} />} disabled={!chart} onClick={() => chart && newQuery(chart.sql, chart.connectionId)}>
          Open the query
        </Button>
        <Button size="compact-xs" variant="subtle" color="red" leftSection={<IconTrash size={13} />} disabled={!chart} onClick={remove}>
          Delete
        </Button>
      </header>
      {missing ? <ErrorPanel title="The chart cannot be opened" error={missing} /> : null}
      {error && error.code !== 'cancelled' ? <ErrorPanel title="The chart’s query failed" error={error} onRetry={() => void refresh()} /> : null}
      {drawn && spec ? <ChartView resultId={drawn.resultId} viewId={null} columns={drawn.columns} spec={spec} onSpec={setSpec} name={name ?? 'chart'} /> : <span style={{ flex: 1 }} />}
      {chart ? (
        <details className={styles.sql}>
          <summary>Query</summary>
          <SqlText text={chart.sql} />
        </details>
      ) : null}
    </div>
  );
}
