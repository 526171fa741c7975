import { z } from 'zod';
import { chartSpec, type ChartSpec } from '../../../src-preload/contract/charts';
import { wrapData } from '../boundary';
import { sharingOf } from '../sharing';
import { defineTool, type ToolContext, type ToolOutcome } from './tool';

export const proposeChart = defineTool({
  name: 'propose_chart',
  description:
    'Proposes how the rows of your last run_query are drawn for the person: the kind of chart and the columns of that result by their names. It is refused when it does not fit the columns; the window then chooses by its own rules.',
  input: z.strictObject({ chart: z.strictObject(chartSpec.shape).describe('x: the column along the axis or of the pieces. y: columns of numbers. series: a column that makes a series for each of its values. aggregate: how rows with the same x become one, none when each has its own.') }),
  title: ({ chart }) => `Draw ${chart.kind === 'pie' || chart.kind === 'scatter' || chart.kind === 'histogram' ? `a ${chart.kind}` : `${chart.kind === 'area' ? 'an area' : `a ${chart.kind}`} chart`}`,
  async run({ chart }, context) {
    const outcome = await draw(chart, context);
    // Whether it fits tells of the rows.
    return sharingOf(context.profile) === 'results' ? outcome : { ...outcome, toModel: 'done', content: 'It is drawn for the person where it fits the rows, which are not shared with you on this connection.' };
  },
});

async function draw(chart: ChartSpec, context: ToolContext): Promise<ToolOutcome> {
  const { resultId = null } = context.lastRun() ?? {};
  if (resultId === null) return { state: 'failed', summary: 'no rows yet', content: 'No query has run in this answer: call run_query first.' };
  const { view, reason, proposed } = await context.charts.suggest(resultId, { kind: 'chart', chart });
  if (!proposed) {
    const instead = view.kind === 'chart' ? `a ${view.chart.kind} chart` : `a ${view.kind}`;
    return { state: 'failed', summary: 'does not fit the rows', content: `Not drawn. The window would show ${instead}.\n${wrapData(reason)}` };
  }
  context.showAs(resultId, view);
  return { state: 'done', summary: 'drawn', content: 'The chart is shown to the person with the rows.' };
}
