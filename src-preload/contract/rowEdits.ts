import { z } from 'zod';
import { objectRef } from './catalog';
import { call, defineContract, stream } from './core';
import { appErrorData } from './error';
import { confirmation } from './queries';
import { MOST_CHANGED_ROWS } from './rowEditFold';
import { original, rowChange } from './rowEditLog';

/** `true`, or in words why not. */
const allowed = z.union([z.literal(true), z.string()]);
export type Allowed = z.infer<typeof allowed>;

export const editColumn = z.object({
  name: z.string(),
  /** As `format_type` writes it, with modifiers. */
  type: z.string(),
  /** The type behind a domain, without modifiers; the type itself where there is no domain. */
  baseType: z.string(),
  nullable: z.boolean(),
  /** The default's expression; also the sequence of an identity column. */
  default: z.string().nullable(),
  insert: allowed,
  update: allowed,
  /** How an old value is compared: by the type's `=`, by its text, or by its text's bytes where the collation takes different text for equal. */
  compare: z.enum(['value', 'text', 'bytes']),
  /** The labels of an enum, in its order. */
  labels: z.array(z.string()).nullable(),
});
export type EditColumn = z.infer<typeof editColumn>;

export const foreignKeyEnd = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  references: z.object({ schema: z.string(), table: z.string(), kind: objectRef.shape.kind, columns: z.array(z.string()) }),
});
export type ForeignKeyEnd = z.infer<typeof foreignKeyEnd>;

/** What may be edited in a table by this role, and what identifies its rows. */
export const editTarget = z.object({
  object: objectRef,
  insert: allowed,
  update: allowed,
  delete: allowed,
  /** Columns of the primary key, else of a unique index over columns that are never NULL; empty when no key identifies a row. */
  key: z.array(z.string()),
  columns: z.array(editColumn),
  foreignKeys: z.array(foreignKeyEnd),
  /** Foreign keys of other tables, or of this one, that lead here. `references.columns` are this table's. */
  referencedBy: z.array(foreignKeyEnd.extend({ schema: z.string(), table: z.string(), kind: objectRef.shape.kind })),
  /** Unique keys that are not the key: for the order of the statements. */
  uniques: z.array(z.array(z.string())),
  /** What a person should know beforehand, such as row security. */
  notes: z.array(z.string()),
});
export type EditTarget = z.infer<typeof editTarget>;

const onTable = z.object({ connectionId: z.string(), object: objectRef });

const changes = z.array(rowChange).max(MOST_CHANGED_ROWS);

/** One statement of a plan. `row` is the changed row's id; null for the transaction's own statements. */
export const plannedStatement = z.object({ text: z.string(), row: z.string().nullable(), kind: z.enum(['insert', 'update', 'delete', 'transaction']) });
export type PlannedStatement = z.infer<typeof plannedStatement>;

/** A value that the column cannot take, found before anything is sent. `column` is null when the whole row is meant. */
export const editProblem = z.object({ row: z.string(), column: z.string().nullable(), message: z.string() });
export type EditProblem = z.infer<typeof editProblem>;

export const editPlan = z.object({
  /** In the order in which they run, each sent exactly as it stands. */
  statements: z.array(plannedStatement),
  /** All of it as one text. */
  script: z.string(),
  /** SHA-256 (hex) of `script`: what `apply` must be given. */
  hash: z.string(),
  problems: z.array(editProblem),
  /** What the policy wants a person's yes to; empty when nothing. */
  confirmations: z.array(confirmation),
});
export type EditPlan = z.infer<typeof editPlan>;

/** A row that is not as it was when it was edited. */
export const editConflict = z.object({ row: z.string(), /** The row as it is now; null when it is gone. */ theirs: original.nullable() });
export type EditConflict = z.infer<typeof editConflict>;

const cells = z.record(z.string(), z.string().nullable());

export const applyOutcome = z.discriminatedUnion('kind', [
  /** Committed. `rows` are the rows as the server has them now; a deleted row's `cells` is null. */
  z.object({ kind: z.literal('applied'), rows: z.array(z.object({ row: z.string(), cells: cells.nullable() })) }),
  /** Rolled back: nothing was changed. */
  z.object({ kind: z.literal('conflict'), conflicts: z.array(editConflict) }),
  /** Rolled back. `row` and `column` are where the server's words lead, where they do. */
  z.object({ kind: z.literal('failed'), error: appErrorData, row: z.string().nullable(), column: z.string().nullable(), /** Who holds the row, when it was locked. */ holders: z.array(z.string()) }),
  /** The plan is not the one that was confirmed: the table's definition changed. Nothing was sent. */
  z.object({ kind: z.literal('replanned'), plan: editPlan }),
  /** The connection was lost at COMMIT, and the server could not be asked since. */
  z.object({ kind: z.literal('unknown'), error: appErrorData, transaction: z.string() }),
]);
export type ApplyOutcome = z.infer<typeof applyOutcome>;

export const transactionEnd = z.enum(['committed', 'aborted', 'in progress', 'unknown']);

export const lookupRow = z.object({ key: z.array(z.string()), label: z.string().nullable() });
export type LookupRow = z.infer<typeof lookupRow>;

export const rowEditsContract = defineContract('rowEdits', {
  target: call(onTable, editTarget),
  /** The table that a result's column comes from, with the columns of its key. Rejects with `not_found` when it is gone. */
  origin: call(z.object({ connectionId: z.string(), relation: z.number().int() }), z.object({ object: objectRef, key: z.array(z.object({ name: z.string(), attribute: z.number().int() })), update: allowed })),
  /** The rows of a stored result, counted from 0, whole: what an edit is checked against later. Long values come as a digest. */
  capture: call(onTable.extend({ resultId: z.string(), viewId: z.string().nullable(), rows: z.array(z.number().int().nonnegative()).max(MOST_CHANGED_ROWS) }), z.array(z.object({ id: z.string(), original }))),
  /** The statements that would run; sends none of them. */
  plan: call(onTable.extend({ changes }), editPlan),
  /**
   * Runs a plan in one transaction on a session of its own: all or nothing. `hash` is the plan's that the person saw; `confirmed` is
   * their yes where the plan has confirmations. The part tells the transaction's number before COMMIT is sent.
   */
  apply: stream(onTable.extend({ changes, hash: z.string(), confirmed: z.boolean() }), z.object({ transaction: z.string() }), applyOutcome),
  /** How a transaction ended whose COMMIT got no answer. */
  transactionEnd: call(z.object({ connectionId: z.string(), transaction: z.string() }), z.object({ end: transactionEnd })),
  /** Rows of the table that a foreign key leads to, by key or by a column that describes them; at most 50. */
  lookup: call(onTable.extend({ foreignKey: z.string(), search: z.string() }), z.object({ columns: z.array(z.string()), labelColumn: z.string().nullable(), rows: z.array(lookupRow), more: z.boolean() })),
  /** How many rows of other tables refer to a row, counted up to 10,000 for each foreign key. `cells` has the referenced columns. */
  references: call(onTable.extend({ cells }), z.array(z.object({ foreignKey: z.string(), schema: z.string(), table: z.string(), rows: z.number().int().nullable(), error: appErrorData.nullable() }))),
});
