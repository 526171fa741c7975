import type { CatalogSnapshot } from '../../../../src-preload/contract/catalog';

export type Relation = CatalogSnapshot['relations'][number];
export type ForeignKey = CatalogSnapshot['foreignKeys'][number];

export interface FunctionEntry {
  readonly schema: string;
  readonly name: string;
  /** `(arguments) → returns` of the first form, and how many more there are. */
  readonly detail: string;
  readonly takesArguments: boolean;
}

/** The catalog arranged for look-ups by name; built once for each snapshot. */
export interface CatalogIndex {
  readonly schemas: readonly string[];
  readonly relations: readonly Relation[];
  readonly functions: readonly FunctionEntry[];
  readonly types: readonly string[];
  /** A schema's place in the search path; those not in it come last. */
  readonly pathRank: (schema: string) => number;
  /** Whether names of the schema need no qualifier. */
  readonly inPath: (schema: string) => boolean;
  /** By schema and name, or by name through the search path. Names are as they are in the catalog. */
  readonly relation: (schema: string | null, name: string) => Relation | null;
  readonly relationsIn: (schema: string) => readonly Relation[];
  /** Foreign keys that leave or reach a table. */
  readonly foreignKeysOf: (relation: Relation) => readonly ForeignKey[];
}

const keyOf = (schema: string, name: string): string => `${schema}\0${name}`;

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function functionEntries(snapshot: CatalogSnapshot): FunctionEntry[] {
  return [...grouped(snapshot.functions, (entry) => keyOf(entry.schema, entry.name)).values()].flatMap((forms) => {
    const first = forms[0];
    if (!first) return [];
    const more = forms.length > 1 ? ` +${forms.length - 1}` : '';
    return [{ schema: first.schema, name: first.name, detail: `(${first.arguments}) → ${first.returns}${more}`, takesArguments: forms.some((form) => form.arguments !== '') }];
  });
}

function foreignKeyIndex(snapshot: CatalogSnapshot): Map<string, ForeignKey[]> {
  const byTable = new Map<string, ForeignKey[]>();
  for (const foreignKey of snapshot.foreignKeys) {
    const ends = new Set([keyOf(foreignKey.schema, foreignKey.table), keyOf(foreignKey.refSchema, foreignKey.refTable)]);
    for (const end of ends) {
      const known = byTable.get(end);
      if (known) known.push(foreignKey);
      else byTable.set(end, [foreignKey]);
    }
  }
  return byTable;
}

const BUILT_IN_TYPES = [
  'bigint', 'boolean', 'bytea', 'char', 'cidr', 'date', 'double precision', 'inet', 'integer', 'interval', 'json', 'jsonb', 'name', 'numeric', 'oid',
  'real', 'regclass', 'regtype', 'smallint', 'text', 'time', 'timestamp', 'timestamptz', 'tsquery', 'tsvector', 'uuid', 'varchar', 'xml',
];

/** Arranges a snapshot; linear in its size. */
export function buildCatalogIndex(snapshot: CatalogSnapshot): CatalogIndex {
  const rank = new Map(snapshot.searchPath.map((schema, index) => [schema, index]));
  const pathRank = (schema: string): number => rank.get(schema) ?? snapshot.searchPath.length;
  const byKey = new Map(snapshot.relations.map((relation) => [keyOf(relation.schema, relation.name), relation]));
  const bySchema = grouped(snapshot.relations, (relation) => relation.schema);
  const foreignKeys = foreignKeyIndex(snapshot);
  const enums = snapshot.enums.map((entry) => (pathRank(entry.schema) < snapshot.searchPath.length ? entry.name : `${entry.schema}.${entry.name}`));
  return {
    schemas: snapshot.schemas,
    relations: snapshot.relations,
    functions: functionEntries(snapshot),
    types: [...enums, ...BUILT_IN_TYPES],
    pathRank,
    inPath: (schema) => rank.has(schema) || schema === 'pg_catalog',
    relation(schema, name) {
      if (schema !== null) return byKey.get(keyOf(schema, name)) ?? null;
      for (const candidate of [...snapshot.searchPath, 'pg_catalog']) {
        const found = byKey.get(keyOf(candidate, name));
        if (found) return found;
      }
      return null;
    },
    relationsIn: (schema) => bySchema.get(schema) ?? [],
    foreignKeysOf: (relation) => foreignKeys.get(keyOf(relation.schema, relation.name)) ?? [],
  };
}
