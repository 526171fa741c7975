import { z } from 'zod';
import type { Verdict } from '../../../src-preload/contract/guard';
import { AppError } from '../../errors';
import { oneLine, wrapData } from '../boundary';
import { parseProblem } from '../checkSql';
import { hiddenCharacter } from '../hiddenCharacter';
import { planOf } from '../plan';
import { readingTwin } from '../readingTwin';
import { rowCount } from './rowCount';
import { defineTool, type ToolContext, type ToolOutcome } from './tool';

export const proposeWrite = defineTool({
  name: 'propose_write',
  description:
    'Proposes one statement that changes data or structure. It is not run: the person sees the exact text, the objects and the estimated rows, and decides. You cannot approve it and you are told of the decision with the next question.',
  input: z.strictObject({
    sql: z.string().min(1).max(100_000).describe('The exact statement, one only.'),
    purpose: z.string().min(1).max(500).describe('One sentence: what it does and why the person asked for it.'),
  }),
  title: () => 'Propose a change',
  async run({ sql: text, purpose }, context) {
    if (context.profile.readOnly) return refused('This connection is read-only: nothing can be proposed on it.', 'read-only connection');
    const hidden = hiddenCharacter(text);
    if (hidden) return refused(`The text holds the invisible character ${hidden}, so that it would not be what it seems. Write it without.`, 'invisible character');
    const parsing = await parseProblem(text, context.guard);
    if (parsing) return { ...refused(parsing.problem, 'unknown: it does not parse'), state: 'failed', badSql: true };
    const connection = await context.lane.connection(context.signal);
    const verdict = await context.guard.classify(text, { connection, signal: context.signal });
    if (verdict.readOnly) return refused('This statement only reads: use run_query or show_sql.', verdict.class);
    if (verdict.class === 'session') return refused('This statement only sets up a session; on a session of its own it has no effect.', `session: ${verdict.reason}`);
    return propose(text, purpose, verdict, context);
  },
});

async function propose(text: string, purpose: string, verdict: Verdict, context: ToolContext): Promise<ToolOutcome> {
  const confirmations = await context.guard.confirmations([{ text, verdict }], context.profile);
  const estimate = await estimateRows(text, verdict, context);
  const proposal = context.propose({
    text,
    objects: verdict.objects,
    warnings: confirmations.map((confirmation) => confirmation.sentence),
    estimatedRows: estimate.rows,
    purpose: oneLine(purpose, 500),
  });
  return {
    state: 'done',
    summary: estimate.rows === null ? 'waits for approval' : `waits for approval, about ${rowCount(estimate.rows)}`,
    verdict: `${verdict.class}: ${verdict.reason}`,
    content: `The proposal is shown to the person and waits for their decision. It has not run.${estimate.note ? `\n${wrapData(estimate.note)}` : ''}`,
    part: { kind: 'proposal', proposal },
  };
}

/** From the planner, through the query that finds the same rows; what has none (DDL, TRUNCATE) has no estimate. */
async function estimateRows(text: string, verdict: Verdict, context: ToolContext): Promise<{ rows: number | null; note: string }> {
  const twin = verdict.class === 'write' ? await readingTwin(text) : null;
  if (twin === null) return { rows: null, note: '' };
  try {
    return { rows: (await planOf(context.lane, twin, context.signal)).rows, note: '' };
  } catch (error) {
    if (error instanceof AppError && (error.code === 'server_error' || error.code === 'refused')) return { rows: null, note: context.hide(`No estimate: ${error.message}`) };
    throw error;
  }
}

function refused(content: string, verdict: string): ToolOutcome {
  return { state: 'refused', summary: content, verdict, content };
}
