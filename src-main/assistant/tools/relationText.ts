import type { CatalogSnapshot, ObjectDetail } from '../../../src-preload/contract/catalog';
import { oneLine } from '../boundary';
import type { RankedRelation } from '../linking/rankRelations';
import { qualified, quoteName } from '../relationNames';

const commentOf = (comment: string | null, limit: number): string => (comment ? ` -- ${oneLine(comment, limit)}` : '');
const rowsOf = (rows: number | null): string => (rows === null || rows < 0 ? '' : `, about ${Math.round(rows)} rows`);

/** Columns of a table in a list of finds. */
const COLUMNS = 60;

/** A relation in one or two lines, for a list of finds; of more columns than fit, those that were looked for come first. */
export function relationLine({ relation, columns: wanted }: RankedRelation, snapshot: CatalogSnapshot): string {
  const looked = new Set(relation.columns.length > COLUMNS ? wanted : []);
  const ordered = [...relation.columns.filter(({ name }) => looked.has(name)), ...relation.columns.filter(({ name }) => !looked.has(name))];
  const columns = ordered.slice(0, COLUMNS).map((column) => `${quoteName(column.name)} ${column.type}`);
  const more = relation.columns.length > COLUMNS ? `, … ${relation.columns.length - COLUMNS} more` : '';
  const keys = snapshot.foreignKeys
    .filter((key) => key.schema === relation.schema && key.table === relation.name)
    .map((key) => `(${key.columns.map(quoteName).join(', ')}) -> ${quoteName(key.refSchema)}.${quoteName(key.refTable)} (${key.refColumns.map(quoteName).join(', ')})`);
  const references = keys.length > 0 ? `\n  references: ${keys.join('; ')}` : '';
  return `${qualified(relation)} (${relation.kind}${rowsOf(relation.rows)})${commentOf(relation.comment, 200)}\n  ${columns.join(', ')}${more}${references}`;
}

/** Everything that is worth knowing before a query is written. */
export function detailText(detail: ObjectDetail): string {
  const head = `${qualified(detail.object)} (${detail.object.kind}${rowsOf(detail.rows)})${commentOf(detail.comment, 500)}`;
  const columns = detail.columns.map((column) => {
    const marks = [column.nullable ? '' : 'not null', column.primaryKey ? 'primary key' : '', column.generated ? `generated as ${oneLine(column.generated, 200)}` : '', column.default ? `default ${oneLine(column.default, 80)}` : ''];
    return `  ${[quoteName(column.name), column.type, ...marks].filter(Boolean).join(' ')}${commentOf(column.comment, 200)}`;
  });
  const list = (keys: readonly string[]): string => keys.map(quoteName).join(', ');
  const outgoing = detail.foreignKeys.map((key) => `  (${list(key.columns)}) references ${quoteName(key.references.schema)}.${quoteName(key.references.table)} (${list(key.references.columns)})`);
  const incoming = detail.referencedBy.map((key) => `  ${quoteName(key.schema)}.${quoteName(key.table)} (${list(key.columns)}) -> (${list(key.to)})`);
  const indexes = detail.indexes.map((index) => `  ${oneLine(index.definition, 300)}${index.valid ? '' : ' (invalid)'}`);
  const checks = detail.constraints.filter((constraint) => constraint.kind === 'check').map((constraint) => `  ${oneLine(constraint.definition, 300)}`);
  const section = (title: string, lines: readonly string[]): string[] => (lines.length > 0 ? [title, ...lines] : []);
  return [
    head,
    ...columns,
    ...section('foreign keys:', outgoing),
    ...section('referenced by:', incoming),
    ...section('indexes:', indexes),
    ...section('checks:', checks),
    ...(detail.partitions.length > 0 ? [`partitions: ${detail.partitions.length}`] : []),
  ].join('\n');
}
