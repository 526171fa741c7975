import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { Verdict } from '../../src-preload/contract/guard';
import type { Confirmation } from '../../src-preload/contract/queries';
import type { Strictness } from '../../src-preload/contract/settingSpecs';
import type { ConfirmationPolicy } from './service';
import { namedObjects } from './statementKinds';
import { wrappedNode, wrappedNodes } from './walk';
import type { TreeNode } from './walk';

type Reason = Confirmation['reason'];

/**
 * What a person must say yes to before a statement runs in their own lane: anywhere UPDATE and DELETE of all rows, DROP and
 * TRUNCATE, also inside WITH, EXPLAIN ANALYZE and PREPARE; on production any write, DDL and what could not be analysed; elsewhere what `policy` adds. `statement` is null when it does not parse.
 */
export function confirmationsOf(text: string, verdict: Verdict, statement: TreeNode | null, profile: ConnectionProfile, policy: ConfirmationPolicy): Confirmation[] {
  return confirmationsFor(text, verdict, statement ? dangers(statement) : [], profile, policy);
}

/** The same from the dangers that a dialect has found. */
export function confirmationsFor(text: string, verdict: Verdict, dangerous: readonly Danger[], profile: ConnectionProfile, policy: ConfirmationPolicy): Confirmation[] {
  const found: Confirmation[] = [];
  const add = (reason: Reason, sentence: string, objects: string[]): void => {
    found.push({ reason, sentence, statement: text, objects });
  };
  for (const danger of dangerous) add(danger.reason, `${danger.does} on ${profile.name}.`, danger.objects);
  if (found.length > 0) return found;
  if (profile.environment !== 'production') return asked(text, verdict, profile, policy[profile.environment]);
  const on = verdict.objects.length > 0 ? ` (${verdict.objects.join(', ')})` : '';
  if (verdict.class === 'write') add('production_write', `Writes on production, ${profile.name}: the statement ${verdict.reason}${on}.`, verdict.objects);
  if (verdict.class === 'ddl') add('ddl_on_production', `Changes the structure of production, ${profile.name}: the statement ${verdict.reason}${on}.`, verdict.objects);
  if (verdict.class === 'unknown') add('unknown_statement', `Could not be analysed and would run on production, ${profile.name}: ${verdict.reason}.`, verdict.objects);
  return found;
}

/** What a policy wants on a connection that is not production. */
function asked(text: string, verdict: Verdict, { name }: ConnectionProfile, strictness: Strictness): Confirmation[] {
  const one = (reason: Reason, sentence: string): Confirmation[] => [{ reason, sentence, statement: text, objects: verdict.objects }];
  const on = verdict.objects.length > 0 ? ` (${verdict.objects.join(', ')})` : '';
  if (strictness === 'destructive') return [];
  if (verdict.class === 'ddl') return one('ddl', `Changes the structure of ${name}: the statement ${verdict.reason}${on}.`);
  if (verdict.class === 'unknown') return one('unknown_statement', `Could not be analysed and would run on ${name}: ${verdict.reason}.`);
  return strictness === 'writes' && verdict.class === 'write' ? one('write', `Writes on ${name}: the statement ${verdict.reason}${on}.`) : [];
}

/** What asks for a yes on every connection. */
export interface Danger {
  readonly reason: Reason;
  readonly does: string;
  readonly objects: string[];
}

/** Looks at the statement and everything inside it. */
function dangers(statement: TreeNode): Danger[] {
  const found: Danger[] = [];
  const pending: TreeNode[] = [statement];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const danger = dangerOf(node);
    if (danger) found.push(danger);
    pending.push(...innerStatements(node));
  }
  return found;
}

function dangerOf(node: TreeNode): Danger | null {
  if (node.type === 'UpdateStmt' || node.type === 'DeleteStmt') {
    if (!isAlwaysTrue(wrappedNode(node.fields['whereClause']))) return null;
    const relation = [relationName(node.fields['relation'])];
    const verb = node.type === 'UpdateStmt' ? 'Updates' : 'Deletes';
    return { reason: 'no_where', does: `${verb} every row of ${relation.join()}, because nothing narrows it down,`, objects: relation };
  }
  if (node.type === 'TruncateStmt') {
    const objects = namedObjects(node);
    return { reason: 'truncate', does: `Empties ${objects.join(', ')} (TRUNCATE)`, objects };
  }
  return dropDanger(node);
}

function dropDanger(node: TreeNode): Danger | null {
  const objects = namedObjects(node);
  const all = (what: string): Danger => ({ reason: 'drop', does: `Drops ${what} ${objects.join(', ')}`.trim(), objects });
  if (node.type === 'DropStmt') return all(kindOfObject(String(node.fields['removeType'])));
  if (node.type === 'DropdbStmt') return all('the database');
  if (node.type === 'DropRoleStmt') return all('the role');
  if (node.type === 'DropOwnedStmt') return all('everything that a role owns');
  if (/^Drop.*Stmt$/.test(node.type)) return all(node.type.replace(/^Drop|Stmt$/g, '').toLowerCase());
  if (node.type !== 'AlterTableStmt') return null;
  const drops = wrappedNodes(node.fields['cmds']).filter((command) => command.fields['subtype'] === 'AT_DropColumn');
  if (drops.length === 0) return null;
  const columns = drops.map((command) => String(command.fields['name'])).join(', ');
  return { reason: 'drop', does: `Drops the column ${columns} of ${objects.join(', ')} with its data`, objects };
}

/** `OBJECT_MATVIEW` -> `materialized view`. */
function kindOfObject(type: string): string {
  const word = type.replace(/^OBJECT_/, '').replaceAll('_', ' ').toLowerCase();
  return `the ${word === 'matview' ? 'materialized view' : word}`;
}

const INNER = ['query', 'ctequery'];

/** Statements inside a statement: WITH, EXPLAIN, PREPARE, COPY, rules. */
function innerStatements({ type, fields }: TreeNode): TreeNode[] {
  const options = wrappedNodes(fields['options']).map((option) => String(option.fields['defname']).toLowerCase());
  if (type === 'ExplainStmt' && !options.includes('analyze')) return [];
  const withClause = fields['withClause'] as { ctes?: unknown } | undefined;
  const explained = INNER.flatMap((field) => (typeof fields[field] === 'object' ? wrappedNodes(fields[field]) : []));
  return [...wrappedNodes(withClause?.ctes), ...explained].filter((node) => node.type === 'CommonTableExpr' || node.type.endsWith('Stmt'));
}

/** No WHERE at all, or one that is true whatever the row: a constant, comparisons of equal constants, and AND or OR of such. */
function isAlwaysTrue(condition: TreeNode | null): boolean {
  if (!condition) return true;
  const { type, fields } = condition;
  if (type === 'A_Const') return (fields['boolval'] as { boolval?: boolean } | undefined)?.boolval === true;
  if (type === 'TypeCast') return isTrueText(wrappedNode(fields['arg']));
  if (type === 'BoolExpr') return boolIsTrue(String(fields['boolop']), wrappedNodes(fields['args']));
  if (type !== 'A_Expr' || fields['kind'] !== 'AEXPR_OP') return false;
  return constantComparison(fields);
}

function boolIsTrue(operator: string, args: readonly TreeNode[]): boolean {
  if (operator === 'AND_EXPR') return args.every(isAlwaysTrue);
  if (operator === 'OR_EXPR') return args.some(isAlwaysTrue);
  const [inner] = args;
  return inner?.type === 'A_Const' && JSON.stringify(inner.fields['boolval']) === '{}';
}

function isTrueText(node: TreeNode | null): boolean {
  if (!node || node.type !== 'A_Const') return false;
  const written = (node.fields['sval'] as { sval?: string } | undefined)?.sval ?? '';
  return ['t', 'true', 'yes', 'on', '1'].includes(written.toLowerCase()) || isAlwaysTrue(node);
}

/** `1 = 1`, `'a' <= 'a'`, `1 <> 2`, `x = x` on the same column (true for every row that is not NULL there). */
function constantComparison(fields: TreeNode['fields']): boolean {
  const left = wrappedNode(fields['lexpr']);
  const right = wrappedNode(fields['rexpr']);
  const operator = (wrappedNode(fields['name'])?.fields['sval'] as string | undefined) ?? '';
  if (!left || !right) return false;
  const same = withoutLocation(left) === withoutLocation(right);
  const constants = left.type === 'A_Const' && right.type === 'A_Const';
  if (same) return ['=', '<=', '>='].includes(operator) && (constants || left.type === 'ColumnRef');
  return constants && ['<>', '<', '>', '!='].includes(operator) && constantsOrdered(left, right, operator);
}

function constantsOrdered(left: TreeNode, right: TreeNode, operator: string): boolean {
  const [a, b] = [integer(left), integer(right)];
  if (operator === '<>' || operator === '!=') return true;
  if (a === null || b === null) return false;
  return operator === '<' ? a < b : a > b;
}

function integer(node: TreeNode): number | null {
  const value = node.fields['ival'] as { ival?: number } | undefined;
  return value ? (value.ival ?? 0) : null;
}

function withoutLocation(node: TreeNode): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'location' ? undefined : value));
}

function relationName(value: unknown): string {
  const relation = (value ?? {}) as { schemaname?: string; relname?: string };
  return [relation.schemaname, relation.relname].filter((part) => part !== undefined).join('.');
}
