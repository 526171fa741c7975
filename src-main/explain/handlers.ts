import type { Handlers } from '../../src-preload/contract/core';
import type { explainContract } from '../../src-preload/contract/explain';
import { explanationMarkdown, type ExplainService } from './service';

/** What the window may ask to have explained. */
export function explainHandlers(explain: ExplainService): Handlers<typeof explainContract> {
  return {
    async statement(request, { signal }) {
      const { explanation, problem } = await explain.explain(request, signal);
      return { explanation, problem, markdown: explanationMarkdown(explanation) };
    },
    inDepth: (request, { signal, emit }) => explain.inDepth(request, (text) => emit({ text }), signal),
  };
}
