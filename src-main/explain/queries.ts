import type { CommonTableExpr, FuncCall, Node, SelectStmt, WindowDef, WithClause } from '@pgsql/types';
import { conditionWords } from './conditions';
import { listed, plural, quoted, type Draft } from './draft';
import { explainFrom } from './fromClause';
import { groupWords, sortWords } from './ordering';
import type { Span } from './source';
import { hasAggregate, relationName, strings, visit } from './tree';

const QUERY_BEGINS = ['SELECT', 'VALUES', 'WITH', 'TABLE'];

/** Explains the queries directly inside a tree. */
export function explainInner(draft: Draft, tree: unknown): void {
  const seen = new Set<number | null>();
  for (const query of draft.subqueries(tree)) {
    // SET (a, b) = (SELECT ...) holds its query once for each column.
    const begin = draft.begin(query);
    if (begin === null || !seen.has(begin)) draft.inside(() => explainQuery(draft, query));
    seen.add(begin);
  }
}

/** Explains a query in the order in which it is worked out. */
export function explainQuery(draft: Draft, query: SelectStmt, returns = true): void {
  explainWith(draft, query.withClause);
  if (query.larg && query.rarg) explainSetOperation(draft, query, query.larg, query.rarg);
  else if (query.valuesLists) explainValues(draft, query);
  else explainCore(draft, query, returns);
  if (query.sortClause) sortWords(draft, query.sortClause);
  if (distinctOn(query)) explainDistinctOn(draft, query);
  explainLimit(draft, query);
  explainLocks(draft, query);
}

/** Explains each query of a WITH clause. */
export function explainWith(draft: Draft, clause: WithClause | undefined): void {
  if (!clause) return;
  const begin = draft.source.offset(clause.location ?? 0);
  const whole = draft.source.clauseFrom(begin, 'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'VALUES', 'TABLE');
  const word = draft.source.wordIn(whole, 'RECURSIVE') ?? draft.source.wordIn(whole, 'WITH');
  const pieces = word ? draft.source.pieces(draft.source.after(word, whole)) : [];
  (clause.ctes ?? []).forEach((node, index) => {
    if ('CommonTableExpr' in node) explainCte(draft, node.CommonTableExpr, pieces[index] ?? whole);
  });
}

function explainCte(draft: Draft, cte: CommonTableExpr, span: Span): void {
  const name = quoted(cte.ctename ?? '');
  const query = cte.ctequery;
  const recursive = query && 'SelectStmt' in query && query.SelectStmt.rarg !== undefined && refersTo(query.SelectStmt.rarg, cte.ctename ?? '');
  const how = { CTEMaterializeAlways: ' It is worked out once and kept (MATERIALIZED).', CTEMaterializeNever: ' The planner may merge it into what uses it (NOT MATERIALIZED).' }[cte.ctematerialized as string] ?? '';
  draft.step(recursive ? `Works out ${name} step by step (recursive): it starts with the first query, then runs the second again and again on the rows found last, until no new ones come.${how}` : `Works out ${name}, to be used like a table by what follows.${how}`, span);
  if (query) draft.inside(() => ('SelectStmt' in query ? explainQuery(draft, query.SelectStmt) : draft.statement(draft, query)));
}

/** Whether a relation of this name is read in a tree. */
function refersTo(tree: unknown, name: string): boolean {
  let found = false;
  visit(tree, (value) => {
    if (value['relname'] === name && value['schemaname'] === undefined) found = true;
  });
  return found;
}

const SET_WORDS: Readonly<Record<string, { readonly all: string; readonly distinct: string }>> = {
  SETOP_UNION: { all: 'Appends the rows of the next query, repeated rows included (UNION ALL).', distinct: 'Adds the rows of the next query and removes repeated rows (UNION).' },
  SETOP_INTERSECT: { all: 'Keeps the rows that the next query gives too, as often as both do (INTERSECT ALL).', distinct: 'Keeps the rows that the next query gives too, each once (INTERSECT).' },
  SETOP_EXCEPT: { all: 'Takes away the rows that the next query gives, as often as it does (EXCEPT ALL).', distinct: 'Takes away the rows that the next query gives, and keeps each other row once (EXCEPT).' },
};

function explainSetOperation(draft: Draft, query: SelectStmt, left: SelectStmt, right: SelectStmt): void {
  explainQuery(draft, left);
  const begin = draft.begin(right);
  const word = begin === null ? null : draft.source.wordBefore(begin, 'UNION', 'INTERSECT', 'EXCEPT');
  const words = SET_WORDS[query.op ?? ''];
  const text = words ? (query.all ? words.all : words.distinct) : 'Combines the rows of two queries.';
  const next = word ? draft.source.after(word, draft.source.levelFrom(word.from)) : null;
  const span = word && { from: word.from, to: next && /^(all|distinct)\b/i.test(draft.source.text.slice(next.from)) ? draft.source.name(next.from).to : word.to };
  draft.step(text, span);
  draft.say('joins', text, span);
  explainQuery(draft, right);
}

function explainValues(draft: Draft, query: SelectStmt): void {
  const rows = query.valuesLists?.length ?? 0;
  draft.step(`Takes ${plural(rows, 'row')} written out as values.`, draft.clause(query.valuesLists, ['VALUES']));
  explainInner(draft, query.valuesLists);
}

function explainCore(draft: Draft, query: SelectStmt, returns: boolean): void {
  for (const item of query.fromClause ?? []) explainFrom(draft, item, (tree) => explainInner(draft, tree));
  const apart = query.fromClause ?? [];
  const lateral = apart.some((item) => ('RangeSubselect' in item && item.RangeSubselect.lateral) || 'RangeFunction' in item);
  if (apart.length > 1 && !lateral) draft.say('joins', `Combines ${plural(apart.length, 'member')} of FROM, each row of one with each row of the others, narrowed only by WHERE.`, draft.clause(query.fromClause, ['FROM']));
  explainFilters(draft, query.whereClause, 'WHERE', 'Keeps only rows where');
  explainGroups(draft, query);
  explainFilters(draft, query.havingClause, 'HAVING', 'Keeps only groups where');
  explainWindows(draft, query);
  if (returns) explainTargets(draft, query);
  if (query.intoClause?.rel) draft.step(`Stores the result in a new table, ${quoted(relationName(query.intoClause.rel))}.`, draft.clause(query.intoClause.rel, ['INTO']));
}

/** One step for each condition that must hold, then the queries inside of it. */
export function explainFilters(draft: Draft, condition: Node | undefined, word: string, words: string, section: 'steps' | 'joins' = 'steps'): void {
  if (!condition) return;
  const clause = draft.clause(condition, [word], ...(word === 'WHEN' ? ['THEN'] : []));
  if (!clause) return draft.say(section, `${words} a condition holds.`, null);
  const first = draft.source.wordIn(clause, word) as Span;
  for (const { node, span } of draft.filters(condition, draft.source.after(first, clause))) {
    draft.say(section, `${words} ${conditionWords(draft, node, span)}.`, span);
    explainInner(draft, node);
  }
}

/** The star stands for the values. */
const AGGREGATE_WORDS: Readonly<Record<string, string>> = {
  sum: 'adds up *', avg: 'averages *', min: 'finds the least of *', max: 'finds the greatest of *', string_agg: 'strings together *', array_agg: 'gathers * into an array', json_agg: 'gathers * into a JSON array', jsonb_agg: 'gathers * into a JSON array',
  json_object_agg: 'gathers * into a JSON object', jsonb_object_agg: 'gathers * into a JSON object', bool_and: 'tells whether all of * are true', every: 'tells whether all of * are true', bool_or: 'tells whether any of * is true', any_value: 'takes any one of *',
  percentile_cont: 'finds the percentile of * (between two where it falls there)', percentile_disc: 'finds the percentile of *', mode: 'finds the most frequent of *', stddev: 'tells how far * spread (standard deviation)', variance: 'tells how far * spread (variance)', corr: 'tells how * go together (correlation)',
};

function aggregateWords({ agg_distinct: distinct, agg_star: star }: FuncCall, name: string, grouped: boolean): string {
  const of = grouped ? 'of each group' : 'of all the rows';
  if (name === 'count' && star) return grouped ? 'counts the rows of each group' : 'counts all the rows';
  if (name === 'count') return distinct ? `counts the different values ${of} that are not NULL` : `counts ${grouped ? 'the rows of each group' : 'all the rows'} where its argument is not NULL`;
  return (AGGREGATE_WORDS[name] ?? 'gathers * into one value').replace('*', `the ${distinct ? 'different values' : 'values'} ${of}`);
}

function explainGroups(draft: Draft, query: SelectStmt): void {
  const grouped = query.groupClause !== undefined;
  if (grouped) groupWords(draft, query);
  const aggregates = draft.aggregates([query.targetList, query.havingClause, query.sortClause]);
  if (!grouped && hasAggregate(query)) draft.step('Gathers all the rows into one group.', aggregates[0]?.span ?? null);
  explainAggregates(draft, aggregates, grouped);
}

/** What each aggregate does, and which rows its FILTER lets in. */
function explainAggregates(draft: Draft, aggregates: ReturnType<Draft['aggregates']>, grouped: boolean): void {
  const said = new Set<string>();
  for (const { call, name, span } of aggregates) {
    const code = draft.quote(span);
    if (said.has(code)) continue;
    said.add(code);
    let only = '';
    if (call.agg_filter) {
      const clause = draft.clause(call.agg_filter, ['WHERE']);
      const word = clause && draft.source.wordIn(clause, 'WHERE');
      if (clause && word) only = `, only of rows where ${listed(draft.filters(call.agg_filter, draft.source.after(word, clause)).map((part) => conditionWords(draft, part.node, part.span)))}`;
    }
    const text = `${code} ${aggregateWords(call, name, grouped)}${only}.`;
    draft.step(text, span);
    draft.say('joins', text, span);
  }
}

/** Calls over windows, not in queries inside of this one. */
function explainWindows(draft: Draft, query: SelectStmt): void {
  const named = new Map((query.windowClause ?? []).flatMap((node) => ('WindowDef' in node ? [[node.WindowDef.name ?? '', node.WindowDef] as const] : [])));
  visit([query.targetList, query.sortClause], (value) => {
    if ('SelectStmt' in value) return false;
    const call = value['FuncCall'] as FuncCall | undefined;
    if (!call?.over) return undefined;
    const span = draft.source.call(draft.source.offset(call.location ?? 0));
    const own = call.over;
    const window = named.get(own.refname ?? own.name ?? '') ?? own;
    const text = `Computes ${draft.quote(span)} for each row over ${windowWords(draft, { ...window, ...(own.orderClause ? { orderClause: own.orderClause } : {}) })}, without merging the rows.`;
    draft.step(text, span);
    draft.say('joins', text, span);
    return undefined;
  });
}

function windowWords(draft: Draft, window: WindowDef): string {
  const body = (tree: unknown, word: string): string | null => {
    const clause = tree === undefined ? null : draft.clause(tree, [word], 'ROWS', 'RANGE', 'GROUPS');
    const by = clause && draft.source.wordIn(clause, 'BY');
    return by && clause ? draft.quote(draft.source.after(by, clause)) : null;
  };
  const partition = body(window.partitionClause, 'PARTITION');
  const order = body(window.orderClause, 'ORDER');
  return `${partition === null ? 'all the rows' : `the rows with the same ${partition}`}${order === null ? '' : ` in the order of ${order}`}`;
}

function explainTargets(draft: Draft, query: SelectStmt): void {
  const targets = targetSpans(draft, query.targetList);
  if (!targets) return;
  const names = targets.pieces.map((piece) => draft.quote(piece));
  const shown = names.length > 12 ? [...names.slice(0, 11), plural(names.length - 11, 'more column')] : names;
  draft.step(names.length === 1 && names[0]?.includes('*') ? names[0] === '`*`' ? 'Returns all columns: `*`.' : `Returns ${names[0]}.` : `Returns ${plural(names.length, 'column')}: ${listed(shown)}.`, { from: targets.range.from, to: targets.range.to });
  explainInner(draft, query.targetList);
  if (query.distinctClause && !distinctOn(query)) draft.step('Removes repeated rows (DISTINCT).', draft.source.wordBefore(targets.range.from, 'DISTINCT'));
}

function distinctOn(query: SelectStmt): boolean {
  return query.distinctClause?.some((node) => Object.keys(node).length > 0) ?? false;
}

function explainDistinctOn(draft: Draft, query: SelectStmt): void {
  const clause = draft.clause(query.distinctClause, ['DISTINCT']);
  const span = clause && { from: clause.from, to: draft.source.call(clause.from).to };
  draft.step(`Keeps the first row for each different ${draft.quote(clause ? draft.source.argumentsAfter(clause.from) : draft.source.whole)} (DISTINCT ON).`, span);
}

/** What a list of results or of RETURNING is made of; null where its places are not told. */
export function targetSpans(draft: Draft, targets: readonly Node[] | undefined): { range: Span; pieces: Span[] } | null {
  const from = draft.begin(targets);
  if (from === null) return null;
  const range = draft.source.clauseFrom(from, 'INTO');
  return { range, pieces: draft.source.pieces(range) };
}

function isNull(node: Node | undefined): boolean {
  return node !== undefined && 'A_Const' in node && node.A_Const.isnull === true;
}

function explainLimit(draft: Draft, query: SelectStmt): void {
  const { limitCount, limitOffset } = query;
  if (limitOffset && !isNull(limitOffset)) {
    const clause = draft.clause(limitOffset, ['OFFSET']);
    const word = clause && draft.source.wordIn(clause, 'OFFSET');
    if (clause && word) draft.step(`Skips the first ${draft.quote(draft.source.after(word, clause)).replace(/ rows?`$/i, '`')} rows.`, clause);
  }
  if (!limitCount || isNull(limitCount)) return;
  const clause = draft.clause(limitCount, ['LIMIT', 'FETCH']);
  const word = clause && draft.source.wordIn(clause, 'LIMIT', 'FETCH');
  if (!clause || !word) return draft.step('Returns one row at most.', null);
  const ties = query.limitOption === 'LIMIT_OPTION_WITH_TIES' ? ', and those that are equal to the last of them in the order (WITH TIES)' : '';
  const count = draft.source.code(draft.source.after(word, clause)).replace(/^(?:FIRST|NEXT)\s+|\s+ROWS?\s+(?:ONLY|WITH\s+TIES)$/gi, '');
  draft.step(`Returns at most ${quoted(count)} rows${ties}.`, clause);
}

const LOCKS: Readonly<Record<string, string>> = {
  LCS_FORUPDATE: 'Locks the rows against any change by others until the transaction ends (FOR UPDATE)',
  LCS_FORNOKEYUPDATE: 'Locks the rows against changes by others until the transaction ends, keys excepted (FOR NO KEY UPDATE)',
  LCS_FORSHARE: 'Locks the rows so that others can read them and not change them until the transaction ends (FOR SHARE)',
  LCS_FORKEYSHARE: 'Locks the rows so that others cannot delete them or change their keys until the transaction ends (FOR KEY SHARE)',
};

function explainLocks(draft: Draft, query: SelectStmt): void {
  const begin = draft.begin([query.targetList, query.fromClause]);
  const first = begin === null ? null : draft.source.wordBefore(begin, ...QUERY_BEGINS);
  (query.lockingClause ?? []).forEach((node) => {
    if (!('LockingClause' in node)) return;
    const { strength, lockedRels, waitPolicy } = node.LockingClause;
    const word = lockedRels ? draft.source.wordBefore(draft.begin(lockedRels) ?? 0, 'FOR') : first && draft.source.wordIn(draft.source.levelFrom(first.from), 'FOR');
    const of = (lockedRels ?? []).flatMap((item) => ('RangeVar' in item ? [quoted(relationName(item.RangeVar))] : []));
    const wait = { LockWaitSkip: '; rows that another transaction holds are skipped (SKIP LOCKED)', LockWaitError: '; it fails at once where another transaction holds a row (NOWAIT)' }[waitPolicy as string] ?? '';
    draft.step(`${LOCKS[strength ?? ''] ?? 'Locks the rows'}${of.length === 0 ? '' : `, those of ${listed(of)} only`}${wait}.`, word && draft.source.clauseFrom(word.from));
  });
}

/** Names of the columns that a list of targets writes. */
export function targetNames(targets: readonly Node[] | undefined): string[] {
  return (targets ?? []).flatMap((node) => ('ResTarget' in node && node.ResTarget.name !== undefined ? [[node.ResTarget.name, ...strings(node.ResTarget.indirection)].join('.')] : []));
}
