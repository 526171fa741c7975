import { CLAUSES, NOT_AN_ALIAS } from './keywords';
import { isName, nameOf, type Lexeme, type Reading } from './lexemes';

/** What belongs at the cursor. */
export type Slot =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'start' }
  /** After `a.` or `a.b.`. */
  | { readonly kind: 'member'; readonly path: readonly string[]; readonly relation: boolean }
  | { readonly kind: 'relation'; readonly join: boolean }
  | { readonly kind: 'on' }
  | { readonly kind: 'using' }
  | { readonly kind: 'insertColumns'; readonly listed: readonly string[] }
  | { readonly kind: 'setColumn' }
  | { readonly kind: 'type' }
  | { readonly kind: 'is' }
  | { readonly kind: 'operand'; readonly clause: string; readonly afterSelect: boolean }
  /** Something complete stands before the cursor. */
  | { readonly kind: 'following'; readonly clause: string };

const RELATION_WORDS = new Set(['from', 'join', 'update', 'into', 'only', 'lateral', 'table', 'truncate', 'analyze', 'vacuum']);
const OPERAND_WORDS = new Set(
  'select distinct where and or not having by when then else case returning limit offset between like ilike in any some all on values set using conflict similar to default'.split(' '),
);

/** The group that holds the cursor, and the clause at its level. */
interface Place {
  /** Index of the group's parenthesis; -1 at the statement's own level. */
  readonly open: number;
  readonly clause: string;
}

function place(lexemes: readonly Lexeme[], cursor: number): Place {
  let clause = '';
  for (let index = cursor - 1; index >= 0; index -= 1) {
    const lexeme = lexemes[index];
    if (!lexeme) break;
    if (lexeme.text === ')' && lexeme.kind === 'punctuation') index = openerOf(lexemes, index);
    else if (lexeme.text === '(' && lexeme.kind === 'punctuation') return { open: index, clause };
    else if (clause === '' && CLAUSES.has(lexeme.word) && lexemes[index - 1]?.text !== '.' && !isDistinctFrom(lexemes, index)) clause = lexeme.word;
  }
  return { open: -1, clause };
}

const isDistinctFrom = (lexemes: readonly Lexeme[], index: number): boolean => lexemes[index]?.word === 'from' && lexemes[index - 1]?.word === 'distinct';

function openerOf(lexemes: readonly Lexeme[], close: number): number {
  for (let index = close - 1; index >= 0; index -= 1) if (lexemes[index]?.close === close && lexemes[index]?.text === '(') return index;
  return 0;
}

function memberSlot(lexemes: readonly Lexeme[], cursor: number, clause: string): Slot {
  const path: string[] = [];
  let index = cursor - 1;
  while (lexemes[index]?.text === '.') {
    const owner = lexemes[index - 1];
    if (!isName(owner)) break;
    path.unshift(nameOf(owner));
    index -= 2;
  }
  if (path.length === 0) return { kind: 'nothing' };
  const before = lexemes[index];
  const relation = RELATION_WORDS.has(before?.word ?? '') || (before?.text === ',' && clause === 'from');
  return { kind: 'member', path, relation };
}

/** The start of a group: what stands before its parenthesis says what belongs into it. */
function groupSlot(lexemes: readonly Lexeme[], open: number, cursor: number): Slot {
  const listed = lexemes.slice(open + 1, cursor).filter(isName).map(nameOf);
  const last = lexemes[open - 1];
  if (last?.word === 'using') return { kind: 'using' };
  let index = open - 1;
  while (isName(lexemes[index]) && !NOT_AN_ALIAS.has(lexemes[index]?.word ?? '')) index -= lexemes[index - 1]?.text === '.' ? 2 : 1;
  if (lexemes[index]?.word === 'into' && index < open - 1) return { kind: 'insertColumns', listed };
  if (last?.word === 'from' || last?.word === 'join' || last?.word === 'lateral' || last?.word === 'as' || last?.word === 'exists') return { kind: 'start' };
  return { kind: 'operand', clause: 'where', afterSelect: false };
}

function commaSlot(clause: string, at: Place, lexemes: readonly Lexeme[], cursor: number): Slot {
  if (clause === 'from' || clause === 'join') return { kind: 'relation', join: false };
  if (clause === 'set') return { kind: 'setColumn' };
  if (clause === 'with') return { kind: 'nothing' };
  if (at.open >= 0 && clause === '') {
    const group = groupSlot(lexemes, at.open, cursor);
    if (group.kind === 'insertColumns' || group.kind === 'using') return group;
  }
  return { kind: 'operand', clause, afterSelect: false };
}

function wordSlot(word: string, clause: string, before: Lexeme | undefined): Slot | null {
  if (word === 'on' && (clause === 'on' || clause === '')) return before?.word === 'distinct' ? null : { kind: 'on' };
  if (isDistinctWord(word, before)) return { kind: 'operand', clause: 'where', afterSelect: false };
  if (RELATION_WORDS.has(word)) return { kind: 'relation', join: word === 'join' };
  if (word === 'as') return { kind: 'nothing' };
  if (word === 'is') return { kind: 'is' };
  if (word === 'set') return { kind: 'setColumn' };
  if (word === 'union' || word === 'intersect' || word === 'except') return { kind: 'start' };
  if (word === 'using') return { kind: 'relation', join: false };
  if (OPERAND_WORDS.has(word)) return { kind: 'operand', clause, afterSelect: word === 'select' };
  return null;
}

const isDistinctWord = (word: string, before: Lexeme | undefined): boolean => word === 'from' && before?.word === 'distinct';

/** Decides what belongs at the cursor from what stands before it. */
export function slotAt(reading: Reading): Slot {
  const { lexemes, cursor } = reading;
  if (reading.silent) return { kind: 'nothing' };
  const at = place(lexemes, cursor);
  const previous = lexemes[cursor - 1];
  if (!previous || previous.text === ';') return { kind: 'start' };
  if (previous.text === '.') return memberSlot(lexemes, cursor, at.clause);
  if (at.open === cursor - 1) return groupSlot(lexemes, at.open, cursor);
  if (previous.text === ',') return commaSlot(at.clause, at, lexemes, cursor);
  if (previous.text === ':' && lexemes[cursor - 2]?.text === ':') return { kind: 'type' };
  if (previous.kind === 'operator' && previous.text !== '*') return { kind: 'operand', clause: at.clause, afterSelect: false };
  if (previous.text === '*' && lexemes[cursor - 2] && !['select', 'distinct', 'returning', 'all'].includes(lexemes[cursor - 2]?.word ?? '') && ![',', '.'].includes(lexemes[cursor - 2]?.text ?? '')) {
    return { kind: 'operand', clause: at.clause, afterSelect: false };
  }
  const qualified = lexemes[cursor - 2]?.text === '.';
  const slot = previous.kind === 'word' && !qualified ? wordSlot(previous.word, at.clause, lexemes[cursor - 2]) : null;
  if (slot) return slot;
  if (at.open >= 0 && at.clause === '') {
    const group = groupSlot(lexemes, at.open, cursor);
    if (group.kind === 'insertColumns' || group.kind === 'using') return { kind: 'nothing' };
  }
  return { kind: 'following', clause: at.clause === '' && at.open >= 0 ? 'where' : at.clause };
}
