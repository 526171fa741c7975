import type { Node, SelectStmt } from '@pgsql/types';
import { listed, plural, type Draft } from './draft';
import { nodesOf } from './tree';

/** What GROUP BY makes. */
export function groupWords(draft: Draft, query: SelectStmt): void {
  const clause = draft.clause(query.groupClause, ['GROUP']);
  const by = clause && draft.source.wordIn(clause, 'BY');
  const body = by && clause ? draft.source.after(by, clause) : null;
  const keys = body ? draft.source.pieces(body).map((piece, index) => (isPlace(query.groupClause?.[index]) ? `column number ${draft.quote(piece)}` : draft.quote(piece))) : [];
  const sets = nodesOf(query.groupClause, 'GroupingSet');
  const totals = sets.some((set) => set.kind === 'GROUPING_SET_ROLLUP')
    ? ', with subtotals for each level from right to left and a grand total (ROLLUP)'
    : sets.some((set) => set.kind === 'GROUPING_SET_CUBE')
      ? ', with subtotals for every combination of them (CUBE)'
      : sets.some((set) => set.kind === 'GROUPING_SET_SETS')
        ? ', once for each of the sets (GROUPING SETS)'
        : '';
  const text = sets.every((set) => set.kind === 'GROUPING_SET_EMPTY') && sets.length > 0 ? 'Gathers all the rows into one group.' : `Makes one group of the rows for each different ${listed(keys)}${totals}.`;
  draft.step(text, clause);
  draft.say('joins', text, clause);
}

/** A bare number means a column of the result. */
function isPlace(node: Node | undefined): boolean {
  return node !== undefined && 'A_Const' in node && node.A_Const.ival !== undefined;
}

/** What ORDER BY does. */
export function sortWords(draft: Draft, sort: readonly Node[]): void {
  const clause = draft.clause(sort, ['ORDER']);
  const by = clause && draft.source.wordIn(clause, 'BY');
  if (!clause || !by) return;
  const pieces = draft.source.pieces(draft.source.after(by, clause));
  const keys = pieces.map((piece, index) => {
    const node = sort[index];
    const sorting = node && 'SortBy' in node ? node.SortBy : undefined;
    const descending = sorting?.sortby_dir === 'SORTBY_DESC';
    const nulls = { SORTBY_NULLS_FIRST: ', NULL first', SORTBY_NULLS_LAST: ', NULL last' }[sorting?.sortby_nulls as string] ?? (descending ? ', NULL first' : '');
    const tail = draft.source.wordIn(piece, 'ASC', 'DESC', 'NULLS', 'USING');
    const key = draft.quote(tail ? { from: piece.from, to: tail.from } : piece);
    const order = sorting?.sortby_dir === 'SORTBY_USING' && tail ? draft.quote({ from: tail.from, to: piece.to }) : `${descending ? 'greatest' : 'least'} first${nulls}`;
    return `${isPlace(sorting?.node) ? 'column number ' : ''}${key} (${order})`;
  });
  draft.step(`Sorts the rows by ${keys.length > 1 ? `${plural(keys.length, 'key')}: ` : ''}${listed(keys, 'then')}.`, clause);
}
