import type { EChartsCoreOption } from 'echarts/core';
import type { ChartData, ChartSpec } from '../../../src-preload/contract/charts';

/** The window's colours at this moment, as CSS colours. */
export interface ChartColors {
  readonly text: string;
  readonly dimmed: string;
  readonly line: string;
  readonly ground: string;
}

/** Eight colours that keep 3:1 on both grounds and differ in lightness too, not in hue alone. */
const PALETTE = ['#4c6ef5', '#e8590c', '#2f9e44', '#ae3ec9', '#1098ad', '#f08c00', '#d6336c', '#868e96'];

type Point = [number | string, number | null];

/** Drawn as doubles; what is said of a point is the exact text. */
const drawn = (value: string | null | undefined): number | null => (value === null || value === undefined ? null : Number(value));

const series: Readonly<Record<ChartSpec['kind'], object>> = {
  bar: { type: 'bar', barMaxWidth: 48 },
  line: { type: 'line', symbolSize: 5, lineStyle: { width: 2 } },
  area: { type: 'line', symbolSize: 5, lineStyle: { width: 2 }, areaStyle: { opacity: 0.25 } },
  scatter: { type: 'scatter', symbolSize: 5 },
  histogram: { type: 'bar', barCategoryGap: '4%', large: false },
  pie: { type: 'pie' },
};

function axisOf(data: ChartData, { dimmed, line }: ChartColors): object {
  const look = { axisLabel: { color: dimmed, fontSize: 11, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, splitLine: { show: false } };
  if (data.axis === 'category') return { ...look, type: 'category', data: data.x };
  return { ...look, type: data.axis === 'time' ? 'time' : 'value', scale: true };
}

const place = (data: ChartData, at: number): string => {
  const x = data.x[at] ?? '';
  return data.axis === 'time' ? new Date(Number(x)).toISOString().replace('T', ' ').replace(/(\.000)?Z$/, data.zoned ? ' UTC' : '') : x;
};

interface TooltipItem {
  readonly dataIndex: number;
  readonly seriesIndex: number;
  readonly marker?: string;
}

/** The exact values at a point, as plain text. */
function tooltip(data: ChartData): (given: TooltipItem | readonly TooltipItem[]) => string {
  return (given) => {
    const items: readonly TooltipItem[] = Array.isArray(given) ? (given as readonly TooltipItem[]) : [given as TooltipItem];
    const lines = items.map(({ dataIndex, seriesIndex }) => {
      const found = data.series[seriesIndex];
      return `${found?.name ?? ''}: ${found?.values[dataIndex] ?? 'NULL'}`;
    });
    return [place(data, items[0]?.dataIndex ?? 0), ...lines].join('\n');
  };
}

/** What ECharts is told to draw. Texts of the database stay text: the tooltip is drawn, not made of HTML. */
export function chartOption(spec: ChartSpec, data: ChartData, colors: ChartColors): EChartsCoreOption {
  const common = {
    animation: false,
    useUTC: true,
    backgroundColor: 'transparent',
    color: PALETTE,
    textStyle: { fontFamily: 'inherit', color: colors.text },
    tooltip: { renderMode: 'richText', trigger: spec.kind === 'pie' || spec.kind === 'scatter' ? 'item' : 'axis', formatter: tooltip(data), backgroundColor: colors.ground, borderColor: colors.line, textStyle: { color: colors.text, fontSize: 12 } },
    legend: { show: data.series.length > 1 && spec.kind !== 'pie', type: 'scroll', top: 4, textStyle: { color: colors.text, fontSize: 11 }, pageTextStyle: { color: colors.text } },
  };
  if (spec.kind === 'pie') {
    const values = data.series[0]?.values ?? [];
    const pieces = data.x.map((name, at) => ({ name: name === '' ? '(empty)' : name, value: Math.max(0, drawn(values[at]) ?? 0) }));
    return { ...common, series: [{ ...series.pie, radius: ['0%', '68%'], center: ['50%', '50%'], label: { color: colors.text, fontSize: 11, formatter: '{b}  {d} %' }, data: pieces }] };
  }
  const points = (values: readonly (string | null)[]): (Point | number | null)[] =>
    data.axis === 'category' ? values.map(drawn) : values.map((value, at): Point => [Number(data.x[at]), drawn(value)]);
  return {
    ...common,
    grid: { left: 12, right: 20, top: data.series.length > 1 ? 36 : 16, bottom: 10, containLabel: true },
    xAxis: axisOf(data, colors),
    yAxis: { type: 'value', scale: spec.kind === 'line' || spec.kind === 'scatter', axisLabel: { color: colors.dimmed, fontSize: 11 }, splitLine: { lineStyle: { color: colors.line } } },
    series: data.series.map(({ name, values }) => ({ ...series[spec.kind], name, data: points(values), showSymbol: data.x.length <= 200 })),
  };
}
