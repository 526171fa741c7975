import type { DataFilter } from '../../../src-preload/contract/catalog';
import type { Column, Filter, ViewSpec } from '../../../src-preload/contract/queries';
import type { DataSort } from './useTableData';

/** What the server's filters cannot say, so that a person is told rather than shown wrong rows. */
export interface ServerSpec {
  readonly filters: readonly DataFilter[];
  readonly sorts: readonly DataSort[];
  /** The grid's filters that have no counterpart. */
  readonly unsupported: readonly Filter['op'][];
}

const toServer = (filter: Filter, column: string): DataFilter | null => {
  if (filter.op === 'notContains') return null;
  if (filter.op === 'isEmpty') return { column, op: 'eq', value: '' };
  return { column, op: filter.op, value: filter.value };
};

/** The grid's sorting and filtering by column number, as the server's by column name. */
export function toServerSpec(spec: ViewSpec, columns: readonly Pick<Column, 'name'>[]): ServerSpec {
  const filters: DataFilter[] = [];
  const unsupported: Filter['op'][] = [];
  for (const filter of spec.filters) {
    const name = columns[filter.column]?.name;
    const made = name === undefined ? null : toServer(filter, name);
    if (made) filters.push(made);
    else unsupported.push(filter.op);
  }
  const sorts = spec.sorts.flatMap(({ column, direction }) => {
    const name = columns[column]?.name;
    return name === undefined ? [] : [{ column: name, direction }];
  });
  return { filters, sorts, unsupported };
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
