import type { RangeVar } from '@pgsql/types';
import type { CatalogSnapshot, ObjectDetail } from '../../src-preload/contract/catalog';
import type { QueryPlan } from '../../src-preload/contract/plans';

/** What the catalog tells of a table that the statement names. */
export interface KnownTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  /** The planner's estimate; null when never analysed. */
  readonly rows: number | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly { readonly name: string; readonly definition: string }[];
}

/** What an explanation may use besides the text. */
export interface ExplainContext {
  readonly catalog: CatalogSnapshot | null;
  /** Details of the tables that the statement names, for their indexes. */
  readonly details: readonly ObjectDetail[];
  readonly plan: QueryPlan | null;
}

export const nothingKnown: ExplainContext = { catalog: null, details: [], plan: null };

/** The table that a name means, along the search path where it has no schema; null where the catalog has none or is not there. */
export function knownTable({ catalog, details }: ExplainContext, { schemaname, relname }: RangeVar): KnownTable | null {
  if (!catalog) return null;
  const path = schemaname === undefined ? catalog.searchPath : [schemaname];
  for (const schema of path) {
    const found = catalog.relations.find((relation) => relation.schema === schema && relation.name === relname);
    if (!found) continue;
    const detail = details.find(({ object }) => object.schema === schema && object.name === relname);
    return { ...found, indexes: detail?.indexes ?? [] };
  }
  return null;
}
