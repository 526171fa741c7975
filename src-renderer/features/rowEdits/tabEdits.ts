import type { ObjectRef } from '../../../src-preload/contract/catalog';
import { emptyLog, foldEdits } from '../../../src-preload/contract/rowEditFold';
import type { EditLog, EditValue, OriginalCell } from '../../../src-preload/contract/rowEditLog';
import type { EditColumn } from '../../../src-preload/contract/rowEdits';
import type { ObjectTabState, TableEdits } from '../../shell/documentActions';

const keyOf = ({ schema, name, kind }: ObjectRef): string => JSON.stringify([schema, name, kind]);
const none: TableEdits = { log: emptyLog };

/** The pending edits of a table in a tab. What is damaged counts as none. */
export function editsOf(state: ObjectTabState | null, object: ObjectRef): TableEdits {
  const edits = state?.edits?.[keyOf(object)];
  return Array.isArray(edits?.log?.steps) && Array.isArray(edits.log.undone) ? edits : none;
}

export function withEdits(state: ObjectTabState, object: ObjectRef, edits: TableEdits): ObjectTabState {
  const others = Object.fromEntries(Object.entries(state.edits ?? {}).filter(([key]) => key !== keyOf(object)));
  const empty = edits.log.steps.length === 0 && edits.log.undone.length === 0 && edits.applying === undefined;
  return { ...state, edits: empty ? others : { ...others, [keyOf(object)]: edits } };
}

/** Rows of all tables of a tab that have pending changes. */
export function pendingRows(state: ObjectTabState | null): number {
  return Object.values(state?.edits ?? {}).reduce((sum, edits) => sum + (Array.isArray(edits.log?.steps) ? foldEdits(edits.log).length : 0), 0);
}

/** What a cell shows for a value that is not on the server yet. */
export function shownValue(value: EditValue): string | null {
  if (value.kind === 'text') return value.text;
  return value.kind === 'null' ? null : value.kind === 'default' ? 'DEFAULT' : value.call;
}

/** What an untouched cell of a row to insert will hold. */
export function untouchedValue(column: EditColumn): string | null {
  if (column.insert !== true) return column.default === null ? 'computed' : 'DEFAULT';
  return column.default === null ? null : 'DEFAULT';
}

/** An old value in one line. */
export function originalText(cell: OriginalCell | undefined): string {
  if (cell === undefined) return '';
  if (cell === null) return 'NULL';
  return typeof cell === 'string' ? (cell === '' ? '(empty)' : cell) : `(${cell.bytes} bytes)`;
}

export function valueText(value: EditValue): string {
  const shown = shownValue(value);
  return shown === null ? 'NULL' : shown === '' ? '(empty)' : shown;
}

/** `2 inserted, 1 changed` */
export function changeWords(log: EditLog): string {
  const changes = foldEdits(log);
  const count = (kind: string, word: string): string[] => {
    const number = changes.filter((change) => change.kind === kind).length;
    return number === 0 ? [] : [`${number} ${word}`];
  };
  return [...count('delete', 'deleted'), ...count('update', 'changed'), ...count('insert', 'inserted')].join(', ');
}
