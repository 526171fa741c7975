import { nextToken } from './lexer';
import { wrappedNode, wrappedNodes, type TreeNode } from './walk';

/** What a statement has to do with transactions. */
export interface StatementFacts {
  /** What it does to the transaction; null when it is an ordinary statement. `savepoint` is the name it speaks of. */
  readonly transaction: { readonly kind: 'begin' | 'end' | 'savepoint' | 'release' | 'rollbackTo'; readonly savepoint: string | null } | null;
  /** The command, such as `VACUUM`, when the server refuses it inside a transaction; else null. */
  readonly outside: string | null;
  /** The server takes it only inside a transaction. */
  readonly inside: boolean;
}

export const noFacts: StatementFacts = { transaction: null, outside: null, inside: false };

const FIRST_WORDS = new Set('ABORT ALTER BEGIN CLUSTER COMMIT CREATE DECLARE DISCARD DROP END LOCK PREPARE REINDEX RELEASE ROLLBACK SAVEPOINT START VACUUM'.split(' '));

/** Whether a statement's first word is one that `factsOf` has something to say of. */
export function mayHaveFacts(text: string): boolean {
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.to)) {
    if (token.kind !== 'comment') return FIRST_WORDS.has(text.slice(token.from, token.to).toUpperCase());
  }
  return false;
}

const transactionKinds: Record<string, NonNullable<StatementFacts['transaction']>['kind']> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'end',
  TRANS_STMT_ROLLBACK: 'end',
  TRANS_STMT_PREPARE: 'end',
  TRANS_STMT_COMMIT_PREPARED: 'end',
  TRANS_STMT_ROLLBACK_PREPARED: 'end',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollbackTo',
};

/** The facts of one parsed statement. */
export function factsOf(statement: TreeNode): StatementFacts {
  const { type, fields } = statement;
  if (type === 'TransactionStmt') {
    const kind = transactionKinds[String(fields['kind'])];
    const savepoint = typeof fields['savepoint_name'] === 'string' ? fields['savepoint_name'] : null;
    return kind ? { ...noFacts, transaction: { kind, savepoint } } : noFacts;
  }
  return { ...noFacts, outside: outsideOf(statement), inside: type === 'LockStmt' || type === 'DeclareCursorStmt' };
}

type Command = string | ((fields: TreeNode['fields']) => string | null);

/** The command, when a field of its statement has this value. */
const where = (field: string, value: unknown, command: string): Command => (fields) => (fields[field] === value ? command : null);

/** Statements for which the server calls PreventInTransactionBlock (utility.c and what it calls), by their node. */
const outsideCommands = new Map<string, Command>([
  ['VacuumStmt', where('is_vacuumcmd', true, 'VACUUM')],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['CreateTableSpaceStmt', 'CREATE TABLESPACE'],
  ['DropTableSpaceStmt', 'DROP TABLESPACE'],
  ['AlterSystemStmt', 'ALTER SYSTEM'],
  ['AlterDatabaseStmt', (fields) => (optionNames(fields['options']).includes('tablespace') ? 'ALTER DATABASE SET TABLESPACE' : null)],
  ['IndexStmt', where('concurrent', true, 'CREATE INDEX CONCURRENTLY')],
  ['DropStmt', where('concurrent', true, 'DROP INDEX CONCURRENTLY')],
  ['ReindexStmt', reindex],
  ['ClusterStmt', where('relation', undefined, 'CLUSTER of all tables')],
  ['DiscardStmt', where('target', 'DISCARD_ALL', 'DISCARD ALL')],
  ['CreateSubscriptionStmt', 'CREATE SUBSCRIPTION'],
  ['DropSubscriptionStmt', 'DROP SUBSCRIPTION'],
  ['AlterTableStmt', (fields) => (detachesConcurrently(fields) ? 'DETACH PARTITION CONCURRENTLY' : null)],
]);

function outsideOf({ type, fields }: TreeNode): string | null {
  const command = outsideCommands.get(type) ?? null;
  return typeof command === 'function' ? command(fields) : command;
}

function reindex(fields: TreeNode['fields']): string | null {
  if (optionNames(fields['params']).includes('concurrently')) return 'REINDEX CONCURRENTLY';
  const kind = String(fields['kind']).replace('REINDEX_OBJECT_', '');
  return ['SCHEMA', 'SYSTEM', 'DATABASE'].includes(kind) ? `REINDEX ${kind}` : null;
}

function detachesConcurrently(fields: TreeNode['fields']): boolean {
  return wrappedNodes(fields['cmds']).some(({ fields: command }) => command['subtype'] === 'AT_DetachPartition' && wrappedNode(command['def'])?.fields['concurrent'] === true);
}

function optionNames(value: unknown): string[] {
  return wrappedNodes(value).map(({ fields }) => String(fields['defname']));
}
