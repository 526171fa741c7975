import { AppError } from '../../errors';
import type { Column, Filter } from '../../../src-preload/contract/queries';
import { hasZone } from './datetimeKey';
import { compareBytes } from './keyRun';
import { KeyWriter } from './keyWriter';
import { ValueKey, isTyped } from './valueKey';
import type { RowCells } from './rowScan';

/** Whether the row that `cells` stands on is to be shown. */
export type RowTest = (cells: RowCells) => boolean;

type Comparison = Extract<Filter['op'], 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'>;
type ColumnFamily = Pick<Column, 'name' | 'family'>;

const holds: Record<Comparison, (difference: number) => boolean> = {
  eq: (difference) => difference === 0,
  ne: (difference) => difference !== 0,
  lt: (difference) => difference < 0,
  le: (difference) => difference <= 0,
  gt: (difference) => difference > 0,
  ge: (difference) => difference >= 0,
};

/**
 * The test that all filters together make. Throws AppError `bad_input` when a filter's value is none of its column's type, or the
 * column is not there. NULL passes `isNull` only, as in SQL.
 */
export function compileFilters(filters: readonly Filter[], columns: readonly ColumnFamily[]): RowTest {
  const tests = filters.map((filter) => {
    const column = columns[filter.column];
    if (!column) throw new AppError('bad_input', `The result has no column ${filter.column} to filter by.`);
    return compileFilter(filter, column);
  });
  return (cells) => tests.every((test) => test(cells));
}

function compileFilter(filter: Filter, column: ColumnFamily): RowTest {
  const index = filter.column;
  switch (filter.op) {
    case 'isNull':
      return (cells) => (cells.lengths[index] ?? -1) < 0;
    case 'isNotNull':
      return (cells) => (cells.lengths[index] ?? -1) >= 0;
    case 'isEmpty':
      return (cells) => cells.lengths[index] === 0;
    case 'contains':
    case 'notContains':
      return textTest(index, filter.value, filter.op === 'contains');
    default:
      return comparisonTest(index, filter.op, filter.value, column);
  }
}

/** Without regard to case, in any family: as the value is shown. */
function textTest(index: number, value: string, wanted: boolean): RowTest {
  const needle = value.toLowerCase();
  return (cells) => {
    const length = cells.lengths[index] ?? -1;
    if (length < 0) return false;
    const offset = cells.offsets[index] ?? 0;
    return cells.bytes.toString('utf8', offset, offset + length).toLowerCase().includes(needle) === wanted;
  };
}

function comparisonTest(index: number, op: Comparison, value: string, column: ColumnFamily): RowTest {
  const family = column.family;
  const keys = new ValueKey();
  const wanted = new KeyWriter();
  const source = Buffer.from(isTyped(family) ? value.trim() : value);
  // A value without a zone is compared with the clock that the cells show: that is what the person sees and types.
  const byInstant = family === 'datetime' && hasZone(value.trim());
  if (!keys.value(wanted, family, source, 0, source.length, byInstant)) throw notOfType(value, column);
  const holdsFor = holds[op];
  const found = new KeyWriter();
  return (cells) => {
    const length = cells.lengths[index] ?? -1;
    if (length < 0) return false;
    const offset = cells.offsets[index] ?? 0;
    found.clear();
    if (!keys.value(found, family, cells.bytes, offset, offset + length, byInstant)) return op === 'ne';
    return holdsFor(compareBytes(found.bytes, 0, found.length, wanted.bytes, 0, wanted.length));
  };
}

function notOfType(value: string, column: ColumnFamily): AppError {
  const examples: Partial<Record<Column['family'], string>> = {
    number: 'a number such as 12.5',
    datetime: 'a date or time such as 2026-01-31 or 2026-01-31 14:30:00+00',
    boolean: 'true or false',
  };
  return new AppError('bad_input', `"${value}" cannot be compared with column ${column.name}.`, { hint: `Give ${examples[column.family] ?? 'a value of its type'}.` });
}
