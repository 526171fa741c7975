import { useCommand } from '../../shell/commands';
import type { EditValue } from '../../../src-preload/contract/rowEditLog';
import type { RowEdits } from './useRowEdits';

interface EditCommands {
  readonly rowEdits: RowEdits;
  readonly active: boolean;
  readonly set: (value: EditValue) => void;
  readonly showChanges: () => void;
  readonly apply: () => void;
  readonly lookUp: () => void;
  readonly follow: () => void;
  readonly references: () => void;
}

/** Keys that mean something else in a text field do nothing to rows there; in the palette they are listed. */
function notTyping(): boolean {
  const focused = document.activeElement;
  if (focused === null || focused.closest('[role="dialog"]') !== null) return true;
  return !(focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement || focused.closest('[contenteditable="true"]') !== null);
}

/** The commands of editing rows, for the palette and the keys. */
export function useEditCommands({ rowEdits, active, set, showChanges, apply, lookUp, follow, references }: EditCommands): void {
  const { target, edits } = rowEdits;
  const insertable = (): boolean => notTyping() && target?.insert === true;
  const updatable = (): boolean => notTyping() && (target?.update === true || rowEdits.ids.inserted.length > 0);
  useCommand({ id: 'rowEdits.insert', title: 'Insert a row', group: 'Results', keys: ['Alt+Insert'], enabled: insertable, run: rowEdits.insertRow }, active);
  useCommand({ id: 'rowEdits.duplicate', title: 'Duplicate the selected rows', group: 'Results', keys: ['Mod+D'], enabled: insertable, run: rowEdits.duplicateSelected }, active);
  useCommand({ id: 'rowEdits.delete', title: 'Delete the selected rows', group: 'Results', keys: ['Delete'], enabled: () => notTyping() && (target?.delete === true || rowEdits.ids.inserted.length > 0), run: rowEdits.deleteSelected }, active);
  useCommand({ id: 'rowEdits.null', title: 'Set the selected cells to NULL', group: 'Results', keys: ['Mod+Backspace'], enabled: updatable, run: () => set({ kind: 'null' }) }, active);
  useCommand({ id: 'rowEdits.default', title: 'Set the selected cells to their DEFAULT', group: 'Results', keys: ['Mod+Shift+Backspace'], enabled: updatable, run: () => set({ kind: 'default' }) }, active);
  useCommand({ id: 'rowEdits.now', title: 'Set the selected cells to now()', group: 'Results', keys: ['Mod+;'], enabled: updatable, run: () => set({ kind: 'call', call: 'now()' }) }, active);
  useCommand({ id: 'rowEdits.undo', title: 'Undo the last edit of a row', group: 'Results', keys: ['Mod+Z'], enabled: () => notTyping() && edits.log.steps.length > 0, run: edits.undo }, active);
  useCommand({ id: 'rowEdits.redo', title: 'Redo the edit of a row', group: 'Results', keys: ['Mod+Shift+Z', 'Mod+Y'], enabled: () => notTyping() && edits.log.undone.length > 0, run: edits.redo }, active);
  useCommand({ id: 'rowEdits.changes', title: 'Show the pending changes and their SQL', group: 'Results', keys: ['Alt+C'], run: showChanges }, active);
  useCommand({ id: 'rowEdits.apply', title: 'Apply the pending changes', group: 'Results', keys: ['Mod+S'], enabled: () => edits.changes.length > 0, run: apply }, active);
  useCommand({ id: 'rowEdits.lookUp', title: 'Look up a row of the referenced table', group: 'Results', keys: ['F4'], enabled: notTyping, run: lookUp }, active);
  useCommand({ id: 'rowEdits.follow', title: 'Go to the row that the foreign key refers to', group: 'Results', keys: ['Mod+Enter'], enabled: notTyping, run: follow }, active);
  useCommand({ id: 'rowEdits.references', title: 'Show the rows that refer to this one', group: 'Results', keys: ['Alt+R'], enabled: notTyping, run: references }, active);
}
