import type { StatementClass } from '../../src-preload/contract/queries';
import { names, wrappedNode, wrappedNodes } from './walk';
import type { TreeNode } from './walk';

/** What a statement that the read-only lane does not run is, for the person's own lane. */
export interface StatementKind {
  readonly class: StatementClass;
  /** What it does, as the end of a sentence that begins with "the statement". */
  readonly reason: string;
}

const kind = (statementClass: StatementClass, reason: string): StatementKind => ({ class: statementClass, reason });

const hidden = 'runs code that the parser cannot see into';

/** Statements that are neither SELECT, EXPLAIN nor SHOW; after PostgreSQL's own GetCommandLogLevel (utility.c). All others: DDL. */
const kinds: Record<string, StatementKind> = {
  InsertStmt: kind('write', 'inserts rows'),
  UpdateStmt: kind('write', 'updates rows'),
  DeleteStmt: kind('write', 'deletes rows'),
  MergeStmt: kind('write', 'merges rows'),
  TruncateStmt: kind('write', 'empties tables'),
  DoStmt: kind('write', hidden),
  CallStmt: kind('write', hidden),
  ExecuteStmt: kind('write', 'runs a prepared statement, whatever that does'),
  RefreshMatViewStmt: kind('write', 'rebuilds a materialized view'),
  VacuumStmt: kind('write', 'vacuums or analyzes tables'),
  CheckPointStmt: kind('write', 'forces a checkpoint'),
  NotifyStmt: kind('write', 'notifies other sessions'),
  TransactionStmt: kind('session', 'begins or ends a transaction'),
  VariableSetStmt: kind('session', 'changes a setting of the session'),
  ConstraintsSetStmt: kind('session', 'changes when constraints are checked'),
  PrepareStmt: kind('session', 'prepares a statement'),
  DeallocateStmt: kind('session', 'drops a prepared statement'),
  DeclareCursorStmt: kind('session', 'opens a cursor'),
  FetchStmt: kind('session', 'moves a cursor'),
  ClosePortalStmt: kind('session', 'closes a cursor'),
  ListenStmt: kind('session', 'listens for notifications'),
  UnlistenStmt: kind('session', 'stops listening for notifications'),
  DiscardStmt: kind('session', 'discards the state of the session'),
  LockStmt: kind('session', 'locks tables'),
  LoadStmt: kind('session', 'loads a library into the server'),
};

export function kindOf(statement: TreeNode): StatementKind {
  if (statement.type === 'CopyStmt') return copyKind(statement);
  return kinds[statement.type] ?? kind('ddl', `is ${article(commandName(statement.type))}`);
}

function copyKind({ fields }: TreeNode): StatementKind {
  if (fields['is_from'] === true) return kind('write', 'copies rows into a table');
  if (fields['is_program'] === true) return kind('write', 'runs a program on the server');
  if (fields['filename'] !== undefined) return kind('write', 'writes a file on the server');
  const query = wrappedNode(fields['query']);
  if (query && query.type !== 'SelectStmt') return kindOf(query);
  return kind('session', 'copies rows to the client, which only the copy protocol can take');
}

/** Where the node's name is not the command's. */
const COMMANDS: Record<string, string> = {
  CreateStmt: 'CREATE TABLE', IndexStmt: 'CREATE INDEX', ViewStmt: 'CREATE VIEW', RuleStmt: 'CREATE RULE', CreateSeqStmt: 'CREATE SEQUENCE', CreateTrigStmt: 'CREATE TRIGGER',
  CreatedbStmt: 'CREATE DATABASE', DropdbStmt: 'DROP DATABASE', RenameStmt: 'RENAME', SecLabelStmt: 'SECURITY LABEL', DefineStmt: 'CREATE', CompositeTypeStmt: 'CREATE TYPE',
};

/** `AlterTableStmt` -> `ALTER TABLE`. */
function commandName(type: string): string {
  return COMMANDS[type] ?? type.replace(/Stmt$/, '').replace(/([a-z])([A-Z])/g, '$1 $2').toUpperCase();
}

function article(phrase: string): string {
  return `${/^[AEIOU]/.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

/** The objects that a statement names, outermost first, without those that its own WITH clause defines. */
export function namedObjects(statement: TreeNode): string[] {
  const found = new Set<string>();
  const defined = new Set<string>();
  const pending: unknown[] = [{ [statement.type]: statement.fields }];
  for (let index = 0; index < pending.length; index += 1) {
    const value = pending[index];
    if (Array.isArray(value)) pending.push(...(value as unknown[]));
    else if (typeof value === 'object' && value !== null) look(value as Record<string, unknown>, found, defined, pending);
  }
  return [...found].filter((name) => !defined.has(name));
}

/** Relations are structs with `relname`; DROP and its kind carry lists of names. */
function look(value: Record<string, unknown>, found: Set<string>, defined: Set<string>, pending: unknown[]): void {
  if (typeof value['relname'] === 'string') found.add([value['schemaname'], value['relname']].filter((part) => typeof part === 'string').join('.'));
  if (typeof value['ctename'] === 'string') defined.add(value['ctename']);
  for (const [key, field] of Object.entries(value)) {
    if (key === 'DropStmt') for (const name of dropped(field as Record<string, unknown>)) found.add(name);
    if (key === 'DropdbStmt') found.add(String((field as Record<string, unknown>)['dbname']));
    if (key === 'DropRoleStmt') for (const role of roles((field as Record<string, unknown>)['roles'])) found.add(role);
    pending.push(field);
  }
}

function dropped(fields: Record<string, unknown>): string[] {
  return wrappedNodes(fields['objects']).flatMap((object) => {
    if (object.type === 'String') return [String(object.fields['sval'])];
    if (object.type === 'List') return [names(object.fields['items']).join('.')];
    if (object.type === 'TypeName') return [names(object.fields['names']).join('.')];
    if (object.type === 'ObjectWithArgs') return [names(object.fields['objname']).join('.')];
    return [];
  });
}

function roles(value: unknown): string[] {
  return wrappedNodes(value).flatMap((role) => (typeof role.fields['rolename'] === 'string' ? [role.fields['rolename']] : []));
}
