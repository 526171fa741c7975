import type { CatalogSnapshot } from '../../src-preload/contract/catalog';
import { oneLine } from './boundary';
import { isSystemSchema, quoteName } from './relationNames';

/** Characters; about a quarter as many tokens. */
export const DIGEST_LIMIT = 24_000;

type Relation = CatalogSnapshot['relations'][number];

export interface SchemaDigest {
  readonly text: string;
  /** Whether every table stands there with its columns, types and keys. */
  readonly complete: boolean;
}

/**
 * A short picture of a database for the model: sorted and free of numbers that change, so that the same schema gives the same text
 * and the prompt cache holds it. The richest of four levels that fits `limit` characters: columns with types and keys, columns
 * alone, names alone, schemas with counts. The rest is found by tools, and the text says so. The server's own schemas are left out: a
 * model knows them.
 */
export function schemaDigest(snapshot: CatalogSnapshot, limit = DIGEST_LIMIT): SchemaDigest {
  const relations = snapshot.relations.filter((relation) => relation.kind !== 'partition' && relation.kind !== 'sequence' && !isSystemSchema(relation.schema)).sort(byName);
  if (relations.length === 0) return { text: 'The database has no tables or views that this user can see.', complete: true };
  const whole = linesWithin(relations, withTypes(foreignKeysByTable(snapshot)), '', limit);
  if (whole !== null) return { text: whole, complete: true };
  const text =
    linesWithin(relations, withColumns, '\n(types and keys: describe)', limit) ??
    linesWithin(relations, fullName, '\n(columns, types and keys: search_schema and describe)', limit) ??
    schemaCounts(relations, limit);
  return { text, complete: false };
}

/** Null as soon as it would be too long, so that a large schema costs no more than a small one. */
function linesWithin(relations: readonly Relation[], line: (relation: Relation) => string, end: string, limit: number): string | null {
  const lines: string[] = [];
  let length = end.length;
  for (const relation of relations) {
    const text = line(relation);
    length += text.length + 1;
    if (length > limit) return null;
    lines.push(text);
  }
  return lines.join('\n') + end;
}

function withTypes(keys: ReadonlyMap<string, readonly string[]>): (relation: Relation) => string {
  return (relation) => typedColumns(relation, keys.get(relationKey(relation.schema, relation.name)) ?? []);
}

function typedColumns(relation: Relation, keys: readonly string[]): string {
  const columns = relation.columns.map((column) => `${quoteName(column.name)} ${oneLine(column.type, 60)}${column.nullable ? '' : ' not null'}`);
  const primary = relation.primaryKey.length > 0 ? [`primary key (${relation.primaryKey.map(quoteName).join(', ')})`] : [];
  return `${fullName(relation)}(${[...columns, ...primary, ...keys].join(', ')})`;
}

function withColumns(relation: Relation): string {
  return `${fullName(relation)}(${relation.columns.map((column) => quoteName(column.name)).join(', ')})`;
}

function fullName(relation: Relation): string {
  const kind = relation.kind === 'table' ? '' : `${relation.kind.replace('_', ' ')} `;
  return `${kind}${quoteName(relation.schema)}.${quoteName(relation.name)}`;
}

function schemaCounts(relations: readonly Relation[], limit: number): string {
  const counts = new Map<string, number>();
  for (const relation of relations) counts.set(relation.schema, (counts.get(relation.schema) ?? 0) + 1);
  const lines = [...counts].map(([schema, count]) => `${quoteName(schema)}: ${count} tables and views`);
  const shown: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > limit - 100) break;
    shown.push(line);
  }
  const more = lines.length > shown.length ? [`and ${lines.length - shown.length} more schemas`] : [];
  return [...shown, ...more, '(too many tables to list: find them with search_schema)'].join('\n');
}

function foreignKeysByTable(snapshot: CatalogSnapshot): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const key of snapshot.foreignKeys) {
    const text = `foreign key (${key.columns.map(quoteName).join(', ')}) references ${quoteName(key.refSchema)}.${quoteName(key.refTable)} (${key.refColumns.map(quoteName).join(', ')})`;
    const place = relationKey(key.schema, key.table);
    keys.set(place, [...(keys.get(place) ?? []), text].sort());
  }
  return keys;
}

function relationKey(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

function byName(a: Relation, b: Relation): number {
  if (a.schema !== b.schema) return a.schema < b.schema ? -1 : 1;
  return a.name < b.name ? -1 : a.name === b.name ? 0 : 1;
}
