import { client, RequestError } from '../../client';
import { formatCompact, formatCount } from '../../shell/format';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Explanation } from '../../../src-preload/contract/explain';
import type { SqlPart } from './SqlCard';

export interface Evidence {
  /** What a row or a group must hold to count, as sentences. */
  readonly filters: readonly string[];
  /** What was looked at by the program; not `good` is something to look at. */
  readonly checked: readonly { readonly text: string; readonly good: boolean }[];
  readonly notChecked: readonly string[];
  /** Tables whose plain names can be counted. */
  readonly countable: readonly string[];
}

/** Rows that are counted of one table at most. */
const MOST_COUNTED = 1_000_000;

/** What is known of a query besides its words: from its parse tree, the catalog and the lane that it ran in. */
export function evidenceOf({ check, rows, truncated, error }: Pick<SqlPart, 'check' | 'rows' | 'truncated' | 'error'>, explanation: Explanation, problem: AppErrorData | null): Evidence {
  const items = (id: string) => explanation.sections.find((section) => section.id === id)?.items ?? [];
  const unusual = items('suggestions').filter(({ level }) => level === 'warning' || level === 'serious');
  const { verdict, resolved, problems, estimatedCost } = check;
  return {
    filters: items('steps').flatMap(({ text }) => (/^(Keeps|Counts|Takes) only /.test(text) ? [text] : [])),
    checked: [
      { text: 'It parses by PostgreSQL’s own grammar, as one statement.', good: true },
      { text: verdict.readOnly ? 'It only reads: every function, operator and view in it was looked up on the server.' : `It does not only read: ${verdict.reason}.`, good: verdict.readOnly },
      { text: resolved ? 'Every table and column in it exists on the server.' : 'Not every name in it was found.', good: resolved },
      ...problems.map((text) => ({ text, good: false })),
      ...(estimatedCost === null ? [] : [{ text: `The server planned it, at a cost of ${formatCompact(estimatedCost)}.`, good: true }]),
      ...(rows === null ? [] : [{ text: 'It ran in a transaction that cannot write, with limits on time and rows, and was rolled back.', good: true }]),
      ...(truncated ? [{ text: 'The rows were cut at the limit: sums and counts over what is shown are too small.', good: false }] : []),
      ...(error ? [{ text: error.message, good: false }] : []),
      ...unusual.map(({ text }) => ({ text, good: false })),
      ...(unusual.length === 0 ? [{ text: 'No rule on joins, filters and grouping found anything unusual.', good: true }] : []),
    ],
    notChecked: [
      'Whether the question was meant as the query reads it. Compare the filters with what you had in mind.',
      'Whether the stored values are true, complete and up to date.',
      ...(rows === null ? ['What it gives: it has not run.'] : []),
      ...(problem ? [`The catalog or the plan, for now: ${problem.message}`] : []),
      'Sizes of tables above are the server’s estimates, from its last ANALYZE.',
    ],
    countable: verdict.objects.filter((name) => /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name)),
  };
}

/** Rows of a table in the read-only lane: at most a million are counted. Rejects with what the server says. */
export async function countUpTo(conversationId: string, table: string): Promise<number> {
  const part = await client.assistant.runSql({ conversationId, text: `SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT ${MOST_COUNTED + 1}) AS counted` });
  if (part.kind !== 'sql' || part.resultId === null) throw part.kind === 'sql' && part.error ? new RequestError(part.error) : new Error('It could not be counted.');
  const { rows } = await client.queries.window({ resultId: part.resultId, viewId: null, offset: 0, limit: 1 });
  await client.queries.release({ resultIds: [part.resultId] });
  return Number(rows[0]?.[0]);
}

/** `84,512 rows, counted now`. */
export function countWords(count: number): string {
  return count > MOST_COUNTED ? `over ${formatCount(MOST_COUNTED)} rows, counted so far` : `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}, counted now`;
}
