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

const QUERY_BEFORE = new Set(['from', 'join', 'lateral', 'as', 'exists']);

/** The index of the word before a possibly qualified name that ends at `index`. */
function beforeName(lexemes: readonly Lexeme[], index: number): number {
  let at = index;
  for (let lexeme = lexemes[at]; isName(lexeme) && !NOT_AN_ALIAS.has(lexeme.word); lexeme = lexemes[at]) at -= lexemes[at - 1]?.text === '.' ? 2 : 1;
  return at;
}

/** The start of a group: what stands before its parenthesis says what belongs into it. */
function groupSlot(lexemes: readonly Lexeme[], open: number, cursor: number): Slot {
  const word = lexemes[open - 1]?.word ?? '';
  if (word === 'using') return { kind: 'using' };
  const before = beforeName(lexemes, open - 1);
  if (before < open - 1 && lexemes[before]?.word === 'into') return { kind: 'insertColumns', listed: lexemes.slice(open + 1, cursor).filter(isName).map(nameOf) };
  return QUERY_BEFORE.has(word) ? { kind: 'start' } : { kind: 'operand', clause: 'where', afterSelect: false };
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

const WORD_SLOTS: Readonly<Record<string, Slot>> = {
  as: { kind: 'nothing' },
  is: { kind: 'is' },
  set: { kind: 'setColumn' },
  union: { kind: 'start' },
  intersect: { kind: 'start' },
  except: { kind: 'start' },
  using: { kind: 'relation', join: false },
};

function wordSlot(word: string, clause: string, before: Lexeme | undefined): Slot | null {
  const distinct = before?.word === 'distinct';
  if (word === 'on' && distinct) return null;
  if (word === 'on') return { kind: 'on' };
  if (word === 'from' && distinct) return operand('where');
  if (RELATION_WORDS.has(word)) return { kind: 'relation', join: word === 'join' };
  return WORD_SLOTS[word] ?? (OPERAND_WORDS.has(word) ? { kind: 'operand', clause, afterSelect: word === 'select' } : null);
}

const operand = (clause: string): Slot => ({ kind: 'operand', clause, afterSelect: false });

const BEFORE_ALL_COLUMNS = new Set(['select', 'distinct', 'returning', 'all', ',', '.', '(']);

/** Whether a star multiplies, rather than standing for all columns. */
function multiplies(lexemes: readonly Lexeme[], star: number): boolean {
  const before = lexemes[star - 1];
  return before !== undefined && !BEFORE_ALL_COLUMNS.has(before.word || before.text);
}

/** After an operator, a comma, a dot and other signs; null after what may be an operand. */
function signSlot({ lexemes, cursor }: Reading, at: Place): Slot | null {
  const previous = lexemes[cursor - 1];
  if (!previous || previous.text === ';') return { kind: 'start' };
  if (previous.text === '.') return memberSlot(lexemes, cursor, at.clause);
  if (at.open === cursor - 1) return groupSlot(lexemes, at.open, cursor);
  if (previous.text === ',') return commaSlot(at.clause, at, lexemes, cursor);
  if (previous.text === ':' && lexemes[cursor - 2]?.text === ':') return { kind: 'type' };
  if (previous.kind !== 'operator') return null;
  return previous.text !== '*' || multiplies(lexemes, cursor - 1) ? operand(at.clause) : null;
}

/** What follows something complete. */
function followingSlot({ lexemes, cursor }: Reading, at: Place): Slot {
  if (at.open < 0 || at.clause !== '') return { kind: 'following', clause: at.clause };
  const group = groupSlot(lexemes, at.open, cursor);
  return group.kind === 'insertColumns' || group.kind === 'using' ? { kind: 'nothing' } : { kind: 'following', clause: 'where' };
}

/** Decides what belongs at the cursor from what stands before it. */
export function slotAt(reading: Reading): Slot {
  if (reading.silent) return { kind: 'nothing' };
  const { lexemes, cursor } = reading;
  const at = place(lexemes, cursor);
  const sign = signSlot(reading, at);
  if (sign) return sign;
  const previous = lexemes[cursor - 1];
  const qualified = lexemes[cursor - 2]?.text === '.';
  const word = previous?.kind === 'word' && !qualified ? wordSlot(previous.word, at.clause, lexemes[cursor - 2]) : null;
  return word ?? followingSlot(reading, at);
}
