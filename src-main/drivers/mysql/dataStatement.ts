import type { DataFilter, DataQuery, ObjectDetail } from '../../../src-preload/contract/catalog';
import { AppError } from '../../errors';
import { quoteName, quoteText } from './sqlText';

const operators: Partial<Record<DataFilter['op'], string>> = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' };

/** The SELECT that shows a table's data; see the Introspector. */
export function dataStatement(query: DataQuery, detail: Pick<ObjectDetail, 'columns' | 'primaryKey'>): string {
  const find = (name: string): string => {
    if (!detail.columns.some((column) => column.name === name)) throw new AppError('bad_input', `${query.object.name} has no column “${name}”.`, { hint: 'Refresh: the table has changed.' });
    return quoteName(name);
  };
  const conditions = query.filters.map((filter) => condition(filter, find(filter.column)));
  const sorted = new Set(query.sorts.map(({ column }) => column));
  const keys = [...query.sorts.map(({ column, direction }) => `${find(column)}${direction === 'desc' ? ' DESC' : ''}`), ...detail.primaryKey.filter((column) => !sorted.has(column)).map(quoteName)];
  return [
    'SELECT *',
    `FROM ${quoteName(query.object.schema)}.${quoteName(query.object.name)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
    ...(keys.length === 0 ? [] : [`ORDER BY ${keys.join(', ')}`]),
    `LIMIT ${query.limit} OFFSET ${query.offset}`,
  ].join('\n');
}

function condition({ op, value }: DataFilter, name: string): string {
  switch (op) {
    case 'isNull':
      return `${name} IS NULL`;
    case 'isNotNull':
      return `${name} IS NOT NULL`;
    case 'ne':
      return `NOT (${name} <=> ${quoteText(value)})`;
    case 'contains':
      return `${name} LIKE ${quoteText(`%${escapePattern(value)}%`)} ESCAPE '|'`;
    case 'startsWith':
      return `${name} LIKE ${quoteText(`${escapePattern(value)}%`)} ESCAPE '|'`;
    default:
      return `${name} ${operators[op]} ${quoteText(value)}`;
  }
}

/** A backslash escapes only under some settings. */
function escapePattern(value: string): string {
  return value.replace(/[|%_]/g, '|$&');
}
