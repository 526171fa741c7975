import { z } from 'zod';
import type { AppErrorData } from '../../../src-preload/contract/error';
import { toAppError } from '../../errors';
import { cutText, wrapData } from '../boundary';
import { checkSql, describeError, type CheckedSql } from '../checkSql';
import type { StoredRead } from '../../queries/service';
import { sanityOf } from '../sanity';
import { sharingOf } from '../sharing';
import type { PlanSummary } from '../plan';
import type { SqlPart } from '../service';
import { rowCount } from './rowCount';
import { defineTool, type ToolContext, type ToolOutcome } from './tool';

/** What the model sees of a result. The person sees all of it. */
const MODEL_ROWS = 50;
const MODEL_BYTES = 8_192;
const MODEL_CELL_CHARS = 400;

const sql = z.string().min(1).max(100_000).describe('One statement of SQL.');
const title = z.string().min(1).max(120).describe('A few words for the person: what it shows.');

export const plan = defineTool({
  name: 'plan',
  description: 'Plans a query without running it: estimated cost, rows and the plan tree.',
  input: z.strictObject({ sql }),
  title: () => 'Plan a query',
  async run({ sql: text }, context) {
    const checked = await checkSql(text, context);
    if (!checked.plan) return rejected(checked);
    const { cost, rows, lines } = checked.plan;
    if (sharingOf(context.profile) === 'schema') {
      return { state: 'done', summary: `cost ${Math.round(cost)}, about ${rowCount(rows)}`, verdict: verdictText(checked), content: 'It can be planned. What the planner expects comes from the data, which is not shared with you on this connection; the person sees it.' };
    }
    return {
      state: 'done',
      summary: `cost ${Math.round(cost)}, about ${rowCount(rows)}`,
      verdict: verdictText(checked),
      content: `Estimated cost ${cost}, rows ${rows}.\n${wrapData(cutText(context.hide(lines.join('\n')), 6_000))}`,
    };
  },
});

export const runQuery = defineTool({
  name: 'run_query',
  description:
    'Runs one reading query and shows all its rows to the person beside the chat. You get the number of rows and the first 50 (8 KB) of them. It is checked first; a query that would change anything is refused.',
  input: z.strictObject({ sql, title }),
  title: (input) => `Run: ${input.title}`,
  async run({ sql: text, title: shownTitle }, context) {
    const checked = await checkSql(text, context);
    if (!checked.plan) return rejected(checked);
    if (sharingOf(context.profile) !== 'results') return withheld(await runPlanned(text, shownTitle, checked, checked.plan, context));
    return runPlanned(text, shownTitle, checked, checked.plan, context);
  },
});

/** A query that is too expensive is left to the person. */
function runPlanned(text: string, shownTitle: string, checked: CheckedSql, { cost }: PlanSummary, context: ToolContext): ToolOutcome | Promise<ToolOutcome> {
  const { costLimit } = context;
  if (costLimit === 0 || cost <= costLimit) return runChecked(text, shownTitle, checked, context);
  return {
    state: 'refused',
    summary: `too expensive (cost ${Math.round(cost)})`,
    verdict: verdictText(checked),
    content: `Not run: its estimated cost of ${Math.round(cost)} is over the limit of ${costLimit} that the person has set. Narrow it, or hand it over with show_sql and tell the person about the cost.`,
  };
}

/**
 * The same words to the model whatever came of the query: a number of rows, an error or a cost would tell of the data bit by
 * bit. The person sees all of it.
 */
function withheld(outcome: ToolOutcome): ToolOutcome {
  return { ...outcome, badSql: false, toModel: 'done', content: 'It was handed to the server, and the person sees what came of it. Rows, their number and the errors of a run are not shared with you on this connection: say what the query shows, not what it found.' };
}

export const showSql = defineTool({
  name: 'show_sql',
  description:
    'Hands the final query over: it is parsed, resolved against the catalog and planned, and only then shown to the person, who can run it. On an error you get the engine’s words and the nearest real names.',
  input: z.strictObject({ sql, title }),
  title: (input) => `Check: ${input.title}`,
  async run({ sql: text, title: shownTitle }, context) {
    const sharing = sharingOf(context.profile);
    const before = context.ranBefore(text);
    if (before && sharing === 'results') return { state: 'done', summary: 'checked', verdict: 'read', content: 'The query is shown to the person, with the rows of its run.', part: { ...before, title: shownTitle } };
    const checked = await checkSql(text, context);
    if (!checked.plan) return rejected(checked);
    return {
      state: 'done',
      summary: `checked, about ${rowCount(checked.plan.rows)}`,
      verdict: verdictText(checked),
      content: `The query is good and is shown to the person, who can run it.${sharing === 'schema' ? '' : ` Estimated rows ${checked.plan.rows}, cost ${checked.plan.cost}.`}${notesText(checked.check.warnings)}`,
      part: before ? { ...before, title: shownTitle } : sqlPart(text, shownTitle, checked, null, null),
    };
  },
});

async function runChecked(text: string, shownTitle: string, checked: CheckedSql, context: ToolContext): Promise<ToolOutcome> {
  const entry = context.history.begin({ connectionId: context.profile.id, connectionName: context.profile.name, text, origin: 'assistant' });
  const started = performance.now();
  try {
    const result = await context.lane.store({ text }, MODEL_ROWS, context.signal);
    context.history.end(entry, { status: 'done', milliseconds: performance.now() - started, rows: result.rows, error: null });
    return {
      state: 'done',
      summary: `${result.rows}${result.truncated ? ' rows (cut)' : ' rows'}`,
      verdict: verdictText(checked),
      rows: result.rows,
      content: resultText(result) + notesText([...checked.check.warnings, ...sanityOf(result)]),
      part: sqlPart(text, shownTitle, checked, result, null),
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    const status = context.signal.aborted ? 'cancelled' : 'failed';
    context.history.end(entry, { status, milliseconds: performance.now() - started, rows: null, error: error.message });
    if (context.signal.aborted || (error.code !== 'server_error' && error.code !== 'timeout' && error.code !== 'refused')) throw error;
    return {
      state: error.code === 'refused' ? 'refused' : 'failed',
      summary: error.message,
      verdict: verdictText(checked),
      content: `It failed: ${wrapData(context.hide(describeError(error, text, checked.check.verdict, context.snapshot)))}`,
      badSql: true,
      part: sqlPart(text, shownTitle, checked, null, error.data),
    };
  }
}

/** Also used for a query that the person edited and runs. */
export function sqlPart(text: string, shownTitle: string, { check }: Pick<CheckedSql, 'check'>, result: StoredRead | null, error: AppErrorData | null): SqlPart {
  return {
    kind: 'sql',
    text,
    title: shownTitle,
    check,
    resultId: result?.resultId ?? null,
    columns: result ? [...result.columns] : [],
    rows: result?.rows ?? null,
    truncated: result?.truncated ?? false,
    error,
    view: null,
  };
}

/** What the model should look at once more; names of the schema stand in it, so that it is data. */
function notesText(notes: readonly string[]): string {
  return notes.length === 0 ? '' : `\nLook at this once more, and mend the query if it is not meant so:\n${wrapData(notes.map((note) => `- ${note}`).join('\n'))}`;
}

function rejected(checked: CheckedSql): ToolOutcome {
  const problems = checked.check.problems.join('\n');
  return {
    state: checked.refused ? 'refused' : 'failed',
    summary: checked.check.problems[0]?.slice(0, 200) ?? 'did not stand up',
    verdict: verdictText(checked),
    content: `${checked.refused ? 'Refused' : 'Not good'}; it was neither run nor shown.\n${wrapData(problems)}`,
    badSql: true,
  };
}

function verdictText({ check: { verdict } }: CheckedSql): string {
  return verdict.readOnly ? verdict.class : `${verdict.class}: ${verdict.reason}`;
}

/** Rows as one JSON array a line, as many as fit; the model is told of everything that it does not see. */
function resultText({ columns, preview, rows, truncated }: StoredRead): string {
  const lines = [JSON.stringify(columns.map((column) => `${column.name} ${column.type}`))];
  let bytes = lines[0]?.length ?? 0;
  let shown = 0;
  for (const row of preview) {
    const line = JSON.stringify(row.map((cell) => (cell === null || cell.length <= MODEL_CELL_CHARS ? cell : `${cell.slice(0, MODEL_CELL_CHARS)}… (${cell.length} characters)`)));
    bytes += Buffer.byteLength(line);
    if (bytes > MODEL_BYTES) break;
    lines.push(line);
    shown += 1;
  }
  const cut = truncated ? ` The result was cut there: the query has more rows than are kept.` : '';
  const seen = shown < rows ? ` You see the first ${shown}.` : '';
  return `${rows} rows are shown to the person.${cut}${seen} Column names with types, then one row a line:\n${wrapData(cutText(lines.join('\n'), MODEL_BYTES * 2))}`;
}
