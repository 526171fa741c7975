import type { TreeNode } from '../walk';
import { wrappedNode, wrappedNodes } from '../walk';

/** One statement that changes rows of one table, taken apart. */
export interface RowChange {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly relation: { readonly schema: string | null; readonly name: string };
  /** What the statement calls the table. */
  readonly alias: string;
  /** It says itself what it returns. */
  readonly returns: boolean;
  /** INSERT ... ON CONFLICT. */
  readonly onConflict: boolean;
  /** Columns that an UPDATE sets. */
  readonly sets: readonly string[];
  /** Queries that read what the statement reads and compute what it computes, and write nothing. */
  readonly reads: readonly TreeNode[];
}

const kinds: Readonly<Record<string, RowChange['kind']>> = { InsertStmt: 'insert', UpdateStmt: 'update', DeleteStmt: 'delete' };

/** Null for any other statement. */
export function rowChangeOf(statement: TreeNode): RowChange | null {
  const kind = kinds[statement.type];
  const { fields } = statement;
  const relation = fields['relation'] as TreeNode['fields'] | undefined;
  if (kind === undefined || !relation) return null;
  const conflict = fields['onConflictClause'] as TreeNode['fields'] | undefined;
  const targets = wrappedNodes(fields['targetList'] ?? fields['cols']);
  return {
    kind,
    relation: { schema: typeof relation['schemaname'] === 'string' ? relation['schemaname'] : null, name: String(relation['relname']) },
    alias: String((relation['alias'] as TreeNode['fields'] | undefined)?.['aliasname'] ?? relation['relname']),
    returns: fields['returningList'] !== undefined || fields['returningClause'] !== undefined,
    onConflict: conflict !== undefined,
    sets: kind === 'update' ? targets.map((target) => String(target.fields['name'])) : [],
    reads: readsOf(kind, fields, relation, conflict),
  };
}

function readsOf(kind: RowChange['kind'], fields: TreeNode['fields'], relation: TreeNode['fields'], conflict: TreeNode['fields'] | undefined): TreeNode[] {
  const from = [{ RangeVar: relation }, ...list(fields['fromClause'] ?? fields['usingClause'])];
  const returned = [...list(fields['returningList']), ...list((fields['returningClause'] as TreeNode['fields'] | undefined)?.['exprs'])];
  const values = [...list(fields['targetList']).map((target) => valueOf(target)), ...returned];
  const touched = select({ targetList: values.length > 0 ? values : one, fromClause: from, ...present('whereClause', fields['whereClause']), ...present('withClause', fields['withClause']) });
  if (kind !== 'insert') return [touched];
  const source = wrappedNode(withoutDefaults(fields['selectStmt']));
  const inserted = source && fields['withClause'] !== undefined && source.fields['withClause'] === undefined ? { ...source, fields: { ...source.fields, withClause: fields['withClause'] } } : source;
  // What ON CONFLICT computes may name the new row as `excluded`, which stands for the table itself here.
  const updated = conflict && select({ targetList: [...list(conflict['targetList']).map((target) => valueOf(target)), ...one], fromClause: [{ RangeVar: relation }, { RangeVar: { ...relation, alias: { aliasname: 'excluded' } } }], ...present('whereClause', conflict['whereClause']) });
  const told = returned.length > 0 ? [select({ targetList: returned, fromClause: [{ RangeVar: relation }] })] : [];
  return [...(inserted ? [inserted] : []), ...(updated ? [updated] : []), ...told];
}

const one = [{ ResTarget: { val: { A_Const: { ival: { ival: 1 } } } } }];
const select = (fields: TreeNode['fields']): TreeNode => ({ type: 'SelectStmt', fields: { ...fields, limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_NONE' } });
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const present = (name: string, value: unknown): TreeNode['fields'] => (value === undefined ? {} : { [name]: value });

/** `SET a = b` as an entry of a SELECT's list. */
function valueOf(target: unknown): unknown {
  const node = wrappedNode(target);
  return { ResTarget: { val: withoutDefaults(node?.fields['val']) } };
}

/** DEFAULT stands for an expression of the table's, which is looked at where the table is. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, 'SetToDefault')) return { A_Const: { isnull: true } };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutDefaults(inner)]));
}

const eq = 'operator(pg_catalog.=)';
const USER_FUNCTION = "':funcid (1638[4-9]|1639[0-9]|16[4-9][0-9]{2}|1[7-9][0-9]{3}|[2-9][0-9]{4}|[0-9]{6,})'";

/**
 * For the quoted name $1: what of the table, its partitions and the tables that its foreign keys change along may do what a rollback does not undo, one
 * line each; the whole is one JSON cell.
 */
export const LASTING_LOOKUP = `with recursive reach as (
  select pg_catalog.to_regclass($1)::pg_catalog.oid as oid
  union
  select s.oid from reach r cross join lateral (
    select i.inhrelid as oid from pg_catalog.pg_inherits i where i.inhparent ${eq} r.oid
    union all
    select k.conrelid from pg_catalog.pg_constraint k where k.confrelid ${eq} r.oid and k.contype ${eq} 'f' and (k.confdeltype ${eq} any ('{c,n,d}'::"char"[]) or k.confupdtype ${eq} any ('{c,n,d}'::"char"[]))
  ) s
)
select pg_catalog.json_agg(found.what)::pg_catalog.text from (
  select 'fires the trigger ' operator(pg_catalog.||) t.tgname::pg_catalog.text operator(pg_catalog.||) ' of ' operator(pg_catalog.||) c.relname::pg_catalog.text as what
    from reach r join pg_catalog.pg_class c on c.oid ${eq} r.oid join pg_catalog.pg_trigger t on t.tgrelid ${eq} r.oid where not t.tgisinternal and t.tgenabled operator(pg_catalog.<>) 'D'
  union all
  select 'is rewritten by a rule of ' operator(pg_catalog.||) c.relname::pg_catalog.text from reach r join pg_catalog.pg_class c on c.oid ${eq} r.oid join pg_catalog.pg_rewrite w on w.ev_class ${eq} r.oid where c.relkind operator(pg_catalog.<>) 'v' or w.ev_type operator(pg_catalog.<>) '1'
  union all
  select 'writes to ' operator(pg_catalog.||) c.relname::pg_catalog.text operator(pg_catalog.||) ', which is no plain table' from reach r join pg_catalog.pg_class c on c.oid ${eq} r.oid where c.relkind operator(pg_catalog.<>) all ('{r,p}'::"char"[])
  union all
  select 'calls functions of the database in defaults, checks or indexes of ' operator(pg_catalog.||) c.relname::pg_catalog.text from reach r join pg_catalog.pg_class c on c.oid ${eq} r.oid where exists (
    select 1 from pg_catalog.pg_attrdef d where d.adrelid ${eq} r.oid and d.adbin::pg_catalog.text operator(pg_catalog.~) ${USER_FUNCTION}
    union all select 1 from pg_catalog.pg_constraint k where k.conrelid ${eq} r.oid and k.conbin::pg_catalog.text operator(pg_catalog.~) ${USER_FUNCTION}
    union all select 1 from pg_catalog.pg_index i where i.indrelid ${eq} r.oid and (i.indexprs::pg_catalog.text operator(pg_catalog.~) ${USER_FUNCTION} or i.indpred::pg_catalog.text operator(pg_catalog.~) ${USER_FUNCTION}))
) found`;
