import type { CatalogIndex, ForeignKey, Relation } from './catalogIndex';
import { quoteIdentifier } from './keywords';
import type { Source } from './scope';

const isFrom = (key: ForeignKey, relation: Relation): boolean => key.schema === relation.schema && key.table === relation.name;
const isTo = (key: ForeignKey, relation: Relation): boolean => key.refSchema === relation.schema && key.refTable === relation.name;

/** Writes a keyword as the person writes theirs. */
export type WriteKeyword = (keyword: string) => string;

function condition(key: ForeignKey, owner: string, referenced: string, keyword: WriteKeyword): string {
  const pair = (column: string, index: number): string =>
    `${quoteIdentifier(owner)}.${quoteIdentifier(column)} = ${quoteIdentifier(referenced)}.${quoteIdentifier(key.refColumns[index] ?? '')}`;
  return key.columns.map(pair).join(` ${keyword('AND')} `);
}

/** Conditions by foreign key, in both directions, between the source that was just joined and those before it. */
export function onConditions(joined: Source, others: readonly Source[], catalog: CatalogIndex, keyword: WriteKeyword): string[] {
  const { relation } = joined;
  if (!relation) return [];
  const found: string[] = [];
  for (const other of others) {
    const target = other.relation;
    if (!target) continue;
    for (const key of catalog.foreignKeysOf(relation)) {
      if (isFrom(key, relation) && isTo(key, target)) found.push(condition(key, joined.name, other.name, keyword));
      if (isFrom(key, target) && isTo(key, relation)) found.push(condition(key, other.name, joined.name, keyword));
    }
  }
  return [...new Set(found)];
}

/** An alias from a table's initials, such as `oi` for order_items, that is not taken yet. */
export function aliasFor(name: string, taken: ReadonlySet<string>): string {
  const initials = name.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean).map((part) => part.charAt(0)).join('').replace(/^[^a-z]+/, '') || 't';
  const wanted = quoteIdentifier(initials) === initials ? initials : `${initials}1`;
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}${number}`)) return `${wanted}${number}`;
}

export interface JoinProposal {
  readonly table: string;
  /** What follows JOIN: table, alias, ON and the condition. */
  readonly text: string;
}

/** Whole joins to the tables that a foreign key connects with the sources so far; with aliases where the query uses them. */
export function joinProposals(sources: readonly Source[], catalog: CatalogIndex, written: (relation: Relation) => string, keyword: WriteKeyword): JoinProposal[] {
  const taken = new Set(sources.map((source) => source.name));
  const aliased = sources.some((source) => source.aliased);
  const found = new Map<string, JoinProposal>();
  for (const source of sources) {
    const { relation } = source;
    if (!relation) continue;
    for (const key of catalog.foreignKeysOf(relation)) {
      const outward = isFrom(key, relation);
      const other = outward ? catalog.relation(key.refSchema, key.refTable) : catalog.relation(key.schema, key.table);
      if (!other) continue;
      const name = aliased || taken.has(other.name) ? aliasFor(other.name, taken) : other.name;
      const on = outward ? condition(key, source.name, name, keyword) : condition(key, name, source.name, keyword);
      const text = `${written(other)}${name === other.name ? '' : ` ${quoteIdentifier(name)}`} ${keyword('ON')} ${on}`;
      found.set(text, { table: other.name, text });
    }
  }
  return [...found.values()];
}
