import { z } from 'zod';
import { call, defineContract, event, nothing } from './core';

export const chartKinds = ['bar', 'line', 'area', 'scatter', 'pie', 'histogram'] as const;
export const aggregates = ['none', 'count', 'sum', 'avg', 'min', 'max'] as const;

/** What a chart shows of a result; columns by their names, so that it holds for the query's next result. */
export const chartSpec = z.object({
  kind: z.enum(chartKinds),
  /** The column along the x axis, or of a pie's pieces; null counts rows from 1. */
  x: z.string().nullable(),
  /** The columns that are drawn; none is needed to count rows. */
  y: z.array(z.string()).max(12),
  /** Draws a series for each value of this column. */
  series: z.string().nullable().default(null),
  /** How rows with the same x become one point. */
  aggregate: z.enum(aggregates),
});
export type ChartSpec = z.infer<typeof chartSpec>;

/** How a result is looked at: one number large, a chart, or its rows. Columns by their names, as in a chart. */
export const resultView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), column: z.string() }),
  z.object({ kind: z.literal('chart'), chart: chartSpec }),
  z.object({ kind: z.literal('table') }),
]);
export type ResultView = z.infer<typeof resultView>;

/** A view that fits a result. */
export const viewSuggestion = z.object({
  view: resultView,
  /** A sentence: why this view, and where another one was proposed, why that one does not fit. */
  reason: z.string(),
  /** The proposed view was taken. */
  proposed: z.boolean(),
});
export type ViewSuggestion = z.infer<typeof viewSuggestion>;

/**
 * Points as main made them. Values are exact decimals as text, null where there is none. With `time` x is epoch milliseconds: of the
 * instant where values state a zone, else of the clock that they show.
 */
export const chartData = z.object({
  axis: z.enum(['category', 'number', 'time']),
  x: z.array(z.string()),
  series: z.array(z.object({ name: z.string(), values: z.array(z.string().nullable()) })),
  /** Whether the times state a zone. */
  zoned: z.boolean(),
  rows: z.number().int(),
  /** Plain sentences: what was grouped, sampled or left out. */
  notes: z.array(z.string()),
});
export type ChartData = z.infer<typeof chartData>;

/** A saved chart: `.ai-shell/charts/NAME.yaml`. */
export const savedChart = z.object({
  name: z.string().trim().min(1).max(120),
  /** The connection's id that the query runs on. */
  connectionId: z.string(),
  sql: z.string(),
  chart: chartSpec,
});
export type SavedChart = z.infer<typeof savedChart>;

export const chartsContract = defineContract('charts', {
  /** By name. `problem` says why a file cannot be used; the others are there all the same. */
  list: call(nothing, z.object({ charts: z.array(savedChart), problems: z.array(z.string()) })),
  /** The view that suits a result, by rules; the proposed one where it fits the result's columns. Rejects with `not_found`. */
  suggest: call(z.object({ resultId: z.string(), proposed: resultView.nullable() }), viewSuggestion),
  /** Creates, or replaces the one of the same name. */
  save: call(savedChart, nothing),
  remove: call(z.object({ name: z.string() }), nothing),
  /** Writes a picture of a chart into a file that the person chose: PNG as base64, SVG as text. */
  writePicture: call(z.object({ path: z.string(), format: z.enum(['png', 'svg']), content: z.string() }), nothing),
  changed: event(z.object({})),
});
