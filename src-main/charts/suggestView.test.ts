import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChartSpec, ResultView } from '../../src-preload/contract/charts';
import type { Column } from '../../src-preload/contract/queries';
import { resultProfile } from './resultProfile';
import { suggestView } from './suggestView';
import { whyNotFitting } from './viewFits';

type Cells = readonly (readonly (string | null)[])[];

const types: Readonly<Record<string, Column['family']>> = { int4: 'number', numeric: 'number', text: 'text', date: 'datetime', timestamptz: 'datetime', bool: 'boolean', uuid: 'other', jsonb: 'json' };
const column = (spec: string): Column => {
  const [name = '', type = 'text'] = spec.split(':');
  return { name, type, family: types[type] ?? 'other', source: null };
};
const profiled = (columns: string, rows: Cells, total = rows.length) => resultProfile(columns.split(' ').map(column), rows, total);
const suggested = (columns: string, rows: Cells): ResultView => suggestView(profiled(columns, rows), null).view;
const many = (count: number, row: (index: number) => (string | null)[]): Cells => Array.from({ length: count }, (_, index) => row(index));
const day = (index: number): string => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);

describe('a view by rules', () => {
  const chartOf = (columns: string, rows: Cells): Partial<ChartSpec> => {
    const view = suggested(columns, rows);
    return view.kind === 'chart' ? view.chart : {};
  };

  it('shows one number large, with or without its label', () => {
    expect(suggested('orders:int4', [['5012']])).toEqual({ kind: 'number', column: 'orders' });
    expect(suggested('status:text orders:int4', [['paid', '5012']])).toEqual({ kind: 'number', column: 'orders' });
    expect(suggested('a:int4 b:int4', [['1', '2']])).toEqual({ kind: 'table' });
  });

  it('draws time as a line, and a line for each of a few categories', () => {
    expect(chartOf('day:date revenue:numeric', many(30, (n) => [day(n), String(n)]))).toMatchObject({ kind: 'line', x: 'day', y: ['revenue'], aggregate: 'none', series: null });
    expect(chartOf('day:date country:text revenue:numeric', many(30, (n) => [day(n >> 1), n % 2 ? 'DE' : 'FR', '1']))).toMatchObject({ kind: 'line', x: 'day', series: 'country', aggregate: 'sum' });
    expect(chartOf('year:int4 avg_price:numeric', many(9, (n) => [String(2015 + n), '3']))).toMatchObject({ kind: 'line', x: 'year', y: ['avg_price'] });
    expect(chartOf('month:text orders:int4', many(9, (n) => [`2026-0${n + 1}`, '3']))).toMatchObject({ kind: 'line', x: 'month' });
  });

  it('draws few categories as bars, each for a second category too', () => {
    expect(chartOf('category:text revenue:numeric', many(5, (n) => [`c${n}`, String(n)]))).toMatchObject({ kind: 'bar', x: 'category', y: ['revenue'], aggregate: 'none' });
    expect(chartOf('city:text paid:bool avg_total:numeric', many(20, (n) => [`c${n % 10}`, n < 10 ? 't' : 'f', '2']))).toMatchObject({ kind: 'bar', x: 'city', series: 'paid', aggregate: 'avg' });
  });

  it('draws shares of a whole as a pie, only when they are the whole', () => {
    expect(chartOf('status:text share:numeric', [['a', '60'], ['b', '39.9']])).toMatchObject({ kind: 'pie', x: 'status', y: ['share'] });
    expect(chartOf('status:text share:numeric', [['a', '60'], ['b', '20']])).toMatchObject({ kind: 'bar' });
  });

  it('draws two measures as points and one alone as a histogram', () => {
    expect(chartOf('name:text price:numeric stock:int4', many(60, (n) => [`n${n}`, String(n), String(n * 2)]))).toMatchObject({ kind: 'scatter', x: 'price', y: ['stock'] });
    expect(chartOf('total:numeric', many(60, (n) => [String(n)]))).toMatchObject({ kind: 'histogram', y: ['total'] });
  });

  it('counts a list of few values', () => {
    expect(chartOf('status:text', many(60, (n) => [n % 2 ? 'paid' : 'open']))).toMatchObject({ kind: 'bar', x: 'status', aggregate: 'count' });
  });

  it.each([
    ['no rows', 'day:date revenue:numeric', []],
    ['whole rows', 'id:int4 customer_id:int4 created:timestamptz total:numeric status:text note:text', many(50, (n) => [String(n), '1', day(n), '5', 'paid', null])],
    ['too many categories', 'name:text total:numeric', many(300, (n) => [`n${n}`, '1'])],
    ['identifiers are no measures', 'customer_id:int4 order_id:int4', many(50, (n) => [String(n), String(n)])],
    ['documents', 'doc:jsonb', many(50, () => ['{}'])],
  ])('leaves rows as rows: %s', (_why, columns, rows) => {
    expect(suggested(columns, rows)).toEqual({ kind: 'table' });
  });

  it('never speaks of a name that stands twice', () => {
    expect(suggested('name:text name:text total:numeric', many(5, (n) => [`a${n}`, `b${n}`, '1']))).toEqual({ kind: 'table' });
  });
});

describe('a proposed view', () => {
  const profile = profiled('category:text revenue:numeric', many(5, (n) => [`c${n}`, String(n)]));
  const propose = (chart: Partial<ChartSpec>) => suggestView(profile, { kind: 'chart', chart: { kind: 'bar', x: 'category', y: ['revenue'], series: null, aggregate: 'sum', ...chart } });

  it('is taken when it fits', () => {
    expect(propose({ kind: 'pie' })).toMatchObject({ proposed: true, view: { chart: { kind: 'pie' } } });
  });

  it.each<[string, Partial<ChartSpec>]>([
    ['no column turnover', { y: ['turnover'] }],
    ['category is no column of numbers', { y: ['category'] }],
    ['category is no column of numbers or times', { kind: 'scatter' }],
    ['names no column to draw', { y: [] }],
    ['A pie shows one column', { kind: 'pie', y: ['revenue', 'revenue'] }],
  ])('falls back to the rules and says why: %s', (why, chart) => {
    const { view, reason, proposed } = propose(chart);
    expect(proposed).toBe(false);
    expect(reason).toContain(why);
    expect(view).toMatchObject({ kind: 'chart', chart: { kind: 'bar', x: 'category', y: ['revenue'] } });
  });
});

it('whatever the result, the suggested view fits it', () => {
  const value = fc.oneof(fc.constant(null), fc.string({ maxLength: 12 }), fc.integer().map(String), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()));
  const made = fc.array(fc.tuple(fc.constantFrom('id', 'day', 'share', 'a', 'b', 'total', 'year', ''), fc.constantFrom(...Object.keys(types))), { maxLength: 6 }).chain((columns) =>
    fc.array(fc.tuple(...columns.map(() => value)), { maxLength: 60 }).map((rows) => ({ columns: columns.map(([name, type]) => column(`${name}:${type}`)), rows })),
  );
  fc.assert(
    fc.property(made, ({ columns, rows }) => {
      const profile = resultProfile(columns, rows, rows.length);
      const { view, reason } = suggestView(profile, null);
      expect(whyNotFitting(view, profile)).toBeNull();
      expect(reason).not.toBe('');
    }),
    { numRuns: 400 },
  );
});
