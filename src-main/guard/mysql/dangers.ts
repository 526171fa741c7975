import type { Danger } from '../confirmations';
import { lex, type MysqlToken } from './lexer';

/** What a person must say yes to anywhere: DROP, TRUNCATE, and UPDATE and DELETE of all rows. Executable comments count as code. */
export function dangersOfMysql(text: string): Danger[] {
  const tokens = lex(text, true).tokens.filter(({ text: sign }) => sign !== ';');
  const [first, second] = tokens;
  if (first?.text === 'DROP') return [{ reason: 'drop', does: `Drops ${rest(text, tokens, 1)}`, objects: [] }];
  if (first?.text === 'TRUNCATE') return [{ reason: 'truncate', does: `Empties ${rest(text, tokens, second?.text === 'TABLE' ? 2 : 1)} (TRUNCATE)`, objects: [] }];
  if (first?.text === 'ALTER') return dropInside(text, tokens);
  return allRows(tokens);
}

function allRows(tokens: readonly MysqlToken[]): Danger[] {
  const change = tokens.findIndex((token, index) => (token.text === 'UPDATE' || token.text === 'DELETE') && token.kind === 'word' && depthAt(tokens, index) === 0 && !['ON', 'KEY', '.'].includes(tokens[index - 1]?.text ?? ''));
  if (change === -1 || !['UPDATE', 'DELETE', 'WITH', 'EXPLAIN', 'ANALYZE'].includes(tokens[0]?.text ?? '') || narrowed(tokens)) return [];
  const verb = tokens[change]?.text === 'UPDATE' ? 'Updates' : 'Deletes';
  return [{ reason: 'no_where', does: `${verb} every row, because nothing narrows it down,`, objects: [] }];
}

function dropInside(text: string, tokens: readonly MysqlToken[]): Danger[] {
  const drop = tokens.findIndex((token, index) => token.text === 'DROP' && token.kind === 'word' && !['INDEX', 'KEY', 'CONSTRAINT', 'CHECK', 'DEFAULT', 'FOREIGN'].includes(tokens[index + 1]?.text ?? ''));
  return drop === -1 ? [] : [{ reason: 'drop', does: `Drops ${rest(text, tokens, drop + 1)} with its data`, objects: [] }];
}

/** A WHERE that names a column, or a LIMIT. */
function narrowed(tokens: readonly MysqlToken[]): boolean {
  const where = tokens.findIndex((token, index) => token.text === 'WHERE' && token.kind === 'word' && depthAt(tokens, index) === 0);
  if (tokens.some((token, index) => token.text === 'LIMIT' && depthAt(tokens, index) === 0)) return true;
  if (where === -1) return false;
  return tokens.slice(where + 1).some(({ kind, text }) => kind === 'quoted' || kind === 'variable' || (kind === 'word' && !['TRUE', 'AND', 'OR', 'NOT', 'IS', 'NULL', 'LIKE', 'RETURNING'].includes(text)));
}

function depthAt(tokens: readonly MysqlToken[], index: number): number {
  return tokens.slice(0, index).reduce((depth, { text }) => depth + (text === '(' ? 1 : text === ')' ? -1 : 0), 0);
}

function rest(text: string, tokens: readonly MysqlToken[], from: number): string {
  const first = tokens[from];
  const last = tokens.at(-1);
  return first && last ? text.slice(first.from, last.to).slice(0, 200) : '';
}
