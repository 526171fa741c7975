import type { ChartSpec } from '../../../src-preload/contract/charts';
import type { Column } from '../../../src-preload/contract/queries';

const MOST_LINES = 3;

/** A chart that suits the columns' types: times along a line, categories as bars, numbers against numbers; else how often values occur. */
export function autoSpec(columns: readonly Column[]): ChartSpec {
  const of = (...families: Column['family'][]): Column[] => columns.filter(({ family }) => families.includes(family));
  const [time] = of('datetime');
  const numbers = of('number');
  const [category] = of('text', 'boolean');
  const names = (chosen: readonly Column[]): string[] => [...new Set(chosen.map(({ name }) => name))];
  if (time && numbers.length > 0) return { kind: 'line', x: time.name, y: names(numbers.slice(0, MOST_LINES)), series: null, aggregate: 'avg' };
  if (category && numbers.length > 0) return { kind: 'bar', x: category.name, y: names(numbers.slice(-1)), series: null, aggregate: 'sum' };
  const [first, second] = numbers;
  if (first && second) return { kind: 'scatter', x: first.name, y: [second.name], series: null, aggregate: 'none' };
  if (first) return { kind: 'histogram', x: null, y: [first.name], series: null, aggregate: 'count' };
  return { kind: 'bar', x: (time ?? category ?? columns[0])?.name ?? null, y: [], series: null, aggregate: 'count' };
}

/** The spec made whole: what a kind cannot do is put right, so that every choice draws something. */
export function fitting(spec: ChartSpec, columns: readonly Column[]): ChartSpec {
  const numbers = columns.filter(({ family }) => family === 'number').map(({ name }) => name);
  const lines = columns.filter(({ family }) => family === 'number' || family === 'datetime').map(({ name }) => name);
  if (spec.kind === 'histogram') return { ...spec, y: [spec.y.find((name) => lines.includes(name)) ?? lines[0]].filter((name) => name !== undefined), series: null };
  const counts = spec.aggregate === 'count' && spec.kind !== 'scatter';
  const y = counts ? [] : spec.y.length > 0 ? spec.y : numbers.slice(0, 1);
  if (spec.kind === 'scatter') return { ...spec, y, series: null, aggregate: 'none', x: spec.x !== null && lines.includes(spec.x) ? spec.x : null };
  return { ...spec, y: spec.kind === 'pie' ? y.slice(0, 1) : y, series: spec.kind === 'pie' ? null : spec.series };
}
