import { createHash } from 'node:crypto';
import type { EditValue, Original, RowChange } from '../../src-preload/contract/rowEditLog';
import { isNewRow } from '../../src-preload/contract/rowEditFold';
import { mayBeLeftOut, valueProblem } from '../../src-preload/contract/rowEditValues';
import type { EditColumn, EditPlan, EditProblem, EditTarget, PlannedStatement } from '../../src-preload/contract/rowEdits';
import { quoteIdentifier } from '../drivers/sqlText';
import { keyIs, sameAs, valueSql } from './literals';
import { orderChanges } from './order';

/** Where in a statement's text a column's new value stands: UTF-16 offsets, half-open. */
export interface ValuePlace {
  readonly column: string;
  readonly from: number;
  readonly to: number;
}

export interface RowStatement extends PlannedStatement {
  readonly places: readonly ValuePlace[];
}

export interface RowPlan extends Omit<EditPlan, 'confirmations'> {
  readonly statements: RowStatement[];
}

/** A row that somebody else holds must not hold the person for ever. */
export const LOCK_TIMEOUT_S = 5;

/** By which the server can be asked later how the transaction ended: its number, and since when the server runs. */
const TRANSACTION_NUMBER = 'SELECT pg_catalog.txid_current(), extract(epoch FROM pg_catalog.pg_postmaster_start_time())';

/**
 * The transaction that makes the changes, each of them one statement that changes exactly one row or none: an UPDATE or DELETE finds its
 * row by the key and only while every column still is as it was read. `problems` are what the table's definition says against it.
 */
export function planEdits(target: EditTarget, changes: readonly RowChange[]): RowPlan {
  const { ordered, circular } = orderChanges(target, changes);
  const own = (text: string): RowStatement => ({ text, row: null, kind: 'transaction', places: [] });
  const statements = [
    own('BEGIN ISOLATION LEVEL READ COMMITTED'),
    own(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT_S}s'`),
    ...(circular ? [own('SET CONSTRAINTS ALL DEFERRED')] : []),
    ...ordered.map((change) => rowStatement(target, change)),
    own(TRANSACTION_NUMBER),
    own('COMMIT'),
  ];
  const script = statements.map(({ text }) => `${text};\n`).join('');
  return { statements, script, hash: createHash('sha256').update(script).digest('hex'), problems: ordered.flatMap((change) => problemsOf(target, change)) };
}

function rowStatement(target: EditTarget, change: RowChange): RowStatement {
  const table = `${quoteIdentifier(target.object.schema)}.${quoteIdentifier(target.object.name)}`;
  switch (change.kind) {
    case 'delete':
      return { text: `DELETE FROM ${table}\n${asRead(target, change.original)}`, row: change.row, kind: 'delete', places: [] };
    case 'update':
      return updateStatement(target, table, change);
    case 'insert':
      return insertStatement(target, table, change);
  }
}

/** Appends pieces to a text and remembers where the values stand. */
class Writer {
  text: string;
  readonly places: ValuePlace[] = [];

  constructor(text: string) {
    this.text = text;
  }

  value(column: EditColumn, value: EditValue): void {
    const from = this.text.length;
    this.text += valueSql(column, value);
    this.places.push({ column: column.name, from, to: this.text.length });
  }
}

function setColumns(target: EditTarget, values: Readonly<Record<string, EditValue>>): { column: EditColumn; value: EditValue }[] {
  return target.columns.flatMap((column) => {
    const value = values[column.name];
    return value === undefined ? [] : [{ column, value }];
  });
}

function updateStatement(target: EditTarget, table: string, change: RowChange & { kind: 'update' }): RowStatement {
  const writer = new Writer(`UPDATE ${table}\nSET `);
  for (const [index, { column, value }] of setColumns(target, change.values).entries()) {
    writer.text += `${index === 0 ? '' : ',\n    '}${quoteIdentifier(column.name)} = `;
    writer.value(column, value);
  }
  writer.text += `\n${asRead(target, change.original)}\nRETURNING *`;
  return { text: writer.text, row: change.row, kind: 'update', places: writer.places };
}

/** Columns that were left alone are left out: they get their defaults. */
function insertStatement(target: EditTarget, table: string, change: RowChange & { kind: 'insert' }): RowStatement {
  const set = setColumns(target, change.values);
  const writer = new Writer(`INSERT INTO ${table}`);
  if (set.length === 0) writer.text += ' DEFAULT VALUES';
  else {
    writer.text += ` (${set.map(({ column }) => quoteIdentifier(column.name)).join(', ')})\nVALUES (`;
    for (const [index, { column, value }] of set.entries()) {
      writer.text += index === 0 ? '' : ', ';
      writer.value(column, value);
    }
    writer.text += ')';
  }
  writer.text += '\nRETURNING *';
  return { text: writer.text, row: change.row, kind: 'insert', places: writer.places };
}

/** The row with this key, if no column of it has another value than it was read with. */
function asRead(target: EditTarget, original: Original): string {
  const rest = target.columns.filter(({ name }) => !target.key.includes(name) && original[name] !== undefined);
  return `WHERE ${[keyCondition(target, original), ...rest.map((column) => sameAs(column, original[column.name] ?? null))].join('\n  AND ')}`;
}

/** The row with this key, whatever else is in it. */
export function keyCondition(target: EditTarget, original: Original): string {
  const conditions = target.key.flatMap((name) => {
    const column = target.columns.find((candidate) => candidate.name === name);
    const cell = original[name];
    if (column === undefined || cell === undefined || cell === null) return ['false'];
    return [typeof cell === 'string' ? keyIs(column, cell) : sameAs(column, cell)];
  });
  // Never without a key, whatever else went wrong.
  return conditions.length === 0 ? 'false' : conditions.join('\n  AND ');
}

/** The row as it is now, with the first column telling whether it still is as it was read. */
export function currentRowQuery(target: EditTarget, original: Original): string {
  const checks = target.columns.filter(({ name }) => original[name] !== undefined).map((column) => sameAs(column, original[column.name] ?? null));
  const table = `${quoteIdentifier(target.object.schema)}.${quoteIdentifier(target.object.name)}`;
  return `SELECT coalesce(${checks.join(' AND ') || 'true'}, false), *\nFROM ${table}\nWHERE ${keyCondition(target, original)}`;
}

function problemsOf(target: EditTarget, change: RowChange): EditProblem[] {
  const { row } = change;
  const able = change.kind === 'insert' ? target.insert : change.kind === 'update' ? target.update : target.delete;
  const whole: EditProblem[] = able === true ? [] : [{ row, column: null, message: able }];
  if (change.kind === 'delete') return whole;
  const gone = Object.keys(change.values).filter((name) => !target.columns.some((column) => column.name === name));
  return [
    ...whole,
    ...gone.map((column) => ({ row, column, message: `The table has no column “${column}” any more.` })),
    ...target.columns.flatMap((column) => columnProblem(column, change).map((message) => ({ row, column: column.name, message }))),
  ];
}

function columnProblem(column: EditColumn, change: RowChange & { kind: 'insert' | 'update' }): string[] {
  const value = change.values[column.name];
  if (value === undefined) return isNewRow(change.row) && !mayBeLeftOut(column) ? ['This column needs a value: it cannot be NULL and has no default.'] : [];
  const able = change.kind === 'insert' ? column.insert : column.update;
  if (able !== true) return [able];
  const problem = valueProblem(column, value);
  return problem === null ? [] : [problem];
}
