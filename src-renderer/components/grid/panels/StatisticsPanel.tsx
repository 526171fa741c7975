import { Button, Progress } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { client, errorData } from '../../../client';
import { ErrorPanel } from '../../../shell/ErrorPanel';
import { formatCount } from '../../../shell/format';
import type { AppErrorData } from '../../../../src-preload/contract/error';
import type { Column } from '../../../../src-preload/contract/queries';
import type { Statistics } from '../../../../src-preload/contract/resultAnalysis';
import { PanelFrame } from './PanelFrame';
import classes from './Panels.module.css';

interface StatisticsPanelProps {
  readonly resultId: string;
  readonly viewId: string | null;
  readonly index: number;
  readonly column: Column;
  /** Whether a filter leaves rows out. */
  readonly filtered: boolean;
  readonly onClose: () => void;
}

interface State {
  readonly statistics: Statistics | null;
  readonly progress: { readonly rows: number; readonly total: number } | null;
  readonly error: AppErrorData | null;
}

function useStatistics(resultId: string, viewId: string | null, column: number): State & { readonly stop: () => void; readonly again: () => void } {
  const [state, setState] = useState<State>({ statistics: null, progress: null, error: null });
  const [round, setRound] = useState(0);
  const running = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    running.current = controller;
    setState({ statistics: null, progress: { rows: 0, total: 0 }, error: null });
    const alive = (): boolean => running.current === controller;
    client.queries
      .statistics({ resultId, viewId, column }, { signal: controller.signal, onPart: (progress) => alive() && setState((now) => ({ ...now, progress })) })
      .then((statistics) => alive() && setState({ statistics, progress: null, error: null }))
      .catch((error: unknown) => alive() && setState({ statistics: null, progress: null, error: errorData(error) }));
    return () => {
      running.current = null;
      controller.abort();
    };
  }, [resultId, viewId, column, round]);
  return { ...state, stop: () => running.current?.abort(), again: () => setRound(round + 1) };
}

const percent = (part: number, whole: number): string => (whole === 0 ? '' : `${((part / whole) * 100).toFixed(part > 0 && part / whole < 0.001 ? 3 : 1)} %`);

function Figures({ found }: { readonly found: Statistics }) {
  const line = (name: string, value: string | null, note = '') =>
    value === null ? null : (
      <tr key={name}>
        <th scope="row">{name}</th>
        <td title={value}>{value}</td>
        <td>{note}</td>
      </tr>
    );
  return (
    <table className={classes.figures} aria-label="Figures">
      <tbody>
        {line('Rows', formatCount(found.rows))}
        {line('NULL', formatCount(found.nulls), percent(found.nulls, found.rows))}
        {line('Empty text', found.lengths || found.empty > 0 ? formatCount(found.empty) : null, percent(found.empty, found.rows))}
        {line('Distinct', `${found.estimated ? 'about ' : ''}${formatCount(found.distinct)}`, found.estimated ? `estimated: ${found.estimated}` : 'exact')}
        {line('Least', found.min)}
        {line('Largest', found.max)}
        {line('Sum', found.sum, 'exact')}
        {line('Average', found.average ? `${found.average.exact ? '' : '≈ '}${found.average.text}` : null, found.average ? (found.average.exact ? 'exact' : 'cut to 20 decimals') : '')}
        {line('Length', found.lengths ? `${formatCount(found.lengths.min)} to ${formatCount(found.lengths.max)}` : null, found.lengths ? `characters, ${found.lengths.average.toFixed(1)} on average` : '')}
      </tbody>
    </table>
  );
}

function place(text: string, family: Column['family']): string {
  return family === 'datetime' ? new Date(Number(text)).toISOString().slice(0, 16).replace('T', ' ') : String(Number(Number(text).toPrecision(6)));
}

function Bars({ histogram, family }: { readonly histogram: NonNullable<Statistics['histogram']>; readonly family: Column['family'] }) {
  const most = Math.max(1, ...histogram.counts);
  const width = 100 / histogram.counts.length;
  return (
    <figure className={classes.histogram}>
      <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={`How often values occur, in ${histogram.counts.length} equal steps; the fullest has ${formatCount(most)}`}>
        {histogram.counts.map((count, step) => (
          <rect key={step} x={step * width + width * 0.06} width={width * 0.88} y={40 - (count / most) * 40} height={(count / most) * 40}>
            <title>{formatCount(count)}</title>
          </rect>
        ))}
      </svg>
      <figcaption>
        <span>{place(histogram.from, family)}</span>
        <span>most: {formatCount(most)}</span>
        <span>{place(histogram.to, family)}</span>
      </figcaption>
      {histogram.outside > 0 ? <p className={classes.note}>{formatCount(histogram.outside)} infinite or NaN values are not drawn.</p> : null}
    </figure>
  );
}

function Top({ found }: { readonly found: Statistics }) {
  if (found.top.length === 0) return found.estimated ? <p className={classes.note}>Too many different values to rank them.</p> : null;
  const most = found.top[0]?.count ?? 1;
  return (
    <table className={classes.top} aria-label="Most frequent values">
      <tbody>
        {found.top.map(({ value, count }, index) => (
          <tr key={index}>
            <td title={value}>{value === '' ? <i>empty</i> : value}</td>
            <td>
              <span className={classes.bar} style={{ width: `${(count / most) * 100}%` }} />
            </td>
            <td>{formatCount(count)}</td>
            <td>{percent(count, found.rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Figures of a column over the whole result, or over the rows that its filters leave. */
export function StatisticsPanel({ resultId, viewId, index, column, filtered, onClose }: StatisticsPanelProps) {
  const { statistics: found, progress, error, stop, again } = useStatistics(resultId, viewId, index);
  return (
    <PanelFrame label={`Statistics of ${column.name}`} title={column.name} detail={column.type} onClose={onClose} foot={<span>{filtered ? 'over the rows that pass the filters' : 'over all rows of the result'}</span>}>
      <div className={classes.scroll}>
        {progress ? (
          <div className={classes.working}>
            <span role="status">{progress.total === 0 ? 'Waiting for the last rows…' : `${formatCount(progress.rows)} of ${formatCount(progress.total)} rows`}</span>
            <Progress value={progress.total === 0 ? 0 : (progress.rows / progress.total) * 100} size="sm" aria-label="Progress" />
            <Button size="compact-xs" variant="default" leftSection={<IconPlayerStop size={12} />} onClick={stop}>
              Stop
            </Button>
          </div>
        ) : null}
        {error?.code === 'cancelled' ? (
          <div className={classes.working}>
            <span>Stopped.</span>
            <Button size="compact-xs" variant="default" onClick={again}>
              Count again
            </Button>
          </div>
        ) : null}
        {error && error.code !== 'cancelled' ? <ErrorPanel title="The figures could not be made" error={error} onRetry={again} /> : null}
        {found ? (
          <>
            <Figures found={found} />
            {found.histogram ? <Bars histogram={found.histogram} family={column.family} /> : null}
            <Top found={found} />
          </>
        ) : null}
      </div>
    </PanelFrame>
  );
}
