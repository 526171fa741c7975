import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { fold, nameTerms, splitWords, stem } from './words';

type Relation = CatalogSnapshot['relations'][number];
export type ForeignKey = CatalogSnapshot['foreignKeys'][number];

/** What joins a table to others: it refers to whatever owns one of the same keys. */
export interface JoinKeys {
  readonly owns: readonly string[];
  readonly refers: readonly string[];
}

const identifierWords = new Set(['id', 'ids', 'code', 'cd', 'key', 'no', 'nr', 'num', 'number', 'fk', 'sk', 'uuid', 'guid', 'ref', 'oid']);
/** Names of keys that say nothing about whose key it is. */
const commonKeys = new Set([...identifierWords, 'pk', 'name', 'rowid', 'index', 'date', 'time', 'year', 'type', 'title', 'value', 'description', 'status']);

/**
 * The keys of a table's joins: its declared foreign keys, and where a column has none, what its name implies: `customer_id` refers to
 * the table `customer(s)`, and a column with the name of another table's single primary key (`isbn`) to that table. Implied
 * joins stay inside one schema.
 */
export function joinKeys(relation: Relation, foreignKeys: readonly ForeignKey[]): JoinKeys {
  const owns = [tableKey(relation.schema, relation.name), `name\0${relation.schema}\0${joined(relation.name)}`];
  const [primary, ...more] = relation.primaryKey;
  if (primary !== undefined && more.length === 0 && !commonKeys.has(fold(primary))) owns.push(`key\0${relation.schema}\0${fold(primary)}`);
  const declared = new Set(foreignKeys.flatMap((key) => key.columns));
  const refers = new Set(foreignKeys.map((key) => tableKey(key.refSchema, key.refTable)));
  for (const { name } of relation.columns) if (!declared.has(name)) for (const key of impliedKeys(relation.schema, name)) refers.add(key);
  return { owns, refers: [...refers].filter((key) => !owns.includes(key) || key.startsWith('key\0')) };
}

function impliedKeys(schema: string, column: string): string[] {
  const keys = commonKeys.has(fold(column)) ? [] : [`key\0${schema}\0${fold(column)}`];
  const words = splitWords(column);
  const last = words.at(-1) ?? '';
  if (words.length === 1 && /^\p{L}{3,}id$/u.test(last)) return [...keys, `name\0${schema}\0${stem(last.slice(0, -2))}`];
  if (words.length < 2 || !identifierWords.has(last)) return keys;
  const before = words.slice(0, -1);
  // billing_address_id refers to the table 'billing address' or to 'address'.
  for (let start = 0; start < before.length; start++) keys.push(`name\0${schema}\0${joined(before.slice(start).join(' '))}`);
  return keys;
}

function tableKey(schema: string, name: string): string {
  return `table\0${schema}\0${name}`;
}

function joined(name: string): string {
  return nameTerms(name).join(' ');
}
