import type { EditProblem } from './structure';
import type { ColumnChange, StructureEdit, StructureModel, TableColumn, TableModel, ViewModel } from './structureModel';
import { mentions, renameIn } from './structureNames';

/** How the engine writes a name inside an expression. */
export type Quote = (name: string) => string;

class BadEdit extends Error {}

/**
 * What a log of edits makes of a table or a view. An edit that cannot be made (its column is gone, a name is taken) is left out and
 * told in `problems`; the others still count. Pure: the same input gives the same model, which is what undo and versions rest on.
 */
export function foldStructure(from: StructureModel, edits: readonly StructureEdit[], quote: Quote): { model: StructureModel; problems: EditProblem[] } {
  const problems: EditProblem[] = [];
  let model = from;
  edits.forEach((edit, index) => {
    try {
      model = model.kind === 'table' ? editTable(model, edit, quote) : editView(model, edit);
    } catch (error) {
      if (!(error instanceof BadEdit)) throw error;
      problems.push({ index, message: error.message });
    }
  });
  return { model, problems };
}

function editView(view: ViewModel, edit: StructureEdit): ViewModel {
  switch (edit.edit) {
    case 'setQuery':
      return { ...view, query: edit.query.trim().replace(/;+\s*$/, '') };
    case 'rename':
      return { ...view, name: named(edit.to) };
    case 'move':
      return { ...view, schema: named(edit.schema) };
    case 'comment':
      return { ...view, comment: edit.comment === '' ? null : edit.comment };
    default:
      throw new BadEdit('A view has no columns, keys or indexes of its own to edit.');
  }
}

function editTable(table: TableModel, edit: StructureEdit, quote: Quote): TableModel {
  if (isColumnEdit(edit)) return editColumn(table, edit, quote);
  switch (edit.edit) {
    case 'addConstraint':
    case 'renameConstraint':
    case 'dropConstraint':
      return editConstraint(table, edit);
    case 'addIndex':
    case 'renameIndex':
    case 'dropIndex':
      return editIndex(table, edit);
    case 'rename':
      return relocated(table, table.schema, named(edit.to));
    case 'move':
      return relocated(table, named(edit.schema), table.name);
    case 'comment':
      return { ...table, comment: edit.comment === '' ? null : edit.comment };
    case 'setQuery':
      throw new BadEdit('A table has no query.');
  }
}

type ColumnEdit = Extract<StructureEdit, { edit: `${string}Column` }>;

const isColumnEdit = (edit: StructureEdit): edit is ColumnEdit => edit.edit.endsWith('Column');

function editColumn(table: TableModel, edit: ColumnEdit, quote: Quote): TableModel {
  switch (edit.edit) {
    case 'addColumn':
      return addColumn(table, edit.column);
    case 'alterColumn':
      return alterColumn(table, edit.name, edit.change);
    case 'renameColumn':
      return renameColumn(table, edit.name, edit.to, quote);
    case 'dropColumn':
      return dropColumn(table, edit.name);
  }
}

/** Foreign keys to the table itself follow it. */
function relocated(table: TableModel, schema: string, name: string): TableModel {
  const constraints = table.constraints.map((one) =>
    one.references?.schema === table.schema && one.references.table === table.name ? { ...one, references: { ...one.references, schema, table: name } } : one,
  );
  return { ...table, schema, name, constraints };
}

function named(name: string): string {
  if (name === '') throw new BadEdit('A name may not be empty.');
  return name;
}

function free(name: string, taken: readonly { readonly name: string }[], what: string): string {
  if (taken.some((other) => other.name === name)) throw new BadEdit(`There is a ${what} ${name} already.`);
  return named(name);
}

function found<T extends { readonly name: string }>(list: readonly T[], name: string, what: string): T {
  const item = list.find((other) => other.name === name);
  if (!item) throw new BadEdit(`There is no ${what} ${name} any more.`);
  return item;
}

const replaced = <T>(list: readonly T[], old: T, now: T): T[] => list.map((item) => (item === old ? now : item));
const without = <T>(list: readonly T[], gone: T): T[] => list.filter((item) => item !== gone);
const inPrimary = (table: TableModel, column: string): boolean => table.constraints.some((one) => one.kind === 'primary' && one.columns.includes(column));

function addColumn(table: TableModel, column: TableColumn): TableModel {
  free(column.name, table.columns, 'column');
  if (column.type.trim() === '') throw new BadEdit(`The column ${column.name} needs a type.`);
  return { ...table, columns: [...table.columns, checked(table, { ...column, was: null, using: null, type: column.type.trim() })] };
}

/** Rules between a column's own properties. */
function checked(table: TableModel, column: TableColumn): TableColumn {
  const kinds = [column.default, column.generated, column.identity].filter((kind) => kind !== null);
  if (kinds.length > 1) throw new BadEdit(`The column ${column.name} can have a default, or be generated, or be an identity: only one of them.`);
  if (column.nullable && column.identity !== null) return { ...column, nullable: false };
  if (column.nullable && inPrimary(table, column.name)) throw new BadEdit(`The column ${column.name} is part of the primary key, which allows no NULL.`);
  return column;
}

function alterColumn(table: TableModel, name: string, change: ColumnChange): TableModel {
  const column = found(table.columns, name, 'column');
  const next = checked(table, { ...column, ...withoutAbsent(change) });
  if (next.type.trim() === '') throw new BadEdit(`The column ${name} needs a type.`);
  if (column.was !== null && next.generated !== null && next.generated !== column.generated) {
    throw new BadEdit(`The expression of ${name} cannot be changed in place on every version of the server: drop the column and add it anew.`);
  }
  const generated = table.columns.find((other) => other !== column && mentions(other.generated, name));
  if (next.type !== column.type && generated) throw new BadEdit(`The type of ${name} cannot be changed: the generated column ${generated.name} is computed from it.`);
  return { ...table, columns: replaced(table.columns, column, next) };
}

/** What a change leaves out stays as it is; `undefined` counts as left out. */
function withoutAbsent(change: ColumnChange): Partial<TableColumn> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function renameColumn(table: TableModel, name: string, to: string, quote: Quote): TableModel {
  const column = found(table.columns, name, 'column');
  free(to, without(table.columns, column), 'column');
  const inList = (columns: readonly string[]): string[] => columns.map((other) => (other === name ? to : other));
  const inText = (expression: string | null): string | null => renameIn(expression, name, quote(to));
  const self = (schema: string, other: string): boolean => schema === table.schema && other === table.name;
  return {
    ...table,
    columns: table.columns.map((other) => (other === column ? { ...column, name: to } : { ...other, generated: inText(other.generated) })),
    constraints: table.constraints.map((one) => ({
      ...one,
      columns: inList(one.columns),
      expression: inText(one.expression),
      references: one.references && self(one.references.schema, one.references.table) ? { ...one.references, columns: inList(one.references.columns) } : one.references,
    })),
    indexes: table.indexes.map((index) => ({
      ...index,
      keys: index.keys.map((key) => ({ ...key, column: key.column === name ? to : key.column, expression: inText(key.expression) })),
      include: inList(index.include),
      where: inText(index.where),
      uses: inList(index.uses),
    })),
  };
}

/** Constraints and indexes that hang on a dropped column go with it, as the server has it. */
function dropColumn(table: TableModel, name: string): TableModel {
  const column = found(table.columns, name, 'column');
  const generated = table.columns.find((other) => other !== column && mentions(other.generated, name));
  if (generated) throw new BadEdit(`The column ${name} cannot go: the generated column ${generated.name} is computed from it. Drop that one first.`);
  const self = (references: { schema: string; table: string } | null): boolean => references?.schema === table.schema && references.table === table.name;
  return {
    ...table,
    columns: without(table.columns, column),
    constraints: table.constraints.filter(
      (one) => !(one.columns.includes(name) || mentions(one.expression, name) || (self(one.references) && one.references?.columns.includes(name))),
    ),
    indexes: table.indexes.filter((index) => !indexUses(index, name)),
  };
}

/** Whether an index would go with the column. */
function indexUses(index: TableModel['indexes'][number], column: string): boolean {
  return (
    index.include.includes(column) ||
    index.uses.includes(column) ||
    mentions(index.where, column) ||
    index.keys.some((key) => key.column === column || mentions(key.expression, column))
  );
}

type ConstraintEdit = Extract<StructureEdit, { edit: 'addConstraint' | 'renameConstraint' | 'dropConstraint' }>;
type IndexEdit = Extract<StructureEdit, { edit: 'addIndex' | 'renameIndex' | 'dropIndex' }>;

const isKey = ({ kind }: TableModel['constraints'][number]): boolean => kind === 'primary' || kind === 'unique';

/** Keys have an index of the same name, so that both share one space of names. */
const indexNames = (table: TableModel): { readonly name: string }[] => [...table.indexes, ...table.constraints.filter(isKey)];

function editConstraint(table: TableModel, edit: ConstraintEdit): TableModel {
  if (edit.edit === 'addConstraint') return addConstraint(table, edit.constraint);
  const constraint = found(table.constraints, edit.name, 'constraint');
  if (edit.edit === 'dropConstraint') {
    const reliant = table.constraints.find((one) => one.kind === 'foreign' && reliesOn(table, one, constraint));
    if (reliant) throw new BadEdit(`${constraint.name} cannot go: the foreign key ${reliant.name} of the same table relies on it. Drop that one first.`);
    return { ...table, constraints: without(table.constraints, constraint) };
  }
  const others = without(table.constraints, constraint);
  free(edit.to, others, 'constraint');
  return { ...table, constraints: replaced(table.constraints, constraint, { ...constraint, name: edit.to }) };
}

function reliesOn(table: TableModel, foreign: TableModel['constraints'][number], key: TableModel['constraints'][number]): boolean {
  const target = foreign.references;
  if (!target || target.schema !== table.schema || target.table !== table.name || !isKey(key)) return false;
  const wanted = [...target.columns].sort().join('\0');
  const keys = table.constraints.filter((one) => isKey(one) && [...one.columns].sort().join('\0') === wanted);
  return keys.length === 1 && keys[0] === key;
}

function addConstraint(table: TableModel, asked: TableModel['constraints'][number]): TableModel {
  // A new table has no rows that could break it.
  const constraint = table.was === null ? { ...asked, validated: true } : asked;
  free(constraint.name, table.constraints, 'constraint');
  if (isKey(constraint)) free(constraint.name, table.indexes, 'index');
  for (const column of constraint.columns) found(table.columns, column, 'column');
  if (constraint.kind === 'check' && (constraint.expression ?? '').trim() === '') throw new BadEdit('A check needs a condition.');
  if (constraint.kind !== 'check' && constraint.columns.length === 0) throw new BadEdit('A key needs at least one column.');
  if (constraint.kind === 'foreign' && (!constraint.references || constraint.references.columns.length !== constraint.columns.length)) {
    throw new BadEdit('A foreign key refers to as many columns as it has.');
  }
  const same = table.constraints.find((one) => isKey(one) && isKey(constraint) && one.columns.join('\0') === constraint.columns.join('\0'));
  if (same) throw new BadEdit(`${same.name} is a key of the same columns already: a second one would only cost space and time.`);
  if (constraint.kind !== 'primary') return { ...table, constraints: [...table.constraints, { ...constraint, was: null }] };
  const other = table.constraints.find(({ kind }) => kind === 'primary');
  if (other) throw new BadEdit(`There is a primary key already: ${other.name}. Drop it first.`);
  return {
    ...table,
    columns: table.columns.map((column) => (constraint.columns.includes(column.name) ? { ...column, nullable: false } : column)),
    constraints: [...table.constraints, { ...constraint, was: null }],
  };
}

function editIndex(table: TableModel, edit: IndexEdit): TableModel {
  if (edit.edit === 'addIndex') {
    free(edit.index.name, indexNames(table), 'index');
    if (edit.index.keys.length === 0) throw new BadEdit('An index needs at least one column or expression.');
    for (const column of [...edit.index.keys.flatMap((key) => key.column ?? []), ...edit.index.include]) found(table.columns, column, 'column');
    return { ...table, indexes: [...table.indexes, { ...edit.index, was: null }] };
  }
  const index = found(table.indexes, edit.name, 'index');
  if (edit.edit === 'dropIndex') return { ...table, indexes: without(table.indexes, index) };
  free(edit.to, without(indexNames(table) as TableModel['indexes'], index), 'index');
  return { ...table, indexes: replaced(table.indexes, index, { ...index, name: edit.to }) };
}
