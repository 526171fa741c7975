import { describe, expect, it } from 'vitest';
import type { ColumnDetail, DataQuery } from '../../../src-preload/contract/catalog';
import { dataStatement } from './dataStatement';

function column(name: string, type: string): ColumnDetail {
  return { name, type, nullable: true, default: null, generated: null, identity: null, comment: null, primaryKey: false };
}

const table = {
  columns: [
    column('id', 'bigint'),
    column('na"me', 'character varying(50)'),
    column('price', 'numeric(20,6)'),
    column('doc', 'json'),
    column('code', 'character(3)[]'),
    column('flags', 'bit(3)'),
    column('at', 'timestamp(3) with time zone'),
  ],
  primaryKey: ['id'],
};

function query(change: Partial<DataQuery>): DataQuery {
  return { object: { schema: 'shop', name: 'Or"ders', kind: 'table' }, filters: [], sorts: [], offset: 0, limit: 100, ...change };
}

describe('the statement that shows a table', () => {
  it('orders by the primary key, so that pages do not overlap', () => {
    expect(dataStatement(query({ offset: 200 }), table)).toBe('SELECT *\nFROM "shop"."Or""ders"\nORDER BY "id"\nLIMIT 100 OFFSET 200');
  });

  it('orders by nothing where there is neither a sort nor a key', () => {
    expect(dataStatement(query({}), { ...table, primaryKey: [] })).not.toContain('ORDER BY');
  });

  it('sorts first by what was asked for, and names no column twice', () => {
    const text = dataStatement(
      query({
        sorts: [
          { column: 'price', direction: 'desc' },
          { column: 'id', direction: 'asc' },
        ],
      }),
      table,
    );
    expect(text).toContain('ORDER BY "price" DESC, "id"\n');
    expect(dataStatement(query({ sorts: [{ column: 'doc', direction: 'asc' }] }), table)).toContain('ORDER BY "doc"::text, "id"');
  });

  it('casts through the column’s type, without the modifier that would change the value', () => {
    const where = (name: string, op: 'eq' | 'ne' | 'lt', value: string) =>
      dataStatement(query({ filters: [{ column: name, op, value }] }), table).split('\n')[2];
    expect(where('price', 'lt', '1.2345678')).toBe(`WHERE "price" < '1.2345678'::numeric`);
    expect(where('at', 'eq', '2024-01-01')).toBe(`WHERE "at" = '2024-01-01'::timestamp with time zone`);
    expect(where('id', 'ne', '5')).toBe(`WHERE "id" IS DISTINCT FROM '5'::bigint`);
    expect(where('code', 'eq', '{abc}')).toBe(`WHERE "code" = '{abc}'::bpchar[]`);
    expect(where('flags', 'eq', '101')).toBe(`WHERE "flags" = '101'::"bit"`);
    expect(where('doc', 'eq', '{}')).toBe(`WHERE "doc"::text = '{}'`);
    expect(where('na"me', 'eq', "O'Hara\\")).toBe(`WHERE "na""me" = E'O''Hara\\\\'`);
  });

  it('looks for parts of a text without taking its characters for wildcards', () => {
    const text = dataStatement(
      query({
        filters: [
          { column: 'na"me', op: 'contains', value: '50%_' },
          { column: 'id', op: 'startsWith', value: '1' },
          { column: 'at', op: 'isNull', value: '' },
        ],
      }),
      table,
    );
    expect(text).toContain(`WHERE "na""me" ILIKE E'%50\\\\%\\\\_%'\n  AND "id"::text ILIKE '1%'\n  AND "at" IS NULL\n`);
  });

  it('refuses a column that is not there', () => {
    expect(() => dataStatement(query({ filters: [{ column: 'nope', op: 'isNull', value: '' }] }), table)).toThrow('no column “nope”');
    expect(() => dataStatement(query({ sorts: [{ column: 'nope', direction: 'asc' }] }), table)).toThrow('no column “nope”');
  });
});
