import type { SplitStatement } from '../../../src-preload/contract/queries';
import { noFacts, type StatementFacts } from '../statementFacts';
import { lex, type MysqlToken } from './lexer';

/**
 * Cuts a script at its delimiters. `DELIMITER //` is the client's own command and is followed; without one, the semicolons inside
 * BEGIN ... END of a procedure, function, trigger or event end no statement.
 */
export function splitMysql(text: string): SplitStatement[] {
  const statements: SplitStatement[] = [];
  let from = 0;
  let delimiter = ';';
  for (const command of text.matchAll(/^[ \t]*delimiter[ \t]+(\S+)[ \t]*$/gim)) {
    if (command.index < from || isInside(text, from, command.index)) continue;
    cut(text, from, command.index, delimiter, statements);
    delimiter = command[1] ?? ';';
    from = command.index + command[0].length;
  }
  cut(text, from, text.length, delimiter, statements);
  return statements;
}

/** Whether a place lies inside a comment or a quote that began before it. */
function isInside(text: string, from: number, at: number): boolean {
  const { tokens, comments } = lex(text.slice(from), true);
  return [...tokens, ...comments].some((range) => range.from + from < at && range.to + from > at);
}

function cut(text: string, from: number, to: number, delimiter: string, statements: SplitStatement[]): void {
  const { tokens } = lex(text.slice(from, to), true);
  let first: MysqlToken | null = null;
  let end = 0;
  let body = new Body();
  const close = (): void => {
    if (first) {
      const range = { from: from + startOf(text.slice(from, to), first.from), to: from + end };
      statements.push({ text: text.slice(range.from, range.to), range });
    }
    first = null;
    body = new Body();
  };
  let skipTo = 0;
  for (const token of tokens) {
    if (token.from < skipTo) continue;
    const ends = delimiter === ';' ? token.kind === 'other' && token.text === ';' && !body.open : text.startsWith(delimiter, from + token.from) && token.kind !== 'text';
    if (ends) {
      skipTo = token.from + delimiter.length;
      close();
      continue;
    }
    first ??= token;
    end = token.to;
    if (token.kind === 'word') body.see(token.text);
  }
  // An executable comment ends behind its last token.
  const rest = /^\s*\*\//.exec(text.slice(from + end, to));
  if (first && rest) end += rest[0].length;
  close();
}

/** An executable comment belongs to its statement. */
function startOf(piece: string, first: number): number {
  const marker = /\/\*M?!\d*\s*$/.exec(piece.slice(Math.max(0, first - 24), first));
  return marker ? first - marker[0].length : first;
}

/** Whether a semicolon belongs to the body of what is created. */
class Body {
  private readonly head: string[] = [];
  private blocks = 0;
  private last = '';

  get open(): boolean {
    return this.blocks > 0;
  }

  see(word: string): void {
    if (this.head.length < 12) this.head.push(word);
    const before = this.last;
    this.last = word;
    if (!this.hasBody()) return;
    if ((word === 'BEGIN' || word === 'CASE') && before !== 'END') this.blocks += 1;
    else if (word === 'END') this.blocks = Math.max(0, this.blocks - 1);
    // END IF, END LOOP, END REPEAT and END WHILE close what was not counted.
    if (before === 'END' && ['IF', 'LOOP', 'REPEAT', 'WHILE'].includes(word)) this.blocks += 1;
  }

  private hasBody(): boolean {
    return this.head[0] === 'BEGIN' && this.head[1] === 'NOT' ? true : this.head[0] === 'CREATE' && this.head.some((word) => ['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE'].includes(word));
  }
}

/** What a statement has to do with transactions; DDL of MySQL commits by itself and runs anywhere. */
export function factsOfMysql(text: string): StatementFacts {
  const words = lex(text).tokens.slice(0, 5).map((token) => token.text);
  const [first = '', second = '', third = ''] = words;
  const fact = (kind: NonNullable<StatementFacts['transaction']>['kind'], savepoint: string | null = null): StatementFacts => ({ ...noFacts, transaction: { kind, savepoint: savepoint?.replace(/^`|`$/g, '') ?? null } });
  if (first === 'BEGIN' || (first === 'START' && second === 'TRANSACTION')) return fact('begin');
  if (first === 'COMMIT') return fact('end');
  if (first === 'SAVEPOINT') return fact('savepoint', second.toLowerCase());
  if (first === 'RELEASE') return fact('release', third.toLowerCase());
  if (first !== 'ROLLBACK') return noFacts;
  const [to, ...name] = words.slice(1).filter((word) => word !== 'WORK' && word !== 'SAVEPOINT');
  return to === 'TO' ? fact('rollbackTo', name.join('').toLowerCase()) : fact('end');
}
