import { snippet, type Completion, type CompletionContext, type CompletionSource } from '@codemirror/autocomplete';
import { allSnippets } from '../../snippets/store';

/** Adds the snippets whose prefix begins with the word at the cursor in front of what `source` proposes. */
export function withSnippets(source: CompletionSource): CompletionSource {
  return async (context: CompletionContext) => {
    const word = context.matchBefore(/[A-Za-z_][A-Za-z0-9_]*/);
    const known = allSnippets();
    const proposed = await source(context);
    const before = word && word.from > 0 ? context.state.sliceDoc(word.from - 1, word.from) : '';
    if (!word || /[.:$"']/.test(before)) return proposed;
    const typed = word.text.toLowerCase();
    const options = known
      .filter(({ prefix }) => prefix.toLowerCase().startsWith(typed))
      .map(({ prefix, description, text }): Completion => ({ label: prefix, detail: description || 'snippet', type: 'snippet', apply: snippet(text), boost: prefix.toLowerCase() === typed ? 99 : 0 }));
    if (options.length === 0) return proposed;
    if (!proposed) return { from: word.from, to: context.pos, options, filter: false };
    if (proposed.from !== word.from) return proposed;
    // A word that is a prefix as a whole is meant; else what the catalog knows comes first.
    const [exact, others] = [options.filter(({ label }) => label.toLowerCase() === typed), options.filter(({ label }) => label.toLowerCase() !== typed)];
    return { ...proposed, options: [...exact, ...proposed.options, ...others] };
  };
}
