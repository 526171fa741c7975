import type { Statistics } from '../../../src-preload/contract/resultAnalysis';
import { compareBytes } from '../views/keyRun';
import { KeyWriter } from '../views/keyWriter';
import { RowCells } from '../views/rowScan';
import { ValueKey, isTyped } from '../views/valueKey';
import { momentMillis } from '../views/datetimeKey';
import { DistinctCounter, type DistinctLimits } from './distinctCounter';
import { ExactSum } from './exactSum';
import { cellText, columnOf, scanRange, type ScanFiles } from './scanRange';

/** What the worker is given; plain data. */
export interface StatisticsTask {
  readonly kind: 'statistics';
  readonly files: ScanFiles;
  readonly rows: number;
  readonly column: number;
  readonly limits: DistinctLimits;
}

const topValues = 20;
const shownCharacters = 200;
const histogramSteps = 24;

/** Figures of one column over all rows. Values are equal and ordered as in `views/README.md`. */
export function columnStatistics(task: StatisticsTask, progress: (rows: number) => void): Statistics {
  const { files, rows, column } = task;
  const { family } = columnOf(files, column);
  const cells = new RowCells(column + 1);
  const figures = new Figures(family, task.limits);
  // The histogram needs the ends first: a second walk over the rows, for numbers and times only.
  const twice = family === 'number' || family === 'datetime';
  scanRange(files, 0, rows, cells, () => figures.add(cells, column), (done) => progress(twice ? done / 2 : done));
  const found = figures.result();
  if (!twice) return { ...found, histogram: null };
  const bins = Histogram.between(found.min === null ? null : figures.finiteEnds(), family);
  if (bins) scanRange(files, 0, rows, cells, () => bins.add(cellText(cells, column)), (done) => progress((rows + done) / 2));
  return { ...found, histogram: bins?.result() ?? null };
}

type Family = ReturnType<typeof columnOf>['family'];

/** A number or an instant as a point on a line; null for what has none. */
export function positionOf(text: string, family: Family): number | null {
  const value = family === 'datetime' ? momentMillis(text) : Number(text);
  return value !== null && Number.isFinite(value) ? value : null;
}

class Figures {
  private rows = 0;
  private nulls = 0;
  private empty = 0;
  private readonly counter: DistinctCounter;
  private readonly sum = new ExactSum();
  private summable: boolean;
  private readonly keys = new ValueKey();
  private readonly key = new KeyWriter();
  private min: { key: Buffer; text: string } | null = null;
  private max: { key: Buffer; text: string } | null = null;
  private low = Infinity;
  private high = -Infinity;
  private shortest = Infinity;
  private longest = 0;
  private characters = 0;

  constructor(private readonly family: Family, limits: DistinctLimits) {
    this.counter = new DistinctCounter(limits);
    this.summable = family === 'number';
  }

  add(cells: RowCells, column: number): void {
    this.rows += 1;
    const length = cells.lengths[column] ?? -1;
    if (length < 0) {
      this.nulls += 1;
      return;
    }
    const offset = cells.offsets[column] ?? 0;
    if (length === 0) this.empty += 1;
    const text = (): string => cells.bytes.toString('utf8', offset, offset + length);
    this.key.clear();
    this.keys.value(this.key, this.family, cells.bytes, offset, offset + length, true);
    this.order(text);
    // Long texts are told apart by all of their bytes, others by what they mean: 1 and 1.0 are one value.
    const same = isTyped(this.family) ? this.key.bytes.toString('latin1', 0, this.key.length) : cells.bytes.toString('latin1', offset, offset + length);
    this.counter.add(same, () => shortened(text()));
    if (isTyped(this.family)) this.measure(text());
    else this.count(cells.bytes, offset, offset + length);
  }

  /** The ends of all values that are no infinity and no NaN. */
  finiteEnds(): { low: number; high: number } | null {
    return this.low <= this.high ? { low: this.low, high: this.high } : null;
  }

  result(): Omit<Statistics, 'histogram'> {
    const values = this.rows - this.nulls;
    return {
      rows: this.rows,
      nulls: this.nulls,
      empty: this.empty,
      ...this.counter.result(),
      min: this.min?.text ?? null,
      max: this.max?.text ?? null,
      sum: this.summable ? this.sum.sum() : null,
      average: this.summable ? this.sum.average() : null,
      lengths: isTyped(this.family) || values === 0 ? null : { min: this.shortest, max: this.longest, average: this.characters / values },
      top: this.counter.top(topValues),
    };
  }

  private order(text: () => string): void {
    const { bytes, length } = this.key;
    const kept = (): { key: Buffer; text: string } => ({ key: Buffer.from(bytes.subarray(0, length)), text: shortened(text()) });
    if (!this.min || compareBytes(bytes, 0, length, this.min.key, 0, this.min.key.length) < 0) this.min = kept();
    if (!this.max || compareBytes(bytes, 0, length, this.max.key, 0, this.max.key.length) > 0) this.max = kept();
  }

  private measure(text: string): void {
    if (this.summable && !this.sum.add(text)) this.summable = false;
    const position = positionOf(text, this.family);
    if (position === null) return;
    this.low = Math.min(this.low, position);
    this.high = Math.max(this.high, position);
  }

  private count(bytes: Buffer, from: number, to: number): void {
    let characters = 0;
    // Bytes 10xxxxxx continue a character.
    for (let at = from; at < to; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) characters += 1;
    this.characters += characters;
    this.shortest = Math.min(this.shortest, characters);
    this.longest = Math.max(this.longest, characters);
  }
}

const shortened = (text: string): string => (text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters - 1)}…`);

/** Counts values in equal steps. */
export class Histogram {
  private readonly counts: number[];
  private outside = 0;

  private constructor(
    private readonly low: number,
    private readonly high: number,
    private readonly family: Family,
    steps: number,
  ) {
    this.counts = new Array<number>(steps).fill(0);
  }

  static between(ends: { low: number; high: number } | null, family: Family, steps = histogramSteps): Histogram | null {
    return ends ? new Histogram(ends.low, ends.high, family, ends.low === ends.high ? 1 : steps) : null;
  }

  add(text: string | null): void {
    if (text === null) return;
    const position = positionOf(text, this.family);
    if (position === null) {
      this.outside += 1;
      return;
    }
    const steps = this.counts.length;
    const step = this.high === this.low ? 0 : Math.min(steps - 1, Math.floor(((position - this.low) / (this.high - this.low)) * steps));
    this.counts[step] = (this.counts[step] ?? 0) + 1;
  }

  result(): NonNullable<Statistics['histogram']> {
    return { from: String(this.low), to: String(this.high), counts: this.counts, outside: this.outside };
  }
}
