import type { CatalogSnapshot, ObjectDetail } from '../../src-preload/contract/catalog';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { isPrivate, parsePrivateColumn, type PrivateColumn } from '../../src-preload/contract/privateColumns';
import { qualified } from './relationNames';

/** The columns that a connection keeps private. A text that cannot be read would keep nothing, so it is not saved in the first place. */
export function privateColumnsOf({ privateColumns = [] }: Pick<ConnectionProfile, 'privateColumns'>): PrivateColumn[] {
  return privateColumns.flatMap((text) => parsePrivateColumn(text) ?? []);
}

/** The catalog as the model may know it. */
export interface PrivateCatalog {
  readonly snapshot: CatalogSnapshot;
  /** Tables and views with private columns, as `schema.name`, sorted. */
  readonly tables: readonly string[];
  detail(detail: ObjectDetail): ObjectDetail;
  /** A text of the server, such as an error, without the names of private columns. */
  readonly hide: (text: string) => string;
}

type Relation = CatalogSnapshot['relations'][number];

/** Of a partition also the columns that some table hides by their names, for the catalog does not say whose partition it is. */
function hides(columns: readonly PrivateColumn[], { schema, name, kind }: Pick<Relation, 'schema' | 'name' | 'kind'>, column: string): boolean {
  return isPrivate(columns, schema, name, column) || (kind === 'partition' && columns.some((one) => one.column === column));
}

/** Leaves private columns out of what is known of a database: the columns, the keys that they are in, and definitions that name them. */
export function privateCatalog(whole: CatalogSnapshot, columns: readonly PrivateColumn[]): PrivateCatalog {
  if (columns.length === 0) return { snapshot: whole, tables: [], detail: (detail) => detail, hide: (text) => text };
  const names = new Set<string>();
  const tables = new Set<string>();
  const relations = whole.relations.map((relation): Relation => {
    const hidden = relation.columns.filter(({ name }) => hides(columns, relation, name)).map(({ name }) => name);
    if (hidden.length === 0) return relation;
    tables.add(qualified(relation));
    hidden.forEach((name) => names.add(name));
    return { ...relation, columns: relation.columns.filter(({ name }) => !hidden.includes(name)), primaryKey: relation.primaryKey.filter((name) => !hidden.includes(name)) };
  });
  const open = (schema: string, table: string, keys: readonly string[]): boolean => !keys.some((key) => isPrivate(columns, schema, table, key));
  const foreignKeys = whole.foreignKeys.filter((key) => open(key.schema, key.table, key.columns) && open(key.refSchema, key.refTable, key.refColumns));
  const told = (text: string): boolean => (text.match(/[\p{L}\p{N}_$]+/gu) ?? []).some((word) => names.has(word)) || [...names].some((name) => !/^[\p{L}\p{N}_$]+$/u.test(name) && text.includes(name));
  return {
    snapshot: { ...whole, relations, foreignKeys },
    tables: [...tables].sort(),
    detail: (detail) => detailWithout(detail, columns, open, told),
    hide: (text) => [...names].reduce((now, name) => now.replaceAll(wordOf(name), '(private)'), text),
  };
}

function detailWithout(detail: ObjectDetail, columns: readonly PrivateColumn[], open: (schema: string, table: string, keys: readonly string[]) => boolean, told: (text: string) => boolean): ObjectDetail {
  const { schema, name } = detail.object;
  const shown = (column: string): boolean => !hides(columns, detail.object, column);
  const clean = (text: string | null): string | null => (text !== null && told(text) ? null : text);
  return {
    ...detail,
    columns: detail.columns.filter((column) => shown(column.name)).map((column) => ({ ...column, default: clean(column.default), generated: clean(column.generated), comment: clean(column.comment) })),
    comment: clean(detail.comment),
    primaryKey: detail.primaryKey.filter(shown),
    foreignKeys: detail.foreignKeys.filter((key) => open(schema, name, key.columns) && open(key.references.schema, key.references.table, key.references.columns)),
    referencedBy: detail.referencedBy.filter((key) => open(key.schema, key.table, key.columns) && open(schema, name, key.to)),
    indexes: detail.indexes.filter((index) => !told(index.definition)),
    constraints: detail.constraints.filter((constraint) => !told(constraint.definition)),
    triggers: detail.triggers.filter((trigger) => !told(trigger.definition)),
    ddl: '',
  };
}

/** Makes each once for a snapshot and a choice, so that what is built on it, such as the index of words, is not built anew with each question. */
export function rememberedPrivateCatalogs(): (whole: CatalogSnapshot, profile: Pick<ConnectionProfile, 'privateColumns'>) => PrivateCatalog {
  const made = new WeakMap<CatalogSnapshot, { readonly choice: string; readonly catalog: PrivateCatalog }>();
  return (whole, profile) => {
    const choice = JSON.stringify(profile.privateColumns ?? []);
    const known = made.get(whole);
    if (known?.choice === choice) return known.catalog;
    const catalog = privateCatalog(whole, privateColumnsOf(profile));
    made.set(whole, { choice, catalog });
    return catalog;
  };
}

const wordOf = (name: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}_$])`, 'gu');

/** For the model, after what it is told of the connection. */
export function privatePrompt(tables: readonly string[]): string {
  if (tables.length === 0) return '';
  const shown = tables.slice(0, 100).join(', ');
  return `\nSome columns are kept private: you are not told of them and no query of yours may read them. Select these tables’ columns by name, without * and without whole rows: ${shown}${tables.length > 100 ? ' and more' : ''}.`;
}
