import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

interface Span {
  readonly from: number;
  readonly to: number;
}

const setSpan = StateEffect.define<Span | null>();
const mark = Decoration.mark({ class: 'cm-spanMark' });

/** A part of the text that something beside the editor speaks of; it moves with the text. */
export const spanMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setSpan)) continue;
      const to = Math.min(effect.value?.to ?? 0, transaction.newDoc.length);
      next = effect.value && effect.value.from < to ? Decoration.set([mark.range(effect.value.from, to)]) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks a part of the text and scrolls it into view; null takes the mark away. */
export function markSpan(view: EditorView, span: Span | null): void {
  const from = Math.min(span?.from ?? 0, view.state.doc.length);
  view.dispatch({ effects: [setSpan.of(span), ...(span ? [EditorView.scrollIntoView(from, { y: 'nearest', yMargin: 24 })] : [])] });
}
