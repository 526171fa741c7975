import { StateEffect, StateField, type ChangeDesc, type Extension } from '@codemirror/state';
import { gutter, GutterMarker, ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';
import { boundariesOf, boundsAround, statementAtOffset, updateBoundaries, type Range } from '../sql/statements';

const setCurrent = StateEffect.define<Range | null>();

const currentStatement = StateField.define<Range | null>({
  create: () => null,
  update(current, transaction) {
    for (const effect of transaction.effects) if (effect.is(setCurrent)) return effect.value;
    if (!current || !transaction.docChanged) return current;
    return { from: transaction.changes.mapPos(current.from, -1), to: transaction.changes.mapPos(current.to, 1) };
  },
});

/** Beyond this many characters the mark follows the typing with a delay instead of in the next frame. */
const LONG_TEXT = 300_000;
const LONG_TEXT_DELAY_MS = 150;

/** Keeps the statements' ends up to date and shows which one the cursor is in. */
class StatementTracker {
  private boundaries: number[];
  private pending: ChangeDesc | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly view: EditorView;

  constructor(view: EditorView) {
    this.view = view;
    this.boundaries = boundariesOf(view.state.doc.toString());
    this.schedule();
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.pending = this.pending ? this.pending.composeDesc(update.changes.desc) : update.changes.desc;
    if (update.docChanged || update.selectionSet) this.schedule();
  }

  destroy(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** The statement that the main cursor means, computed from the text as it is now. */
  current(): Range | null {
    this.catchUp();
    const { doc, selection } = this.view.state;
    return statementAtOffset(doc, this.boundaries, selection.main.head);
  }

  /** From the end of the statement before `offset` to the end of the one that holds it. */
  bounds(offset: number): Range {
    this.catchUp();
    const { length } = this.view.state.doc;
    return boundsAround(this.boundaries, offset, length);
  }

  private catchUp(): void {
    if (!this.pending) return;
    let from = Infinity;
    let oldTo = 0;
    let newTo = 0;
    this.pending.iterChangedRanges((fromA, toA, _fromB, toB) => {
      from = Math.min(from, fromA);
      oldTo = Math.max(oldTo, toA);
      newTo = Math.max(newTo, toB);
    });
    this.pending = null;
    if (from !== Infinity) this.boundaries = updateBoundaries(this.boundaries, this.view.state.doc, from, oldTo, newTo);
  }

  private schedule(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.timer = null;
        const next = this.current();
        const shown = this.view.state.field(currentStatement);
        if (next?.from !== shown?.from || next?.to !== shown?.to) this.view.dispatch({ effects: setCurrent.of(next) });
      },
      this.view.state.doc.length > LONG_TEXT ? LONG_TEXT_DELAY_MS : 0,
    );
  }
}

const tracker = ViewPlugin.fromClass(StatementTracker);

class CurrentMarker extends GutterMarker {
  override elementClass = 'cm-currentStatement';
}
const marker = new CurrentMarker();

const bar = gutter({
  class: 'cm-statementGutter',
  lineMarker(view, line) {
    const current = view.state.field(currentStatement);
    return current && line.from <= current.to && line.to >= current.from ? marker : null;
  },
  lineMarkerChange: (update) => update.startState.field(currentStatement) !== update.state.field(currentStatement),
});

/** The statement that running at the cursor would send: exactly what the bar beside the text shows. */
export function statementAtCursor(view: EditorView): Range | null {
  return view.plugin(tracker)?.current() ?? null;
}

/** The stretch of text that belongs to the statement around an offset, blanks included. */
export function statementBounds(view: EditorView, offset: number): Range {
  return view.plugin(tracker)?.bounds(offset) ?? { from: 0, to: view.state.doc.length };
}

/** A bar beside the lines of the statement at the cursor. */
export const statementGutter: Extension = [currentStatement, tracker, bar];
