import { z } from 'zod';

/**
 * What a table or a view is made of, and the edits that change it. The shape is the same for every engine; what a statement looks
 * like and in which order it runs is the driver's. `was` is a part's name on the server, null for a part that is new, so that a
 * renamed part is told from one that was dropped and another that was added.
 */

const name = z.string();
const was = z.string().nullable();

export const tableColumn = z.object({
  was,
  name,
  /** As the engine writes it, with modifiers. */
  type: z.string(),
  /** Expression that turns the old value into the new type; only for a change of type. */
  using: z.string().nullable(),
  nullable: z.boolean(),
  default: z.string().nullable(),
  /** Expression of a stored generated column. */
  generated: z.string().nullable(),
  identity: z.enum(['always', 'by default']).nullable(),
  comment: z.string().nullable(),
});
export type TableColumn = z.infer<typeof tableColumn>;

export const referentialAction = z.enum(['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT']);
export type ReferentialAction = z.infer<typeof referentialAction>;

export const tableConstraint = z.object({
  was,
  name,
  /** `other` is what this model cannot describe, such as an exclusion constraint: it can be renamed and dropped. */
  kind: z.enum(['primary', 'unique', 'foreign', 'check', 'other']),
  columns: z.array(name),
  /** Condition of a check, without the outer parentheses. */
  expression: z.string().nullable(),
  references: z.object({ schema: name, table: name, columns: z.array(name) }).nullable(),
  onDelete: referentialAction,
  onUpdate: referentialAction,
  deferrable: z.boolean(),
  initiallyDeferred: z.boolean(),
  /** Whether the rows that were there before it are known to fulfil it. */
  validated: z.boolean(),
  /** The server's own text; null for one that is new. */
  definition: z.string().nullable(),
});
export type TableConstraint = z.infer<typeof tableConstraint>;

export const indexKey = z.object({
  /** A column's name, or null for an expression. */
  column: z.string().nullable(),
  expression: z.string().nullable(),
  descending: z.boolean(),
  nullsFirst: z.boolean(),
  /** Collation and operator class as they are written behind the key; mostly empty. */
  suffix: z.string(),
});
export type IndexKey = z.infer<typeof indexKey>;

export const tableIndex = z.object({
  was,
  name,
  unique: z.boolean(),
  method: z.string(),
  keys: z.array(indexKey),
  include: z.array(name),
  /** Condition of a partial index. */
  where: z.string().nullable(),
  /** Built while others go on writing. How it is made, not what it is. */
  concurrently: z.boolean(),
  /** Other columns that its expressions and condition use. */
  uses: z.array(name),
  definition: z.string().nullable(),
});
export type TableIndex = z.infer<typeof tableIndex>;

export const tableModel = z.object({
  kind: z.literal('table'),
  /** Schema and name on the server; null for a table that is new. */
  was: z.object({ schema: name, name }).nullable(),
  schema: name,
  name,
  comment: z.string().nullable(),
  columns: z.array(tableColumn),
  constraints: z.array(tableConstraint),
  /** Without those that a constraint owns. */
  indexes: z.array(tableIndex),
});
export type TableModel = z.infer<typeof tableModel>;

export const viewModel = z.object({
  kind: z.literal('view'),
  was: z.object({ schema: name, name }).nullable(),
  schema: name,
  name,
  materialized: z.boolean(),
  comment: z.string().nullable(),
  /** The SELECT, without a semicolon at its end. */
  query: z.string(),
});
export type ViewModel = z.infer<typeof viewModel>;

export const structureModel = z.discriminatedUnion('kind', [tableModel, viewModel]);
export type StructureModel = z.infer<typeof structureModel>;

export const columnChange = tableColumn.omit({ was: true, name: true }).partial();
export type ColumnChange = z.infer<typeof columnChange>;

/** One step of a design. Names are those of the model at that point of the log. */
export const structureEdit = z.discriminatedUnion('edit', [
  z.object({ edit: z.literal('addColumn'), column: tableColumn }),
  z.object({ edit: z.literal('alterColumn'), name, change: columnChange }),
  z.object({ edit: z.literal('renameColumn'), name, to: name }),
  z.object({ edit: z.literal('dropColumn'), name }),
  z.object({ edit: z.literal('addConstraint'), constraint: tableConstraint }),
  z.object({ edit: z.literal('renameConstraint'), name, to: name }),
  z.object({ edit: z.literal('dropConstraint'), name }),
  z.object({ edit: z.literal('addIndex'), index: tableIndex }),
  z.object({ edit: z.literal('renameIndex'), name, to: name }),
  z.object({ edit: z.literal('dropIndex'), name }),
  z.object({ edit: z.literal('rename'), to: name }),
  z.object({ edit: z.literal('move'), schema: name }),
  z.object({ edit: z.literal('comment'), comment: z.string().nullable() }),
  z.object({ edit: z.literal('setQuery'), query: z.string() }),
]);
export type StructureEdit = z.infer<typeof structureEdit>;

export const newColumn = (columnName: string, type: string): TableColumn => ({ was: null, name: columnName, type, using: null, nullable: true, default: null, generated: null, identity: null, comment: null });

export const newConstraint = (kind: TableConstraint['kind'], constraintName: string, columns: string[]): TableConstraint => ({
  was: null,
  name: constraintName,
  kind,
  columns,
  expression: null,
  references: null,
  onDelete: 'NO ACTION',
  onUpdate: 'NO ACTION',
  deferrable: false,
  initiallyDeferred: false,
  validated: true,
  definition: null,
});

export const newIndex = (indexName: string, columns: string[]): TableIndex => ({
  was: null,
  name: indexName,
  unique: false,
  method: 'btree',
  keys: columns.map((column) => ({ column, expression: null, descending: false, nullsFirst: false, suffix: '' })),
  include: [],
  where: null,
  concurrently: false,
  uses: [],
  definition: null,
});

export const newTable = (schema: string, tableName: string): TableModel => ({ kind: 'table', was: null, schema, name: tableName, comment: null, columns: [], constraints: [], indexes: [] });
export const newView = (schema: string, viewName: string, materialized: boolean): ViewModel => ({ kind: 'view', was: null, schema, name: viewName, materialized, comment: null, query: '' });
