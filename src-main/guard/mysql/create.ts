import type { Verdict } from '../../../src-preload/contract/guard';
import type { Connection } from '../../drivers/driver';
import { mysqlReadOnly } from '../../drivers/mysql/readOnly';
import { AppError } from '../../errors';
import { confirmationsFor } from '../confirmations';
import type { ConfirmationPolicy, Guard } from '../service';
import { classifyMysql, withoutEnd } from './classify';
import { dangersOfMysql } from './dangers';
import { lex, withoutComments } from './lexer';
import { factsOfMysql, splitMysql } from './script';

/** The guard of MySQL's and MariaDB's dialect. */
export function createMysqlGuard(policy: () => Promise<ConfirmationPolicy>): Guard {
  return {
    split: (text) => Promise.resolve({ statements: splitMysql(text), error: null }),
    placeholders: () => [],
    parse: () => Promise.resolve({ ok: false, message: 'statements of MySQL and MariaDB have no tree of PostgreSQL’s grammar', position: null }),
    classify: (text, { connection, withoutPasswords }) => judge(text, connection, withoutPasswords),
    facts: (text) => Promise.resolve(factsOfMysql(text)),
    difference: (before, after) => Promise.resolve(difference(before, after)),
    forget: () => undefined,
    async confirmations(statements, profile) {
      const asked = await policy();
      return statements.flatMap(({ text, verdict }) => confirmationsFor(text, verdict, dangersOfMysql(text), profile, asked));
    },
    async runReadOnly(connection, statement, sink, limits, signal, options) {
      const verdict = await judge(statement.text, connection, options?.withoutPasswords);
      if (!verdict.readOnly) throw refused(verdict);
      // The server gets what was judged: comments, which it might read otherwise, are blanks.
      const text = withoutComments(statement.text, lex(statement.text).comments).replace(/[;\s]+$/, '');
      return mysqlReadOnly.run(connection, { ...statement, text }, sink, limits, signal);
    },
  };
}

async function judge(text: string, connection: Connection | undefined, withoutPasswords = false): Promise<Verdict> {
  const verdict = await classifyMysql(text);
  if (!withoutPasswords || !verdict.readOnly) return verdict;
  const refusal = passwordRefusal(text, connection?.server.database ?? '');
  return refusal === null ? verdict : { ...verdict, class: 'write', readOnly: false, reason: refusal };
}

/** The hashes of passwords stand in the database `mysql`, and in what SHOW tells of accounts and of replication. */
function passwordRefusal(text: string, database: string): string | null {
  const tokens = lex(text).tokens.map((token) => token.text.replace(/^[`"]|[`"]$/g, '').toUpperCase());
  if (database.toUpperCase() === 'MYSQL' || tokens.some((name, index) => name === 'MYSQL' && tokens[index + 1] === '.')) return 'reads the database mysql, where the hashes of passwords are';
  const shown = tokens[0] === 'SHOW' && ['GRANTS', 'USER', 'SLAVE', 'REPLICA', 'SERVER'].some((word) => tokens.slice(1, 4).includes(word));
  return shown ? 'shows accounts or replication, with the hashes of passwords' : null;
}

/** Laying out anew changes no token, but for the case of words that are no names; to be safe, names must keep theirs too. */
function difference(before: string, after: string): string | null {
  const [one, other] = [before, after].map((text) => lex(text));
  const problem = one?.problem ?? other?.problem;
  if (problem) return `The text ${problem}.`;
  const [left, right] = [one, other].map((lexed) => withoutEnd(lexed?.tokens ?? []));
  const differs = left?.length !== right?.length || left?.some((token, index) => token.text !== right?.[index]?.text);
  return differs ? 'Another word, name or value stands in the text.' : null;
}

function refused(verdict: Verdict): AppError {
  const hint =
    verdict.class === 'unknown'
      ? 'Send one complete statement in plain SQL of MySQL.'
      : 'This lane only reads. Run it in the editor on a connection that is not read-only, or with --write, if it is meant.';
  return new AppError('refused', `Refused: the statement ${verdict.reason}.`, { hint });
}
