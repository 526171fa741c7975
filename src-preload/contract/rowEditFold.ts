import type { EditLog, EditValue, Original, OriginalCell, RowChange, RowEdit } from './rowEditLog';

/** Pure functions over the log of edits, for both sides; without schemas, so that the page need not load them. */

/** Functions of the server that a cell may be set to; each is written into the statement as it stands. */
export const editCalls = ['now()', 'current_date', 'localtimestamp', 'gen_random_uuid()'] as const;

export const emptyLog: EditLog = { steps: [], undone: [] };

/** More rows would not be reviewed by a person; a script or an import is better. */
export const MOST_CHANGED_ROWS = 1000;

/** The id of a row that was read, from its key's values. */
export function rowId(key: readonly string[]): string {
  return JSON.stringify(key);
}

/** Whether the id is of a row that is inserted. */
export function isNewRow(row: string): boolean {
  return row.startsWith('new:');
}

/** An id for a row to insert that the log has not used. */
export function newRowId(log: EditLog): string {
  const used = [...log.steps, ...log.undone].flat().filter((edit) => edit.kind === 'insert');
  const numbers = used.map((edit) => Number(edit.row.slice('new:'.length)));
  return `new:${Math.max(0, ...numbers) + 1}`;
}

/** Adds a step; what was undone is gone. */
export function withStep(log: EditLog, step: readonly RowEdit[]): EditLog {
  return step.length === 0 ? log : { steps: [...log.steps, [...step]], undone: [] };
}

export function undo({ steps, undone }: EditLog): EditLog {
  const last = steps.at(-1);
  return last === undefined ? { steps, undone } : { steps: steps.slice(0, -1), undone: [...undone, last] };
}

export function redo({ steps, undone }: EditLog): EditLog {
  const next = undone.at(-1);
  return next === undefined ? { steps, undone } : { steps: [...steps, next], undone: undone.slice(0, -1) };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** A value as it was read is no change. */
function isAsRead(value: EditValue, cell: OriginalCell | undefined): boolean {
  if (value.kind === 'null') return cell === null;
  return value.kind === 'text' && value.text === cell;
}

function set(change: RowChange | undefined, edit: RowEdit & { kind: 'set' }): RowChange | null {
  const { row, column, value } = edit;
  if (change?.kind === 'delete') return change;
  if (change?.kind === 'insert') return { ...change, values: { ...change.values, [column]: value } };
  const read = change?.original ?? edit.original;
  if (read === undefined) return null;
  const before = change?.values ?? {};
  const values = isAsRead(value, read[column]) ? without(before, column) : { ...before, [column]: value };
  return { kind: 'update', row, original: read, values };
}

function remove(change: RowChange | undefined, edit: RowEdit & { kind: 'delete' }): RowChange | null {
  if (change?.kind === 'insert') return null;
  const read = change?.original ?? edit.original;
  return read === undefined ? null : { kind: 'delete', row: edit.row, original: read };
}

function discard(change: RowChange | undefined, column: string | undefined): RowChange | null {
  if (change === undefined || column === undefined || change.kind === 'delete') return null;
  return { ...change, values: without(change.values, column) };
}

function rebase(change: RowChange | undefined, original: Original): RowChange | null {
  return change === undefined || change.kind === 'insert' ? (change ?? null) : { ...change, original };
}

function applied(change: RowChange | undefined, edit: RowEdit): RowChange | null {
  switch (edit.kind) {
    case 'insert':
      return { kind: 'insert', row: edit.row, values: edit.values };
    case 'set':
      return set(change, edit);
    case 'delete':
      return remove(change, edit);
    case 'discard':
      return discard(change, edit.column);
    case 'rebase':
      return rebase(change, edit.original);
  }
}

/** What is left of a log, one change a row, in the order in which the rows were first touched. */
export function foldEdits(log: Pick<EditLog, 'steps'>): RowChange[] {
  const rows = new Map<string, RowChange>();
  for (const edit of log.steps.flat()) {
    const change = applied(rows.get(edit.row), edit);
    if (change === null) rows.delete(edit.row);
    else rows.set(edit.row, change);
  }
  // An update that sets nothing any more is none.
  return [...rows.values()].filter((change) => change.kind !== 'update' || Object.keys(change.values).length > 0);
}
