import type { Node } from '@pgsql/types';
import { listed, plural, quoted, type Draft } from './draft';
import { distinctTables, type namesOf } from './names';
import { conjuncts, hasAggregate, kindOf } from './tree';

type Names = ReturnType<typeof namesOf>;

/** One to three sentences on the whole. */
export function summarySection(draft: Draft, root: Node, names: Names): void {
  draft.say('summary', whatItDoes(draft, root, names), draft.source.whole);
  const kind = kindOf(root);
  if (kind === 'SelectStmt') draft.say('summary', changes(names) ?? lockWords(root) ?? 'It only reads: nothing is changed, unless a function that it calls does so.', null);
  const unusual = draft.of('suggestions').filter(({ level }) => level !== 'plain' && level !== 'note').length;
  if (unusual > 0) draft.say('summary', `${plural(unusual, 'thing is', 'things are')} worth a look: see the suggestions.`, null, 'warning');
}

function changes({ tables }: Names): string | null {
  const written = distinctTables(tables.filter(({ role }) => ['inserted', 'updated', 'deleted', 'merged'].includes(role)));
  return written.length === 0 ? null : `Inside of it are statements that change ${listed(written.map(({ name }) => quoted(name)))}.`;
}

function lockWords(root: Node): string | null {
  return 'SelectStmt' in root && root.SelectStmt.lockingClause ? 'It changes no row, and locks the rows that it returns.' : null;
}

function named(names: Names, roles: readonly string[]): string {
  const tables = distinctTables(names.tables.filter(({ role }) => roles.includes(role)));
  const shown = tables.slice(0, 6).map(({ name }) => quoted(name));
  return listed(tables.length > 6 ? [...shown, plural(tables.length - 6, 'more')] : shown);
}

function whatItDoes(draft: Draft, root: Node, names: Names): string {
  const read = named(names, ['read']);
  const from = read === '' ? '' : `, using ${read}`;
  if ('SelectStmt' in root) return selectWords(root, read, names.tables.length > 0);
  if ('InsertStmt' in root) return `Inserts rows into ${named(names, ['inserted'])}${from}.`;
  if ('UpdateStmt' in root) return `Updates ${root.UpdateStmt.whereClause ? 'some rows' : 'every row'} of ${named(names, ['updated'])}${from}.`;
  if ('DeleteStmt' in root) return `Deletes ${root.DeleteStmt.whereClause ? 'some rows' : 'every row'} of ${named(names, ['deleted'])}${from}.`;
  if ('MergeStmt' in root) return `Brings the rows of ${named(names, ['merged'])} in line with a source${from}.`;
  return draft.of('steps')[0]?.text ?? 'Does nothing that can be told.';
}

function selectWords({ SelectStmt: query }: Extract<Node, { SelectStmt: unknown }>, read: string, changes: boolean): string {
  const filters = conjuncts(query.whereClause).length;
  const how = [filters > 0 ? `narrowed by ${plural(filters, 'condition')}` : '', query.sortClause ? 'sorted' : '', query.limitCount && !isAll(query.limitCount) ? 'up to a limit' : ''].filter((part) => part !== '');
  const source = read !== '' ? `from ${read}` : changes ? 'of what it changes' : 'without reading a table';
  const from = how.length === 0 ? source : `${source}, ${listed(how)}`;
  if (query.op !== undefined && query.op !== 'SETOP_NONE') return `Combines the rows of several queries ${from}.`;
  if (query.valuesLists) return 'Returns rows that are written out as values.';
  if (query.groupClause) return `Returns one row for each group of rows ${from}.`;
  if (hasAggregate(query)) return `Returns one row that sums up all the rows ${from}.`;
  return `Returns rows ${from}.`;
}

/** LIMIT ALL is none. */
function isAll(limit: Node): boolean {
  return 'A_Const' in limit && limit.A_Const.isnull === true;
}
