import { z } from 'zod';
import { call, defineContract, stream } from './core';
import { appErrorData } from './error';

/** One sentence. */
export const explainItem = z.object({
  /** Plain English; what is quoted from the statement, the catalog or the plan stands between backticks. */
  text: z.string(),
  /** The part of the statement that it speaks of, in UTF-16 offsets of `statement`; null where it speaks of the plan or of the whole. */
  span: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
  /** How many queries stand around the one that it speaks of. */
  depth: z.number().int(),
  level: z.enum(['plain', 'note', 'warning', 'serious']),
  /** A statement that may help; null where none can be written. */
  statement: z.string().nullable(),
});
export type ExplainItem = z.infer<typeof explainItem>;

export const explainSectionId = z.enum(['summary', 'steps', 'tables', 'columns', 'joins', 'performance', 'suggestions']);
export type ExplainSectionId = z.infer<typeof explainSectionId>;

export const explanation = z.object({
  /** The statement's text, which the spans are places in. */
  statement: z.string(),
  /** Such as `SELECT` or `CREATE INDEX`. */
  command: z.string(),
  sections: z.array(z.object({ id: explainSectionId, title: z.string(), items: z.array(explainItem) })),
  /** What it was made of besides the text. */
  sources: z.object({ catalog: z.boolean(), plan: z.boolean() }),
});
export type Explanation = z.infer<typeof explanation>;

const statementText = z.string().min(1).max(100_000);

export const explainContract = defineContract('explain', {
  /**
   * Explains one statement from PostgreSQL's own grammar, and with a connection from its catalog and the planner's estimates: nothing is
   * run. Rejects with `bad_input` where the text is not exactly one statement that parses.
   */
  statement: call(z.object({ connectionId: z.string().nullable(), text: statementText }), z.object({ explanation, markdown: z.string(), /** Why the catalog or the plan is missing. */ problem: appErrorData.nullable() })),
  /** The same told by Claude in more depth, as Markdown that grows by parts. The statement and its explanation are sent, and no rows. Rejects with `model_unavailable`. */
  inDepth: stream(z.object({ connectionId: z.string().nullable(), text: statementText }), z.object({ text: z.string() }), z.object({ markdown: z.string(), model: z.string() })),
});
