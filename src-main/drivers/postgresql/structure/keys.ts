import { quoteIdentifier } from '../../../../src-preload/contract/sqlNames';
import type { PlannedStatement } from '../../../../src-preload/contract/structure';
import type { IndexKey, TableConstraint, TableIndex, TableModel } from '../../../../src-preload/contract/structureModel';
import { locks, nameOf, statement } from './statement';

const list = (columns: readonly string[]): string => columns.map(quoteIdentifier).join(', ');

/** A constraint as CREATE TABLE and ADD CONSTRAINT write it. */
export function constraintClause(constraint: TableConstraint): string {
  return `CONSTRAINT ${quoteIdentifier(constraint.name)} ${body(constraint)}`;
}

function body(constraint: TableConstraint): string {
  const { kind, columns, references } = constraint;
  const deferral = constraint.deferrable ? ` DEFERRABLE${constraint.initiallyDeferred ? ' INITIALLY DEFERRED' : ''}` : '';
  if (kind === 'primary') return `PRIMARY KEY (${list(columns)})${deferral}`;
  if (kind === 'unique') return `UNIQUE (${list(columns)})${deferral}`;
  if (kind === 'check') return `CHECK (${constraint.expression ?? ''})`;
  if (kind === 'other' || !references) return constraint.definition ?? '';
  const actions = `${constraint.onUpdate === 'NO ACTION' ? '' : ` ON UPDATE ${constraint.onUpdate}`}${constraint.onDelete === 'NO ACTION' ? '' : ` ON DELETE ${constraint.onDelete}`}`;
  return `FOREIGN KEY (${list(columns)}) REFERENCES ${nameOf({ schema: references.schema, name: references.table })} (${list(references.columns)})${actions}${deferral}`;
}

/** What hangs on others goes first: foreign keys, checks, then the keys that foreign keys may rest on. */
const dropOrder = { foreign: 0, other: 1, check: 2, unique: 3, primary: 4 } as const;

export function dropConstraints(from: TableModel, to: TableModel): PlannedStatement[] {
  const kept = new Set(to.constraints.map((one) => one.was));
  return from.constraints
    .filter((one) => !kept.has(one.name))
    .sort((a, b) => dropOrder[a.kind] - dropOrder[b.kind])
    .map((one) => {
      const lock = one.kind === 'foreign' && one.references ? `ACCESS EXCLUSIVE on ${nameOf(to)} and ${nameOf({ schema: one.references.schema, name: one.references.table })}` : locks.exclusive(to);
      const note = one.kind === 'primary' || one.kind === 'unique' ? 'Its index goes too. The server refuses it while a foreign key of another table rests on it.' : null;
      return statement(`ALTER TABLE ${nameOf(to)} DROP CONSTRAINT ${quoteIdentifier(one.name)}`, lock, { note });
    });
}

/** Keys, then checks; foreign keys come last, because they may refer to the table itself. */
export function addConstraints(to: TableModel, kinds: readonly TableConstraint['kind'][]): PlannedStatement[] {
  return kinds.flatMap((kind) => to.constraints.filter((one) => one.was === null && one.kind === kind)).map((one) => addConstraint(to, one));
}

function addConstraint(table: TableModel, one: TableConstraint): PlannedStatement {
  const name = nameOf(table);
  const add = `ALTER TABLE ${name} ADD ${constraintClause(one)}`;
  const validate = `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoteIdentifier(one.name)}`;
  if (one.kind === 'foreign' && one.references) {
    const lock = locks.keys(table, { schema: one.references.schema, name: one.references.table });
    if (!one.validated) return statement(`${add} NOT VALID`, lock, { note: 'Holds for rows to come; those that are there are not looked at.' });
    return statement(add, lock, { effort: 'scan', note: 'Every row is looked up in the other table under the lock.', safer: [`${add} NOT VALID`, validate] });
  }
  if (one.kind === 'check') {
    if (!one.validated) return statement(`${add} NOT VALID`, locks.exclusive(table), { note: 'Holds for rows to come; those that are there are not looked at.' });
    return statement(add, locks.exclusive(table), { effort: 'scan', note: 'Every row is read under the lock.', safer: [`${add} NOT VALID`, validate] });
  }
  const word = one.kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE';
  const deferral = one.deferrable ? ` DEFERRABLE${one.initiallyDeferred ? ' INITIALLY DEFERRED' : ''}` : '';
  const safer = [
    `CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdentifier(one.name)} ON ${name} (${list(one.columns)})`,
    `ALTER TABLE ${name} ADD CONSTRAINT ${quoteIdentifier(one.name)} ${word} USING INDEX ${quoteIdentifier(one.name)}${deferral}`,
  ];
  return statement(add, locks.exclusive(table), { effort: 'scan', note: 'Its index is built under the lock.', ...(one.kind === 'other' ? {} : { safer }) });
}

/** Constraints that are not validated on the server and shall be. */
export function validateConstraints(from: TableModel, to: TableModel): PlannedStatement[] {
  return to.constraints
    .filter((one) => one.was !== null && one.validated && from.constraints.find(({ name }) => name === one.was)?.validated === false)
    .map((one) => statement(`ALTER TABLE ${nameOf(to)} VALIDATE CONSTRAINT ${quoteIdentifier(one.name)}`, locks.beside(to), { effort: 'scan' }));
}

function keyText(key: IndexKey): string {
  const what = key.column === null ? `(${key.expression ?? ''})` : quoteIdentifier(key.column);
  const nulls = key.nullsFirst === key.descending ? '' : key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${what}${key.suffix === '' ? '' : ` ${key.suffix}`}${key.descending ? ' DESC' : ''}${nulls}`;
}

export function createIndexText(table: TableModel, index: TableIndex, concurrently: boolean): string {
  const parts = [`CREATE${index.unique ? ' UNIQUE' : ''} INDEX${concurrently ? ' CONCURRENTLY' : ''} ${quoteIdentifier(index.name)} ON ${nameOf(table)}`];
  if (index.method !== 'btree') parts.push(`USING ${quoteIdentifier(index.method)}`);
  parts.push(`(${index.keys.map(keyText).join(', ')})`);
  if (index.include.length > 0) parts.push(`INCLUDE (${list(index.include)})`);
  if (index.where !== null) parts.push(`WHERE ${index.where}`);
  return parts.join(' ');
}

export function dropIndexes(from: TableModel, to: TableModel): PlannedStatement[] {
  const kept = new Set(to.indexes.map((index) => index.was));
  return from.indexes
    .filter((index) => !kept.has(index.name))
    .map((index) => {
      // The table may have been moved before, and its indexes with it.
      const name = nameOf({ schema: to.schema, name: index.name });
      return statement(`DROP INDEX ${name}`, locks.exclusive(to), { safer: [`DROP INDEX CONCURRENTLY ${name}`] });
    });
}

export function createIndexes(to: TableModel): PlannedStatement[] {
  return to.indexes
    .filter((index) => index.was === null)
    .map((index) => {
      const beside = createIndexText(to, index, true);
      if (index.concurrently) {
        return statement(beside, locks.beside(to), {
          effort: 'scan',
          alone: true,
          note: 'Reads the table twice and waits for all transactions that use it. If it fails, an invalid index stays behind and must be dropped.',
        });
      }
      return statement(createIndexText(to, index, false), locks.noWrites(to), { effort: 'scan', safer: to.was === null ? [] : [beside] });
    });
}
