import { describe, expect, it } from 'vitest';
import { mappedToExisting, mappedToNew, requestColumns, tableNameOf } from './mapping';

const column = (name: string, generated: string | null = null) => ({ name, type: 'integer', nullable: true, default: null, generated, identity: null, comment: null, primaryKey: false });

describe('mapping', () => {
  it('finds columns by name whatever their case, else by place, never a generated one', () => {
    const target = [column('id'), column('total', 'a + b'), column('Name')];
    expect(mappedToExisting(['ID', 'name', 'total', 'more'], true, null, target).map(({ use, name }) => [use, name])).toEqual([[true, 'id'], [true, 'Name'], [false, ''], [false, '']]);
    expect(mappedToExisting(['a', 'b'], false, null, target).map(({ name }) => name)).toEqual(['id', 'Name']);
  });

  it('cuts long names where PostgreSQL would, and leaves out what goes nowhere', () => {
    const mapped = mappedToNew(['é'.repeat(100), 'b'], null);
    expect(new TextEncoder().encode(mapped[0]?.name).length).toBe(62);
    expect(requestColumns([{ use: false, name: 'a', type: 'text', dateOrder: null }, ...mapped.slice(1)])).toEqual([{ source: 1, name: 'b', type: 'text', dateOrder: null }]);
  });

  it('makes a table’s name of a file’s', () => {
    expect(['/tmp/Orders 2024.csv', 'C:\\x\\Größe.xlsx', '/tmp/2024.json', '/tmp/--.csv'].map(tableNameOf)).toEqual(['orders_2024', 'größe', 't_2024', 'imported']);
  });
});
