import { kindOf } from './statementKinds';
import type { StatementKind } from './statementKinds';
import { collectMentions } from './mentions';
import type { Mentions } from './mentions';
import type { Foreign } from './walk';
import { wrappedNode, wrappedNodes } from './walk';
import type { TreeNode } from './walk';

/** What the grammar alone says: a shape that the read-only lane admits and what it mentions, or the statement's kind. */
export type ReadShape = { readonly admitted: true; readonly mentions: Mentions } | { readonly admitted: false; readonly kind: StatementKind };

/** EXPLAIN options that only choose what is printed. ANALYZE runs the statement, which is admitted by then. SERIALIZE prints nowhere. */
const EXPLAIN_OPTIONS = new Set(['analyze', 'verbose', 'costs', 'settings', 'generic_plan', 'buffers', 'serialize', 'wal', 'timing', 'summary', 'memory', 'format']);

/** Admits SELECT, VALUES, TABLE and WITH, EXPLAIN of them, and SHOW; looks at the whole tree. */
export function readShape(statement: TreeNode): ReadShape {
  if (statement.type === 'VariableShowStmt') return { admitted: true, mentions: emptyMentions() };
  if (statement.type === 'ExplainStmt') return explainShape(statement);
  return statement.type === 'SelectStmt' ? selectShape(statement) : { admitted: false, kind: kindOf(statement) };
}

function emptyMentions(): Mentions {
  return collectMentions({ type: 'A_Star', fields: {} }).mentions;
}

function selectShape(statement: TreeNode): ReadShape {
  const { mentions, foreign } = collectMentions(statement);
  return foreign ? { admitted: false, kind: foreignKind(foreign) } : { admitted: true, mentions };
}

function foreignKind({ type, field }: Foreign): StatementKind {
  if (field === 'lockingClause') return { class: 'write', reason: 'locks the rows that it reads' };
  if (field === 'intoClause') return { class: 'ddl', reason: 'creates a table from what it reads (SELECT INTO)' };
  if (type === 'RangeTableFunc') return { class: 'unknown', reason: 'uses XMLTABLE, which computes in one piece that the server cannot interrupt at its time-out' };
  if (field === null && type.endsWith('Stmt')) {
    const inner = kindOf({ type, fields: {} });
    return { class: inner.class, reason: `${inner.reason} in its WITH clause` };
  }
  return { class: 'unknown', reason: `uses ${type}${field === null ? '' : `.${field}`}, which the guard does not know` };
}

function explainShape(statement: TreeNode): ReadShape {
  const query = wrappedNode(statement.fields['query']);
  if (!query) return { admitted: false, kind: { class: 'unknown', reason: 'explains nothing' } };
  const options = wrappedNodes(statement.fields['options']).map((option) => String(option.fields['defname']).toLowerCase());
  const strange = options.find((option) => !EXPLAIN_OPTIONS.has(option));
  if (strange !== undefined) return { admitted: false, kind: { class: 'unknown', reason: `has the EXPLAIN option ${strange}, which the guard does not know` } };
  const inner = query.type === 'SelectStmt' ? selectShape(query) : ({ admitted: false, kind: kindOf(query) } as const);
  if (inner.admitted) return inner;
  if (options.includes('analyze')) return { admitted: false, kind: { class: inner.kind.class, reason: `${inner.kind.reason}; EXPLAIN ANALYZE runs it` } };
  return { admitted: false, kind: { class: 'session', reason: `plans a statement that ${inner.kind.reason}` } };
}
