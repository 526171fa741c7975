import type { ChartSpec, ResultView } from '../../src-preload/contract/charts';
import type { ResultProfile } from './resultProfile';

/** Why a view cannot be made of a result, as a sentence; null where it can. */
export function whyNotFitting(view: ResultView, profile: ResultProfile): string | null {
  if (view.kind === 'table') return null;
  if (view.kind === 'chart') return chartProblem(view.chart, profile);
  return columnProblem(view.column, profile) ?? (profile.rows === 1 ? null : `A number needs one row, and there are ${profile.rows.toLocaleString('en')}.`);
}

function chartProblem(spec: ChartSpec, profile: ResultProfile): string | null {
  for (const name of [spec.x, spec.series, ...spec.y]) {
    const problem = name === null ? null : columnProblem(name, profile);
    if (problem !== null) return problem;
  }
  return shapeProblem(spec) ?? typeProblem(spec, profile);
}

function columnProblem(name: string, { columns }: ResultProfile): string | null {
  const found = columns.filter((column) => column.name === name).length;
  if (found === 1) return null;
  return found === 0 ? `There is no column ${name}.` : `There are ${found} columns ${name}.`;
}

function shapeProblem({ kind, x, y, aggregate }: ChartSpec): string | null {
  const counts = aggregate === 'count' && kind !== 'scatter' && kind !== 'histogram';
  if (!counts && y.length === 0) return 'It names no column to draw.';
  if ((kind === 'pie' || kind === 'histogram') && y.length > 1) return `A ${kind} shows one column.`;
  if (kind === 'pie' && x === null) return 'It names no column for the pieces.';
  return null;
}

function typeProblem({ kind, x, y, aggregate }: ChartSpec, { columns }: ResultProfile): string | null {
  const family = (name: string): string => columns.find((column) => column.name === name)?.family ?? 'other';
  const onLine = (name: string): boolean => family(name) === 'number' || family(name) === 'datetime';
  const wrong = y.find((name) => (kind === 'histogram' ? !onLine(name) : aggregate !== 'count' && family(name) !== 'number'));
  if (wrong !== undefined) return `${wrong} is no column of numbers.`;
  return kind === 'scatter' && x !== null && !onLine(x) ? `${x} is no column of numbers or times.` : null;
}
