import type { AlterObjectSchemaStmt, CommentStmt, CopyStmt, CreatePolicyStmt, DoStmt, DropStmt, ExplainStmt, GrantRoleStmt, GrantStmt, Node, RenameStmt, TransactionStmt, TruncateStmt, VacuumStmt, VariableSetStmt } from '@pgsql/types';
import { conditionWords } from './conditions';
import { wordOf } from './definitions';
import { listed, quoted, type Draft } from './draft';
import { explainFilters } from './queries';
import { relationName, strings } from './tree';

/** The name that a node of a list of objects gives. */
export function objectName(node: Node): string {
  if ('RangeVar' in node) return relationName(node.RangeVar);
  if ('String' in node) return node.String.sval ?? '';
  if ('List' in node) return (node.List.items ?? []).map(objectName).join('.');
  if ('TypeName' in node) return strings(node.TypeName.names).filter((name) => name !== 'pg_catalog').join('.');
  if ('ObjectWithArgs' in node) return strings(node.ObjectWithArgs.objname).join('.');
  if ('RoleSpec' in node) return node.RoleSpec.rolename ?? (node.RoleSpec.roletype ?? '').replace('ROLESPEC_', '').toLowerCase();
  if ('AccessPriv' in node) return node.AccessPriv.priv_name ?? 'all';
  return '';
}

const names = (list: readonly Node[] | undefined): string => listed((list ?? []).map(objectName).filter(Boolean).map(quoted));
const whole = (draft: Draft, text: string): void => draft.step(text, draft.source.whole);

export function explainDrop(draft: Draft, { removeType, objects, behavior, missing_ok: missing, concurrent }: DropStmt): void {
  whole(draft, `Drops the ${wordOf(removeType ?? '')}${(objects?.length ?? 0) > 1 ? 's' : ''} ${names(objects)}${missing ? ', if there' : ''}${concurrent ? ' while others go on working (CONCURRENTLY)' : ''}${behavior === 'DROP_CASCADE' ? ', and everything that depends on it (CASCADE)' : ''}.`);
}

export function explainTruncate(draft: Draft, { relations, behavior, restart_seqs: restart }: TruncateStmt): void {
  whole(draft, `Empties ${names(relations)} at once, without looking at single rows${restart ? '; the numbers of its sequences begin anew' : ''}${behavior === 'DROP_CASCADE' ? '; tables that refer to it are emptied too (CASCADE)' : ''}.`);
}

const TRANSACTIONS: Readonly<Record<string, string>> = {
  TRANS_STMT_BEGIN: 'Begins a transaction: what follows is kept or taken back as one.',
  TRANS_STMT_START: 'Begins a transaction: what follows is kept or taken back as one.',
  TRANS_STMT_COMMIT: 'Ends the transaction and keeps what it did.',
  TRANS_STMT_ROLLBACK: 'Ends the transaction and takes back what it did.',
  TRANS_STMT_SAVEPOINT: 'Marks a place in the transaction that one can go back to',
  TRANS_STMT_RELEASE: 'Forgets a place in the transaction that was marked',
  TRANS_STMT_ROLLBACK_TO: 'Takes back what was done since a marked place',
  TRANS_STMT_PREPARE: 'Prepares the transaction for a commit in two phases',
  TRANS_STMT_COMMIT_PREPARED: 'Commits a prepared transaction',
  TRANS_STMT_ROLLBACK_PREPARED: 'Rolls back a prepared transaction',
};

export function explainTransaction(draft: Draft, { kind, savepoint_name: savepoint, gid, chain }: TransactionStmt): void {
  const text = TRANSACTIONS[kind ?? ''] ?? 'Speaks to the transaction.';
  const name = savepoint ?? gid;
  whole(draft, `${text}${text.endsWith('.') ? '' : `${name === undefined ? '' : `: ${quoted(name)}`}.`}${chain ? ' A new one begins at once (AND CHAIN).' : ''}`);
}

export function explainSet(draft: Draft, { kind, name, is_local: local }: VariableSetStmt): void {
  const span = draft.source.whole;
  const code = draft.source.code(span);
  if (kind === 'VAR_RESET_ALL') return whole(draft, 'Gives all settings of the session their defaults again.');
  if (kind === 'VAR_RESET' || kind === 'VAR_SET_DEFAULT') return whole(draft, `Gives the setting ${quoted(name ?? '')} its default again.`);
  const value = /(?:=|\bTO\b)\s*(.*)$/is.exec(code)?.[1];
  whole(draft, `Sets ${value === undefined ? quoted(code.replace(/^SET\s+/i, '')) : `${quoted(name ?? '')} to ${quoted(value)}`} for ${local ? 'the transaction' : 'the session'}.`);
}

export function explainGrant(draft: Draft, { is_grant: grant, privileges, objtype, objects, grantees, grant_option: option, targtype, behavior }: GrantStmt): void {
  const rights = privileges ? names(privileges) : 'all rights';
  const on = targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? `all ${wordOf(objtype ?? '')}s of the schema ${names(objects)}` : targtype === 'ACL_TARGET_DEFAULTS' ? `${wordOf(objtype ?? '')}s to come` : `the ${wordOf(objtype ?? '')} ${names(objects)}`;
  whole(draft, `${grant ? 'Gives' : 'Takes'} ${rights} on ${on} ${grant ? 'to' : 'from'} ${names(grantees)}${option && grant ? ', who may give it on' : ''}${behavior === 'DROP_CASCADE' && !grant ? ', and from whoever got it through them (CASCADE)' : ''}.`);
}

export function explainGrantRole(draft: Draft, { is_grant: grant, granted_roles: roles, grantee_roles: grantees }: GrantRoleStmt): void {
  whole(draft, `${grant ? 'Makes' : 'Ends that'} ${names(grantees)} ${grant ? 'a member of' : 'is a member of'} ${names(roles)}.`);
}

export function explainCopy(draft: Draft, { relation, query, is_from: from, is_program: program, filename, attlist, whereClause }: CopyStmt): void {
  const columns = attlist ? ` (${names(attlist)})` : '';
  const place = filename === undefined ? (from ? 'what the client sends' : 'the client') : `${program ? 'the program' : 'the file'} ${quoted(filename)} on the server`;
  whole(draft, from ? `Reads rows from ${place} into ${quoted(relation ? relationName(relation) : '')}${columns}.` : `Writes ${relation ? `the rows of ${quoted(relationName(relation))}${columns}` : 'the rows of the query below'} to ${place}.`);
  if (query) draft.inside(() => draft.statement(draft, query));
  explainFilters(draft, whereClause, 'WHERE', 'Takes in only rows where');
}

/** Whether an option is there and not turned off. */
function isOn(options: readonly Node[] | undefined, name: string): boolean {
  const option = options?.find((node) => 'DefElem' in node && node.DefElem.defname === name);
  const arg = option && 'DefElem' in option ? option.DefElem.arg : undefined;
  if (!option || !arg) return option !== undefined;
  if ('Boolean' in arg) return arg.Boolean.boolval === true;
  if ('Integer' in arg) return (arg.Integer.ival ?? 0) !== 0;
  return !('String' in arg) || !['off', 'false', '0', 'no'].includes((arg.String.sval ?? '').toLowerCase());
}

export function explainExplain(draft: Draft, { query, options }: ExplainStmt): void {
  draft.step(isOn(options, 'analyze') ? 'Runs the statement below and shows its plan with what was measured (EXPLAIN ANALYZE).' : 'Shows the plan of the statement below, without running it.', draft.source.name(draft.source.whole.from));
  if (query) draft.inside(() => draft.statement(draft, query));
}

export function explainDo(draft: Draft, { args }: DoStmt): void {
  const language = args?.map((node) => ('DefElem' in node && node.DefElem.defname === 'language' && node.DefElem.arg && 'String' in node.DefElem.arg ? node.DefElem.arg.String.sval : undefined)).find(Boolean);
  whole(draft, `Runs a block of ${language === undefined ? 'PL/pgSQL' : quoted(language)} at once. The block is a text to the grammar of SQL, and is not explained here: read it before you run it.`);
}

export function explainRename(draft: Draft, { renameType, relation, object, subname, newname }: RenameStmt): void {
  const of = relation ? quoted(relationName(relation)) : object ? quoted(objectName(object)) : '';
  whole(draft, `Renames the ${wordOf(renameType ?? '')} ${subname === undefined ? of : `${quoted(subname)}${of === '' ? '' : ` of ${of}`}`} to ${quoted(newname ?? '')}.`);
}

export function explainNewSchema(draft: Draft, { objectType, relation, object, newschema }: AlterObjectSchemaStmt): void {
  whole(draft, `Moves the ${wordOf(objectType ?? '')} ${relation ? quoted(relationName(relation)) : object ? quoted(objectName(object)) : ''} to the schema ${quoted(newschema ?? '')}.`);
}

export function explainComment(draft: Draft, { objtype, object, comment }: CommentStmt): void {
  const name = object ? objectName(object) : '';
  const dot = name.lastIndexOf('.');
  const on = objtype === 'OBJECT_COLUMN' ? `${quoted(name.slice(dot + 1))} of ${quoted(name.slice(0, dot))}` : quoted(name);
  whole(draft, `${comment === undefined ? 'Removes the' : 'Writes a'} comment on the ${wordOf(objtype ?? '')} ${on}.`);
}

export function explainVacuum(draft: Draft, { is_vacuumcmd: vacuum, rels, options }: VacuumStmt): void {
  const tables = (rels ?? []).flatMap((node) => ('VacuumRelation' in node && node.VacuumRelation.relation ? [quoted(relationName(node.VacuumRelation.relation))] : []));
  const of = tables.length === 0 ? 'every table of the database' : listed(tables);
  whole(draft, vacuum ? `Frees what dead rows of ${of} take${isOn(options, 'full') ? ', by writing the table anew under an exclusive lock (FULL)' : ''}${isOn(options, 'analyze') ? ', and gathers its statistics anew' : ''}.` : `Gathers the planner’s statistics of ${of} anew.`);
}

export function explainPolicy(draft: Draft, { policy_name: name, table, cmd_name: command, roles, qual, with_check: check, permissive }: CreatePolicyStmt): void {
  whole(draft, `Creates the ${permissive ? '' : 'restrictive '}policy ${quoted(name ?? '')} on ${quoted(table ? relationName(table) : '')} for ${command === 'all' ? 'every command' : (command ?? '').toUpperCase()} by ${names(roles)}.`);
  for (const [condition, word, words] of [[qual, 'USING', 'They see only rows where'], [check, 'CHECK', 'They may write only rows where']] as const) {
    const begin = condition ? draft.begin(condition) : null;
    const at = begin === null ? null : draft.source.wordBefore(begin, word);
    if (!condition || !at) continue;
    const body = draft.source.argumentsAfter(at.from);
    for (const part of draft.filters(condition, body)) draft.step(`${words} ${conditionWords(draft, part.node, part.span)}.`, part.span);
  }
}
