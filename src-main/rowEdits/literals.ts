import type { EditValue, OriginalCell } from '../../src-preload/contract/rowEditLog';
import type { EditColumn } from '../../src-preload/contract/rowEdits';
import { quoteIdentifier, quoteLiteral } from '../drivers/sqlText';

const wholeNumbers = new Set(['smallint', 'integer', 'bigint']);

/**
 * A value in the server's text form as a constant. It has no cast: the server takes a bare constant for the column's own type, and an
 * explicit `::varchar(5)` would cut a text that is too long instead of refusing it. Only what is a number to the letter stands unquoted;
 * `'12.7'` in an integer column is refused, `12.7` would be rounded.
 */
function constant(column: EditColumn, text: string): string {
  const bare = wholeNumbers.has(column.baseType) ? /^-?\d+$/ : column.baseType.startsWith('numeric') ? /^-?\d+(\.\d+)?$/ : null;
  if (bare?.test(text) === true) return text;
  if (column.baseType === 'boolean' && /^(t|true|f|false)$/.test(text)) return text.startsWith('t') ? 'true' : 'false';
  return quoteLiteral(text);
}

/** What stands behind `SET column =` or in VALUES. */
export function valueSql(column: EditColumn, value: EditValue): string {
  switch (value.kind) {
    case 'null':
      return 'NULL';
    case 'default':
      return 'DEFAULT';
    case 'call':
      return value.call;
    case 'text':
      return constant(column, value.text);
  }
}

/** True for the rows whose column still has this value: `IS NOT DISTINCT FROM`, in the words that read best. */
export function sameAs(column: EditColumn, cell: OriginalCell): string {
  const name = quoteIdentifier(column.name);
  if (cell === null) return `${name} IS NULL`;
  if (typeof cell !== 'string') return `pg_catalog.sha256(pg_catalog.convert_to(${name}::text, 'UTF8')) = ${quoteLiteral(`\\x${cell.sha256}`)}`;
  if (column.compare === 'value') return `${name} = ${constant(column, cell)}`;
  return `${name}::text${column.compare === 'bytes' ? ' COLLATE "C"' : ''} = ${quoteLiteral(cell)}`;
}

/** True for the row with this key, in a form that the key's index serves. */
export function keyIs(column: EditColumn, cell: string): string {
  const equal = `${quoteIdentifier(column.name)} = ${constant(column, cell)}`;
  return column.compare === 'value' ? equal : `${equal}\n  AND ${sameAs(column, cell)}`;
}
