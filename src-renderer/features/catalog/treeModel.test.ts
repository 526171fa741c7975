import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchemaEntry } from '../../../src-preload/contract/catalog';
import { emptyList, emptyTree, firstExpanded, folderKey, objectKey, PAGE_SIZE, parentIndex, rowLabel, schemaKey, treeRows, typeAhead, type ObjectEntry, type Row, type Tree } from './treeModel';

const table = (name: string, schema = 'public'): ObjectEntry => ({ schema, name, kind: 'table', comment: null, rows: null, bytes: null });
const column = (name: string) => ({ name, type: 'text', nullable: true, default: null, generated: null, identity: null, comment: null, primaryKey: false });
const schema = (name: string, tables: number, system = false): SchemaEntry => ({ name, system, counts: { table: tables } });

function allRows(tree: Tree): Row[] {
  const rows = treeRows(tree);
  return Array.from({ length: rows.count }, (_, index) => rows.at(index)).filter((row) => row !== undefined);
}
const shape = (tree: Tree): string[] => allRows(tree).map((row) => `${'  '.repeat(row.level - 1)}${row.type}:${rowLabel(row)}`);

const tables = folderKey('public', 'table');
const open: Tree = {
  ...emptyTree,
  schemas: [schema('pg_catalog', 60, true), schema('public', 3)],
  expanded: new Set([schemaKey('public'), tables]),
  lists: { [tables]: { total: 3, pages: { 0: [table('a'), table('b'), table('c')] } } },
};

describe('treeRows', () => {
  it('shows people’s schemas before the system’s, and open branches in place', () => {
    expect(shape(open)).toEqual(['schema:public', '  folder:Tables', '    object:a', '    object:b', '    object:c', 'schema:pg_catalog']);
  });

  it('shows the columns of an open object between its siblings', () => {
    const key = objectKey(table('b'));
    const tree: Tree = { ...open, expanded: new Set([...open.expanded, key]), columns: { [key]: [column('id'), column('name')] } };
    expect(shape(tree)).toEqual(['schema:public', '  folder:Tables', '    object:a', '    object:b', '      column:id', '      column:name', '    object:c', 'schema:pg_catalog']);
  });

  it('holds the place of objects that were not read, and says which page they are on', () => {
    const tree: Tree = { ...open, schemas: [schema('public', 30_000)], lists: {} };
    const rows = treeRows(tree);
    expect(rows.count).toBe(30_002);
    expect(rows.at(2 + PAGE_SIZE)).toMatchObject({ type: 'waiting', list: tables, page: 1, position: PAGE_SIZE + 1, siblings: 30_000 });
  });

  it('shows what a search found instead', () => {
    expect(shape({ ...open, search: 'x', found: { total: 1, pages: { 0: [table('xy')] } } })).toEqual(['object:xy']);
    expect(shape({ ...open, search: 'x', found: emptyList })).toEqual(['waiting:']);
  });

  it('finds each row by its key where it is, whatever is open and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * PAGE_SIZE }), fc.subarray([0, 1, 2]), fc.uniqueArray(fc.nat(3 * PAGE_SIZE), { maxLength: 6 }), (total, pages, expanded) => {
        const entries = Array.from({ length: total }, (_, index) => table(`t${index}`));
        const tree: Tree = {
          ...open,
          schemas: [schema('public', total)],
          expanded: new Set([...open.expanded, ...expanded.map((index) => objectKey(table(`t${index}`)))]),
          lists: { [tables]: { total, pages: Object.fromEntries(pages.map((page) => [page, entries.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)])) } },
          columns: { [objectKey(table('t1'))]: [column('id')] },
        };
        const rows = treeRows(tree);
        allRows(tree).forEach((row, index) => {
          if (row.type !== 'waiting') expect(rows.indexOf(row.key)).toBe(index);
        });
        expect(new Set(allRows(tree).map((row) => row.key)).size).toBe(rows.count);
      }),
      { numRuns: 30 },
    );
  });
});

describe('moving', () => {
  const key = objectKey(table('b'));
  const rows = treeRows({ ...open, expanded: new Set([...open.expanded, key]), columns: { [key]: [column('id'), column('name')] } });
  it('goes left to the branch', () => {
    expect(parentIndex(rows, 5)).toBe(3);
    expect(parentIndex(rows, 6)).toBe(1);
    expect(parentIndex(rows, 1)).toBe(0);
    expect(parentIndex(rows, 0)).toBe(-1);
  });
  it('types ahead, from the row after, around the end', () => {
    expect(typeAhead(rows, 0, 'p')).toBe(7);
    expect(typeAhead(rows, 7, 'p')).toBe(0);
    expect(typeAhead(rows, 7, 'pu')).toBe(0);
    expect(typeAhead(rows, 0, 'zz')).toBe(-1);
  });
});

describe('firstExpanded', () => {
  it('opens the tables of a small database', () => {
    expect(firstExpanded([schema('public', 12), schema('pg_catalog', 70, true)])).toEqual(new Set([schemaKey('public'), tables]));
  });
  it('opens only the schemas when together they are long', () => {
    expect(firstExpanded([schema('a', 400), schema('b', 3)])).toEqual(new Set([schemaKey('a'), schemaKey('b')]));
  });
  it('opens nothing among many schemas', () => {
    expect(firstExpanded(['a', 'b', 'c', 'd', 'e'].map((name) => schema(name, 1)))).toEqual(new Set());
  });
});
