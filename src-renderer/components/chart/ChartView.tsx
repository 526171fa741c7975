import { Button, Loader, MultiSelect, Select } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { formatCount } from '../../shell/format';
import { chartKinds, type ChartData, type ChartSpec } from '../../../src-preload/contract/charts';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Column } from '../../../src-preload/contract/queries';
import { fitting } from './autoSpec';
import { ChartCanvas, type ChartCanvasHandle } from './ChartCanvas';
import type { ChartPicture } from './draw';
import classes from '../grid/panels/Panels.module.css';

interface ChartViewProps {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly columns: readonly Column[];
  readonly spec: ChartSpec;
  readonly onSpec: (spec: ChartSpec) => void;
  /** Name of the pictures, without extension. */
  readonly name: string;
  /** More buttons, such as to save. */
  readonly actions?: ReactNode;
}

const kindLabels: Readonly<Record<ChartSpec['kind'], string>> = { bar: 'Bars', line: 'Line', area: 'Area', scatter: 'Scatter', pie: 'Pie', histogram: 'Histogram' };
const aggregateLabels: readonly { value: ChartSpec['aggregate']; label: string }[] = [
  { value: 'none', label: 'as it is' },
  { value: 'count', label: 'count rows' },
  { value: 'sum', label: 'sum' },
  { value: 'avg', label: 'average' },
  { value: 'min', label: 'least' },
  { value: 'max', label: 'largest' },
];

interface ChartState {
  readonly data: ChartData | null;
  readonly drawn: ChartSpec | null;
  readonly progress: { readonly rows: number; readonly total: number } | null;
  readonly error: AppErrorData | null;
}

function useChartData(resultId: string, viewId: string | null, spec: ChartSpec): ChartState & { readonly stop: () => void; readonly again: () => void } {
  const [state, setState] = useState<ChartState>({ data: null, drawn: null, progress: null, error: null });
  const [round, setRound] = useState(0);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    running.current = controller;
    const alive = (): boolean => running.current === controller;
    setState((now) => ({ ...now, progress: { rows: 0, total: 0 }, error: null }));
    client.queries
      .chart({ resultId, viewId, spec }, { signal: controller.signal, onPart: (progress) => alive() && setState((now) => ({ ...now, progress })) })
      .then((data) => alive() && setState({ data, drawn: spec, progress: null, error: null }))
      .catch((error: unknown) => alive() && setState({ data: null, drawn: null, progress: null, error: errorData(error) }));
    return () => {
      running.current = null;
      controller.abort();
    };
  }, [resultId, viewId, spec, round]);
  return { ...state, stop: () => running.current?.abort(), again: () => setRound(round + 1) };
}

function Choices({ columns, spec, onSpec }: Pick<ChartViewProps, 'columns' | 'spec' | 'onSpec'>) {
  const names = [...new Set(columns.map(({ name }) => name))].filter((name) => name !== '');
  const numeric = [...new Set(columns.filter(({ family }) => family === 'number' || (spec.kind === 'histogram' && family === 'datetime')).map(({ name }) => name))];
  const change = (part: Partial<ChartSpec>): void => onSpec(fitting({ ...spec, ...part }, columns));
  const grouped = spec.kind !== 'scatter' && spec.kind !== 'histogram';
  return (
    <>
      <Select label="Chart" w={104} data={chartKinds.map((kind) => ({ value: kind, label: kindLabels[kind] }))} value={spec.kind} allowDeselect={false} onChange={(kind) => kind && change({ kind })} />
      {spec.kind === 'histogram' ? null : <Select label={spec.kind === 'pie' ? 'Pieces' : 'Across'} w={150} searchable clearable placeholder="row number" data={names} value={spec.x} onChange={(x) => change({ x })} />}
      {grouped ? <Select label="Rows as" w={104} data={[...aggregateLabels]} value={spec.aggregate} allowDeselect={false} onChange={(aggregate) => aggregate && change({ aggregate })} /> : null}
      {grouped && spec.aggregate === 'count' ? null : (
        <MultiSelect label="Values" flex="1 1 150px" maw={300} size="xs" searchable hidePickedOptions data={numeric} value={[...spec.y]} maxValues={spec.kind === 'pie' || spec.kind === 'histogram' ? 1 : 12} onChange={(y) => change({ y })} />
      )}
      {grouped && spec.kind !== 'pie' ? <Select label="A series for each" w={150} searchable clearable placeholder="no" data={names} value={spec.series} onChange={(series) => change({ series })} /> : null}
    </>
  );
}

/** What must be known to read the picture right. */
function Notes({ data }: { readonly data: ChartData }) {
  const zone = data.axis === 'time' ? [data.zoned ? 'Times are shown in UTC.' : 'Times have no zone and are shown as they are stored.'] : [];
  const notes = [...data.notes, ...zone];
  return (
    <ul className={classes.chartNotes} aria-label="Notes on the chart">
      <li>
        {formatCount(data.rows)} {data.rows === 1 ? 'row' : 'rows'}, {formatCount(data.x.length)} {data.x.length === 1 ? 'point' : 'points'}
      </li>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** A chart of a stored result with the choices that make it: main makes the points over all rows, the window only draws them. */
export function ChartView({ resultId, viewId, columns, spec, onSpec, name, actions }: ChartViewProps) {
  const { data, drawn, progress, error, stop, again } = useChartData(resultId, viewId, spec);
  const canvas = useRef<ChartCanvasHandle>(null);
  const savePicture = async (format: ChartPicture): Promise<void> => {
    const content = canvas.current?.picture(format) ?? '';
    const { path } = await client.application.chooseSavePath({ title: `Save the chart as ${format.toUpperCase()}`, defaultName: `${name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_')}.${format}`, extension: format });
    if (path === null) return;
    await client.charts.writePicture({ path, format, content });
    showDone(`Saved ${path}`);
  };
  const save = (format: ChartPicture) => (): void => void savePicture(format).catch((failure: unknown) => showError('The picture was not saved', failure));
  return (
    <>
      <div className={classes.chartTools}>
        <Choices columns={columns} spec={spec} onSpec={onSpec} />
        <span className={classes.chartActions}>
        {progress ? (
          <Button size="compact-xs" variant="default" leftSection={<Loader size={10} />} rightSection={<IconPlayerStop size={12} />} onClick={stop}>
            {progress.total > 0 ? `${Math.round((progress.rows / progress.total) * 100)} %` : 'Reading'}
          </Button>
        ) : null}
        <Button size="compact-xs" variant="default" disabled={!data} onClick={save('png')}>
          PNG…
        </Button>
        <Button size="compact-xs" variant="default" disabled={!data} onClick={save('svg')}>
          SVG…
        </Button>
        {actions}
        </span>
      </div>
      {error && error.code !== 'cancelled' ? (
        <div style={{ padding: 12 }}>
          <ErrorPanel title="The chart could not be drawn" error={error} onRetry={again} />
        </div>
      ) : null}
      {error?.code === 'cancelled' ? (
        <p className={classes.note}>
          Stopped.{' '}
          <Button size="compact-xs" variant="default" onClick={again}>
            Draw it
          </Button>
        </p>
      ) : null}
      <div className={classes.chart}>
        {data && drawn && data.x.length > 0 ? <ChartCanvas ref={canvas} spec={drawn} data={data} label={`${kindLabels[drawn.kind]} of ${formatCount(data.x.length)} points`} /> : null}
        {data?.x.length === 0 ? <p className={classes.note}>There is nothing to draw: no row has a value on the axis.</p> : null}
      </div>
      {data ? <Notes data={data} /> : null}
    </>
  );
}
