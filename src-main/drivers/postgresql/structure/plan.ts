import { quoteIdentifier, quoteLiteral } from '../../../../src-preload/contract/sqlNames';
import type { PlannedStatement, PlanOptions, StructurePlan } from '../../../../src-preload/contract/structure';
import { foldStructure } from '../../../../src-preload/contract/structureFold';
import { nameBytes } from '../../../../src-preload/contract/structureNames';
import type { StructureEdit, StructureModel, TableModel, ViewModel } from '../../../../src-preload/contract/structureModel';
import { addColumns, alterColumns, columnClause, columnComments, dropColumns, loosenColumns } from './columns';
import { addConstraints, constraintClause, createIndexes, dropConstraints, dropIndexes, validateConstraints } from './keys';
import { relocate, renameParts } from './renames';
import { locks, nameOf, statement } from './statement';

/** Bytes of a name that the server keeps; the rest it cuts with a mere notice. */
const NAME_LIMIT = 63;

/** The statements that turn `from` into what the edits make of it. See the contract. */
export function planStructure(from: StructureModel, edits: readonly StructureEdit[], options: PlanOptions): StructurePlan {
  const { model: target, problems } = foldStructure(from, edits, quoteIdentifier);
  const planned = target.kind === 'table' ? planTable(from as TableModel, target) : planView(from as ViewModel, target);
  const statements = inOrder(options.safer ? planned.flatMap(saferWay) : planned);
  return { statements, problems, warnings: longNames(target), script: scriptOf(statements, options.lockTimeoutMs), target };
}

/** What has to stand alone comes behind the transaction; otherwise the order stays. */
function inOrder(statements: readonly PlannedStatement[]): PlannedStatement[] {
  return [...statements.filter(({ alone }) => !alone), ...statements.filter(({ alone }) => alone)];
}

/** A statement's safer steps as statements; each by itself, so that no lock is held while the next one works. */
function saferWay(planned: PlannedStatement): PlannedStatement[] {
  if (planned.safer.length === 0) return [planned];
  return planned.safer.map((text) => {
    const beside = /\bCONCURRENTLY\b|\bVALIDATE CONSTRAINT\b/.test(text);
    const lock = beside ? planned.lock.replace(/^.*? on (.*?)(?:: .*)?$/, 'SHARE UPDATE EXCLUSIVE on $1: reads and writes go on') : `${planned.lock}, for a moment`;
    return statement(text, lock, { effort: beside ? 'scan' : 'catalog', alone: true, destroys: planned.destroys });
  });
}

/** The text that is sent. */
export function scriptOf(statements: readonly Pick<PlannedStatement, 'text' | 'alone'>[], lockTimeoutMs: number): string {
  const together = statements.filter(({ alone }) => !alone);
  const alone = statements.filter((one) => one.alone);
  const limit = (local: boolean): string => `SET ${local ? 'LOCAL ' : ''}lock_timeout = '${lockTimeoutMs}ms';`;
  const lines: string[] = [];
  if (together.length > 0) lines.push('BEGIN;', ...(lockTimeoutMs > 0 ? [limit(true)] : []), ...together.map(({ text }) => `${text};`), 'COMMIT;');
  // Building beside others waits for their transactions as for a lock: a limit would leave an invalid index behind.
  let limited = false;
  for (const { text } of alone) {
    const wants = lockTimeoutMs > 0 && !/\bCONCURRENTLY\b/.test(text);
    if (wants !== limited) lines.push(wants ? limit(false) : 'RESET lock_timeout;');
    limited = wants;
    lines.push(`${text};`);
  }
  if (limited) lines.push('RESET lock_timeout;');
  return lines.join('\n');
}

function planTable(from: TableModel, to: TableModel): PlannedStatement[] {
  if (from.was === null) return createTable(to);
  return [
    ...relocate(from, to),
    ...dropConstraints(from, to),
    ...dropIndexes(from, to),
    ...loosenColumns(from, to),
    ...dropColumns(from, to),
    ...renameParts(from, to),
    ...alterColumns(from, to),
    ...addColumns(to),
    ...addConstraints(to, ['primary', 'unique']),
    ...createIndexes(to),
    ...addConstraints(to, ['check', 'other', 'foreign']),
    ...validateConstraints(from, to),
    ...objectComment(from, to),
    ...columnComments(from, to),
  ];
}

function createTable(table: TableModel): PlannedStatement[] {
  const clauses = [...table.columns.map(columnClause), ...table.constraints.map(constraintClause)];
  const others = table.constraints.flatMap(({ references }) => (references && nameOf({ schema: references.schema, name: references.table }) !== nameOf(table) ? [nameOf({ schema: references.schema, name: references.table })] : []));
  const lock = others.length === 0 ? locks.none : `SHARE ROW EXCLUSIVE on ${[...new Set(others)].join(', ')}: writes there wait`;
  return [
    statement(clauses.length === 0 ? `CREATE TABLE ${nameOf(table)} ()` : `CREATE TABLE ${nameOf(table)} (\n  ${clauses.join(',\n  ')}\n)`, lock),
    ...createIndexes(table),
    ...objectComment(null, table),
    ...columnComments(null, table),
  ];
}

function planView(from: ViewModel, to: ViewModel): PlannedStatement[] {
  const kind = to.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  const create = (replace: boolean): string => `CREATE ${replace ? 'OR REPLACE ' : ''}${kind} ${nameOf(to)} AS\n${to.query}`;
  if (from.was === null) return [...(to.query === '' ? [] : [statement(create(false), locks.none)]), ...objectComment(null, to)];
  const changed = from.query !== to.query;
  const replace = to.materialized
    ? [
        statement(`DROP MATERIALIZED VIEW ${nameOf(to)}`, locks.exclusive(to), { destroys: true, note: 'A materialized view cannot be replaced: it is dropped and filled anew, without its indexes and grants. The server refuses it while something depends on it.' }),
        statement(create(false), locks.none, { effort: 'rewrite' }),
      ]
    : [statement(create(true), locks.exclusive(to), { note: 'The columns that are there must keep their names, types and order; new ones may follow at the end.' })];
  return [...relocate(from, to), ...(changed ? replace : []), ...objectComment(to.materialized && changed ? null : from, to)];
}

function objectComment(from: StructureModel | null, to: StructureModel): PlannedStatement[] {
  if ((from?.comment ?? null) === to.comment) return [];
  const word = to.kind === 'table' ? 'TABLE' : to.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  return [statement(`COMMENT ON ${word} ${nameOf(to)} IS ${to.comment === null ? 'NULL' : quoteLiteral(to.comment)}`, locks.beside(to))];
}

function longNames(model: StructureModel): string[] {
  const parts = model.kind === 'table' ? [...model.columns, ...model.constraints, ...model.indexes] : [];
  return [model.name, model.schema, ...parts.filter((part) => part.was !== part.name).map(({ name }) => name)]
    .filter((name) => nameBytes(name) > NAME_LIMIT)
    .map((name) => `The name ${name} has ${nameBytes(name)} bytes: the server keeps the first ${NAME_LIMIT}.`);
}
