import { insertCompletionText, type Completion, type CompletionContext, type CompletionSource } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { statementBounds } from '../../../components/editor/statementGutter';
import { catalogIndexOf } from './catalogCache';
import { propose, type Proposal } from './propose';

/** A statement longer than this is data rather than a query; reading it at each key would be felt. */
const LONGEST_STATEMENT = 300_000;

function asCompletion(proposal: Proposal): Completion {
  return {
    label: proposal.label,
    detail: proposal.detail,
    type: proposal.kind,
    apply: (view: EditorView, _completion: Completion, from: number, to: number) => {
      const spec = insertCompletionText(view.state, proposal.insert, from, to);
      view.dispatch(spec);
      if (proposal.back > 0) view.dispatch({ selection: { anchor: view.state.selection.main.head - proposal.back } });
    },
  };
}

/** Completion from the live catalog of whatever connection `connectionId` says at that moment. */
export function catalogCompletion(connectionId: () => string | null): CompletionSource {
  return async (context: CompletionContext) => {
    const connection = connectionId();
    if (connection === null || !context.view) return null;
    const bounds = statementBounds(context.view, context.pos);
    if (bounds.to - bounds.from > LONGEST_STATEMENT) return null;
    const catalog = await catalogIndexOf(connection);
    if (context.aborted) return null;
    const { from, to, proposals, eager } = propose(context.state.sliceDoc(bounds.from, bounds.to), context.pos - bounds.from, catalog);
    if (proposals.length === 0 || !(eager || context.explicit)) return null;
    // The proposals are ranked already; the editor asks again at each key.
    return { from: bounds.from + from, to: Math.max(context.pos, bounds.from + to), options: proposals.map(asCompletion), filter: false };
  };
}
