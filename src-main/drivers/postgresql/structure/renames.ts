import { quoteIdentifier } from '../../../../src-preload/contract/sqlNames';
import type { PlannedStatement } from '../../../../src-preload/contract/structure';
import type { StructureModel, TableModel } from '../../../../src-preload/contract/structureModel';
import { locks, nameOf, statement } from './statement';

/** Renames so that no step meets a name that is still taken: chains are walked from their end, a ring is broken by a name in between. */
export function renameSteps(wanted: readonly (readonly [from: string, to: string])[], taken: readonly string[]): [from: string, to: string][] {
  const open = wanted.filter(([from, to]) => from !== to).map(([from, to]): [string, string] => [from, to]);
  const steps: [string, string][] = [];
  while (open.length > 0) {
    const index = open.findIndex(([, to]) => !open.some(([from]) => from === to));
    if (index >= 0) {
      steps.push(...open.splice(index, 1));
      continue;
    }
    const first = open[0];
    if (!first) break;
    const all = new Set([...taken, ...wanted.flat()]);
    let number = 1;
    while (all.has(`renamed_${number}`)) number += 1;
    steps.push([first[0], `renamed_${number}`]);
    first[0] = `renamed_${number}`;
  }
  return steps;
}

/** The object's own new name and schema; everything after it uses them. */
export function relocate(from: StructureModel, to: StructureModel): PlannedStatement[] {
  const word = to.kind === 'table' ? 'TABLE' : to.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  const found: PlannedStatement[] = [];
  const note = 'Views and foreign keys follow; functions, programs and scripts that write the old name do not.';
  if (from.schema !== to.schema) found.push(statement(`ALTER ${word} ${nameOf(from)} SET SCHEMA ${quoteIdentifier(to.schema)}`, locks.exclusive(from), { note }));
  if (from.name !== to.name) found.push(statement(`ALTER ${word} ${nameOf({ schema: to.schema, name: from.name })} RENAME TO ${quoteIdentifier(to.name)}`, locks.exclusive(from), { note }));
  return found;
}

interface Part {
  readonly was: string | null;
  readonly name: string;
}

const moves = (parts: readonly Part[]): [string, string][] => parts.flatMap((part): [string, string][] => (part.was === null ? [] : [[part.was, part.name]]));
const names = (parts: readonly Part[]): string[] => parts.map(({ name }) => name);

export function renameParts(from: TableModel, to: TableModel): PlannedStatement[] {
  const table = nameOf(to);
  const columns = renameSteps(moves(to.columns), [...names(from.columns), ...names(to.columns)]);
  const constraints = renameSteps(moves(to.constraints), [...names(from.constraints), ...names(to.constraints)]);
  const indexes = renameSteps(moves(to.indexes), [...names(from.indexes), ...names(to.indexes)]);
  return [
    ...columns.map(([old, now]) =>
      statement(`ALTER TABLE ${table} RENAME COLUMN ${quoteIdentifier(old)} TO ${quoteIdentifier(now)}`, locks.exclusive(to), { note: 'Views, keys and indexes follow; functions, programs and scripts that write the old name do not.' }),
    ),
    ...constraints.map(([old, now]) => statement(`ALTER TABLE ${table} RENAME CONSTRAINT ${quoteIdentifier(old)} TO ${quoteIdentifier(now)}`, locks.exclusive(to))),
    ...indexes.map(([old, now]) =>
      statement(`ALTER INDEX ${nameOf({ schema: to.schema, name: old })} RENAME TO ${quoteIdentifier(now)}`, `SHARE UPDATE EXCLUSIVE on the index alone: reads and writes go on`),
    ),
  ];
}
