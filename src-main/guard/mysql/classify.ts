import type { Verdict } from '../../../src-preload/contract/guard';
import { grammarWords, readingFunctions } from './functions';
import { lex, withoutComments, type MysqlToken } from './lexer';
import { treeRefusal } from './tree';

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const readers = set('SELECT WITH SHOW EXPLAIN DESCRIBE DESC');
const ddl = set('CREATE ALTER DROP RENAME TRUNCATE GRANT REVOKE INSTALL UNINSTALL COMMENT');
const session = set('SET USE BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE LOCK UNLOCK PREPARE EXECUTE DEALLOCATE XA HELP RESET FLUSH CHANGE');
const writes = set('INSERT UPDATE DELETE REPLACE LOAD CALL DO HANDLER IMPORT MERGE OPTIMIZE ANALYZE REPAIR CHECK CHECKSUM KILL SHUTDOWN RESTART PURGE CACHE BINLOG CLONE STOP BACKUP SIGNAL RESIGNAL GET');

/** Reserved words that no reading statement has, unless as a name behind a dot; those with a function of their name may stand before `(`. */
const forbidden = new Map<string, string>([
  ...['INTO', 'OUTFILE', 'DUMPFILE'].map((word) => [word, 'writes its result somewhere (INTO)'] as const),
  ...['UPDATE', 'DELETE', 'INSERT', 'REPLACE', 'LOAD', 'CALL'].map((word) => [word, `changes data (${word})`] as const),
  ...['CREATE', 'ALTER', 'DROP', 'GRANT', 'REVOKE', 'RENAME', 'TRUNCATE'].map((word) => [word, `changes the structure (${word})`] as const),
  ['LOCK', 'locks what it reads'],
  ['PROCEDURE', 'calls a procedure'],
  ['SET', 'sets a variable'],
  ['NEXTVAL', 'moves a sequence'],
]);

const shown = set(`BINARY BINLOG CHARACTER CHARSET COLLATION COLUMNS COUNT CREATE DATABASES ENGINE ENGINES ERRORS EVENTS EXTENDED FIELDS FULL FUNCTION GLOBAL GRANTS INDEX INDEXES INDEX_STATISTICS KEYS LOCALES MASTER OPEN PACKAGE PLUGINS PRIVILEGES
 PROCEDURE PROCESSLIST PROFILE PROFILES REPLICA REPLICAS SCHEMAS SESSION SLAVE STATUS STORAGE TABLE TABLES TRIGGERS USER_STATISTICS VARIABLES WARNINGS`);

/** The verdict on one statement, by the lexer and, for what it takes for reading, by the parser as well. Comments are no part of it. */
export async function classifyMysql(text: string): Promise<Verdict> {
  const { tokens, comments, problem } = lex(text);
  const statement = withoutEnd(tokens);
  const objects = objectsOf(statement);
  const verdict = (kind: Verdict['class'], reason: string): Verdict => ({ class: kind, readOnly: false, reason, objects });
  if (problem !== null) return verdict('unknown', problem);
  const [first] = statement;
  if (!first) return verdict('unknown', 'holds no statement');
  if (statement.some(({ kind, text: sign }) => kind === 'other' && sign === ';')) return verdict('unknown', 'holds several statements, and only one at a time can be judged');
  const start = statement.find(({ text: sign }) => sign !== '(')?.text ?? '';
  const other = otherClass(start);
  if (other !== null) return verdict(other, `is ${/^[AEIOU]/.test(start) ? 'an' : 'a'} ${start} statement`);
  if (!readers.has(start)) return verdict('unknown', 'begins with no word that a reading statement begins with');
  const refusal = refusalOf(statement, start) ?? (await treeRefusal(withoutComments(text, comments), start));
  if (refusal !== null) return verdict(refusal.startsWith('cannot be analysed') ? 'unknown' : 'write', refusal);
  return { class: 'read', readOnly: true, reason: 'only reads', objects };
}

function otherClass(start: string): Verdict['class'] | null {
  if (ddl.has(start)) return 'ddl';
  if (session.has(start)) return 'session';
  return writes.has(start) ? 'write' : null;
}

/** Without the semicolons at the end. */
export function withoutEnd(tokens: readonly MysqlToken[]): readonly MysqlToken[] {
  let end = tokens.length;
  while (tokens[end - 1]?.text === ';' && tokens[end - 1]?.kind === 'other') end -= 1;
  return tokens.slice(0, end);
}

function refusalOf(tokens: readonly MysqlToken[], start: string): string | null {
  if (start === 'SHOW' && !shown.has(tokens[1]?.text ?? '')) return `shows ${tokens[1]?.text ?? 'nothing'}, which is not among what the read-only lane knows`;
  for (let index = 0; index < tokens.length; index++) {
    const refusal = signRefusal(tokens, index) ?? wordRefusal(tokens, index, start) ?? callRefusal(tokens, index);
    if (refusal !== null) return refusal;
  }
  return null;
}

function signRefusal(tokens: readonly MysqlToken[], index: number): string | null {
  const { kind, text } = tokens[index] as MysqlToken;
  if (kind !== 'other') return null;
  if (text === ':=') return 'sets a variable';
  if (text === '{' || text === '}' || text === '\\') return `has a ${text}, which stands in no plain statement`;
  // Two minus signs were refused by the lexer; a lone @ names nothing.
  return text === '@' ? 'names a variable in an unusual way' : null;
}

function wordRefusal(tokens: readonly MysqlToken[], index: number, start: string): string | null {
  const { kind, text } = tokens[index] as MysqlToken;
  if (kind !== 'word' || isAfterDot(tokens, index)) return null;
  const [next, before] = [textAt(tokens, index + 1), textAt(tokens, index - 1)];
  if (text === 'FOR' && (next === 'UPDATE' || next === 'SHARE')) return 'locks what it reads';
  if ((text === 'NEXT' || text === 'PREVIOUS') && next === 'VALUE') return 'moves a sequence';
  const reason = forbidden.get(text);
  return reason === undefined || isHarmless({ text, next, before }, index, start) ? null : reason;
}

/** A reserved word in a place where it does no harm: a function, a character set, or what SHOW shows. */
function isHarmless({ text, next, before }: { text: string; next: string; before: string }, index: number, start: string): boolean {
  const isFunction = ['INSERT', 'REPLACE', 'TRUNCATE'].includes(text) && next === '(';
  const isCharacterSet = text === 'SET' && (before === 'CHARACTER' || before === 'CHAR');
  const isShown = start === 'SHOW' && index === 1 && (text === 'CREATE' || text === 'PROCEDURE');
  const isShownCode = start === 'SHOW' && index === 2 && text === 'PROCEDURE' && before === 'CREATE';
  return isFunction || isCharacterSet || isShown || isShownCode;
}

/** Only functions that are known to compute, written close to their parenthesis: with a space a stored function of that name is meant. */
function callRefusal(tokens: readonly MysqlToken[], index: number): string | null {
  const token = tokens[index] as MysqlToken;
  const next = tokens[index + 1];
  if (next?.text !== '(' || next.kind !== 'other' || !['word', 'quoted', 'double'].includes(token.kind) || isColumnList(tokens, index)) return null;
  if (token.kind !== 'word' || isAfterDot(tokens, index)) return `calls ${token.text}, a function that is not the server’s own`;
  return functionRefusal(token, next.from === token.to, textAt(tokens, index + 2) === ')');
}

function functionRefusal(token: MysqlToken, close: boolean, empty: boolean): string | null {
  if (token.text === 'LAST_INSERT_ID') return empty && close ? null : 'calls LAST_INSERT_ID with a value, which sets it';
  if (close && readingFunctions.has(token.text)) return null;
  if (grammarWords.has(token.text)) return null;
  return readingFunctions.has(token.text) ? `calls ${token.text} with a space before its parenthesis, which may mean a stored function` : `calls ${token.text}, which is not among the functions that only compute`;
}

/** `name (a, b) AS (`: the columns of a WITH query. A call has nothing like it behind it. */
function isColumnList(tokens: readonly MysqlToken[], index: number): boolean {
  const before = tokens[index - 1]?.text;
  if (before !== 'WITH' && before !== 'RECURSIVE' && before !== ',') return false;
  let at = index + 2;
  for (; tokens[at] && tokens[at]?.text !== ')'; at++) {
    const token = tokens[at] as MysqlToken;
    if (token.kind !== 'word' && token.kind !== 'quoted' && token.text !== ',') return false;
  }
  return tokens[at + 1]?.text === 'AS' && tokens[at + 2]?.text === '(';
}

function textAt(tokens: readonly MysqlToken[], index: number): string {
  return tokens[index]?.text ?? '';
}

function isAfterDot(tokens: readonly MysqlToken[], index: number): boolean {
  return tokens[index - 1]?.text === '.' && tokens[index - 1]?.kind === 'other';
}

const beforeObjects = set('FROM JOIN INTO UPDATE TABLE VIEW DATABASE SCHEMA DESCRIBE DESC TRUNCATE EXISTS STRAIGHT_JOIN');

/** Names behind the words that a table or another object follows. */
function objectsOf(tokens: readonly MysqlToken[]): string[] {
  const found = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.kind !== 'word' || !beforeObjects.has(token.text)) return;
    const name = nameAt(tokens, index + 1);
    if (name !== null) found.add(name);
  });
  return [...found];
}

const noNames = set('IF NOT EXISTS SELECT WITH IGNORE LOW_PRIORITY ONLY LATERAL TABLE FROM');

function nameAt(tokens: readonly MysqlToken[], index: number): string | null {
  const part = (token: MysqlToken | undefined): string | null => {
    if (token?.kind === 'quoted') return token.text.slice(1, -1).replaceAll('``', '`');
    return token?.kind === 'word' && !noNames.has(token.text) ? token.text.toLowerCase() : null;
  };
  const first = part(tokens[index]);
  if (first === null || tokens[index + 1]?.text !== '.') return first;
  const second = part(tokens[index + 2]);
  return second === null ? first : `${first}.${second}`;
}
