import { z } from 'zod';
import { editCalls } from './rowEditFold';


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
