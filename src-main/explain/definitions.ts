import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, CreateFunctionStmt, CreateStmt, CreateTableAsStmt, CreateTrigStmt, IndexStmt, Node, ViewStmt } from '@pgsql/types';
import { conditionWords } from './conditions';
import { listed, quoted, type Draft } from './draft';
import { explainFilters, explainQuery } from './queries';
import type { Span } from './source';
import { relationName, strings } from './tree';

/** The range of a condition that a constraint holds in parentheses. */
function checked(draft: Draft, expression: Node, within: Span): string {
  const body = draft.source.argumentsAfter(draft.source.wordIn(within, 'CHECK', 'WHEN')?.from ?? within.from);
  return listed(draft.filters(expression, body).map((part) => conditionWords(draft, part.node, part.span)));
}

function constraintWords(draft: Draft, constraint: Constraint, span: Span): string {
  const keys = strings(constraint.keys).map(quoted);
  const of = keys.length === 0 ? '' : ` of ${listed(keys)}`;
  switch (constraint.contype) {
    case 'CONSTR_NOTNULL':
      return 'it must not be NULL';
    case 'CONSTR_NULL':
      return 'it may be NULL';
    case 'CONSTR_PRIMARY':
      return `the primary key${of}`;
    case 'CONSTR_UNIQUE':
      return `each value${of} may stand there only once`;
    case 'CONSTR_CHECK':
      return constraint.raw_expr ? `every row must have that ${checked(draft, constraint.raw_expr, span)}` : 'a check';
    case 'CONSTR_FOREIGN': {
      const from = strings(constraint.fk_attrs).map(quoted);
      const to = strings(constraint.pk_attrs).map(quoted);
      const cascade = { c: ', which deletes its rows with theirs', n: ', which sets it to NULL when the row there is deleted', d: ', which sets the default when the row there is deleted' }[constraint.fk_del_action ?? ''] ?? '';
      return `${from.length === 0 ? 'its value' : listed(from)} must be in ${quoted(constraint.pktable ? relationName(constraint.pktable) : '')}${to.length === 0 ? '' : ` (${to.join(', ')})`}${cascade}`;
    }
    default:
      return draft.quote(span);
  }
}

function columnWords(draft: Draft, column: ColumnDef, piece: Span): string {
  const constraints = (column.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : [])).filter(({ location }) => location !== undefined);
  const places = constraints.map(({ location }) => draft.source.offset(location ?? 0));
  const type = draft.begin(column.typeName);
  const typeSpan = type === null ? null : { from: type, to: Math.min(piece.to, ...places.filter((place) => place > type)) };
  const words = constraints.map((constraint, index) => {
    const from = places[index] ?? piece.from;
    return constraintWords(draft, constraint, draft.source.trimmed({ from, to: Math.min(piece.to, ...places.filter((place) => place > from)) }));
  });
  return `${quoted(column.colname ?? '')}${typeSpan ? ` of the type ${draft.quote(draft.source.trimmed(typeSpan))}` : ''}${words.length === 0 ? '' : `: ${listed(words)}`}`;
}

const PERSISTENCE: Readonly<Record<string, string>> = { t: 'temporary table', u: 'unlogged table (lost after a crash)' };

export function explainCreateTable(draft: Draft, statement: CreateStmt): void {
  const { relation, tableElts, inhRelations, if_not_exists: ifNot } = statement;
  if (!relation) return;
  const name = draft.source.name(draft.begin(relation) ?? 0);
  const parents = (inhRelations ?? []).flatMap((node) => ('RangeVar' in node ? [quoted(relationName(node.RangeVar))] : []));
  const parent = parents.length === 0 ? '' : statement.partbound ? `, a partition of ${listed(parents)}` : `, which inherits from ${listed(parents)}`;
  draft.step(`Creates the ${PERSISTENCE[relation.relpersistence ?? ''] ?? 'table'} ${quoted(relationName(relation))}${parent}${ifNot ? ', unless it is there already' : ''}.`, { from: draft.source.whole.from, to: name.to });
  const around = tableElts === undefined ? null : draft.source.argumentsAfter(name.from);
  const pieces = around ? draft.source.pieces(around) : [];
  (tableElts ?? []).forEach((node, index) => {
    const piece = pieces[index] ?? around;
    if (!piece) return;
    if ('ColumnDef' in node) draft.step(`Column ${columnWords(draft, node.ColumnDef, piece)}.`, piece);
    else if ('Constraint' in node) draft.step(`Rule of the table: ${constraintWords(draft, node.Constraint, piece)}.`, piece);
    else if ('TableLikeClause' in node && node.TableLikeClause.relation) draft.step(`Takes over the columns of ${quoted(relationName(node.TableLikeClause.relation))}.`, piece);
  });
  if (statement.partspec) draft.step(`Spreads its rows over partitions, ${{ PARTITION_STRATEGY_LIST: 'by lists of values', PARTITION_STRATEGY_RANGE: 'by ranges', PARTITION_STRATEGY_HASH: 'by hash' }[statement.partspec.strategy as string] ?? ''}.`, draft.clause(statement.partspec, ['PARTITION'], 'USING', 'TABLESPACE'));
}

export function explainCreateTableAs(draft: Draft, { query, into, objtype, if_not_exists: ifNot }: CreateTableAsStmt): void {
  const name = into?.rel ? quoted(relationName(into.rel)) : 'a table';
  const matview = objtype === 'OBJECT_MATVIEW';
  draft.step(`Creates the ${matview ? 'materialized view' : (PERSISTENCE[into?.rel?.relpersistence ?? ''] ?? 'table')} ${name} ${into?.skipData ? 'with the columns of the query below, and without its rows' : 'and fills it with the rows of the query below'}${ifNot ? ', unless it is there already' : ''}.`, into?.rel ? { from: draft.source.whole.from, to: draft.source.name(draft.begin(into.rel) ?? 0).to } : null);
  if (query) draft.inside(() => draft.statement(draft, query));
}

export function explainView(draft: Draft, { view, query, replace, withCheckOption }: ViewStmt): void {
  if (!view) return;
  draft.step(`${replace ? 'Creates or replaces' : 'Creates'} the view ${quoted(relationName(view))}: a name for the query below, which runs whenever the view is read.`, { from: draft.source.whole.from, to: draft.source.name(draft.begin(view) ?? 0).to });
  if (query) draft.inside(() => ('SelectStmt' in query ? explainQuery(draft, query.SelectStmt) : draft.statement(draft, query)));
  if (withCheckOption !== undefined && withCheckOption !== 'NO_CHECK_OPTION') draft.step('Refuses rows written through the view that the view would not show (CHECK OPTION).', null);
}

/** Such as "a new index" or "the unique index `orders_code`". */
function indexWords({ idxname, unique }: IndexStmt): string {
  const kind = unique ? 'unique index' : 'index';
  return idxname === undefined ? `a new ${kind}` : `the ${kind} ${quoted(idxname)}`;
}

export function explainIndex(draft: Draft, statement: IndexStmt): void {
  const { relation, accessMethod, unique, concurrent, indexParams, indexIncludingParams, whereClause } = statement;
  if (!relation) return;
  const name = draft.source.name(draft.begin(relation) ?? 0);
  draft.step(`Creates ${indexWords(statement)} on ${quoted(relationName(relation))}${accessMethod === undefined || accessMethod === 'btree' ? '' : ` by the method ${quoted(accessMethod)}`}${concurrent ? ' while others go on writing (CONCURRENTLY)' : ''}${statement.if_not_exists ? ', unless it is there already' : ''}.`, { from: draft.source.whole.from, to: name.to });
  const list = draft.source.call(name.from);
  const keys = draft.source.pieces(draft.source.argumentsAfter(name.from));
  if (indexParams) draft.step(`Its key is ${listed(keys.map((piece) => draft.quote(piece)))}${unique ? ', which may be there only once' : ''}.`, list);
  const included = (indexIncludingParams ?? []).flatMap((node) => ('IndexElem' in node && node.IndexElem.name !== undefined ? [quoted(node.IndexElem.name)] : []));
  if (included.length > 0) draft.step(`It also carries ${listed(included)}, so that queries need not look into the table for ${included.length === 1 ? 'it' : 'them'}.`, null);
  explainFilters(draft, whereClause, 'WHERE', 'Holds only rows where');
}

const COMMANDS: Readonly<Record<string, (name: string) => string>> = {
  AT_DropColumn: (name) => `Drops the column ${name} with its data.`,
  AT_AlterColumnType: (name) => `Changes the type of the column ${name}.`,
  AT_SetNotNull: (name) => `Forbids NULL in ${name}; every row is checked.`,
  AT_DropNotNull: (name) => `Allows NULL in ${name}.`,
  AT_ColumnDefault: (name) => `Changes the default of ${name}, for rows to come.`,
  AT_DropConstraint: (name) => `Drops the constraint ${name}.`,
  AT_ValidateConstraint: (name) => `Checks all rows against the constraint ${name}.`,
  AT_EnableRowSecurity: () => 'Turns row level security on.',
  AT_DisableRowSecurity: () => 'Turns row level security off.',
  AT_AttachPartition: () => 'Attaches a partition.',
  AT_DetachPartition: () => 'Detaches a partition.',
  AT_ChangeOwner: () => 'Changes its owner.',
  AT_EnableTrig: (name) => `Turns the trigger ${name} on.`,
  AT_DisableTrig: (name) => `Turns the trigger ${name} off.`,
};

function commandWords(draft: Draft, command: AlterTableCmd, piece: Span): string {
  const { def, name, subtype, behavior } = command;
  const cascade = behavior === 'DROP_CASCADE' ? ' What depends on it goes too (CASCADE).' : '';
  if (subtype === 'AT_AddColumn' && def && 'ColumnDef' in def) return `Adds the column ${columnWords(draft, def.ColumnDef, piece)}.`;
  if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def) return `Adds ${def.Constraint.conname === undefined ? 'a constraint' : `the constraint ${quoted(def.Constraint.conname)}`}: ${constraintWords(draft, def.Constraint, piece)}${def.Constraint.skip_validation ? '; rows that are there already are not checked (NOT VALID)' : ''}.`;
  const words = COMMANDS[subtype ?? ''];
  return (words ? words(name === undefined ? draft.quote(piece) : quoted(name)) : `Does ${draft.quote(piece)}.`) + cascade;
}

export function explainAlterTable(draft: Draft, { relation, cmds, objtype }: AlterTableStmt): void {
  if (!relation) return;
  const name = draft.source.name(draft.begin(relation) ?? 0);
  draft.step(`Changes the ${wordOf(objtype ?? 'OBJECT_TABLE')} ${quoted(relationName(relation))}.`, { from: draft.source.whole.from, to: name.to });
  const rest = draft.source.after(name, draft.source.whole);
  const pieces = draft.source.pieces(draft.source.code(rest).startsWith('*') ? { from: rest.from + 1, to: rest.to } : rest);
  (cmds ?? []).forEach((node, index) => {
    const piece = pieces[index] ?? rest;
    if ('AlterTableCmd' in node) draft.step(commandWords(draft, node.AlterTableCmd, piece), piece);
  });
}

/** `OBJECT_MATVIEW` -> `materialized view`. */
export function wordOf(type: string): string {
  const word = type.replace(/^OBJECT_/, '').replaceAll('_', ' ').toLowerCase();
  return { matview: 'materialized view', tabconstraint: 'constraint', 'access method': 'access method' }[word] ?? word;
}

const optionText = (options: readonly Node[] | undefined, name: string): string | null => {
  for (const node of options ?? []) if ('DefElem' in node && node.DefElem.defname === name && node.DefElem.arg && 'String' in node.DefElem.arg) return node.DefElem.arg.String.sval ?? '';
  return null;
};

export function explainFunction(draft: Draft, statement: CreateFunctionStmt): void {
  const { options, is_procedure: procedure, replace, funcname, sql_body: body } = statement;
  const language = optionText(options, 'language') ?? 'sql';
  const volatility = optionText(options, 'volatility');
  const name = strings(funcname).join('.');
  draft.step(`${replace ? 'Creates or replaces' : 'Creates'} the ${procedure ? 'procedure' : 'function'} ${quoted(name)} in the language ${quoted(language)}${volatility === null ? '' : `, said to be ${quoted(volatility)}`}.`, draft.source.call(draft.source.whole.from));
  if (options?.some((node) => 'DefElem' in node && node.DefElem.defname === 'security' && node.DefElem.arg && 'Boolean' in node.DefElem.arg && node.DefElem.arg.Boolean.boolval)) draft.step('It runs with the rights of its owner (SECURITY DEFINER).', null);
  if (body) draft.inside(() => bodyStatements(body).forEach((inner) => draft.statement(draft, inner)));
  else draft.step('Its body is a text to the server until it is called, and is not explained here.', null);
}

function bodyStatements(body: Node): Node[] {
  if ('List' in body) return (body.List.items ?? []).flatMap(bodyStatements);
  return 'SelectStmt' in body || Object.keys(body)[0]?.endsWith('Stmt') ? [body] : [];
}

/** Bits of TriggerType; source: PostgreSQL's pg_trigger.h. */
const TRIGGER = { before: 2, insert: 4, delete: 8, update: 16, truncate: 32, instead: 64 };

export function explainTrigger(draft: Draft, statement: CreateTrigStmt): void {
  const { relation, trigname, funcname, row, timing = 0, events = 0, whenClause } = statement;
  if (!relation) return;
  const when = timing & TRIGGER.before ? 'before' : timing & TRIGGER.instead ? 'instead of' : 'after';
  const what = (['insert', 'update', 'delete', 'truncate'] as const).filter((event) => events & TRIGGER[event]).map((event) => event.toUpperCase());
  draft.step(`Creates the trigger ${quoted(trigname ?? '')}: ${when} ${listed(what, 'or')} on ${quoted(relationName(relation))} the server calls ${quoted(strings(funcname).join('.'))} for each ${row ? 'row' : 'statement'}.`, draft.source.whole);
  if (!whenClause) return;
  const begin = draft.begin(whenClause);
  const word = begin === null ? null : draft.source.wordBefore(begin, 'WHEN');
  const around = word && draft.source.parenthesesAround(begin ?? 0);
  if (word && around) draft.step(`Only where ${checked(draft, whenClause, { from: word.from, to: around.to })}.`, { from: word.from, to: around.to });
}
