import { Button } from '@mantine/core';
import type { Ref } from 'react';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { formatCount } from '../../shell/format';
import type { ChartData, ChartSpec } from '../../../src-preload/contract/charts';
import { ChartCanvas, type ChartCanvasHandle } from './ChartCanvas';
import type { ChartState } from './useChartData';
import classes from '../grid/panels/Panels.module.css';

export const kindLabels: Readonly<Record<ChartSpec['kind'], string>> = { bar: 'Bars', line: 'Line', area: 'Area', scatter: 'Scatter', pie: 'Pie', histogram: 'Histogram' };

/** What must be known to read the picture right. */
function Notes({ data, plain }: { readonly data: ChartData; readonly plain: boolean }) {
  const zone = data.axis === 'time' ? [data.zoned ? 'Times are shown in UTC.' : 'Times have no zone and are shown as they are stored.'] : [];
  const notes = [...data.notes, ...zone];
  if (plain && notes.length === 0) return null;
  return (
    <ul className={classes.chartNotes} aria-label="Notes on the chart">
      {plain ? null : (
      <li>
        {formatCount(data.rows)} {data.rows === 1 ? 'row' : 'rows'}, {formatCount(data.x.length)} {data.x.length === 1 ? 'point' : 'points'}
      </li>
      )}
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

interface ChartDrawingProps {
  readonly state: ChartState;
  readonly canvas?: Ref<ChartCanvasHandle>;
  /** Without the count of rows and points; what was grouped or left out is told all the same. */
  readonly plain?: boolean;
}

/** A chart, or why there is none, and the notes on it. It fills a column. */
export function ChartDrawing({ state, canvas, plain = false }: ChartDrawingProps) {
  const { data, drawn, error, again } = state;
  return (
    <>
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
      {data ? <Notes data={data} plain={plain} /> : null}
    </>
  );
}
