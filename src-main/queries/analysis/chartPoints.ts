import { AppError } from '../../errors';
import type { ChartData, ChartSpec } from '../../../src-preload/contract/charts';
import { hasZone } from '../views/datetimeKey';
import { RowCells } from '../views/rowScan';
import { ExactSum } from './exactSum';
import { cellText, scanRange, type ScanFiles } from './scanRange';
import { Histogram, positionOf } from './statistics';

/** What the worker is given; plain data. */
export interface ChartTask {
  readonly kind: 'chart';
  readonly files: ScanFiles;
  readonly rows: number;
  readonly spec: ChartSpec;
}

/** More than a screen has px to show them. */
const mostPoints = 2000;
const mostCategories = 200;
const mostPieces = 12;
const mostSeries = 24;
const mostScatter = 4000;
const histogramSteps = 40;
/** Groups that are held before they are put into steps. */
const mostGroups = 200_000;

const words = (count: number): string => count.toLocaleString('en-US');

/** The points of a chart over all rows. Throws `bad_input` where the result has no such column, or the kind needs another one. */
export function chartPoints(task: ChartTask, progress: (rows: number) => void): ChartData {
  const source = new Source(task, progress);
  switch (task.spec.kind) {
    case 'histogram':
      return histogram(source);
    case 'scatter':
      return scatter(source);
    default:
      return grouped(source);
  }
}

type Axis = ChartData['axis'];

/** The rows of a chart: its columns found by name, and walked through. */
class Source {
  readonly x: number | null;
  readonly y: readonly number[];
  readonly split: number | null;
  readonly axis: Axis;
  readonly notes: string[] = [];
  zoned = false;
  private readonly cells: RowCells;

  constructor(
    readonly task: ChartTask,
    private readonly progress: (rows: number) => void,
  ) {
    const { spec } = task;
    this.x = spec.x === null ? null : this.find(spec.x);
    this.y = spec.y.map((name) => this.find(name));
    this.split = spec.series === null ? null : this.find(spec.series);
    const family = this.x === null ? 'number' : this.family(this.x);
    this.axis = family === 'datetime' ? 'time' : family === 'number' ? 'number' : 'category';
    this.cells = new RowCells(1 + Math.max(-1, ...[this.x, this.split, ...this.y].filter((column) => column !== null)));
  }

  family(column: number): ScanFiles['columns'][number]['family'] {
    return this.task.files.columns[column]?.family ?? 'other';
  }

  walk(visit: (row: number, text: (column: number) => string | null) => void): void {
    const text = (column: number): string | null => cellText(this.cells, column);
    scanRange(this.task.files, 0, this.task.rows, this.cells, (row) => visit(row, text), this.progress);
  }

  /** The x of a row: a category's text, or a position on a line; null where it has none. */
  place(row: number, text: (column: number) => string | null): string | number | null {
    if (this.x === null) return row + 1;
    const value = text(this.x);
    if (value === null || this.axis === 'category') return value;
    if (this.axis === 'time' && !this.zoned) this.zoned = hasZone(value);
    return positionOf(value, this.family(this.x));
  }

  data(x: readonly string[], series: ChartData['series'], axis: Axis = this.axis): ChartData {
    return { axis, x: [...x], series, zoned: this.zoned, rows: this.task.rows, notes: this.notes };
  }

  leftOut(count: number, why: string): void {
    if (count > 0) this.notes.push(`${words(count)} ${count === 1 ? 'row' : 'rows'} left out: ${why}.`);
  }

  private find(name: string): number {
    const index = this.task.files.columns.findIndex((column) => column.name === name);
    if (index < 0) throw new AppError('bad_input', `The result has no column ${name}.`, { hint: 'Choose another column for the chart.' });
    return index;
  }
}

/** One number out of many, by the chart's aggregate. Exact: values are added as decimals. */
class Aggregate {
  private readonly sum = new ExactSum();
  private count = 0;
  private best: string | null = null;

  constructor(private readonly kind: ChartSpec['aggregate']) {}

  /** False when the value is no number. */
  add(value: string | null): boolean {
    if (this.kind === 'count') {
      this.count += 1;
      return true;
    }
    if (value === null) return true;
    if (!Number.isFinite(Number(value)) || value === '') return false;
    if (this.kind === 'min' || this.kind === 'max') this.compare(value);
    else this.sum.add(value);
    return true;
  }

  value(): string | null {
    if (this.kind === 'count') return String(this.count);
    if (this.kind === 'min' || this.kind === 'max') return this.best;
    return this.kind === 'sum' ? this.sum.sum() : (this.sum.average()?.text ?? null);
  }

  private compare(value: string): void {
    const better = this.best === null || (this.kind === 'min' ? Number(value) < Number(this.best) : Number(value) > Number(this.best));
    if (better) this.best = value;
  }
}

/** Rows by x, and within each by series. */
class Groups {
  readonly byPlace = new Map<string | number, Map<string, Aggregate>>();
  readonly names = new Map<string, number>();
  noNumber = 0;
  otherSeries = 0;
  private readonly aggregate: ChartSpec['aggregate'];

  constructor(private readonly source: Source, repeated: ChartSpec['aggregate']) {
    const { aggregate } = source.task.spec;
    // Points as they are stay so while no two have the same x.
    this.aggregate = aggregate === 'none' ? repeated : aggregate;
  }

  add(place: string | number, text: (column: number) => string | null): void {
    let group = this.byPlace.get(place);
    if (!group) this.byPlace.set(place, (group = new Map<string, Aggregate>()));
    const { y, split, task } = this.source;
    const splitBy = split === null ? null : (text(split) ?? 'NULL');
    if (y.length === 0) this.put(group, splitBy ?? 'rows', null);
    y.forEach((column, index) => {
      const name = task.spec.y[index] ?? '';
      this.put(group, splitBy === null ? name : y.length === 1 ? splitBy : `${splitBy} · ${name}`, text(column));
    });
  }

  private put(group: Map<string, Aggregate>, name: string, value: string | null): void {
    if (!this.names.has(name)) {
      if (this.names.size === mostSeries) {
        this.otherSeries += 1;
        return;
      }
      this.names.set(name, this.names.size);
    }
    let aggregate = group.get(name);
    if (!aggregate) group.set(name, (aggregate = new Aggregate(this.aggregate)));
    if (!aggregate.add(value)) this.noNumber += 1;
  }

  series(places: readonly (string | number)[]): ChartData['series'] {
    return [...this.names.keys()].map((name) => ({ name, values: places.map((place) => this.byPlace.get(place)?.get(name)?.value() ?? null) }));
  }
}

const aggregateNames: Readonly<Record<ChartSpec['aggregate'], string>> = { none: 'average', count: 'number of rows', sum: 'sum', avg: 'average', min: 'least', max: 'largest' };

function grouped(source: Source): ChartData {
  const { task, axis } = source;
  const line = axis !== 'category' && task.spec.kind !== 'pie';
  if (task.spec.y.length === 0 && task.spec.aggregate !== 'count') throw new AppError('bad_input', 'The chart has no column to draw.', { hint: 'Choose a column of numbers, or count the rows.' });
  const ends = line ? endsOf(source) : null;
  const step = ends && ends.distinct > mostPoints ? (ends.high - ends.low) / (mostPoints / 4) : 0;
  const groups = new Groups(source, 'avg');
  let noPlace = 0;
  let tooMany = 0;
  let filled = 0;
  source.walk((row, text) => {
    const place = source.place(row, text);
    if (place === null) noPlace += 1;
    else if (groups.byPlace.size >= mostGroups && !groups.byPlace.has(place)) tooMany += 1;
    else {
      filled += 1;
      groups.add(step > 0 && ends && typeof place === 'number' ? ends.low + Math.floor((place - ends.low) / step) * step : place, text);
    }
  });
  source.leftOut(noPlace, `${task.spec.x ?? 'x'} is NULL, infinite or NaN`);
  source.leftOut(tooMany, `${task.spec.x ?? 'x'} has over ${words(mostGroups)} different values`);
  if (step > 0) source.notes.push(`Grouped into ${words(groups.byPlace.size)} equal steps: each point is the ${aggregateNames[task.spec.aggregate]} of its rows.`);
  else if (filled > groups.byPlace.size) noteRepeated(source);
  noteSeries(source, groups);
  return line ? onLine(source, groups) : inCategories(source, groups);
}

function noteRepeated(source: Source): void {
  const { aggregate, x } = source.task.spec;
  if (aggregate === 'none' && source.split === null) source.notes.push(`Several rows have the same ${x ?? 'x'}: their average is drawn.`);
}

function noteSeries(source: Source, { noNumber, otherSeries }: Groups): void {
  if (noNumber > 0) source.notes.push(`${words(noNumber)} values are no finite number and are not drawn.`);
  if (otherSeries > 0) source.notes.push(`Only the first ${mostSeries} series are drawn.`);
}

/** The ends of x, and how many different ones there are, up to the limit. */
function endsOf(source: Source): { low: number; high: number; distinct: number } | null {
  const seen = new Set<number>();
  let low = Infinity;
  let high = -Infinity;
  source.walk((row, text) => {
    const place = source.place(row, text);
    if (typeof place !== 'number') return;
    low = Math.min(low, place);
    high = Math.max(high, place);
    if (seen.size <= mostPoints) seen.add(place);
  });
  return low <= high ? { low, high, distinct: seen.size } : null;
}

function onLine(source: Source, groups: Groups): ChartData {
  const places = [...groups.byPlace.keys()].sort((a, b) => Number(a) - Number(b));
  return source.data(places.map(String), groups.series(places));
}

/** Categories stand in the order of the rows, unless there are too many: then the largest are shown. */
function inCategories(source: Source, groups: Groups): ChartData {
  const pie = source.task.spec.kind === 'pie';
  const most = pie ? mostPieces : mostCategories;
  const places = [...groups.byPlace.keys()];
  const size = (place: string | number): number => [...(groups.byPlace.get(place)?.values() ?? [])].reduce((sum, aggregate) => sum + Math.abs(Number(aggregate.value() ?? 0)), 0);
  if (places.length > most || pie) places.sort((a, b) => size(b) - size(a));
  if (places.length > most) source.notes.push(`The ${most} largest of ${words(places.length)} different values are shown.`);
  const shown = places.slice(0, most);
  return source.data(shown.map(String), groups.series(shown), 'category');
}

/** Points of numbers against numbers; of very many a sample that is the same each time. */
function scatter(source: Source): ChartData {
  const { y, task } = source;
  if (y.length === 0) throw new AppError('bad_input', 'The chart has no column to draw.', { hint: 'Choose a column of numbers.' });
  const kept: { place: number; values: (string | null)[] }[] = [];
  let random = 0x9e3779b9;
  let points = 0;
  let noPlace = 0;
  source.walk((row, text) => {
    const place = source.axis === 'category' ? null : source.place(row, text);
    if (typeof place !== 'number') {
      noPlace += 1;
      return;
    }
    points += 1;
    // Algorithm R: each row has the same chance to be in the sample.
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const at = kept.length < mostScatter ? kept.length : Math.floor((random / 2 ** 32) * points);
    if (at >= mostScatter) return;
    kept[at] = { place, values: y.map((column) => finite(text(column))) };
  });
  if (source.axis === 'category') throw new AppError('bad_input', `${task.spec.x ?? 'x'} is no column of numbers or times.`, { hint: 'Choose such a column for the x axis of a scatter chart.' });
  source.leftOut(noPlace, `${task.spec.x ?? 'x'} is NULL, infinite or NaN`);
  if (points > kept.length) source.notes.push(`A random sample of ${words(kept.length)} of ${words(points)} rows is drawn.`);
  return source.data(kept.map(({ place }) => String(place)), task.spec.y.map((name, index) => ({ name, values: kept.map(({ values }) => values[index] ?? null) })));
}

const finite = (value: string | null): string | null => (value !== null && value !== '' && Number.isFinite(Number(value)) ? value : null);

function histogram(source: Source): ChartData {
  const column = source.y[0] ?? source.x;
  if (column === null || column === undefined) throw new AppError('bad_input', 'The histogram has no column.', { hint: 'Choose a column of numbers or times.' });
  const family = source.family(column);
  if (family !== 'number' && family !== 'datetime') throw new AppError('bad_input', 'A histogram needs a column of numbers or times.');
  let low = Infinity;
  let high = -Infinity;
  let nulls = 0;
  source.walk((_row, text) => {
    const value = text(column);
    if (value === null) nulls += 1;
    const position = value === null ? null : positionOf(value, family);
    if (position === null) return;
    low = Math.min(low, position);
    high = Math.max(high, position);
  });
  source.leftOut(nulls, 'NULL');
  const bins = Histogram.between(low <= high ? { low, high } : null, family, histogramSteps);
  if (!bins) return source.data([], [{ name: 'rows', values: [] }], 'number');
  source.walk((_row, text) => bins.add(text(column)));
  const { counts, outside } = bins.result();
  source.leftOut(outside, 'infinite or NaN');
  const width = (high - low) / counts.length;
  return source.data(counts.map((_, index) => String(low + (index + 0.5) * width)), [{ name: 'rows', values: counts.map(String) }], family === 'datetime' ? 'time' : 'number');
}
