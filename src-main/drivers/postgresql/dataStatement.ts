import type { DataFilter, DataQuery, ObjectDetail } from '../../../src-preload/contract/catalog';
import { quoteIdentifier, quoteLiteral } from '../sqlText';
import { AppError } from '../../errors';

type DataColumn = ObjectDetail['columns'][number];

/**
 * The SELECT that shows a table's data, filtered, sorted and paged by the server; a person reads it. The primary key ends the
 * order, so that pages do not overlap. Rejects a column that the table does not have with `bad_input`.
 */
export function dataStatement(query: DataQuery, detail: Pick<ObjectDetail, 'columns' | 'primaryKey'>): string {
  const columns = new Map(detail.columns.map((column) => [column.name, column]));
  const find = (name: string): DataColumn => {
    const column = columns.get(name);
    if (column === undefined)
      throw new AppError('bad_input', `${query.object.name} has no column “${name}”.`, { hint: 'Refresh: the table has changed.' });
    return column;
  };
  const conditions = query.filters.map((filter) => condition(filter, find(filter.column)));
  const lines = [
    'SELECT *',
    `FROM ${quoteIdentifier(query.object.schema)}.${quoteIdentifier(query.object.name)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
    ...orderLines(query, detail.primaryKey, find),
    `LIMIT ${query.limit} OFFSET ${query.offset}`,
  ];
  return lines.join('\n');
}

function orderLines(query: DataQuery, primaryKey: readonly string[], find: (name: string) => DataColumn): string[] {
  const sorted = new Set(query.sorts.map(({ column }) => column));
  const keys = [
    ...query.sorts.map(({ column, direction }) => `${comparable(find(column))}${direction === 'desc' ? ' DESC' : ''}`),
    ...primaryKey.filter((column) => !sorted.has(column)).map(quoteIdentifier),
  ];
  return keys.length === 0 ? [] : [`ORDER BY ${keys.join(', ')}`];
}

const operators: Partial<Record<DataFilter['op'], string>> = { eq: '=', ne: 'IS DISTINCT FROM', lt: '<', le: '<=', gt: '>', ge: '>=' };

function condition(filter: DataFilter, column: DataColumn): string {
  const name = quoteIdentifier(column.name);
  switch (filter.op) {
    case 'isNull':
      return `${name} IS NULL`;
    case 'isNotNull':
      return `${name} IS NOT NULL`;
    case 'contains':
      return `${asText(column)} ILIKE ${quoteLiteral(`%${escapePattern(filter.value)}%`)}`;
    case 'startsWith':
      return `${asText(column)} ILIKE ${quoteLiteral(`${escapePattern(filter.value)}%`)}`;
    default:
      return `${comparable(column)} ${operators[filter.op]} ${literalFor(column, filter.value)}`;
  }
}

const textTypes = new Set(['text', 'character varying', 'bpchar', 'name', '"char"']);
/** Types without comparison operators, or whose `=` compares something else than the value, such as an area. */
const comparedAsText = new Set([
  'json',
  'xml',
  'point',
  'box',
  'circle',
  'polygon',
  'path',
  'line',
  'lseg',
  'xid',
  'cid',
  'aclitem',
  'refcursor',
  'jsonpath',
  'txid_snapshot',
  'pg_snapshot',
]);

/**
 * The type's name without its modifier: `'1.239'::numeric(4,2)` would compare with another value than the person typed. The
 * words `character` and `bit` alone mean a length of 1; the types' own names do not.
 */
function bareType(column: DataColumn): string {
  return column.type
    .replace(/\(\d+(,-?\d+)?\)/, '')
    .replace(/^character(?=\[|$)/, 'bpchar')
    .replace(/^bit(?=\[|$)/, '"bit"');
}

function isComparedAsText(column: DataColumn): boolean {
  return comparedAsText.has(bareType(column).replace(/(\[\])+$/, ''));
}

function asText(column: DataColumn): string {
  return textTypes.has(bareType(column)) ? quoteIdentifier(column.name) : `${quoteIdentifier(column.name)}::text`;
}

function comparable(column: DataColumn): string {
  return isComparedAsText(column) ? `${quoteIdentifier(column.name)}::text` : quoteIdentifier(column.name);
}

function literalFor(column: DataColumn, value: string): string {
  const type = bareType(column);
  const plain = textTypes.has(type) || isComparedAsText(column);
  return plain ? quoteLiteral(value) : `${quoteLiteral(value)}::${type}`;
}

function escapePattern(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&');
}
