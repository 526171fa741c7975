import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../e2e/servers/postgresql';
import { foldStructure } from '../../../../src-preload/contract/structureFold';
import { proposedName } from '../../../../src-preload/contract/structureNames';
import { newColumn, newConstraint, newIndex, newTable, newView, type StructureEdit, type StructureModel, type TableModel } from '../../../../src-preload/contract/structureModel';
import { quoteIdentifier } from '../../../../src-preload/contract/sqlNames';
import type { Connection } from '../../driver';
import { postgresqlDriver } from '../driver';
import { silentSink } from '../session';
import { postgresqlStructure } from './driver';
import { planStructure } from './plan';

const signal = new AbortController().signal;
const options = { lockTimeoutMs: 5000, safer: false };
let database: TestDatabase;
let connection: Connection;

const execute = (text: string): Promise<void> => connection.run({ text }, silentSink, { signal });

/** As a person's script is run: statement by statement. */
async function apply(from: StructureModel, edits: readonly StructureEdit[], safer = false): Promise<StructureModel> {
  const plan = planStructure(from, edits, { ...options, safer });
  const together = plan.statements.filter(({ alone }) => !alone).map(({ text }) => text);
  if (together.length > 0) {
    try {
      await execute(['BEGIN', ...together, 'COMMIT'].join(';\n'));
    } catch (error) {
      await execute('ROLLBACK');
      throw new Error(`${String(error)}\n${plan.script}`, { cause: error });
    }
  }
  for (const { text } of plan.statements.filter(({ alone }) => alone)) await execute(text);
  return plan.target;
}

const read = (name: string, schema = 'public', kind: 'table' | 'view' = 'table'): Promise<StructureModel> => postgresqlStructure.read(connection, { schema, name, kind }, signal);

/** Where a part comes from and how it was made is no property of the structure. */
function bare(model: StructureModel): unknown {
  if (model.kind === 'view') return { ...model, was: null };
  const byName = <T extends { name: string }>(list: readonly T[]): T[] => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...model,
    was: null,
    columns: model.columns.map((column) => ({ ...column, was: null, using: null })),
    constraints: byName(model.constraints).map((one) => ({ ...one, was: null, definition: null })),
    indexes: byName(model.indexes).map((index) => ({ ...index, was: null, definition: null, uses: [], concurrently: false })),
  };
}

beforeAll(async () => {
  database = await testDatabase();
  connection = await postgresqlDriver.connect({ target: database.target, password: database.password }, { signal, applicationName: 'ai-shell structure' });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

describe('structure on the real server', () => {
  it('creates a table with everything that the model knows', async () => {
    await execute('CREATE TABLE parent (id integer PRIMARY KEY, "Größe" integer UNIQUE)');
    const table = newTable('public', 'Bestellung "neu"');
    const edits: StructureEdit[] = [
      { edit: 'addColumn', column: { ...newColumn('id', 'bigint'), identity: 'always', nullable: false } },
      { edit: 'addColumn', column: { ...newColumn('select', 'character varying(20)'), nullable: false, comment: "it's \\ here" } },
      { edit: 'addColumn', column: { ...newColumn('价格', 'numeric(20,6)'), default: '0' } },
      { edit: 'addColumn', column: { ...newColumn('doubled', 'numeric'), generated: '("价格" * (2)::numeric)' } },
      { edit: 'addColumn', column: newColumn('parent', 'integer') },
      { edit: 'addConstraint', constraint: newConstraint('primary', 'bestellung_pkey', ['id']) },
      { edit: 'addConstraint', constraint: { ...newConstraint('check', 'positive', []), expression: '"价格" >= (0)::numeric' } },
      { edit: 'addConstraint', constraint: { ...newConstraint('foreign', 'to_parent', ['parent']), references: { schema: 'public', table: 'parent', columns: ['Größe'] }, onDelete: 'CASCADE', onUpdate: 'SET NULL', deferrable: true, initiallyDeferred: true } },
      { edit: 'addIndex', index: { ...newIndex('by_price', ['价格']), keys: [{ column: '价格', expression: null, descending: true, nullsFirst: false, suffix: '' }, { column: null, expression: 'lower(("select")::text)', descending: false, nullsFirst: false, suffix: '' }], include: ['parent'], where: 'parent IS NOT NULL' } },
      { edit: 'comment', comment: 'A table' },
    ];
    const target = await apply(table, edits);
    expect(bare(await read('Bestellung "neu"'))).toEqual(bare(target));
  });

  it('makes and changes a view', async () => {
    const view = newView('public', 'Ansicht', false);
    await apply(view, [{ edit: 'setQuery', query: 'SELECT 1 AS a;' }, { edit: 'comment', comment: 'first' }]);
    const before = await read('Ansicht', 'public', 'view');
    expect(before).toMatchObject({ kind: 'view', comment: 'first' });
    await execute('CREATE SCHEMA "Zweites"');
    await apply(before, [{ edit: 'setQuery', query: 'SELECT 1 AS a, 2 AS b' }, { edit: 'move', schema: 'Zweites' }, { edit: 'rename', to: 'anders' }]);
    expect(await read('anders', 'Zweites', 'view')).toMatchObject({ comment: 'first', query: expect.stringContaining('2 AS b') });
  });

  it('changes a table with rows in the safer way to the same structure', async () => {
    await execute('CREATE TABLE busy (a integer, b integer, c text); INSERT INTO busy SELECT n, n, n FROM generate_series(1, 100) n; CREATE INDEX busy_old ON busy (c)');
    const before = await read('busy');
    const edits: StructureEdit[] = [
      { edit: 'alterColumn', name: 'a', change: { nullable: false } },
      { edit: 'addConstraint', constraint: newConstraint('unique', 'busy_a_key', ['a']) },
      { edit: 'addConstraint', constraint: { ...newConstraint('foreign', 'busy_self', ['b']), references: { schema: 'public', table: 'busy', columns: ['a'] } } },
      { edit: 'addConstraint', constraint: { ...newConstraint('check', 'busy_check', []), expression: 'b > 0' } },
      { edit: 'dropIndex', name: 'busy_old' },
      { edit: 'addIndex', index: newIndex('busy_b', ['b']) },
    ];
    const target = await apply(before, edits, true);
    expect(bare(await read('busy'))).toEqual(bare(target));
  });

  it('reads, drops and names what hangs on a table', async () => {
    await execute('CREATE TABLE base (id integer PRIMARY KEY); CREATE TABLE child (base integer REFERENCES base); CREATE VIEW base_view AS SELECT id FROM base; CREATE VIEW on_top AS SELECT * FROM base_view');
    const plan = await postgresqlStructure.dropPlan(connection, { schema: 'public', name: 'base', kind: 'table' }, { cascade: true, lockTimeoutMs: 0 }, signal);
    expect(plan.text).toBe('DROP TABLE public.base CASCADE');
    const cascade = plan.dependents.filter(({ goes }) => goes === 'cascade').map(({ description }) => description);
    expect(cascade).toEqual(expect.arrayContaining(['view base_view', 'view on_top', 'constraint child_base_fkey on table child']));
    expect(plan.dependents.filter(({ goes }) => goes === 'always').map(({ description }) => description)).toContain('constraint base_pkey on table base');
    await execute(plan.text);
    await expect(read('base')).rejects.toMatchObject({ data: { code: 'not_found' } });
  });

  it('says why a partition or a sequence is not edited', async () => {
    await execute('CREATE TABLE parted (a integer) PARTITION BY LIST (a); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)');
    await expect(read('parted_1')).rejects.toMatchObject({ data: { code: 'unsupported' } });
  });

  it('offers types, methods and schemas', async () => {
    await execute(`CREATE TYPE "Zustand" AS ENUM ('neu')`);
    const choices = await postgresqlStructure.choices(connection, signal);
    expect(choices.types[0]).toBe('bigint');
    expect(choices.types).toContain('"Zustand"');
    expect(choices.methods).toEqual(expect.arrayContaining(['btree', 'gin', 'brin']));
    expect(choices.schemas).toContain('public');
  });
});

/** Names that are trouble: reserved, in capitals, of other scripts, with quotes, with spaces. */
const names = ['a', 'b', 'select', 'Order', 'größe', '名前', 'with "quotes"', "it's", 'x y', 'c$1'];
const types = ['integer', 'bigint', 'text', 'character varying(30)', 'boolean', 'timestamp with time zone', 'jsonb'];

type Numbers = readonly [number, number, number];
type Choice = StructureEdit | null | undefined;

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
const name = (number: number): string => pick(names, number) ?? 'a';
const numberColumn = (model: TableModel, one: number) => pick(model.columns.filter(({ type, generated }) => (type === 'integer' || type === 'bigint') && generated === null), one);
const taken = (model: TableModel): string[] => [...model.constraints, ...model.indexes].map((part) => part.name);

function anyColumn(model: TableModel, [, one, two]: Numbers): Choice[] {
  const column = pick(model.columns, one);
  const type = pick(types, one) ?? 'text';
  return [
    { edit: 'addColumn', column: { ...newColumn(name(two), type), comment: one % 2 === 0 ? `about ${name(two)}` : null, default: type === 'integer' ? '7' : null } },
    column && { edit: 'dropColumn', name: column.name },
    column && { edit: 'renameColumn', name: column.name, to: name(two) },
    column && { edit: 'alterColumn', name: column.name, change: { nullable: one % 2 === 0, comment: two % 3 === 0 ? null : 'changed' } },
  ];
}

function numbers(model: TableModel, [, one, two]: Numbers): Choice[] {
  const number = numberColumn(model, one);
  if (!number) return [];
  const quoted = quoteIdentifier(number.name);
  return [
    number.type === 'integer' && !model.constraints.some((other) => other.kind === 'foreign') ? { edit: 'alterColumn', name: number.name, change: { type: 'bigint' } } : null,
    { edit: 'alterColumn', name: number.name, change: number.identity === null ? { default: number.default === null ? '42' : null } : { identity: null } },
    number.default === null ? { edit: 'alterColumn', name: number.name, change: { identity: two % 2 === 0 ? 'always' : 'by default', nullable: false } } : null,
    { edit: 'addColumn', column: { ...newColumn(name(two), number.type), generated: `(${quoted} * 2)` } },
    { edit: 'addConstraint', constraint: { ...newConstraint('check', proposedName(['t', number.name], 'check', taken(model)), []), expression: `${quoted} > 0`, validated: two % 2 === 0 } },
    { edit: 'addIndex', index: { ...newIndex(proposedName(['t', number.name], 'expr', taken(model)), []), keys: [{ column: null, expression: `${quoted} + 1`, descending: false, nullsFirst: false, suffix: '' }] } },
  ];
}

function newKeys(model: TableModel, [, one, two]: Numbers): Choice[] {
  const column = pick(model.columns.filter(({ type }) => type !== 'jsonb'), one);
  const number = numberColumn(model, one);
  if (!column) return [];
  const where = number && two % 2 === 0 ? `${quoteIdentifier(number.name)} > 5` : null;
  const keys = [{ column: column.name, expression: null, descending: one % 2 === 0, nullsFirst: two % 2 === 0, suffix: '' }];
  return [
    { edit: 'addConstraint', constraint: newConstraint(two % 2 === 0 ? 'unique' : 'primary', proposedName(['t', column.name], 'key', taken(model)), [column.name]) },
    { edit: 'addIndex', index: { ...newIndex(proposedName(['t', column.name], 'idx', taken(model)), []), unique: two % 3 === 0, keys, where } },
  ];
}

function oldParts(model: TableModel, [, one, two]: Numbers): Choice[] {
  const constraint = pick(model.constraints, one);
  const index = pick(model.indexes, one);
  return [
    constraint && { edit: 'renameConstraint', name: constraint.name, to: name(two) },
    constraint && { edit: 'dropConstraint', name: constraint.name },
    index && { edit: 'renameIndex', name: index.name, to: `i ${name(two)}` },
    index && { edit: 'dropIndex', name: index.name },
    { edit: 'comment', comment: two % 2 === 0 ? null : `comment ${name(two)}` },
    { edit: 'rename', to: `t ${name(two)}` },
  ];
}

/** Turns random numbers into an edit that makes sense on the model at that point. */
function edit(model: TableModel, random: Numbers): StructureEdit | null {
  const choices = [anyColumn, numbers, newKeys, oldParts].flatMap((make) => make(model, random));
  return pick(choices, random[0]) ?? null;
}

function design(from: TableModel, numbers: readonly (readonly [number, number, number])[]): StructureEdit[] {
  const edits: StructureEdit[] = [];
  for (const triple of numbers) {
    const { model } = foldStructure(from, edits, quoteIdentifier);
    const next = model.kind === 'table' ? edit(model, triple) : null;
    if (next) edits.push(next);
  }
  return edits;
}

const triples = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 14 });

describe('any design, planned and applied, is what the fold says', () => {
  it('on the real server', { timeout: 120_000 }, async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(triples, triples, async (first, second) => {
        number += 1;
        await execute(`DROP SCHEMA IF EXISTS design CASCADE; CREATE SCHEMA design`);
        const created = newTable('design', `start ${number}`);
        const base: StructureEdit[] = [{ edit: 'addColumn', column: newColumn('first', 'integer') }];
        const start = await apply(created, [...base, ...design(foldStructure(created, base, quoteIdentifier).model as TableModel, first)]);
        const before = await read(start.name, 'design');
        expect(bare(before)).toEqual(bare(start));
        const target = await apply(before, design(before as TableModel, second));
        expect(bare(await read(target.name, 'design'))).toEqual(bare(target));
      }),
      { numRuns: 120 },
    );
  });
});
