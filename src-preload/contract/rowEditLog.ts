import { z } from 'zod';

/** Functions of the server that a cell may be set to; each is written into the statement as it stands. */
export const editCalls = ['now()', 'current_date', 'localtimestamp', 'gen_random_uuid()'] as const;

/** What a cell is set to. Text is in the server's own form of the column's type; nothing is ever read as a number. */
export const editValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('null') }),
  z.object({ kind: z.literal('default') }),
  z.object({ kind: z.literal('call'), call: z.enum(editCalls) }),
]);
export type EditValue = z.infer<typeof editValue>;

/** A value as it was read; of a long one its UTF-8 bytes' SHA-256 (hex) and their number. */
const originalCell = z.union([z.string(), z.null(), z.object({ sha256: z.string(), bytes: z.number().int() })]);
export type OriginalCell = z.infer<typeof originalCell>;
/** A row as it was read, by column. */
export const original = z.record(z.string(), originalCell);
export type Original = z.infer<typeof original>;

/**
 * One edit. `row` identifies a row within its table: the JSON of its key's values as read, or `new:` and a number for one that was
 * inserted. `original` comes with the first edit of a row and stays.
 */
const rowEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('insert'), row: z.string(), values: z.record(z.string(), editValue) }),
  z.object({ kind: z.literal('set'), row: z.string(), column: z.string(), value: editValue, original: original.optional() }),
  z.object({ kind: z.literal('delete'), row: z.string(), original: original.optional() }),
  /** Takes back what was done to a cell, or to a whole row. */
  z.object({ kind: z.literal('discard'), row: z.string(), column: z.string().optional() }),
  /** The person has seen the row as it is now, and keeps their edits over it. */
  z.object({ kind: z.literal('rebase'), row: z.string(), original }),
]);
export type RowEdit = z.infer<typeof rowEdit>;

/** The pending edits of one table: steps that are undone and redone as one. */
export const editLog = z.object({ steps: z.array(z.array(rowEdit)), undone: z.array(z.array(rowEdit)) });
export type EditLog = z.infer<typeof editLog>;

/** What remains of the edits of one row. */
export const rowChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('insert'), row: z.string(), values: z.record(z.string(), editValue) }),
  z.object({ kind: z.literal('update'), row: z.string(), original, values: z.record(z.string(), editValue) }),
  z.object({ kind: z.literal('delete'), row: z.string(), original }),
]);
export type RowChange = z.infer<typeof rowChange>;

export const emptyLog: EditLog = { steps: [], undone: [] };

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
