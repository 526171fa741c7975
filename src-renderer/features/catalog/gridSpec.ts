import type { DataFilter } from '../../../src-preload/contract/catalog';
import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';
import type { DataSort } from './useTableData';

/** The grid's comparisons that the server's filters can make. */
export const serverOperators = ['contains', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isNull', 'isNotNull', 'isEmpty'] as const satisfies readonly Filter['op'][];

const toServer = (filter: Filter, column: string): DataFilter[] => {
  const op = serverOperators.find((known) => known === filter.op);
  // The grid offers only the operators above.
  if (op === undefined) return [];
  return op === 'isEmpty' ? [{ column, op: 'eq', value: '' }] : [{ column, op, value: filter.value }];
};

/** The grid's sorting and filtering by column number, as the server's by column name. */
export function toServerSpec(spec: ViewSpec, columns: readonly Pick<Column, 'name'>[]): { filters: DataFilter[]; sorts: DataSort[] } {
  const named = <T extends { readonly column: number }>(entries: readonly T[]): { entry: T; name: string }[] =>
    entries.flatMap((entry) => {
      const name = columns[entry.column]?.name;
      return name === undefined ? [] : [{ entry, name }];
    });
  return {
    filters: named(spec.filters).flatMap(({ entry, name }) => toServer(entry, name)),
    sorts: named(spec.sorts).map(({ entry, name }) => ({ column: name, direction: entry.direction })),
  };
}

/** The other way, for the marks in the grid's header; conditions that the grid cannot say are left out. */
export function toGridSpec(filters: readonly DataFilter[], sorts: readonly DataSort[], columns: readonly Pick<Column, 'name'>[]): ViewSpec {
  const numberOf = (name: string): number => columns.findIndex((column) => column.name === name);
  return {
    sorts: sorts.map(({ column, direction }) => ({ column: numberOf(column), direction })).filter(({ column }) => column >= 0),
    filters: filters.flatMap((filter): Filter[] => {
      const column = numberOf(filter.column);
      return column < 0 || filter.op === 'startsWith' ? [] : [{ column, op: filter.op, value: filter.value }];
    }),
  };
}
