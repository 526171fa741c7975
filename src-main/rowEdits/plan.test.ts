import { describe, expect, it } from 'vitest';
import type { EditValue, RowChange } from '../../src-preload/contract/rowEditLog';
import type { EditColumn, EditTarget } from '../../src-preload/contract/rowEdits';
import { orderChanges } from './order';
import { planEdits } from './plan';

const column = (name: string, baseType: string, more: Partial<EditColumn> = {}): EditColumn => ({
  name, type: baseType, baseType, nullable: true, default: null, insert: true, update: true, compare: 'value', labels: null, ...more,
});
const text = (value: string): EditValue => ({ kind: 'text', text: value });

const target: EditTarget = {
  object: { schema: 'Größe', name: 'a "b"', kind: 'table' },
  insert: true,
  update: true,
  delete: true,
  key: ['id'],
  columns: [
    column('id', 'bigint', { nullable: false, default: 'the next number' }),
    column('name', 'character varying(5)'),
    column('price', 'numeric(20,6)'),
    column('done', 'boolean'),
    column('doc', 'json', { compare: 'text' }),
    column('nick', 'text', { compare: 'bytes' }),
    column('total', 'numeric', { insert: 'The server computes this column.', update: 'The server computes this column.' }),
    column('parent', 'bigint'),
  ],
  foreignKeys: [{ name: 'up', columns: ['parent'], references: { schema: 'Größe', table: 'a "b"', kind: 'table', columns: ['id'] } }],
  referencedBy: [],
  uniques: [['name']],
  notes: [],
};
const original = { id: '9007199254740993', name: "O'H\\x", price: '1.500000', done: 't', doc: '{"a":1}', nick: 'ß', total: null, parent: null };

const texts = (changes: RowChange[]): string[] => planEdits(target, changes).statements.filter(({ row }) => row !== null).map((statement) => statement.text);

describe('planEdits', () => {
  it('updates the row with the key only while every column is as it was read', () => {
    expect(texts([{ kind: 'update', row: 'r', original, values: { price: text('2.000001'), name: { kind: 'null' }, done: { kind: 'default' } } }])).toEqual([
      `UPDATE "Größe"."a ""b"""
SET "name" = NULL,
    "price" = 2.000001,
    "done" = DEFAULT
WHERE "id" = 9007199254740993
  AND "name" = E'O''H\\\\x'
  AND "price" = 1.500000
  AND "done" = true
  AND "doc"::text = '{"a":1}'
  AND "nick"::text COLLATE "C" = 'ß'
  AND "total" IS NULL
  AND "parent" IS NULL
RETURNING *`,
    ]);
  });

  it('compares a long value by its digest', () => {
    const [statement] = texts([{ kind: 'delete', row: 'r', original: { id: '1', doc: { sha256: 'ab', bytes: 9 } } }]);
    expect(statement).toBe(`DELETE FROM "Größe"."a ""b"""
WHERE "id" = 1
  AND pg_catalog.sha256(pg_catalog.convert_to("doc"::text, 'UTF8')) = E'\\\\xab'`);
  });

  it('inserts what was set and leaves the rest to the defaults', () => {
    expect(texts([{ kind: 'insert', row: 'new:1', values: { name: text(''), price: { kind: 'call', call: 'now()' } } }])).toEqual([`INSERT INTO "Größe"."a ""b""" ("name", "price")\nVALUES ('', now())\nRETURNING *`]);
    expect(texts([{ kind: 'insert', row: 'new:1', values: {} }])).toEqual([`INSERT INTO "Größe"."a ""b""" DEFAULT VALUES\nRETURNING *`]);
  });

  it('shows the whole transaction, bound by its hash', () => {
    const plan = planEdits(target, [{ kind: 'insert', row: 'new:1', values: {} }]);
    expect(plan.script).toBe(`BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = '5s';
INSERT INTO "Größe"."a ""b""" DEFAULT VALUES
RETURNING *;
SELECT pg_catalog.txid_current(), extract(epoch FROM pg_catalog.pg_postmaster_start_time());
COMMIT;
`);
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(planEdits(target, [{ kind: 'insert', row: 'new:1', values: { name: text('a') } }]).hash).not.toBe(plan.hash);
  });

  it('tells what a column cannot take before anything is sent', () => {
    const problems = (values: Record<string, EditValue>): (string | null)[][] =>
      planEdits(target, [{ kind: 'update', row: 'r', original, values }]).problems.map(({ column: name, message }) => [name, message]);
    expect(problems({ id: text('12.5') })).toEqual([['id', 'It must be a whole number, written with digits only.']]);
    expect(problems({ id: text('9223372036854775808') })).toEqual([['id', 'It must lie between -9223372036854775808 and 9223372036854775807.']]);
    expect(problems({ price: text('1.1234567') })).toEqual([['price', 'It has 7 decimals, and the column keeps 6: the server would round it.']]);
    expect(problems({ name: text('sixsix') })).toEqual([['name', 'It has 6 characters, and the column keeps 5.']]);
    expect(problems({ name: text('😀😀😀😀😀') })).toEqual([]);
    expect(problems({ doc: text('{a') })[0]?.[1]).toMatch(/no valid JSON/);
    expect(problems({ id: { kind: 'null' } })).toEqual([['id', 'This column cannot be NULL.']]);
    expect(problems({ total: text('1') })).toEqual([['total', 'The server computes this column.']]);
    expect(problems({ gone: text('1') })).toEqual([['gone', 'The table has no column “gone” any more.']]);
  });

  it('never writes a statement without a key', () => {
    const [statement] = planEdits({ ...target, key: [] }, [{ kind: 'delete', row: 'r', original }]).statements.filter(({ row }) => row !== null);
    expect(statement?.text).toContain('WHERE false');
  });
});

describe('orderChanges', () => {
  const rows = (changes: RowChange[]): string[] => orderChanges(target, changes).ordered.map(({ row }) => row);
  const update = (row: string, before: Record<string, string | null>, values: Record<string, EditValue>): RowChange => ({ kind: 'update', row, original: { ...original, ...before }, values });

  it('deletes, then updates, then inserts', () => {
    expect(rows([{ kind: 'insert', row: 'i', values: {} }, update('u', {}, { done: text('f') }), { kind: 'delete', row: 'd', original }])).toEqual(['d', 'u', 'i']);
  });

  it('frees a unique value before it is taken', () => {
    expect(rows([update('takes', { id: '1', name: 'a' }, { name: text('b') }), update('frees', { id: '2', name: 'b' }, { name: text('c') })])).toEqual(['frees', 'takes']);
  });

  it('makes a row before others refer to it, and unlinks it before it goes', () => {
    const up = update('child', { id: '2', name: 'x', parent: '1' }, { parent: text('7') });
    expect(rows([{ kind: 'delete', row: 'old parent', original: { ...original, id: '1', name: 'p' } }, up, { kind: 'insert', row: 'new parent', values: { id: text('7') } }])).toEqual(['new parent', 'child', 'old parent']);
  });

  it('defers the constraints when two rows exchange a unique value', () => {
    const changes = [update('1', { id: '1', name: 'a' }, { name: text('b') }), update('2', { id: '2', name: 'b' }, { name: text('a') })];
    expect(orderChanges(target, changes).circular).toBe(true);
    expect(planEdits(target, changes).script).toContain('SET CONSTRAINTS ALL DEFERRED;');
  });
});
