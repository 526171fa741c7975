import type { Node, RangeVar } from '@pgsql/types';
import { relationName } from './tree';

/** What a statement does with a table. */
export type Role = 'read' | 'inserted' | 'updated' | 'deleted' | 'merged' | 'created' | 'altered' | 'dropped' | 'emptied' | 'loaded' | 'locked' | 'indexed' | 'referred to' | 'named';
export type Use = 'returned' | 'filtered' | 'joined' | 'grouped' | 'sorted' | 'written' | 'computed';

export interface TableUse {
  readonly relation: RangeVar;
  readonly role: Role;
  /** In bytes; null where the grammar does not tell. */
  readonly location: number | null;
}

export interface ColumnUse {
  /** As it is written, `o.status`, in the grammar's spelling. */
  readonly name: string;
  readonly column: string;
  /** The table that it must be of by the names alone; null where the catalog is needed, or it is of no table. */
  readonly relation: RangeVar | null;
  /** The tables that it may be of. */
  readonly candidates: readonly RangeVar[];
  readonly use: Use;
  readonly location: number;
}

interface Scope {
  readonly ctes: ReadonlySet<string>;
  /** What names before a dot mean; null for what is no table. */
  readonly sources: ReadonlyMap<string, RangeVar | null>;
  readonly outputs: ReadonlySet<string>;
  readonly outer: Scope | null;
}

type Struct = Readonly<Record<string, unknown>>;
interface Entry {
  /** The node's type; empty where the grammar does not tell it. */
  readonly kind: string;
  readonly fields: Struct;
  readonly scope: Scope;
  readonly use: Use;
  readonly role: Role;
}

const USES: Readonly<Record<string, Use>> = {
  whereClause: 'filtered', havingClause: 'filtered', agg_filter: 'filtered', condition: 'filtered', quals: 'joined', joinCondition: 'joined', groupClause: 'grouped', partitionClause: 'grouped',
  distinctClause: 'grouped', sortClause: 'sorted', orderClause: 'sorted', agg_order: 'sorted', exprs: 'returned', indexParams: 'computed', values: 'computed', valuesLists: 'computed', functions: 'computed',
};
const ROLES: Readonly<Record<string, Role>> = {
  'InsertStmt.relation': 'inserted', 'UpdateStmt.relation': 'updated', 'DeleteStmt.relation': 'deleted', 'MergeStmt.relation': 'merged', 'CreateStmt.relation': 'created', 'IntoClause.rel': 'created', 'ViewStmt.view': 'created',
  'CreateForeignTableStmt.base': 'created', 'CreateSeqStmt.sequence': 'created', 'CompositeTypeStmt.typevar': 'created', 'IndexStmt.relation': 'indexed', 'AlterTableStmt.relation': 'altered', 'RenameStmt.relation': 'altered', 'AlterObjectSchemaStmt.relation': 'altered', 'TruncateStmt.relations': 'emptied', 'LockStmt.relations': 'locked',
  'Constraint.pktable': 'referred to', 'CreateStmt.inhRelations': 'referred to', 'TableLikeClause.relation': 'referred to',
};
const QUERIES = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Structs that stand in a field without their type. */
const BARE: Readonly<Record<string, string>> = { onConflictClause: 'OnConflictClause', intoClause: 'IntoClause', into: 'IntoClause', returningClause: 'ReturningClause', larg: 'SelectStmt', rarg: 'SelectStmt' };
/** Fields that name tables which are named elsewhere, or that are looked at with the query they belong to. */
const SKIPPED = new Set(['lockedRels', 'withClause']);
const NAMED = new Set(['GrantStmt', 'VacuumRelation', 'ReindexStmt', 'RefreshMatViewStmt', 'CreateTrigStmt', 'CreatePolicyStmt', 'AlterPolicyStmt', 'RuleStmt', 'ClusterStmt', 'CreateStatsStmt']);

/** Every table and column that a statement names, with what it does with them. Names that a WITH clause gives are no tables where it reaches. */
export function namesOf(root: Node): { tables: TableUse[]; columns: ColumnUse[] } {
  const tables: TableUse[] = [];
  const columns: ColumnUse[] = [];
  const nowhere: Scope = { ctes: new Set(), sources: new Map(), outputs: new Set(), outer: null };
  const pending = nodesIn('', root).map((node): Entry => ({ ...node, scope: nowhere, use: 'computed', role: 'read' }));
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const { kind, fields } = entry;
    const scope = QUERIES.has(kind) ? scopeOf(kind, fields, entry.scope) : entry.scope;
    if (QUERIES.has(kind)) {
      pending.push(...withQueries(fields, entry.scope));
      if (fields['relation'] !== undefined) columns.push(...writtenOf(kind, fields, fields['relation']));
    }
    if (typeof fields['relname'] === 'string') tables.push(...tableOf(fields, scope, entry.role));
    if (kind === 'ColumnRef') columns.push(...columnOf(fields, scope, entry.use));
    if (kind === 'DropStmt' || kind === 'CommentStmt') tables.push(...droppedOf(fields, kind === 'DropStmt' ? 'dropped' : 'altered'));
    for (const [name, value] of Object.entries(fields).reverse()) {
      if (SKIPPED.has(name)) continue;
      const next = { scope, use: useOf(kind, name, entry.use), role: roleOf(kind, name, fields) };
      pending.push(...nodesIn(name, value).reverse().map((node) => ({ ...node, ...next })));
    }
  }
  return { tables: inOrder(tables), columns: inOrder(columns) };
}

/** In the order of the text; what has no place comes last. */
function inOrder<T extends { readonly location: number | null }>(uses: readonly T[]): T[] {
  return [...uses].sort((a, b) => (a.location ?? Infinity) - (b.location ?? Infinity));
}

function useOf(kind: string, field: string, use: Use): Use {
  if (field === 'targetList') return kind === 'SelectStmt' ? 'returned' : 'computed';
  return USES[field] ?? use;
}

function roleOf(kind: string, field: string, fields: Struct): Role {
  if (kind === 'CopyStmt' && field === 'relation' && fields['is_from'] === true) return 'loaded';
  return ROLES[`${kind}.${field}`] ?? (NAMED.has(kind) ? 'named' : 'read');
}

/** The nodes in a field, with their types. */
function nodesIn(field: string, value: unknown): { kind: string; fields: Struct }[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => nodesIn('', item));
  if (typeof value !== 'object' || value === null) return [];
  const [entry, ...more] = Object.entries(value);
  if (entry && more.length === 0 && /^[A-Z]/.test(entry[0])) return typeof entry[1] === 'object' ? [{ kind: entry[0], fields: entry[1] as Struct }] : [];
  return [{ kind: BARE[field] ?? '', fields: value as Struct }];
}

function tableOf(struct: Struct, scope: Scope, role: Role): TableUse[] {
  const relation = struct as unknown as RangeVar;
  if (role === 'read' && isCte(relation, scope.ctes)) return [];
  return [{ relation, role, location: relation.location ?? 0 }];
}

function ctesOf(fields: Struct): { name: string; query: unknown; recursive: boolean }[] {
  const clause = fields['withClause'] as { ctes?: Struct[]; recursive?: boolean } | undefined;
  return (clause?.ctes ?? []).map((node) => {
    const cte = node['CommonTableExpr'] as { ctename?: string; ctequery?: unknown } | undefined;
    return { name: cte?.ctename ?? '', query: cte?.ctequery, recursive: clause?.recursive === true };
  });
}

/** The queries of a WITH clause; each sees those before it, and with RECURSIVE all. */
function withQueries(fields: Struct, outer: Scope): Entry[] {
  const ctes = ctesOf(fields);
  return ctes.flatMap(({ query, recursive }, index) => {
    const reached = (recursive ? ctes : ctes.slice(0, index)).map(({ name }) => name);
    const scope: Scope = { ctes: new Set([...outer.ctes, ...reached]), sources: new Map(), outputs: new Set(), outer };
    return nodesIn('', query).map((node): Entry => ({ ...node, scope, use: 'returned', role: 'read' }));
  });
}

function scopeOf(kind: string, fields: Struct, outer: Scope): Scope {
  const ctes = new Set([...outer.ctes, ...ctesOf(fields).map(({ name }) => name)]);
  const relation = fields['relation'] === undefined ? [] : [{ RangeVar: fields['relation'] }];
  const excluded = fields['onConflictClause'] === undefined ? [] : [{ RangeSubselect: { alias: { aliasname: 'excluded' } } }];
  const targets = kind === 'SelectStmt' ? ((fields['targetList'] as Struct[] | undefined) ?? []) : [];
  return {
    ctes, outer,
    sources: sourcesOf([relation, fields['fromClause'], fields['usingClause'], fields['sourceRelation'], excluded], ctes),
    outputs: new Set(targets.flatMap((node) => (node['ResTarget'] as { name?: string } | undefined)?.name ?? [])),
  };
}

/** Tables of FROM by the names that stand for them. */
function sourcesOf(trees: unknown, ctes: ReadonlySet<string>): Map<string, RangeVar | null> {
  const sources = new Map<string, RangeVar | null>();
  const pending = nodesIn('', trees).reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    const { kind, fields } = node;
    const alias = (fields['alias'] as { aliasname?: string } | undefined)?.aliasname;
    if (kind === 'JoinExpr' || kind === 'RangeTableSample') pending.push(...nodesIn('', [fields['larg'], fields['rarg'], fields['relation']]).reverse());
    else if (kind === 'RangeVar') sources.set(alias ?? (fields['relname'] as string), isCte(fields, ctes) ? null : (fields));
    else sources.set(alias ?? '', null);
  }
  return sources;
}

function isCte({ schemaname, relname }: RangeVar, ctes: ReadonlySet<string>): boolean {
  return schemaname === undefined && ctes.has(relname ?? '');
}

/** The columns that INSERT, UPDATE, MERGE and ON CONFLICT write. */
function writtenOf(kind: string, struct: Struct, written: unknown): ColumnUse[] {
  const relation = written as RangeVar;
  const conflict = struct['onConflictClause'] as Struct | undefined;
  const whens = ((struct['mergeWhenClauses'] as Struct[] | undefined) ?? []).map((node) => (node['MergeWhenClause'] as Struct | undefined)?.['targetList']);
  const lists = [kind === 'InsertStmt' ? struct['cols'] : kind === 'UpdateStmt' ? struct['targetList'] : [], conflict?.['targetList'], ...whens];
  return lists.flatMap((list) =>
    ((list as Struct[] | undefined) ?? []).flatMap((node) => {
      const target = node['ResTarget'] as { name?: string; location?: number } | undefined;
      return target?.name === undefined ? [] : [{ name: target.name, column: target.name, relation, candidates: [relation], use: 'written' as const, location: target.location ?? 0 }];
    }),
  );
}

function columnOf(struct: Struct, scope: Scope, use: Use): ColumnUse[] {
  const fields = (struct['fields'] as { String?: { sval?: string } }[] | undefined) ?? [];
  const parts = fields.flatMap((node) => node.String?.sval ?? []);
  const [column, qualifier] = [...parts].reverse();
  // A star is no column.
  if (column === undefined || parts.length < fields.length) return [];
  const base = { name: parts.join('.'), column, use, location: typeof struct['location'] === 'number' ? struct['location'] : 0 };
  if (qualifier !== undefined) return [{ ...base, relation: sourceOf(qualifier, scope), candidates: [] }];
  if (scope.outputs.has(column) && (use === 'sorted' || use === 'grouped')) return [];
  const own = [...scope.sources.values()];
  // The name of a table stands for its whole row, unless a column has that name.
  const certain = own.length === 1 && !scope.sources.has(column);
  return [{ ...base, relation: certain ? (own[0] ?? null) : null, candidates: own.filter((source) => source !== null) }];
}

/** The table that a name before a dot stands for, in this query or one around it. */
function sourceOf(qualifier: string, scope: Scope): RangeVar | null {
  for (let at: Scope | null = scope; at; at = at.outer) {
    const found = at.sources.get(qualifier);
    if (found !== undefined) return found;
  }
  return null;
}

const RELATIONS = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE', 'OBJECT_SEQUENCE', 'OBJECT_INDEX', 'OBJECT_COLUMN']);

/** What DROP and COMMENT name, which are lists of names and no relations to the grammar. */
function droppedOf(struct: Struct, role: Role): TableUse[] {
  const type = String(struct['removeType'] ?? struct['objtype']);
  if (!RELATIONS.has(type)) return [];
  const objects = (struct['objects'] as Struct[] | undefined) ?? [struct['object'] as Struct];
  return objects.flatMap((object) => {
    const items = ((object['List'] as Struct | undefined)?.['items'] as Struct[] | undefined) ?? [];
    const parts = items.map((item) => (item['String'] as { sval?: string } | undefined)?.sval ?? '');
    const [name, schema] = (type === 'OBJECT_COLUMN' ? parts.slice(0, -1) : parts).reverse();
    return name === undefined ? [] : [{ relation: { relname: name, ...(schema === undefined ? {} : { schemaname: schema }) }, role, location: null }];
  });
}

/** The tables of a statement, each once, with all that is done with it. */
export function distinctTables(uses: readonly TableUse[]): { name: string; relation: RangeVar; roles: Role[]; aliases: string[]; location: number | null }[] {
  const found = new Map<string, { name: string; relation: RangeVar; roles: Role[]; aliases: string[]; location: number | null }>();
  for (const { relation, role, location } of uses) {
    const name = relationName(relation);
    const known = found.get(name) ?? { name, relation, roles: [], aliases: [], location };
    if (!known.roles.includes(role)) known.roles.push(role);
    const alias = relation.alias?.aliasname;
    if (alias !== undefined && !known.aliases.includes(alias)) known.aliases.push(alias);
    found.set(name, known);
  }
  return [...found.values()];
}
