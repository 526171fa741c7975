import { quoteIdentifier, quoteLiteral } from '../../../../src-preload/contract/sqlNames';
import type { PlannedStatement } from '../../../../src-preload/contract/structure';
import { proposedName } from '../../../../src-preload/contract/structureNames';
import type { TableColumn, TableModel } from '../../../../src-preload/contract/structureModel';
import { locks, nameOf, statement } from './statement';

/** A column as CREATE TABLE and ADD COLUMN write it. */
export function columnClause(column: TableColumn): string {
  const parts = [quoteIdentifier(column.name), column.type];
  if (column.generated !== null) parts.push(`GENERATED ALWAYS AS (${column.generated}) STORED`);
  if (column.identity !== null) parts.push(`GENERATED ${column.identity.toUpperCase()} AS IDENTITY`);
  if (column.default !== null) parts.push(`DEFAULT ${column.default}`);
  if (!column.nullable && column.identity === null) parts.push('NOT NULL');
  return parts.join(' ');
}

export function dropColumns(from: TableModel, to: TableModel): PlannedStatement[] {
  const kept = new Set(to.columns.map((column) => column.was));
  // The server refuses to drop a column while a generated one is computed from it.
  return from.columns
    .filter((column) => !kept.has(column.name))
    .sort((a, b) => Number(b.generated !== null) - Number(a.generated !== null))
    .map((column) =>
      statement(`ALTER TABLE ${nameOf(to)} DROP COLUMN ${quoteIdentifier(column.name)}`, locks.exclusive(to), { destroys: true, note: 'The data of the column is lost. The file shrinks only when rows are rewritten.' }),
    );
}

export function addColumns(to: TableModel): PlannedStatement[] {
  return to.columns
    .filter((column) => column.was === null)
    .map((column) => {
      const rewrite = writesEveryRow(column);
      const failing = !column.nullable && column.default === null && column.generated === null && column.identity === null;
      const note = rewrite ? 'Every row is written anew, because each gets a value of its own.' : failing ? 'NOT NULL without a default: the server refuses it when the table has rows.' : null;
      return statement(`ALTER TABLE ${nameOf(to)} ADD COLUMN ${columnClause(column)}`, locks.exclusive(to), { effort: rewrite ? 'rewrite' : 'catalog', note });
    });
}

/** A constant, and what is the same for the whole statement, is kept in the catalog since PostgreSQL 11. */
function writesEveryRow(column: TableColumn): boolean {
  if (column.generated !== null || column.identity !== null || /^(small|big)?serial[248]?$/i.test(column.type)) return true;
  return column.default !== null && /\w\s*\(/.test(column.default.replace(/'(?:[^']|'')*'/g, '').replace(/\b(now|transaction_timestamp|statement_timestamp)\s*\(\s*\)/gi, ''));
}

type Pair = readonly [before: TableColumn, after: TableColumn];

/** Columns that stay, before and after. */
function pairs(from: TableModel, to: TableModel): Pair[] {
  return to.columns.flatMap((after): Pair[] => {
    const before = from.columns.find((column) => column.name === after.was);
    return before ? [[before, after]] : [];
  });
}

/** What columns that stay lose; before any is dropped or renamed, because an expression may hold on to another column. */
export function loosenColumns(from: TableModel, to: TableModel): PlannedStatement[] {
  return pairs(from, to).flatMap(([before, after]) => takeAway(to, before, after));
}

/** New types and what columns that stay get, in an order in which each step is possible. Renames are done before. */
export function alterColumns(from: TableModel, to: TableModel): PlannedStatement[] {
  const changed = pairs(from, to);
  return [...changeTypes(to, changed), ...changed.flatMap(([before, after]) => give(to, before, after))];
}

const alter = (table: TableModel, column: TableColumn, action: string): string => `ALTER TABLE ${nameOf(table)} ALTER COLUMN ${quoteIdentifier(column.name)} ${action}`;
const typeChanges = ([before, after]: Pair): boolean => before.type !== after.type;

/** A default of the old type may not fit the new one: it is set anew after the change. */
const defaultGoes = ([before, after]: Pair): boolean => before.default !== null && (before.default !== after.default || before.type !== after.type);

function takeAway(table: TableModel, before: TableColumn, after: TableColumn): PlannedStatement[] {
  const found: PlannedStatement[] = [];
  const lock = locks.exclusive(table);
  if (before.identity !== null && after.identity === null) found.push(statement(alter(table, before, 'DROP IDENTITY'), lock, { note: 'Its sequence goes too.' }));
  if (before.generated !== null && after.generated === null) found.push(statement(alter(table, before, 'DROP EXPRESSION'), lock, { note: 'The values stay, and are no longer computed.' }));
  if (defaultGoes([before, after])) found.push(statement(alter(table, before, 'DROP DEFAULT'), lock));
  if (!before.nullable && after.nullable) found.push(statement(alter(table, before, 'DROP NOT NULL'), lock));
  return found;
}

/** All changes of type in one statement, so that the rows are written anew once. */
function changeTypes(table: TableModel, changed: readonly Pair[]): PlannedStatement[] {
  const retyped = changed.filter(typeChanges);
  if (retyped.length === 0) return [];
  const actions = retyped.map(([, after]) => `ALTER COLUMN ${quoteIdentifier(after.name)} TYPE ${after.type}${after.using === null ? '' : ` USING ${after.using}`}`);
  const rewrite = retyped.some(([before, after]) => after.using !== null || !keepsRows(before.type, after.type));
  const glue = actions.length === 1 ? ' ' : '\n  ';
  const note = rewrite ? 'Every row is written anew and every index of these columns is built anew; views and generated columns on them stand in the way.' : null;
  return [statement(`ALTER TABLE ${nameOf(table)}${glue}${actions.join(`,${glue}`)}`, locks.exclusive(table), { effort: rewrite ? 'rewrite' : 'catalog', note })];
}

/** Changes of type that leave the rows as they are: a limit that is lifted. Source: PostgreSQL manual, ALTER TABLE, Notes. */
export function keepsRows(before: string, after: string): boolean {
  const [a, b] = [typeParts(before), typeParts(after)];
  if (a.base === 'varchar' && b.base === 'text') return true;
  if (a.base !== b.base) return false;
  if (b.size === null) return true;
  return a.size !== null && b.size >= a.size && a.scale === b.scale;
}

function typeParts(type: string): { base: string; size: number | null; scale: string } {
  const [, base = type, size, scale = ''] = /^(.*?)\s*\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)$/.exec(type.trim()) ?? [];
  const word = base.trim().toLowerCase();
  return { base: word === 'character varying' ? 'varchar' : word === 'decimal' ? 'numeric' : word, size: size === undefined ? null : Number(size), scale };
}

function give(table: TableModel, before: TableColumn, after: TableColumn): PlannedStatement[] {
  const lock = locks.exclusive(table);
  const found: PlannedStatement[] = [];
  if (after.default !== null && (before.default !== after.default || before.type !== after.type)) {
    found.push(statement(alter(table, after, `SET DEFAULT ${after.default}`), lock, { note: 'For rows to come; those that are there keep their values.' }));
  }
  if (before.nullable && !after.nullable) found.push(...notNull(table, after));
  if (before.identity !== after.identity && after.identity !== null) {
    const kind = after.identity.toUpperCase();
    const note = 'Its sequence begins at 1: set it behind the largest value with setval() when the table has rows.';
    found.push(statement(alter(table, after, before.identity === null ? `ADD GENERATED ${kind} AS IDENTITY` : `SET GENERATED ${kind}`), lock, before.identity === null ? { note } : {}));
  }
  return found;
}

/** The key makes its columns NOT NULL itself. */
function notNull(table: TableModel, column: TableColumn): PlannedStatement[] {
  if (table.constraints.some((one) => one.kind === 'primary' && one.was === null && one.columns.includes(column.name))) return [];
  const check = quoteIdentifier(proposedName([table.name, column.name], 'not_null', table.constraints.map(({ name }) => name)));
  const name = nameOf(table);
  return [
    statement(alter(table, column, 'SET NOT NULL'), locks.exclusive(table), {
      effort: 'scan',
      note: 'Every row is read under the lock, unless a valid check says that there is no NULL.',
      safer: [
        `ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${quoteIdentifier(column.name)} IS NOT NULL) NOT VALID`,
        `ALTER TABLE ${name} VALIDATE CONSTRAINT ${check}`,
        alter(table, column, 'SET NOT NULL'),
        `ALTER TABLE ${name} DROP CONSTRAINT ${check}`,
      ],
    }),
  ];
}

export function columnComments(from: TableModel | null, to: TableModel): PlannedStatement[] {
  return to.columns
    .filter((column) => column.comment !== (from?.columns.find(({ name }) => name === column.was)?.comment ?? null))
    .map((column) => statement(`COMMENT ON COLUMN ${nameOf(to)}.${quoteIdentifier(column.name)} IS ${column.comment === null ? 'NULL' : quoteLiteral(column.comment)}`, locks.beside(to)));
}
