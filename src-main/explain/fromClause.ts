import type { JoinExpr, Node, RangeFunction, RangeSubselect, RangeVar } from '@pgsql/types';
import { conditionWords } from './conditions';
import { listed, quoted, type Draft } from './draft';
import type { Span } from './source';
import { relationName, strings } from './tree';

/** What explains a query inside of this one. */
export type Inner = (tree: unknown) => void;

/** Where a table of FROM, UPDATE and the like stands, with its alias. */
function relationSpan(draft: Draft, relation: RangeVar): Span | null {
  const begin = draft.begin(relation);
  return begin === null ? null : draft.source.memberFrom(begin);
}

/** From the word of a command to the table that it changes. */
export function targetSpan(draft: Draft, relation: RangeVar, word: string): Span | null {
  const table = relationSpan(draft, relation);
  const command = table && draft.source.wordBefore(table.from, word);
  return table && command && { from: command.from, to: table.to };
}

/** How a table is called in a sentence: "`shop.orders` (called `o`)". */
export function relationWords(relation: RangeVar): string {
  const alias = relation.alias?.aliasname;
  return `${quoted(relationName(relation))}${alias === undefined ? '' : ` (called ${quoted(alias)})`}${relation.inh === true ? '' : ' (without the tables that inherit from it)'}`;
}

/** Explains one member of FROM. */
export function explainFrom(draft: Draft, item: Node, inner: Inner): void {
  if ('RangeVar' in item) draft.step(`Takes the rows of ${relationWords(item.RangeVar)}.`, relationSpan(draft, item.RangeVar));
  else if ('JoinExpr' in item) explainJoin(draft, item.JoinExpr, inner);
  else if ('RangeSubselect' in item) {
    draft.step(`Takes the rows of a subquery${called(item.RangeSubselect)}, which is worked out ${item.RangeSubselect.lateral ? 'for each row before it (LATERAL)' : 'first'}.`, memberSpan(draft, item));
    inner(item.RangeSubselect.subquery);
  } else if ('RangeFunction' in item) {
    draft.step(`Takes the rows that ${functionCode(draft, item.RangeFunction)} gives${called(item.RangeFunction)}${item.RangeFunction.lateral ? ', for each row before it (LATERAL)' : ''}${item.RangeFunction.ordinality ? ', numbered (WITH ORDINALITY)' : ''}.`, memberSpan(draft, item));
    inner(item.RangeFunction.functions);
  } else if ('RangeTableSample' in item) {
    const { relation, method } = item.RangeTableSample;
    const name = relation && 'RangeVar' in relation ? relationWords(relation.RangeVar) : 'a table';
    draft.step(`Takes a random sample of the rows of ${name}, by the method ${quoted(strings(method).join('.'))}.`, relation && 'RangeVar' in relation ? relationSpan(draft, relation.RangeVar) : null);
  } else {
    draft.step(`Makes rows out of a document: ${draft.quote(memberSpan(draft, item) ?? draft.source.whole)}.`, memberSpan(draft, item));
  }
}

function called({ alias }: RangeSubselect | RangeFunction): string {
  return alias?.aliasname === undefined ? '' : ` called ${quoted(alias.aliasname)}`;
}

function functionCode(draft: Draft, item: RangeFunction): string {
  const calls = (item.functions ?? []).flatMap((entry) => {
    const begin = draft.begin(entry);
    return begin === null ? [] : [draft.quote(draft.source.call(begin))];
  });
  return calls.length === 0 ? 'a function' : listed(calls);
}

/** The place of a member of FROM that is no table; a subquery begins with its parenthesis. */
export function memberSpan(draft: Draft, item: Node): Span | null {
  const begin = draft.begin(item);
  if (begin === null) return null;
  if (!('RangeSubselect' in item)) return draft.source.memberFrom(begin);
  const first = draft.source.wordBefore(begin, 'SELECT', 'VALUES', 'WITH', 'TABLE');
  const around = draft.source.parenthesesAround(first?.from ?? begin);
  return around && draft.source.memberFrom(around.from);
}

const KINDS: Readonly<Record<string, { readonly words: string; readonly unmatched: string }>> = {
  JOIN_INNER: { words: 'Joins', unmatched: 'rows without a partner are left out' },
  JOIN_LEFT: { words: 'Left-joins', unmatched: 'rows before it stay also without a partner, with NULL in its columns' },
  JOIN_RIGHT: { words: 'Right-joins', unmatched: 'its rows stay also without a partner, with NULL in the columns of what stands before it' },
  JOIN_FULL: { words: 'Full-joins', unmatched: 'rows of both sides stay also without a partner, with NULL in the columns of the other side' },
};

function explainJoin(draft: Draft, join: JoinExpr, inner: Inner): void {
  if (join.larg) explainFrom(draft, join.larg, inner);
  const span = joinSpan(draft, join);
  const { words, unmatched } = KINDS[join.jointype ?? ''] ?? { words: 'Joins', unmatched: '' };
  const target = targetWords(draft, join.rarg);
  const using = strings(join.usingClause);
  if (join.isNatural) say(draft, `${words} ${target} on all columns that have the same name on both sides (NATURAL); ${unmatched}.`, span);
  else if (using.length > 0) say(draft, `${words} ${target} where ${listed(using.map(quoted))} ${using.length === 1 ? 'is' : 'are'} equal on both sides; ${unmatched}.`, span);
  else if (join.quals === undefined) say(draft, `Combines every row so far with every row of ${target} (CROSS JOIN).`, span);
  else explainCondition(draft, join.quals, `${words} ${target}`, unmatched, span);
  // A table is told by the join itself; what is made by another query or join is explained.
  const { rarg } = join;
  if (rarg && 'RangeSubselect' in rarg) inner(rarg.RangeSubselect.subquery);
  else if (rarg && 'RangeFunction' in rarg) inner(rarg.RangeFunction.functions);
  else if (rarg && !('RangeVar' in rarg)) draft.inside(() => explainFrom(draft, rarg, inner));
  if (join.quals) inner(join.quals);
}

function targetWords(draft: Draft, item: Node | undefined): string {
  if (!item) return 'a table';
  if ('RangeVar' in item) return relationWords(item.RangeVar);
  if ('RangeSubselect' in item) return `a subquery${called(item.RangeSubselect)}${item.RangeSubselect.lateral ? ', worked out for each row before it (LATERAL),' : ''}`;
  if ('RangeFunction' in item) return `the rows of ${functionCode(draft, item.RangeFunction)}${called(item.RangeFunction)}`;
  return 'JoinExpr' in item ? 'the result of another join' : 'rows';
}

function explainCondition(draft: Draft, quals: Node, words: string, unmatched: string, join: Span | null): void {
  const begin = draft.begin(quals);
  const on = begin === null ? null : draft.source.wordBefore(begin, 'ON');
  if (!on) return say(draft, `${words} on a condition; ${unmatched}.`, join);
  const whole = draft.source.memberFrom(on.from);
  const span = join ? { from: join.from, to: Math.max(join.to, whole.to) } : whole;
  const conditions = draft.filters(quals, draft.source.after(on, whole)).map((part) => conditionWords(draft, part.node, part.span));
  say(draft, `${words} where ${listed(conditions)}; ${unmatched}.`, span);
}

function joinSpan(draft: Draft, join: JoinExpr): Span | null {
  const begin = draft.begin(join.rarg);
  const word = begin === null ? null : draft.source.wordBefore(begin, 'JOIN');
  return word && draft.source.memberFrom(draft.source.joinStart(word).from);
}

function say(draft: Draft, text: string, span: Span | null): void {
  draft.step(text, span);
  draft.say('joins', text, span);
}
