import type { Node } from '@pgsql/types';
import { explainDelete, explainInsert, explainMerge, explainUpdate } from './changes';
import { explainComment, explainCopy, explainDo, explainDrop, explainExplain, explainGrant, explainGrantRole, explainNewSchema, explainPolicy, explainRename, explainSet, explainTransaction, explainTruncate, explainVacuum, objectName } from './commands';
import { explainAlterTable, explainCreateTable, explainCreateTableAs, explainFunction, explainIndex, explainTrigger, explainView } from './definitions';
import { quoted, type Draft } from './draft';
import { explainInner, explainQuery } from './queries';
import { fieldsOf, kindOf, relationName } from './tree';

type NodeKind = Node extends infer Each ? (Each extends unknown ? keyof Each : never) : never;
type Fields<K extends NodeKind> = Extract<Node, Record<K, unknown>>[K];
type Describers = { readonly [K in NodeKind]?: (draft: Draft, statement: Fields<K>) => void };

const whole = (words: string) => (draft: Draft): void => draft.step(words, draft.source.whole);

const describers: Describers = {
  SelectStmt: (draft, query) => explainQuery(draft, query),
  InsertStmt: explainInsert,
  UpdateStmt: explainUpdate,
  DeleteStmt: explainDelete,
  MergeStmt: explainMerge,
  CreateStmt: explainCreateTable,
  CreateTableAsStmt: explainCreateTableAs,
  ViewStmt: explainView,
  IndexStmt: explainIndex,
  AlterTableStmt: explainAlterTable,
  CreateFunctionStmt: explainFunction,
  CreateTrigStmt: explainTrigger,
  DropStmt: explainDrop,
  TruncateStmt: explainTruncate,
  TransactionStmt: explainTransaction,
  VariableSetStmt: explainSet,
  GrantStmt: explainGrant,
  GrantRoleStmt: explainGrantRole,
  CopyStmt: explainCopy,
  ExplainStmt: explainExplain,
  DoStmt: explainDo,
  RenameStmt: explainRename,
  AlterObjectSchemaStmt: explainNewSchema,
  CommentStmt: explainComment,
  VacuumStmt: explainVacuum,
  CreatePolicyStmt: explainPolicy,
  ReturnStmt: (draft, { returnval }) => {
    if (returnval) draft.step('Gives back a value.', draft.clause(returnval, ['RETURN']));
    explainInner(draft, returnval);
  },
  VariableShowStmt: (draft, { name }) => draft.step(`Shows the setting ${quoted(name ?? '')}.`, draft.source.whole),
  PrepareStmt: (draft, { name, query }) => {
    draft.step(`Keeps the statement below in the session as ${quoted(name ?? '')}, to be run later with values for its parameters.`, draft.source.whole);
    if (query) draft.inside(() => draft.statement(draft, query));
  },
  ExecuteStmt: (draft, { name }) => draft.step(`Runs the statement that was prepared as ${quoted(name ?? '')}, whatever that does.`, draft.source.whole),
  DeallocateStmt: (draft, { name }) => draft.step(name === undefined ? 'Forgets every prepared statement.' : `Forgets the prepared statement ${quoted(name)}.`, draft.source.whole),
  DeclareCursorStmt: (draft, { portalname, query }) => {
    draft.step(`Opens the cursor ${quoted(portalname ?? '')} over the query below.`, draft.source.whole);
    if (query) draft.inside(() => draft.statement(draft, query));
  },
  FetchStmt: (draft, { portalname, ismove }) => draft.step(`${ismove ? 'Moves' : 'Takes rows from'} the cursor ${quoted(portalname ?? '')}.`, draft.source.whole),
  ClosePortalStmt: (draft, { portalname }) => draft.step(portalname === undefined ? 'Closes every cursor.' : `Closes the cursor ${quoted(portalname)}.`, draft.source.whole),
  CallStmt: (draft, { funccall }) => {
    draft.step(`Calls the procedure ${draft.quote(draft.source.call(draft.source.offset(funccall?.location ?? 0)))}, whatever that does.`, draft.source.whole);
  },
  NotifyStmt: (draft, { conditionname }) => draft.step(`Tells every session that listens to ${quoted(conditionname ?? '')}, when the transaction commits.`, draft.source.whole),
  ListenStmt: (draft, { conditionname }) => draft.step(`Listens to ${quoted(conditionname ?? '')}.`, draft.source.whole),
  UnlistenStmt: whole('Stops listening.'),
  CheckPointStmt: whole('Writes all changed pages to disk now (CHECKPOINT).'),
  DiscardStmt: whole('Throws away what the session holds: temporary tables, prepared statements or plans, as written.'),
  LockStmt: (draft, { relations, nowait }) => draft.step(`Locks ${(relations ?? []).map((node) => quoted(objectName(node))).join(', ')} until the transaction ends${nowait ? ', and fails at once if that is not free (NOWAIT)' : ''}.`, draft.source.whole),
  RefreshMatViewStmt: (draft, { relation, concurrent, skipData }) => draft.step(`${skipData ? 'Empties' : 'Runs the query of'} the materialized view ${quoted(relation ? relationName(relation) : '')}${skipData ? '' : ' anew and keeps its rows'}${concurrent ? ', while others go on reading the old ones (CONCURRENTLY)' : ''}.`, draft.source.whole),
  ReindexStmt: (draft, { relation, name }) => draft.step(`Builds the indexes of ${quoted(relation ? relationName(relation) : (name ?? ''))} anew.`, draft.source.whole),
  CreateSchemaStmt: (draft, { schemaname, if_not_exists: ifNot }) => draft.step(`Creates the schema${schemaname === undefined ? '' : ` ${quoted(schemaname)}`}${ifNot ? ', unless it is there already' : ''}.`, draft.source.whole),
  CreateSeqStmt: (draft, { sequence }) => draft.step(`Creates the sequence ${quoted(sequence ? relationName(sequence) : '')}, which gives numbers.`, draft.source.whole),
  CreateExtensionStmt: (draft, { extname, if_not_exists: ifNot }) => draft.step(`Installs the extension ${quoted(extname ?? '')} in the database${ifNot ? ', unless it is there already' : ''}.`, draft.source.whole),
  CreateRoleStmt: (draft, { role }) => draft.step(`Creates the role ${quoted(role ?? '')}.`, draft.source.whole),
  CreatedbStmt: (draft, { dbname }) => draft.step(`Creates the database ${quoted(dbname ?? '')}.`, draft.source.whole),
  DropdbStmt: (draft, { dbname }) => draft.step(`Drops the database ${quoted(dbname ?? '')} with everything in it.`, draft.source.whole),
  DropRoleStmt: (draft, { roles }) => draft.step(`Drops the role ${(roles ?? []).map((node) => quoted(objectName(node))).join(', ')}.`, draft.source.whole),
  CreateEnumStmt: (draft, { typeName }) => draft.step(`Creates the type ${quoted((typeName ?? []).map(objectName).join('.'))}, whose values are the labels of the list.`, draft.source.whole),
};

/** Explains a statement of any kind; of kinds without words of their own it says which command they are. */
export function explainNode(draft: Draft, node: Node): void {
  const kind = kindOf(node);
  const describe = describers[kind as NodeKind] as ((draft: Draft, statement: unknown) => void) | undefined;
  if (describe) return describe(draft, fieldsOf(node));
  draft.step(`Runs the command ${quoted(commandOf(draft, node))}: ${draft.quote(draft.source.whole)}.`, draft.source.whole);
  explainInner(draft, node);
}

const ONE_WORD: Readonly<Record<string, string>> = { SelectStmt: 'SELECT', InsertStmt: 'INSERT', UpdateStmt: 'UPDATE', DeleteStmt: 'DELETE', MergeStmt: 'MERGE' };
const TWO_WORDS = new Set(['ALTER', 'CREATE', 'DROP', 'REFRESH', 'START', 'SECURITY', 'IMPORT', 'REASSIGN']);
const BETWEEN = new Set(['OR', 'REPLACE', 'TEMP', 'TEMPORARY', 'UNLOGGED', 'UNIQUE', 'GLOBAL', 'LOCAL', 'RECURSIVE', 'TRUSTED']);
const LONG = new Set(['MATERIALIZED', 'FOREIGN', 'EVENT', 'DEFAULT', 'ACCESS', 'OPERATOR', 'TEXT', 'LARGE']);

/** The words that name the command, such as `CREATE INDEX`. */
export function commandOf(draft: Draft, node: Node): string {
  const written = ONE_WORD[kindOf(node)];
  if (written !== undefined) return written;
  const [first = '', ...rest] = draft.source.code(draft.source.whole).toUpperCase().match(/[A-Z_]+/g) ?? [];
  if (!TWO_WORDS.has(first)) return first;
  const [second = '', third = ''] = rest.filter((word) => !BETWEEN.has(word));
  return [first, second, ...(LONG.has(second) ? [third] : [])].join(' ');
}
