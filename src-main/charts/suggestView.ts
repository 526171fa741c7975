import type { ChartSpec, ResultView, ViewSuggestion } from '../../src-preload/contract/charts';
import type { ColumnProfile, ResultProfile } from './resultProfile';
import { whyNotFitting } from './viewFits';

/** Bars that can still be told apart. */
const MOST_BARS = 40;
const MOST_SERIES = 8;
const MOST_PIECES = 6;
const MOST_LINES = 3;
const FEWEST_POINTS = 3;
const FEWEST_SCATTERED = 8;
const FEWEST_FOR_HISTOGRAM = 20;
/** Longer values are read, not compared. */
const LONGEST_LABEL = 60;
/** A result that lists whole rows has more columns than a chart shows. */
const MOST_CHART_COLUMNS = 5;

const averaged = /(^|[_\s])(avg|average|mean|median|rate|ratio|percent|percentage|pct|share|price|score|age|min|max|p\d\d|latency|duration|temperature)($|[_\s])/i;
const shared = /(^|[_\s])(share|percent|percentage|pct|portion|ratio)($|[_\s])/i;

type Suggested = Pick<ViewSuggestion, 'view' | 'reason'>;

/** The columns by what they are to a chart. A name that stands twice cannot be spoken of, so that such columns are left out. */
interface Parts {
  readonly profile: ResultProfile;
  readonly times: readonly ColumnProfile[];
  readonly measures: readonly ColumnProfile[];
  readonly categories: readonly ColumnProfile[];
}

/** Tried in this order; the first that has something to say wins. */
const rules: readonly ((parts: Parts) => Suggested | null)[] = [noRows, oneNumber, oneRow, listing, overTime, shareOfWhole, byCategory, numbersAgainstNumbers, distribution, countedValues];

/**
 * The view that suits a result: the proposed one where it fits the columns, else by rules over types, names and how many different values
 * there are. Always a view that fits.
 */
export function suggestView(profile: ResultProfile, proposed: ResultView | null): ViewSuggestion {
  const problem = proposed === null ? null : whyNotFitting(proposed, profile);
  if (proposed !== null && problem === null) return { view: proposed, reason: 'As it was proposed.', proposed: true };
  const once = profile.columns.filter(({ name }) => name !== '' && profile.columns.filter((other) => other.name === name).length === 1);
  const parts: Parts = {
    profile,
    times: once.filter(({ role }) => role === 'time' || role === 'order').sort((a, b) => Number(a.role === 'order') - Number(b.role === 'order')),
    measures: once.filter(({ role }) => role === 'measure'),
    categories: once.filter(({ role, longest }) => role === 'category' && longest <= LONGEST_LABEL),
  };
  for (const rule of rules) {
    const found = rule(parts);
    if (found) return { ...found, reason: problem === null ? found.reason : `The proposed view does not fit: ${problem} ${found.reason}`, proposed: false };
  }
  return { ...table('These columns say more as rows than as a chart.'), proposed: false };
}

const table = (reason: string): Suggested => ({ view: { kind: 'table' }, reason });
const chart = (spec: Omit<ChartSpec, 'series'> & { series?: string | null }, reason: string): Suggested => ({ view: { kind: 'chart', chart: { series: null, ...spec } }, reason });
const names = (columns: readonly ColumnProfile[]): string[] => columns.map(({ name }) => name);

/** How rows with the same x become one: quantities are added, rates and prices averaged. */
function joined(measures: readonly ColumnProfile[], unique: boolean): ChartSpec['aggregate'] {
  if (unique) return 'none';
  return measures.some(({ name }) => averaged.test(name)) ? 'avg' : 'sum';
}

function noRows({ profile }: Parts): Suggested | null {
  return profile.rows === 0 ? table('There are no rows to draw.') : null;
}

function oneNumber({ profile }: Parts): Suggested | null {
  const numbers = profile.columns.filter(({ family }) => family === 'number');
  const [number] = numbers;
  if (profile.rows !== 1 || numbers.length !== 1 || !number || number.name === '' || profile.columns.length > 2 || profile.columns.filter(({ name }) => name === number.name).length > 1) return null;
  return { view: { kind: 'number', column: number.name }, reason: 'One row with one number.' };
}

function oneRow({ profile }: Parts): Suggested | null {
  return profile.rows === 1 ? table('One row is read, not drawn.') : null;
}

function listing({ profile }: Parts): Suggested | null {
  const key = profile.columns.find(({ role, unique }) => role === 'identifier' && unique);
  return key && profile.columns.length > MOST_CHART_COLUMNS ? table(`Each row is a thing of its own, named by ${key.name}.`) : null;
}

function overTime({ times, measures, categories }: Parts): Suggested | null {
  const [time] = times;
  if (!time || measures.length === 0 || time.distinct < FEWEST_POINTS) return null;
  const series = time.unique ? undefined : categories.find(({ distinct }) => distinct > 1 && distinct <= MOST_SERIES);
  const y = series ? measures.slice(0, 1) : measures.slice(0, MOST_LINES);
  const spec = { kind: 'line' as const, x: time.name, y: names(y), aggregate: joined(y, time.unique) };
  return series ? chart({ ...spec, series: series.name }, `${names(y).join(', ')} over ${time.name}, a line for each ${series.name}.`) : chart(spec, `${names(y).join(', ')} over ${time.name}.`);
}

function shareOfWhole({ profile, measures, categories }: Parts): Suggested | null {
  const [category, ...others] = categories;
  const share = measures.find(({ name, negative }) => shared.test(name) && !negative);
  if (!category || others.length > 0 || !share || !category.unique || profile.rows > MOST_PIECES || profile.rows < 2) return null;
  const whole = Math.abs(share.sum - 100) <= 1 || Math.abs(share.sum - 1) <= 0.01;
  return whole ? chart({ kind: 'pie', x: category.name, y: [share.name], aggregate: 'none' }, `${share.name} adds up to the whole over ${profile.rows} values of ${category.name}.`) : null;
}

function byCategory({ profile, measures, categories }: Parts): Suggested | null {
  const ordered = [...categories].sort((a, b) => b.distinct - a.distinct);
  const [first, second] = ordered;
  if (!first || measures.length === 0 || first.distinct < 2) return null;
  // Names of many things with two numbers each: how the numbers go together says more.
  if (first.distinct > MOST_BARS) return measures.length > 1 ? null : table(`${first.name} has ${first.distinct.toLocaleString('en')} different values${profile.seen < profile.rows ? ' in the first rows alone' : ''}: too many bars to compare.`);
  const y = measures.slice(0, 1);
  const what = `${names(y).join()} for each ${first.name}`;
  if (second && !first.unique && second.distinct > 1 && second.distinct <= MOST_SERIES) return chart({ kind: 'bar', x: first.name, y: names(y), series: second.name, aggregate: joined(y, false) }, `${what}, a bar for each ${second.name}.`);
  return chart({ kind: 'bar', x: first.name, y: names(y), aggregate: joined(y, first.unique) }, `${what}.`);
}

function numbersAgainstNumbers({ profile, measures }: Parts): Suggested | null {
  const [x, y] = measures;
  if (!x || !y || profile.rows < FEWEST_SCATTERED) return null;
  return chart({ kind: 'scatter', x: x.name, y: [y.name], aggregate: 'none' }, `How ${y.name} goes with ${x.name}.`);
}

function distribution({ profile, measures, categories, times }: Parts): Suggested | null {
  const [only, ...more] = measures;
  if (!only || more.length > 0 || categories.length + times.length > 0 || profile.rows < FEWEST_FOR_HISTOGRAM) return null;
  return chart({ kind: 'histogram', x: null, y: [only.name], aggregate: 'count' }, `How often the values of ${only.name} occur.`);
}

function countedValues({ profile, measures, categories }: Parts): Suggested | null {
  const [only, ...more] = categories;
  if (!only || more.length + measures.length > 0 || only.distinct < 2 || only.distinct > MOST_BARS || only.distinct * 3 > profile.seen) return null;
  return chart({ kind: 'bar', x: only.name, y: [], aggregate: 'count' }, `How many rows each ${only.name} has.`);
}
