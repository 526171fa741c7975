import type { ObjectDetail } from '../../src-preload/contract/catalog';
import type { Undo } from '../../src-preload/contract/assistant';
import { quoteIdentifier, quoteLiteral } from '../drivers/sqlText';

type Row = readonly (string | null)[];

/** What a try of a statement brought, as far as its undo needs it. `before` are the rows as they were, `after` as they are. */
export interface TriedChange {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly detail: Pick<ObjectDetail, 'object' | 'columns'>;
  /** Columns that identify a row; empty where none do. */
  readonly key: readonly string[];
  /** Names of the columns of both lists of rows. */
  readonly columns: readonly string[];
  readonly before: readonly Row[];
  readonly after: readonly Row[];
  /** The run will write what the try wrote, so that it can be told whether somebody has changed a row since. */
  readonly sameAgain: boolean;
}

/** The text of an undo has at most so many characters. */
const MOST_CHARS = 8_000_000;
/** Types without an equality: they are not compared. */
const INCOMPARABLE = /^(json|xml|point|polygon|box|line|path|lseg|circle)(\[\])*$/;

const literal = (value: string | null): string => (value === null ? 'NULL' : quoteLiteral(value));

/**
 * SQL that takes the change of rows back: deleted rows are inserted, inserted ones deleted by their key, changed ones get their old values, where
 * that can be told only if nobody has changed them since. Values stand as the server wrote them, so that they are exact.
 */
export function undoOf({ kind, detail, key, columns, before, after, sameAgain }: TriedChange): Undo {
  if (kind !== 'delete' && key.length === 0) return { kind: 'none', why: 'No key identifies the rows of the table.' };
  const table = `${quoteIdentifier(detail.object.schema)}.${quoteIdentifier(detail.object.name)}`;
  const writable = detail.columns.filter(({ generated }) => generated === null);
  const at = new Map(columns.map((name, index) => [name, index]));
  const value = (row: Row, name: string): string | null => row[at.get(name) ?? -1] ?? null;
  const where = (row: Row): string => key.map((name) => `${quoteIdentifier(name)} = ${literal(value(row, name))}`).join(' AND ');
  const statements = kind === 'delete' ? inserted() : kind === 'insert' ? after.map((row) => `DELETE FROM ${table} WHERE ${where(row)};`) : changed();
  const careless = kind === 'update' && !sameAgain ? ['-- The statement writes other values each time: the old values are set also where somebody has changed a row since.'] : [];
  const text = [...careless, 'BEGIN;', ...statements, 'COMMIT;', ''].join('\n');
  return text.length > MOST_CHARS ? { kind: 'none', why: 'The rows are too large for it.' } : { kind: 'sql', text, rows: kind === 'delete' ? before.length : statements.length };

  /** One statement for all, at whose end foreign keys among the rows are checked. */
  function inserted(): string[] {
    if (before.length === 0) return [];
    const names = writable.map(({ name }) => quoteIdentifier(name)).join(', ');
    const overriding = writable.some(({ identity }) => identity !== null) ? ' OVERRIDING SYSTEM VALUE' : '';
    return [`INSERT INTO ${table} (${names})${overriding} VALUES\n${before.map((row) => `(${writable.map(({ name }) => literal(value(row, name))).join(', ')})`).join(',\n')};`];
  }
  function changed(): string[] {
    const old = new Map(before.map((row) => [JSON.stringify(key.map((name) => value(row, name))), row]));
    return after.flatMap((row) => {
      const was = old.get(JSON.stringify(key.map((name) => value(row, name))));
      const moved = was ? writable.filter(({ name }) => value(row, name) !== value(was, name)) : [];
      if (!was || moved.length === 0) return [];
      const set = moved.map(({ name }) => `${quoteIdentifier(name)} = ${literal(value(was, name))}`).join(', ');
      const still = moved.filter(({ type }) => sameAgain && !INCOMPARABLE.test(type)).map(({ name }) => ` AND ${quoteIdentifier(name)} IS NOT DISTINCT FROM ${literal(value(row, name))}`);
      return [`UPDATE ${table} SET ${set} WHERE ${where(row)}${still.join('')};`];
    });
  }
}
