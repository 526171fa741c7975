import type { A_Expr, Node, SubLink } from '@pgsql/types';
import { listed, quoted, type Draft } from './draft';
import type { Span } from './source';
import { conjuncts, strings } from './tree';

const COMPARISONS: Readonly<Record<string, string>> = {
  '=': 'equals', '<>': 'differs from', '!=': 'differs from', '<': 'is less than', '>': 'is greater than', '<=': 'is at most', '>=': 'is at least',
  '~': 'matches the regular expression', '~*': 'matches, in any case, the regular expression', '!~': 'does not match the regular expression', '!~*': 'does not match, in any case, the regular expression',
  '@>': 'contains', '<@': 'is contained in', '&&': 'overlaps', '@@': 'matches the text search', '?': 'has the key', '^@': 'begins with',
};

/** A condition in words, such as "`o.total` is at least `100`"; `span` is exactly its place. */
export function conditionWords(draft: Draft, node: Node, span: Span): string {
  if ('BoolExpr' in node) return boolWords(draft, node.BoolExpr.boolop ?? '', node.BoolExpr.args ?? [], span);
  if ('A_Expr' in node) return expressionWords(draft, node.A_Expr, span) ?? `${draft.quote(span)} holds`;
  if ('NullTest' in node) return nullWords(draft, node.NullTest.nulltesttype === 'IS_NULL', span);
  if ('SubLink' in node) return sublinkWords(draft, node.SubLink, span, false);
  if ('ColumnRef' in node) return `${draft.quote(span)} is true`;
  if ('CurrentOfExpr' in node) return `it is the row that the cursor stands on: ${draft.quote(span)}`;
  return `${draft.quote(span)} holds`;
}

function boolWords(draft: Draft, operator: string, args: readonly Node[], span: Span): string {
  if (operator === 'OR_EXPR') return listed(draft.parts(args.flatMap(disjuncts), span, 'OR').map((part) => conditionWords(draft, part.node, part.span)), 'or');
  if (operator === 'AND_EXPR') return listed(draft.parts(args.flatMap(conjuncts), span, 'AND').map((part) => conditionWords(draft, part.node, part.span)));
  const [inner] = args;
  const word = draft.source.wordIn(span, 'NOT');
  const rest = word && word.from === span.from ? draft.source.trimmed(draft.source.after(word, span)) : null;
  if (inner && 'SubLink' in inner) return sublinkWords(draft, inner.SubLink, rest ?? span, true);
  if (inner && 'ColumnRef' in inner && rest) return `${draft.quote(rest)} is false`;
  return inner && rest ? `it is not so that ${conditionWords(draft, inner, rest)}` : `${draft.quote(span)} holds`;
}

function disjuncts(node: Node): Node[] {
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'OR_EXPR' ? (node.BoolExpr.args ?? []).flatMap(disjuncts) : [node];
}

function sublinkWords(draft: Draft, link: SubLink, span: Span, negated: boolean): string {
  if (link.subLinkType === 'EXISTS_SUBLINK') return `the subquery finds ${negated ? 'no row' : 'at least one row'}`;
  if (!link.testexpr) return `what the subquery gives ${negated ? 'is not true' : 'is true'}`;
  const operator = strings(link.operName).at(-1);
  if (operator === undefined) return `${testedBy(draft, span, draft.source.wordIn(span, 'NOT', 'IN'))} is ${negated ? 'not ' : ''}among what the subquery gives`;
  const all = link.subLinkType === 'ALL_SUBLINK';
  const word = draft.source.wordIn(span, ...(all ? ['ALL'] : ['ANY', 'SOME']));
  const tested = testedBy(draft, span, draft.source.operatorBefore(word?.from ?? span.to, operator));
  const words = `${tested} ${COMPARISONS[operator] ?? quoted(operator)} ${all ? 'all' : 'one'} of what the subquery gives`;
  return negated ? `it is not so that ${words}` : words;
}

/** What stands before the sign that compares it. */
function testedBy(draft: Draft, span: Span, sign: Span | null): string {
  return draft.quote(sign === null || sign.from <= span.from ? span : { from: span.from, to: sign.from });
}

function nullWords(draft: Draft, isNull: boolean, span: Span): string {
  const code = draft.source.code(span);
  const tested = /^(.*?)\s+(?:IS\s+(?:NOT\s+)?NULL|ISNULL|NOTNULL)$/is.exec(code)?.[1];
  return tested === undefined ? `${quoted(code)} holds` : `${quoted(tested)} is ${isNull ? 'missing (NULL)' : 'present (not NULL)'}`;
}

interface Phrase {
  readonly words: string;
  /** The sign between left and right; null where words stand there. */
  readonly sign: string | null;
  /** The last of these words that is there stands before the right side. */
  readonly after: readonly string[];
}

/** Words for kinds that are written with words, and for their opposite. */
const KINDS: Readonly<Record<string, { readonly yes: string; readonly no: string; readonly after: readonly string[] }>> = {
  AEXPR_IN: { yes: 'is one of', no: 'is none of', after: ['IN'] },
  AEXPR_LIKE: { yes: 'fits the pattern', no: 'does not fit the pattern', after: ['LIKE'] },
  AEXPR_ILIKE: { yes: 'fits, in any case, the pattern', no: 'does not fit, in any case, the pattern', after: ['ILIKE'] },
  AEXPR_SIMILAR: { yes: 'fits the SQL pattern', no: 'does not fit the SQL pattern', after: ['TO'] },
  AEXPR_DISTINCT: { yes: 'differs (NULL counted as a value) from', no: '', after: ['FROM'] },
  AEXPR_NOT_DISTINCT: { yes: 'is the same (NULL counted as a value) as', no: '', after: ['FROM'] },
  AEXPR_BETWEEN: { yes: 'is between', no: '', after: ['BETWEEN'] },
  AEXPR_NOT_BETWEEN: { yes: 'is not between', no: '', after: ['BETWEEN'] },
  AEXPR_BETWEEN_SYM: { yes: 'is between, in either order,', no: '', after: ['SYMMETRIC'] },
  AEXPR_NOT_BETWEEN_SYM: { yes: 'is not between, in either order,', no: '', after: ['SYMMETRIC'] },
};

function phraseOf({ kind: written, name: names }: A_Expr): Phrase | null {
  const kind: string = written ?? '';
  const name = strings(names).at(-1) ?? '';
  const comparison = COMPARISONS[name];
  if (kind === 'AEXPR_OP') return comparison === undefined ? null : { words: comparison, sign: name, after: [] };
  if (kind === 'AEXPR_OP_ANY') return { words: `${comparison ?? quoted(name)} one of`, sign: name, after: ['ANY', 'SOME'] };
  if (kind === 'AEXPR_OP_ALL') return { words: `${comparison ?? quoted(name)} all of`, sign: name, after: ['ALL'] };
  const found = KINDS[kind];
  const negated = ['AEXPR_IN', 'AEXPR_LIKE', 'AEXPR_ILIKE', 'AEXPR_SIMILAR'].includes(kind) && (name.startsWith('!') || name === '<>');
  return found ? { words: negated ? found.no : found.yes, sign: null, after: found.after } : null;
}

function expressionWords(draft: Draft, expression: A_Expr, span: Span): string | null {
  const phrase = phraseOf(expression);
  const { location = -1, lexpr } = expression;
  const at = draft.source.offset(Math.max(0, location));
  if (!phrase || !lexpr || location < 0 || at <= span.from || at >= span.to || !isWritten(draft.source.text, at, phrase.sign)) return null;
  const words = phrase.after.flatMap((word) => draft.source.wordIn({ from: at, to: span.to }, word) ?? []);
  const from = words.at(-1)?.to ?? at + (phrase.sign?.length ?? 0);
  const [left, right] = [{ from: span.from, to: at }, { from, to: span.to }].map((range) => {
    const side = draft.source.trimmed(range);
    return draft.subqueriesIn(expression, side) ? 'what the subquery gives' : draft.quote(side);
  });
  return `${left} ${phrase.words} ${right}`;
}

/** Whether the operator stands there as its sign, not as OPERATOR(schema.sign). */
function isWritten(text: string, at: number, sign: string | null): boolean {
  return sign === null || text.startsWith(sign, at) || (sign === '<>' && text.startsWith('!=', at));
}
