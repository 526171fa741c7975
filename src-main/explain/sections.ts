import type { Node } from '@pgsql/types';
import { knownTable, type ExplainContext, type KnownTable } from './context';
import { listed, plural, quoted, type Draft } from './draft';
import { distinctTables, type ColumnUse, type namesOf, type Role, type Use } from './names';
import { targetSpans } from './queries';
import { relationName } from './tree';

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  read: 'its rows are read', inserted: 'rows are inserted into it', updated: 'its rows are updated', deleted: 'its rows are deleted', merged: 'its rows are changed by what matches', created: 'it is created', altered: 'it is changed',
  dropped: 'it is dropped', emptied: 'it is emptied', loaded: 'rows are loaded into it', locked: 'it is locked', indexed: 'it gets an index', 'referred to': 'it is referred to', named: 'it is named',
};

/** The section on tables: each once. */
export function tablesSection(draft: Draft, names: ReturnType<typeof namesOf>, context: ExplainContext): void {
  for (const { name, relation, roles, aliases, location } of distinctTables(names.tables)) {
    const known = knownTable(context, relation);
    const facts = known
      ? [
          known.kind === 'table' ? null : known.kind.replaceAll('_', ' '),
          known.rows === null ? 'never analyzed, so that its size is not known' : `about ${plural(Math.round(known.rows), 'row')}`,
          known.primaryKey.length === 0 ? null : `primary key ${listed(known.primaryKey.map(quoted))}`,
        ].filter((fact) => fact !== null)
      : context.catalog && !roles.includes('created') && !roles.includes('dropped') ? ['not in the catalog under this name'] : [];
    const called = aliases.length === 0 ? '' : `, called ${listed(aliases.map(quoted))}`;
    draft.say('tables', `${quoted(name)}${called}: ${listed(roles.map((role) => ROLE_WORDS[role]))}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}.`, location === null ? draft.source.whole : draft.source.name(draft.source.offset(location)));
  }
}

const USE_WORDS: Readonly<Record<Use, string>> = { returned: 'returned', filtered: 'in a filter', joined: 'in a join', grouped: 'for grouping', sorted: 'for sorting', written: 'written', computed: 'in a computation' };

/** The section on columns: what comes back, then each column that is named. */
export function columnsSection(draft: Draft, root: Node, names: ReturnType<typeof namesOf>, context: ExplainContext): void {
  const bare = new Set(names.columns.map(({ name }) => name));
  for (const piece of outputsOf(draft, root)) if (!bare.has(draft.source.code(piece))) draft.say('columns', `Comes back: ${draft.quote(piece)}.`, piece);
  const found = new Map<string, { first: ColumnUse; uses: Use[] }>();
  for (const column of names.columns) {
    const relation = relationOf(column, context);
    const key = JSON.stringify([column.name, relation && relationName(relation)]);
    const known = found.get(key) ?? { first: column, uses: [] };
    if (!known.uses.includes(column.use)) known.uses.push(column.use);
    found.set(key, known);
  }
  for (const { first, uses } of found.values()) {
    const relation = relationOf(first, context);
    const type = relation ? typeWords(knownTable(context, relation), first.column) : '';
    draft.say('columns', `${quoted(first.name)}${relation ? ` of ${quoted(relationName(relation))}` : ''}${type}: ${listed(uses.map((use) => USE_WORDS[use]))}.`, draft.source.name(draft.source.offset(first.location)));
  }
}

/** Columns that every table has; PostgreSQL manual, "System Columns". */
const SYSTEM = new Set(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax']);

function typeWords(table: KnownTable | null, column: string): string {
  if (!table || SYSTEM.has(column)) return '';
  const known = table.columns.find(({ name }) => name === column);
  return known ? ` (${quoted(known.type)}${known.nullable ? ', may be NULL' : ''})` : ' (the catalog has no such column)';
}

/** The table of a column: by the names alone, else the one table that has such a column by the catalog. */
export function relationOf(column: ColumnUse, context: ExplainContext): ColumnUse['relation'] {
  if (column.relation) return column.relation;
  const having = column.candidates.filter((candidate) => knownTable(context, candidate)?.columns.some(({ name }) => name === column.column));
  return having.length === 1 ? (having[0] ?? null) : null;
}

function outputsOf(draft: Draft, root: Node): { from: number; to: number }[] {
  if (!('SelectStmt' in root)) return [];
  let query = root.SelectStmt;
  while (query.larg) query = query.larg;
  return targetSpans(draft, query.targetList)?.pieces ?? [];
}
