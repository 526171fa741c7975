import { closeCompletion } from '@codemirror/autocomplete';
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  openSearchPanel,
  replaceAll,
  replaceNext,
  SearchQuery,
  search,
  searchPanelOpen,
  selectMatches,
  setSearchQuery,
} from '@codemirror/search';
import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, runScopeHandlers, type Panel, type ViewUpdate } from '@codemirror/view';

/** More matches are not counted: the number would be late at each key. */
const MOST_COUNTED = 10_000;

interface Range {
  readonly from: number;
  readonly to: number;
}

const setScope = StateEffect.define<Range | null>();

/** The part of the text that is searched; null is all of it. It moves with the text. */
const scopeField = StateField.define<Range | null>({
  create: () => null,
  update(scope, transaction) {
    let next = scope && { from: transaction.changes.mapPos(scope.from, -1), to: transaction.changes.mapPos(scope.to, 1) };
    for (const effect of transaction.effects) if (effect.is(setScope)) next = effect.value;
    return next;
  },
  provide: (field) =>
    EditorView.decorations.from(field, (scope) => (scope && scope.from < scope.to ? Decoration.set([Decoration.mark({ class: 'cm-searchScope' }).range(scope.from, scope.to)]) : Decoration.none)),
});

const inScope = (_match: string, state: EditorState, from: number, to: number): boolean => {
  const scope = state.field(scopeField, false);
  return !scope || (from >= scope.from && to <= scope.to);
};

function element<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Partial<HTMLElementTagNameMap[K]>, attributes: Record<string, string> = {}): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

class FindPanel implements Panel {
  readonly dom: HTMLElement;
  readonly top = true;
  private readonly find: HTMLInputElement;
  private readonly replacement: HTMLInputElement;
  private readonly count: HTMLElement;
  private readonly replaceRow: HTMLElement;
  private readonly toggles: Record<'case' | 'word' | 'regexp' | 'scope', HTMLButtonElement>;

  constructor(private readonly view: EditorView) {
    const query = getSearchQuery(view.state);
    const input = (label: string, value: string): HTMLInputElement => element('input', { value, placeholder: label, className: 'cm-textfield', spellcheck: false }, { 'aria-label': label });
    this.find = input('Find', query.search);
    this.find.setAttribute('main-field', 'true');
    this.replacement = input('Replace with', query.replace);
    this.replacement.dataset['replace'] = 'true';
    this.count = element('span', { className: 'cm-searchCount' }, { role: 'status' });
    const toggle = (text: string, title: string, pressed: boolean, press: () => void): HTMLButtonElement => {
      const button = element('button', { type: 'button', textContent: text, title, className: 'cm-button cm-searchToggle' }, { 'aria-label': title, 'aria-pressed': String(pressed) });
      button.addEventListener('click', () => {
        if (button.disabled) return;
        press();
        this.commit();
      });
      return button;
    };
    const flip = (name: keyof FindPanel['toggles']) => (): void => this.toggles[name].setAttribute('aria-pressed', String(!this.pressed(name)));
    this.toggles = {
      case: toggle('Aa', 'Match case', query.caseSensitive, flip('case')),
      word: toggle('W', 'Whole words', query.wholeWord, flip('word')),
      regexp: toggle('.*', 'Regular expression', query.regexp, flip('regexp')),
      scope: toggle('≡', 'Only in the selection', view.state.field(scopeField) !== null, () => this.toggleScope()),
    };
    const action = (text: string, title: string, run: (target: EditorView) => boolean): HTMLButtonElement => {
      const button = element('button', { type: 'button', textContent: text, title, className: 'cm-button' }, { 'aria-label': title });
      button.addEventListener('click', () => run(view));
      return button;
    };
    const close = action('×', 'Close (Esc)', closeSearchPanel);
    close.name = 'close';
    close.className = '';
    const row = element('div', { className: 'cm-searchRow' });
    row.append(this.find, ...Object.values(this.toggles), action('↑', 'Previous match (Shift+Enter)', findPrevious), action('↓', 'Next match (Enter)', findNext), action('All', 'A cursor at every match (Alt+Enter)', selectMatches), this.count);
    this.replaceRow = element('div', { className: 'cm-searchRow' });
    this.replaceRow.append(this.replacement, action('Replace', 'Replace and go to the next (Enter)', replaceNext), action('Replace all', 'Replace every match (Ctrl+Alt+Enter)', replaceAll));
    this.dom = element('div', { className: 'cm-search' }, { role: 'search', 'aria-label': 'Find and replace' });
    this.dom.append(row, this.replaceRow, close);
    if (view.state.readOnly) this.replaceRow.hidden = true;
    this.dom.addEventListener('keydown', (event) => this.onKey(event));
    for (const field of [this.find, this.replacement]) field.addEventListener('input', () => this.commit());
    this.showCount();
  }

  mount(): void {
    this.find.select();
  }

  update(update: ViewUpdate): void {
    const effect = update.transactions.flatMap((transaction) => transaction.effects).find((candidate) => candidate.is(setSearchQuery));
    if (effect?.is(setSearchQuery) && effect.value.search !== this.find.value && document.activeElement !== this.find) this.find.value = effect.value.search;
    if (update.docChanged || update.selectionSet || effect) this.showCount();
  }

  focusReplace(): void {
    this.replacement.focus();
    this.replacement.select();
  }

  private pressed(name: keyof FindPanel['toggles']): boolean {
    return this.toggles[name].getAttribute('aria-pressed') === 'true';
  }

  private toggleScope(): void {
    const { main } = this.view.state.selection;
    const scope = this.pressed('scope') || main.empty ? null : { from: main.from, to: main.to };
    this.toggles.scope.setAttribute('aria-pressed', String(scope !== null));
    this.view.dispatch({ effects: setScope.of(scope) });
  }

  private commit(): void {
    const query = new SearchQuery({
      search: this.find.value,
      replace: this.replacement.value,
      caseSensitive: this.pressed('case'),
      wholeWord: this.pressed('word'),
      regexp: this.pressed('regexp'),
      literal: !this.pressed('regexp'),
      test: inScope,
    });
    this.view.dispatch({ effects: setSearchQuery.of(query) });
  }

  private onKey(event: KeyboardEvent): void {
    if (runScopeHandlers(this.view, event, 'search-panel')) {
      event.preventDefault();
      return;
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey && event.altKey) replaceAll(this.view);
    else if (event.altKey) selectMatches(this.view);
    else if (event.target === this.replacement) replaceNext(this.view);
    else (event.shiftKey ? findPrevious : findNext)(this.view);
  }

  private showCount(): void {
    const query = getSearchQuery(this.view.state);
    this.find.toggleAttribute('aria-invalid', query.search !== '' && !query.valid);
    if (query.search === '' || !query.valid) {
      this.count.textContent = query.search === '' ? '' : 'no valid expression';
      return;
    }
    const { main } = this.view.state.selection;
    let total = 0;
    let current = 0;
    const cursor = query.getCursor(this.view.state);
    for (let next = cursor.next(); !next.done && total < MOST_COUNTED; next = cursor.next()) {
      total += 1;
      if (next.value.from === main.from && next.value.to === main.to) current = total;
    }
    const all = total === MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(total);
    this.count.textContent = total === 0 ? 'nothing found' : current > 0 ? `${current} of ${all}` : `${all} found`;
  }
}

const panels = new WeakMap<EditorView, FindPanel>();

/** Opens the panel with the cursor in its first field, or in the one for the replacement. */
export function openFind(view: EditorView, replace: boolean): boolean {
  closeCompletion(view);
  const wasOpen = searchPanelOpen(view.state);
  if (!wasOpen) view.dispatch({ effects: setScope.of(null) });
  openSearchPanel(view);
  if (replace && wasOpen) panels.get(view)?.focusReplace();
  return true;
}

/** Find and replace: Mod+F, Mod+H; regular expressions, case, whole words, in the selection. */
export const findAndReplace: Extension = [
  scopeField,
  search({
    top: true,
    createPanel(view) {
      const panel = new FindPanel(view);
      panels.set(view, panel);
      return panel;
    },
  }),
  keymap.of([
    { key: 'Mod-f', run: (view) => openFind(view, false), scope: 'editor search-panel', preventDefault: true, stopPropagation: true },
    { key: 'Mod-h', run: (view) => openFind(view, true), scope: 'editor search-panel', preventDefault: true, stopPropagation: true },
  ]),
];
