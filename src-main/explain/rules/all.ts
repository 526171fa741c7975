import { blockingChange } from './blockingChange';
import { cartesianJoin } from './cartesianJoin';
import { comparedTypes } from './comparedTypes';
import { equalsNull } from './equalsNull';
import { fanOut } from './fanOut';
import { functionOnColumn } from './functionOnColumn';
import { insertWithoutColumns } from './insertWithoutColumns';
import { leadingWildcard } from './leadingWildcard';
import { limitWithoutOrder } from './limitWithoutOrder';
import { notInNull } from './notInNull';
import { offsetPaging } from './offsetPaging';
import { outerJoinUndone } from './outerJoinUndone';
import { removesMuch } from './removesMuch';
import type { Advice, ExplainRule, Subject } from './rule';
import { scalarPerRow } from './scalarPerRow';
import { selectStar } from './selectStar';
import { unionDistinct } from './unionDistinct';
import { wholeBigTable } from './wholeBigTable';
import { writeWithoutWhere } from './writeWithoutWhere';

export const explainRules: readonly ExplainRule[] = [writeWithoutWhere, removesMuch, notInNull, equalsNull, comparedTypes, cartesianJoin, fanOut, wholeBigTable, outerJoinUndone, leadingWildcard, functionOnColumn, blockingChange, limitWithoutOrder, offsetPaging, scalarPerRow, unionDistinct, selectStar, insertWithoutColumns];

const order = { serious: 0, warning: 1, note: 2, plain: 3 } as const;

/** What the text alone shows, the gravest first. */
export function textAdvice(subject: Subject): Advice[] {
  return explainRules.flatMap((rule) => rule.check(subject)).sort((a, b) => order[a.level] - order[b.level]);
}

/** The section of suggestions: what the text shows and what the plan shows, the gravest first. */
export function adviceSection(subject: Subject): void {
  const { draft, context } = subject;
  const ofText = textAdvice(subject).map((advice) => ({ ...advice, span: advice.span && { from: advice.span.from, to: advice.span.to }, depth: 0, statement: null }));
  const ofPlan = (context.plan?.findings ?? []).map(({ level, message, advice, statement }) => ({ level, text: `${message}. ${advice}`.replace('..', '.'), span: null, depth: 0, statement }));
  for (const item of [...ofText, ...ofPlan].sort((a, b) => order[a.level] - order[b.level])) draft.put('suggestions', item);
}
