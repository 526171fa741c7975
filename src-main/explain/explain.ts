import type { Node } from '@pgsql/types';
import type { Explanation, ExplainSectionId } from '../../src-preload/contract/explain';
import { AppError } from '../errors';
import type { ExplainContext } from './context';
import { Draft } from './draft';
import { namesOf } from './names';
import { performanceSection } from './performance';
import { adviceSection, textAdvice } from './rules/all';
import type { Advice } from './rules/rule';
import { columnsSection, tablesSection } from './sections';
import { commandOf, explainNode } from './statements';
import { summarySection } from './summary';

const TITLES: Readonly<Record<ExplainSectionId, string>> = {
  summary: 'Summary', steps: 'Step by step', tables: 'Tables', columns: 'Columns', joins: 'Joins and grouping', performance: 'Performance', suggestions: 'Suggestions',
};

/** What is unusual in the text of a parsed statement, the gravest first. Pure. */
export function adviceOf(text: string, root: Node, context: ExplainContext): Advice[] {
  return textAdvice({ draft: new Draft(text, explainNode), root, names: namesOf(root), context });
}

/** Explains a parsed statement whose text begins where the parser's places count from. Pure. Throws `bad_input` for queries nested some thousands deep. */
export function explainTree(text: string, root: Node, context: ExplainContext): Explanation {
  try {
    return explained(text, root, context);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new AppError('bad_input', 'This cannot be explained: its queries are nested too deeply.', { hint: 'Explain a part of it.' }, { cause: thrown });
  }
}

function explained(text: string, root: Node, context: ExplainContext): Explanation {
  const draft = new Draft(text, explainNode);
  const names = namesOf(root);
  explainNode(draft, root);
  tablesSection(draft, names, context);
  columnsSection(draft, root, names, context);
  performanceSection(draft, root, context);
  adviceSection({ draft, root, names, context });
  summarySection(draft, root, names);
  const ids = Object.keys(TITLES) as ExplainSectionId[];
  return {
    statement: text,
    command: commandOf(draft, root),
    sections: ids.map((id) => ({ id, title: TITLES[id], items: [...draft.of(id)] })).filter(({ items }) => items.length > 0),
    sources: { catalog: context.catalog !== null, plan: context.plan !== null },
  };
}
