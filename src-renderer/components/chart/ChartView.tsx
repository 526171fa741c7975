import { Button, Loader, MultiSelect, Select } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { client } from '../../client';
import { showDone, showError } from '../../shell/errors';
import { chartKinds, type ChartSpec } from '../../../src-preload/contract/charts';
import type { Column } from '../../../src-preload/contract/queries';
import { fitting } from './autoSpec';
import type { ChartCanvasHandle } from './ChartCanvas';
import { ChartDrawing, kindLabels } from './ChartDrawing';
import type { ChartPicture } from './draw';
import { useChartData } from './useChartData';
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

const aggregateLabels: readonly { value: ChartSpec['aggregate']; label: string }[] = [
  { value: 'none', label: 'as it is' },
  { value: 'count', label: 'count rows' },
  { value: 'sum', label: 'sum' },
  { value: 'avg', label: 'average' },
  { value: 'min', label: 'least' },
  { value: 'max', label: 'largest' },
];

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

/** A chart of a stored result with the choices that make it: main makes the points over all rows, the window only draws them. */
export function ChartView({ resultId, viewId, columns, spec, onSpec, name, actions }: ChartViewProps) {
  const state = useChartData(resultId, viewId, spec);
  const { data, progress, stop } = state;
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
      <ChartDrawing state={state} canvas={canvas} />
    </>
  );
}
