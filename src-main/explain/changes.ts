import type { DeleteStmt, InsertStmt, MergeStmt, MergeWhenClause, Node, OnConflictClause, ReturningClause, UpdateStmt } from '@pgsql/types';
import { conditionWords } from './conditions';
import { listed, plural, quoted, type Draft } from './draft';
import { explainFrom, memberSpan, relationWords, targetSpan } from './fromClause';
import { explainFilters, explainInner, explainQuery, explainWith, targetNames, targetSpans } from './queries';
import type { Span } from './source';
import { nodesOf } from './tree';

const inner = (draft: Draft) => (tree: unknown): void => explainInner(draft, tree);

export function explainInsert(draft: Draft, statement: InsertStmt): void {
  explainWith(draft, statement.withClause);
  const query = statement.selectStmt && 'SelectStmt' in statement.selectStmt ? statement.selectStmt.SelectStmt : undefined;
  if (query) explainQuery(draft, query);
  else draft.step('Takes one row of the default values.', null);
  const columns = targetNames(statement.cols);
  const into = columns.length === 0 ? 'filling its columns in their order' : `filling ${listed(columns.map(quoted))}`;
  if (statement.relation) draft.step(`Inserts each of them into ${relationWords(statement.relation)}, ${into}.`, draft.clause(statement.relation, ['INSERT'], 'VALUES', 'SELECT', 'DEFAULT', 'OVERRIDING'));
  if (statement.onConflictClause) explainConflict(draft, statement.onConflictClause);
  explainReturning(draft, statement.returningClause);
}

function explainConflict(draft: Draft, conflict: OnConflictClause): void {
  const begin = draft.source.offset(conflict.location ?? 0);
  const span = draft.source.clauseFrom(begin, 'DO');
  const on = (conflict.infer?.indexElems ?? []).flatMap((node) => ('IndexElem' in node && node.IndexElem.name !== undefined ? [quoted(node.IndexElem.name)] : []));
  const name = conflict.infer?.conname;
  const where = on.length > 0 ? `has the same ${listed(on)}` : name !== undefined ? `breaks the constraint ${quoted(name)}` : 'would break a unique rule';
  const update = conflict.action === 'ONCONFLICT_UPDATE';
  draft.step(`Where a row ${on.length > 0 ? `that is already there ${where}` : where}, it ${update ? 'updates the row that is already there instead (DO UPDATE)' : 'leaves it out without an error (DO NOTHING)'}.`, span);
  if (conflict.infer?.whereClause) explainFilters(draft, conflict.infer.whereClause, 'WHERE', 'Counts as a conflict only in the partial index of rows where');
  if (!update) return;
  explainSet(draft, conflict.targetList);
  explainFilters(draft, conflict.whereClause, 'WHERE', 'Updates only where');
}

/** One step for each assignment of SET. */
function explainSet(draft: Draft, targets: readonly Node[] | undefined, ...alsoBefore: readonly string[]): void {
  const from = draft.begin(targets);
  if (from === null) return;
  const set = draft.source.wordBefore(from, 'SET');
  const range = set ? draft.source.clauseFrom(set.from, ...alsoBefore) : draft.source.clauseFrom(from, ...alsoBefore);
  for (const piece of draft.source.pieces(set ? draft.source.after(set, range) : range)) {
    const code = draft.source.code(piece);
    const sign = code.indexOf('=');
    draft.step(sign < 0 ? `Sets ${quoted(code)}.` : `Sets ${quoted(code.slice(0, sign).trim())} to ${quoted(code.slice(sign + 1).trim())}.`, piece);
  }
  explainInner(draft, targets);
}

export function explainUpdate(draft: Draft, statement: UpdateStmt): void {
  explainWith(draft, statement.withClause);
  if (statement.relation) draft.step(`Looks through the rows of ${relationWords(statement.relation)} to update them.`, draft.clause(statement.relation, ['UPDATE'], 'SET'));
  for (const item of statement.fromClause ?? []) explainFrom(draft, item, inner(draft));
  explainFilters(draft, statement.whereClause, 'WHERE', 'Changes only rows where');
  explainSet(draft, statement.targetList);
  explainReturning(draft, statement.returningClause);
}

export function explainDelete(draft: Draft, statement: DeleteStmt): void {
  explainWith(draft, statement.withClause);
  if (statement.relation) draft.step(`Looks through the rows of ${relationWords(statement.relation)} to delete them.`, targetSpan(draft, statement.relation, 'DELETE'));
  for (const item of statement.usingClause ?? []) explainFrom(draft, item, inner(draft));
  explainFilters(draft, statement.whereClause, 'WHERE', 'Deletes only rows where');
  explainReturning(draft, statement.returningClause);
}

export function explainMerge(draft: Draft, statement: MergeStmt): void {
  explainWith(draft, statement.withClause);
  const { relation, sourceRelation, joinCondition } = statement;
  if (sourceRelation) explainFrom(draft, sourceRelation, inner(draft));
  if (relation) draft.step(`Compares each of them with the rows of ${relationWords(relation)} to change those.`, draft.clause(relation, ['MERGE'], 'USING'));
  if (joinCondition) {
    const begin = draft.begin(joinCondition);
    const on = begin === null ? null : draft.source.wordBefore(begin, 'ON');
    const clause = on && draft.source.clauseFrom(on.from, 'WHEN');
    const conditions = on && clause ? draft.filters(joinCondition, draft.source.after(on, clause)).map((part) => conditionWords(draft, part.node, part.span)) : [];
    const text = `Two rows match where ${listed(conditions)}.`;
    draft.step(text, clause);
    draft.say('joins', text, clause);
    explainInner(draft, joinCondition);
  }
  const start = sourceRelation ? memberSpan(draft, sourceRelation) : null;
  const level = draft.source.levelFrom(start?.from ?? draft.source.whole.from);
  const whens = draft.source.wordsIn({ from: start?.to ?? level.from, to: level.to }, 'WHEN');
  (statement.mergeWhenClauses ?? []).forEach((node, index) => {
    if ('MergeWhenClause' in node) explainWhen(draft, node.MergeWhenClause, whens[index] ?? null);
  });
  explainReturning(draft, statement.returningClause);
}

const MATCHES: Readonly<Record<string, string>> = {
  MERGE_WHEN_MATCHED: 'For each pair that matches',
  MERGE_WHEN_NOT_MATCHED_BY_TARGET: 'For each source row without a match',
  MERGE_WHEN_NOT_MATCHED_BY_SOURCE: 'For each row of the target that no source row matches',
};
const ACTIONS: Readonly<Record<string, string>> = { CMD_UPDATE: 'updates the row', CMD_DELETE: 'deletes the row', CMD_INSERT: 'inserts a row', CMD_NOTHING: 'does nothing' };

function explainWhen(draft: Draft, when: MergeWhenClause, word: Span | null): void {
  const clause = word && draft.source.clauseFrom(word.from, 'WHEN');
  const columns = when.commandType === 'CMD_INSERT' ? targetNames(when.targetList) : [];
  draft.step(`${MATCHES[when.matchKind ?? ''] ?? 'For each row'}${when.condition ? ' and meets what follows' : ''}, it ${ACTIONS[when.commandType ?? ''] ?? 'acts'}${columns.length === 0 ? '' : `, filling ${plural(columns.length, 'column')}: ${listed(columns.map(quoted))}`}.`, clause);
  if (when.condition && clause) {
    const and = draft.source.wordIn(clause, 'AND');
    const then = draft.source.wordIn(clause, 'THEN');
    if (and && then) for (const { node, span } of draft.filters(when.condition, draft.source.trimmed({ from: draft.source.after(and, clause).from, to: then.from }))) draft.step(`Does so only where ${conditionWords(draft, node, span)}.`, span);
    explainInner(draft, when.condition);
  }
  if (when.commandType === 'CMD_UPDATE') explainSet(draft, when.targetList, 'WHEN');
  explainInner(draft, when.values);
}

function explainReturning(draft: Draft, returning: ReturningClause | undefined): void {
  const targets = targetSpans(draft, returning?.exprs);
  if (!targets) return;
  draft.step(`Returns from each changed row ${listed(targets.pieces.map((piece) => draft.quote(piece)))}.`, draft.clause(returning?.exprs, ['RETURNING']));
  if (nodesOf(returning?.exprs, 'SubLink').length > 0) explainInner(draft, returning?.exprs);
}
