import type { PrivateColumn } from '../../../src-preload/contract/privateColumns';
import { isPrivate } from '../../../src-preload/contract/privateColumns';
import { collectMentions, type Mentions } from '../mentions';
import type { TreeNode } from '../walk';
import { names, walkAdmitted, wrappedNode, wrappedNodes } from '../walk';

/** A relation as `privateLookup` tells it: its columns, itself with its parents and children, and a view's query. */
export interface LookedRelation {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly family: readonly (readonly [schema: string, name: string])[];
  readonly definition: string | null;
}

export interface PrivateQuestion {
  readonly columns: readonly PrivateColumn[];
  /** Relations by their names as the session sees them; a name that is none is missing. */
  relations(names: readonly { schema: string | null; name: string }[]): Promise<ReadonlyMap<string, LookedRelation>>;
  /** The tree of a view's query, and null where it does not parse. */
  parse(text: string): Promise<TreeNode | null>;
}

/** A place of the statement where a relation with private columns stands. */
interface Carrier {
  readonly place: object;
  /** What the statement calls it there. */
  readonly alias: string;
  readonly hidden: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
}

/**
 * What of the server's own relations may be read where columns are private: the others hold values (statistics), texts of statements
 * with their values (activity), or the columns' names.
 */
const OPEN_SYSTEM = new Set([
  'pg_catalog.pg_class', 'pg_catalog.pg_namespace', 'pg_catalog.pg_database', 'pg_catalog.pg_settings', 'pg_catalog.pg_tables', 'pg_catalog.pg_type', 'pg_catalog.pg_enum',
  'pg_catalog.pg_extension', 'pg_catalog.pg_locks', 'pg_catalog.pg_inherits', 'pg_catalog.pg_timezone_names', 'pg_catalog.pg_timezone_abbrevs', 'pg_catalog.pg_stat_all_tables',
  'pg_catalog.pg_stat_user_tables', 'pg_catalog.pg_statio_user_tables', 'pg_catalog.pg_stat_database', 'pg_catalog.pg_stat_bgwriter', 'pg_catalog.pg_sequences', 'pg_catalog.pg_roles',
  'information_schema.tables', 'information_schema.schemata', 'information_schema.sequences',
]);

/** Functions of the server that tell a definition, a comment or what other sessions run. */
const TELLING = /^(pg_get_\w+|col_description|obj_description|pg_stat_get_\w*activity\w*|pg_stat_statements\w*|pg_identify_object\w*|pg_describe_object|pg_index_column_has_property|has_column_privilege|pg_stats_ext_\w+|pg_mcv_list_items)$/;

/** Columns that every table has. */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

const READS = 'reads a column that is kept private; name the columns that you want, without * and whole rows';

/**
 * Why a statement of the lane reads a private column or could, as the end of a sentence; null when it does not. It looks at names, and
 * refuses in doubt: a column can be reached only by its name, by `*`, by its whole row, by its place in a list of new names, by a
 * NATURAL JOIN, through a view, or through what the server itself tells of it. What a column is called in the statement's own
 * subqueries does not matter, since their values are looked at where they are read.
 */
export async function privateRefusal(statement: TreeNode, mentions: Mentions, question: PrivateQuestion): Promise<string | null> {
  if (statement.type !== 'ExplainStmt') return queryRefusal(statement, mentions, question, []);
  if (wrappedNodes(statement.fields['options']).some((option) => String(option.fields['defname']).toLowerCase() === 'verbose')) return 'explains with VERBOSE, which tells of columns that are kept private';
  const query = wrappedNode(statement.fields['query']);
  return query === null ? null : queryRefusal(query, mentions, question, []);
}

async function queryRefusal(root: TreeNode, mentions: Mentions, question: PrivateQuestion, above: readonly string[]): Promise<string | null> {
  const found = await question.relations(mentions.relations);
  const told = mentions.functions.find(({ name }) => TELLING.test(name))?.name ?? [...mentions.attributes].find((name) => TELLING.test(name));
  if (told !== undefined) return `calls ${told}, which tells of columns that are kept private`;
  for (const relation of new Set(found.values())) {
    const refusal = systemRefusal(relation) ?? (await viewRefusal(relation, question, above));
    if (refusal !== null) return refusal;
  }
  const carriers = mentionsOf(root, found, question.columns);
  return carriers.length === 0 ? null : nodesRefusal(root, carriers);
}

function systemRefusal({ schema, name }: LookedRelation): string | null {
  if (schema !== 'pg_catalog' && schema !== 'information_schema' && schema !== 'pg_toast') return null;
  return OPEN_SYSTEM.has(`${schema}.${name}`) ? null : `reads ${schema}.${name}, which tells of columns that are kept private`;
}

/** A view is as private as the query behind it. */
async function viewRefusal({ schema, name, definition }: LookedRelation, question: PrivateQuestion, above: readonly string[]): Promise<string | null> {
  if (definition === null || schema === 'pg_catalog' || schema === 'information_schema') return null;
  const key = `${schema}\0${name}`;
  if (above.includes(key)) return READS;
  const root = await question.parse(definition);
  if (root === null) return `reads ${name}, whose query cannot be looked through for private columns`;
  const { mentions, foreign } = collectMentions(root);
  if (foreign) return `reads ${name}, whose query cannot be looked through for private columns`;
  return (await queryRefusal(root, mentions, question, [...above, key])) === null ? null : `reads ${name}, a view of columns that are kept private`;
}

/** Every relation in the tree that has private columns, under the name that it has there. */
function mentionsOf(root: TreeNode, found: ReadonlyMap<string, LookedRelation>, columns: readonly PrivateColumn[]): Carrier[] {
  const carriers: Carrier[] = [];
  walkAdmitted(root, ({ type, fields }) => {
    if (type !== 'RangeVar') return;
    const relation = found.get(relationKey({ schema: text(fields['schemaname']), name: text(fields['relname']) ?? '' }));
    if (!relation) return;
    const hidden = new Set(relation.columns.filter((column) => relation.family.some(([schema, name]) => isPrivate(columns, schema, name, column))));
    if (hidden.size === 0) return;
    carriers.push({ place: fields, alias: aliasOf(fields) ?? text(fields['relname']) ?? '', hidden, open: new Set(relation.columns.filter((column) => !hidden.has(column))) });
  });
  return carriers;
}

/** How `PrivateQuestion.relations` names what it found. */
export function relationKey({ schema, name }: { schema: string | null; name: string }): string {
  return `${schema ?? ''}\0${name}`;
}

function nodesRefusal(root: TreeNode, carriers: readonly Carrier[]): string | null {
  const check = new Check(carriers);
  let refused = false;
  walkAdmitted(root, (node) => {
    refused ||= check.refuses(node);
  });
  return refused ? READS : null;
}

/** Looks at one node at a time; `carriers` are those of the whole statement. */
class Check {
  private readonly hidden: ReadonlySet<string>;
  private readonly byAlias = new Map<string, Carrier[]>();
  private readonly places: WeakSet<object>;
  /** Stars that stand in the list of a SELECT, which is looked at as a whole. */
  private readonly listed = new WeakSet<object>();

  constructor(carriers: readonly Carrier[]) {
    this.hidden = new Set(carriers.flatMap(({ hidden }) => [...hidden]));
    this.places = new WeakSet(carriers.map(({ place }) => place));
    for (const carrier of carriers) this.byAlias.set(carrier.alias, [...(this.byAlias.get(carrier.alias) ?? []), carrier]);
  }

  refuses({ type, fields }: TreeNode): boolean {
    switch (type) {
      case 'SelectStmt':
        return this.listsAll(fields);
      case 'RangeVar':
        return this.places.has(fields) && renames(fields);
      case 'JoinExpr':
        return this.joinRefused(fields);
      case 'ColumnRef':
        return this.columnRefused(fields);
      case 'A_Indirection':
        return names(fields['indirection']).some((name) => this.hidden.has(name));
      default:
        return false;
    }
  }

  /** `SELECT *` over a relation with private columns, directly or in a join. */
  private listsAll(fields: TreeNode['fields']): boolean {
    const stars = wrappedNodes(fields['targetList']).flatMap((target) => {
      const value = wrappedNode(target.fields['val']);
      return value?.type === 'ColumnRef' && isBareStar(value.fields) ? [value.fields] : [];
    });
    stars.forEach((star) => this.listed.add(star));
    return stars.length > 0 && wrappedNodes(fields['fromClause']).some((item) => this.isIn(item));
  }

  /** Whether an item of a FROM is a carrier, or a join of one; a subquery shows only what its own list names. */
  private isIn(item: TreeNode): boolean {
    const { type, fields } = item;
    if (type === 'RangeVar') return this.places.has(fields);
    if (type === 'JoinExpr') return [...wrappedNodes(fields['larg']), ...wrappedNodes(fields['rarg'])].some((side) => this.isIn(side));
    return type === 'RangeTableSample' && wrappedNodes(fields['relation']).some((relation) => this.isIn(relation));
  }

  /** A join with a name of its own is a row too, whose columns may have new names. */
  private joinRefused(fields: TreeNode['fields']): boolean {
    if (names(fields['usingClause']).some((name) => this.hidden.has(name))) return true;
    const named = fields['isNatural'] === true || fields['alias'] !== undefined || fields['join_using_alias'] !== undefined;
    return named && this.isIn({ type: 'JoinExpr', fields });
  }

  private columnRefused(fields: TreeNode['fields']): boolean {
    const parts = wrappedNodes(fields['fields']);
    const words = names(fields['fields']);
    if (parts.at(-1)?.type === 'A_Star') return words.length === 0 ? !this.listed.has(fields) : this.byAlias.has(words.at(-1) ?? '');
    const [column = '', owner] = [...words].reverse();
    if (owner === undefined) return this.hidden.has(column) || this.isWholeRow(column);
    const carriers = this.byAlias.get(owner);
    // Of a relation with private columns only its other columns; `t.f` may be the call f(t) of the whole row.
    return carriers !== undefined && !carriers.every(({ open }) => open.has(column)) && !SYSTEM_COLUMNS.has(column);
  }

  /** A name that stands alone is a whole row where no column has it; the row's own column comes first. */
  private isWholeRow(name: string): boolean {
    return (this.byAlias.get(name) ?? []).some(({ open }) => !open.has(name));
  }
}

function isBareStar(fields: TreeNode['fields']): boolean {
  const parts = wrappedNodes(fields['fields']);
  return parts.length === 1 && parts[0]?.type === 'A_Star';
}

function aliasOf(fields: TreeNode['fields']): string | null {
  return text((fields['alias'] as TreeNode['fields'] | undefined)?.['aliasname']);
}

/** `t(a, b)`: columns are called anew by their places. */
function renames(fields: TreeNode['fields']): boolean {
  return names((fields['alias'] as TreeNode['fields'] | undefined)?.['colnames']).length > 0;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
