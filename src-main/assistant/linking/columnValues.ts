import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';

/** Values of columns that may be known; by `columnPlace`. */
export type ColumnValues = ReadonlyMap<string, readonly string[]>;

/** The key of a column in `ColumnValues`. */
export function columnPlace({ schema, name }: { schema: string; name: string }, column: string): string {
  return `${schema}\0${name}\0${column}`;
}

/** The labels of the columns whose type is an enum: they are part of the schema. */
export function enumLabels(snapshot: CatalogSnapshot): Map<string, readonly string[]> {
  const labels = new Map(snapshot.enums.flatMap((one) => [one.name, `${one.schema}.${one.name}`].map((name) => [name, one.labels] as const)));
  const found = new Map<string, readonly string[]>();
  if (labels.size === 0) return found;
  for (const relation of snapshot.relations) {
    for (const { name, type } of relation.columns) {
      const own = labels.get(type.replace(/\[\]$/, '').replaceAll('"', ''));
      if (own) found.set(columnPlace(relation, name), own);
    }
  }
  return found;
}
