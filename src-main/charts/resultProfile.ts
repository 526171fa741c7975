import type { Cell, Column } from '../../src-preload/contract/queries';

/** What a column is to a chart. `identifier` names rows and is not measured; `order` is a number such as a year that stands along an axis. */
type Role = 'time' | 'order' | 'measure' | 'category' | 'identifier' | 'other';

export interface ColumnProfile {
  readonly name: string;
  readonly family: Column['family'];
  readonly role: Role;
  /** Different values among the rows that were looked at, NULL not counted. */
  readonly distinct: number;
  /** Each row that was looked at has a value, and all are different. */
  readonly unique: boolean;
  /** UTF-16 units of the longest value. */
  readonly longest: number;
  /** Finite values of a number column, added as doubles: enough to tell whether they are shares of a whole. */
  readonly sum: number;
  readonly negative: boolean;
}

/** What the rules of a view look at. */
export interface ResultProfile {
  /** All rows of the result. */
  readonly rows: number;
  /** How many of them were looked at, from the first on. */
  readonly seen: number;
  readonly columns: readonly ColumnProfile[];
}

const identifierName = /(^|[_\s])(id|ids|uuid|guid|oid|pk|key|code|zip|zipcode|postcode|postal_code|phone|iban|isbn|sku|ean)$|[a-z](Id|Uuid|Code|Key)$/i;
const orderName = /(^|[_\s])(year|quarter|month|week|day|weekday|dow|doy|hour|minute|decade)$/i;
const periodText = /^\d{4}-(\d{2}(-\d{2}.*)?|Q[1-4]|W\d{2})$/;

/** Looks at the first rows of a result, as `ResultStore.window` gives them. */
export function resultProfile(columns: readonly Column[], rows: readonly (readonly Cell[])[], total: number): ResultProfile {
  return { rows: total, seen: rows.length, columns: columns.map((column, index) => columnProfile(column, rows.map((row) => cellText(row[index])))) };
}

const cellText = (cell: Cell | undefined): string | null => (typeof cell === 'object' && cell !== null ? cell.text : (cell ?? null));

function columnProfile({ name, family, type }: Column, cells: readonly (string | null)[]): ColumnProfile {
  const values = cells.filter((value) => value !== null);
  const distinct = new Set(values).size;
  const numbers = family === 'number' ? values.map(Number).filter(Number.isFinite) : [];
  return {
    name,
    family,
    role: roleOf(name, family, type, values, numbers),
    distinct,
    unique: values.length === cells.length && distinct === cells.length,
    longest: values.reduce((longest, value) => Math.max(longest, value.length), 0),
    sum: numbers.reduce((sum, value) => sum + value, 0),
    negative: numbers.some((value) => value < 0),
  };
}

function roleOf(name: string, family: Column['family'], type: string, values: readonly string[], numbers: readonly number[]): Role {
  if (family === 'datetime') return type === 'interval' ? 'other' : 'time';
  if (type === 'uuid') return 'identifier';
  if (family === 'number') return numberRole(name, numbers);
  if (family !== 'text' && family !== 'boolean') return 'other';
  if (identifierName.test(name) && new Set(values).size === values.length) return 'identifier';
  return values.length > 1 && values.every((value) => periodText.test(value)) && inOrder(values) ? 'order' : 'category';
}

function numberRole(name: string, numbers: readonly number[]): Role {
  if (identifierName.test(name)) return 'identifier';
  return orderName.test(name) && numbers.every(Number.isInteger) ? 'order' : 'measure';
}

/** Texts of periods can be drawn along a line only as they come. */
function inOrder(values: readonly string[]): boolean {
  const rising = values.every((value, index) => index === 0 || (values[index - 1] ?? '') <= value);
  return rising || values.every((value, index) => index === 0 || (values[index - 1] ?? '') >= value);
}
