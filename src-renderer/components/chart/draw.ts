import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

register([BarChart, LineChart, PieChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer, SVGRenderer]);

export type ChartPicture = 'png' | 'svg';

/** A chart in an element, as large as that is. */
export interface DrawnChart {
  readonly draw: (option: EChartsCoreOption) => void;
  readonly resize: () => void;
  /** PNG as base64, in double resolution; SVG as text. */
  readonly picture: (format: ChartPicture, ground: string) => string;
  readonly close: () => void;
}

export function drawChart(element: HTMLElement): DrawnChart {
  const chart = init(element, null, { renderer: 'canvas' });
  let shown: EChartsCoreOption = {};
  return {
    draw: (option) => {
      shown = option;
      chart.setOption(option, { notMerge: true });
    },
    resize: () => chart.resize(),
    picture: (format, ground) => {
      if (format === 'png') return chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ground }).replace(/^data:image\/png;base64,/, '');
      const paper = init(null, null, { renderer: 'svg', ssr: true, width: chart.getWidth(), height: chart.getHeight() });
      paper.setOption({ ...shown, backgroundColor: ground });
      const text = paper.renderToSVGString();
      paper.dispose();
      return text;
    },
    close: () => chart.dispose(),
  };
}
