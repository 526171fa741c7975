import type { Connection } from '../drivers/driver';
import { postgresqlReadOnly } from '../drivers/postgresql/readOnly';
import { AppError } from '../errors';
import type { Verdict } from '../../src-preload/contract/guard';
import { createBuiltinTables, NEWEST_VERSION } from './builtinTable';
import { confirmationsOf } from './confirmations';
import { growthRefusal } from './growth';
import { createLiveCatalogs } from './live/catalogs';
import { rowChangeOf } from './live/lasting';
import { privateRefusal } from './live/privateColumns';
import type { AllowedCode } from './live/allowed';
import type { Mentions } from './mentions';
import { offlineRefusal } from './offline';
import { createParser } from './parser';
import { readShape } from './readShape';
import { createMysqlGuard } from './mysql/create';
import { findPlaceholders } from './placeholders';
import type { ConfirmationPolicy, Guard, GuardService, Undoable } from './service';
import { difference } from './sameMeaning';
import { split } from './split';
import { factsOf, mayHaveFacts, noFacts } from './statementFacts';
import { namedObjects } from './statementKinds';
import { wrappedNode } from './walk';
import type { TreeNode } from './walk';

const floor: ConfirmationPolicy = { dev: 'destructive', staging: 'destructive' };
const nothingAllowed: AllowedCode = { functions: [], extensions: [] };

/**
 * The guard. `allowed`: immutable and stable functions outside of the server's own that the person lets the read-only lane call;
 * by default none. `policy`: what a person is asked beyond the guard's own floor; by default nothing.
 */
export function createGuardService(options: { allowed?: AllowedCode; policy?: () => Promise<ConfirmationPolicy> } = {}): GuardService {
  const parser = createParser();
  const tables = createBuiltinTables();
  const catalogs = createLiveCatalogs(options.allowed ?? nothingAllowed);

  const policy = async (): Promise<ConfirmationPolicy> => (await options.policy?.()) ?? floor;

  const statementOf = async (text: string): Promise<TreeNode | Verdict> => {
    const parsed = await parser.parse(text);
    if (!parsed.ok) return unknown(`cannot be analysed: ${parsed.message.replace(/\.$/, '')}`);
    const [only, ...more] = parsed.statements;
    if (!only) return unknown('holds no statement');
    if (more.length > 0) return unknown(`holds ${more.length + 1} statements, and only one at a time can be judged`);
    return wrappedNode(only.node) ?? unknown('holds no statement');
  };

  const classify = async (text: string, context: Parameters<GuardService['classify']>[1], fresh: boolean): Promise<Verdict> => {
    const statement = await statementOf(text);
    if ('class' in statement) return statement;
    const objects = namedObjects(statement);
    const shape = readShape(statement);
    if (!shape.admitted) return { class: shape.kind.class, readOnly: false, reason: shape.kind.reason, objects };
    const { connection } = context;
    const refusal = growthRefusal(statement) ?? (connection
      ? await catalogs.refusal(connection, { text, mentions: shape.mentions, fresh, withoutPasswords: context.withoutPasswords ?? false, signal: context.signal ?? new AbortController().signal })
      : offlineRefusal(shape.mentions, tables(context.serverVersion ?? NEWEST_VERSION)));
    if (refusal !== null) return { class: 'write', readOnly: false, reason: refusal, objects };
    const hidden = connection ? await privateReason(connection, statement, shape.mentions, context) : null;
    if (hidden !== null) return { class: 'read', readOnly: false, reason: hidden, objects };
    return { class: 'read', readOnly: true, reason: 'only reads', objects };
  };

  const privateReason = async (connection: Connection, statement: TreeNode, mentions: Mentions, { privateColumns = [], signal = new AbortController().signal }: Parameters<GuardService['classify']>[1]): Promise<string | null> => {
    if (privateColumns.length === 0) return null;
    return privateRefusal(statement, mentions, {
      columns: privateColumns,
      relations: (names) => catalogs.relations(connection, names, signal),
      async parse(text) {
        const found = await statementOf(text);
        return 'class' in found ? null : found;
      },
    });
  };

  const guard: Guard = {
    split: (text) => split(parser, text),
    placeholders: (text, numbered) => findPlaceholders(text, numbered),
    parse: (text) => parser.parse(text),
    classify: (text, context) => classify(text, context, false),
    async facts(text) {
      // Most statements can be told by their first word.
      if (!mayHaveFacts(text)) return noFacts;
      const statement = await statementOf(text);
      return 'class' in statement ? noFacts : factsOf(statement);
    },
    difference: (before, after) => difference(parser, before, after),
    forget: (connection) => catalogs.forget(connection),
    async confirmations(statements, profile) {
      const found = [];
      const asked = await policy();
      for (const { text, verdict } of statements) {
        const statement = await statementOf(text);
        found.push(...confirmationsOf(text, verdict, 'class' in statement ? null : statement, profile, asked));
      }
      return found;
    },
    async runReadOnly(connection, statement, sink, limits, signal, kept = {}) {
      const verdict = await classify(statement.text, { ...kept, connection, signal }, true);
      if (!verdict.readOnly) throw refused(verdict);
      return postgresqlReadOnly.run(connection, statement, sink, limits, signal);
    },
  };
  const mysql = createMysqlGuard(policy);
  const undoable = async (text: string, connection: Connection, signal: AbortSignal): Promise<Undoable> => {
    const statement = await statementOf(text);
    if ('class' in statement) return { refusal: statement.reason };
    const change = rowChangeOf(statement);
    if (!change) return { refusal: 'is no INSERT, UPDATE or DELETE' };
    for (const read of change.reads) {
      const shape = readShape(read);
      if (!shape.admitted) return { refusal: shape.kind.reason };
      const refusal = growthRefusal(read) ?? (await catalogs.refusal(connection, { text, mentions: shape.mentions, fresh: true, withoutPasswords: false, signal }));
      if (refusal !== null) return { refusal };
    }
    const [lasting] = await catalogs.lasting(connection, change.relation, signal);
    if (lasting !== undefined) return { refusal: lasting };
    const { reads: _looked, ...known } = change;
    return { change: known };
  };
  return { ...guard, undoable, of: (engine) => (engine === 'mysql' ? mysql : guard) };
}

function unknown(reason: string): Verdict {
  return { class: 'unknown', readOnly: false, reason, objects: [] };
}

function refused(verdict: Verdict): AppError {
  const hint =
    verdict.class === 'unknown'
      ? 'Send one complete statement that PostgreSQL can parse.'
      : verdict.class === 'read'
        ? 'A person can read it in a query tab.'
        : 'This lane only reads. Run it in the editor on a connection that is not read-only, or with --write, if it is meant.';
  return new AppError('refused', `Refused: the statement ${verdict.reason}.`, { hint });
}
