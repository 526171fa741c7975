import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';

export type Operator = Filter['op'];

export const operatorLabels: Readonly<Record<Operator, string>> = {
  contains: 'contains',
  notContains: 'does not contain',
  eq: 'equals',
  ne: 'does not equal',
  lt: 'less than',
  le: 'at most',
  gt: 'greater than',
  ge: 'at least',
  isNull: 'is NULL',
  isNotNull: 'is not NULL',
  isEmpty: 'is empty text',
};
const signs: Partial<Record<Operator, string>> = { eq: '=', ne: '≠', lt: '<', le: '≤', gt: '>', ge: '≥' };

const ORDERED: readonly Operator[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isNull', 'isNotNull'];
const TEXT: readonly Operator[] = ['contains', 'notContains', 'eq', 'ne', 'lt', 'gt', 'isNull', 'isNotNull', 'isEmpty'];

/** The comparisons that make sense for a column, the likeliest first. */
export function operatorsFor(column: Column): readonly Operator[] {
  switch (column.family) {
    case 'number':
    case 'datetime':
      return [...ORDERED, 'contains'];
    case 'boolean':
      return ['eq', 'ne', 'isNull', 'isNotNull'];
    default:
      return TEXT;
  }
}

export const needsValue = (operator: Operator): boolean => operator !== 'isNull' && operator !== 'isNotNull' && operator !== 'isEmpty';

/** A filter as a person reads it: `total ≥ 100`. */
export function describeFilter(filter: Filter, columns: readonly Column[]): string {
  const name = columns[filter.column]?.name ?? `column ${filter.column + 1}`;
  return [name, signs[filter.op] ?? operatorLabels[filter.op], needsValue(filter.op) ? filter.value : ''].join(' ').trim();
}

/** The next step of a click on a header: ascending, descending, unsorted. `add` keeps the other columns' order. */
export function toggledSort(spec: ViewSpec, column: number, add: boolean): ViewSpec {
  const known = spec.sorts.find((sort) => sort.column === column);
  const next = known === undefined ? ('asc' as const) : known.direction === 'asc' ? ('desc' as const) : null;
  if (!add) return { ...spec, sorts: next === null ? [] : [{ column, direction: next }] };
  if (known === undefined) return spec.sorts.length < 8 ? { ...spec, sorts: [...spec.sorts, { column, direction: 'asc' }] } : spec;
  return { ...spec, sorts: spec.sorts.flatMap((sort) => (sort.column !== column ? [sort] : next === null ? [] : [{ column, direction: next }])) };
}

/** Puts a filter in the place of the column's old one; null takes it away. */
export function withFilter(spec: ViewSpec, column: number, filter: Filter | null): ViewSpec {
  const others = spec.filters.filter((known) => known.column !== column);
  return { ...spec, filters: filter === null ? others : [...others, filter].slice(-32) };
}
