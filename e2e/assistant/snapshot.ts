import type { CatalogSnapshot } from '../../src-preload/contract/catalog';

type Relation = CatalogSnapshot['relations'][number];

export function relation(name: string, columns: Record<string, string>, more: Partial<Relation> = {}): Relation {
  return {
    ...{ schema: 'shop', name, kind: 'table', comment: null, rows: 100, primaryKey: ['id'] },
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, nullable: column !== 'id', comment: null })),
    ...more,
  };
}

export function snapshotOf(relations: Relation[], more: Partial<CatalogSnapshot> = {}): CatalogSnapshot {
  return { searchPath: ['shop', 'public'], schemas: ['public', 'shop'], relations, foreignKeys: [], functions: [], enums: [], ...more };
}

/** A small shop. */
export const shopSnapshot = snapshotOf(
  [
    relation('categories', { id: 'bigint', title: 'text' }),
    relation('customers', { id: 'bigint', full_name: 'text', email: 'text', country_code: 'char(2)' }),
    relation('order_items', { id: 'bigint', order_id: 'bigint', product_id: 'bigint', quantity: 'integer', unit_price: 'numeric(20,6)' }),
    relation('orders', { id: 'bigint', customer_id: 'bigint', placed_at: 'timestamptz', status: 'order_status' }, { comment: 'one row for each purchase' }),
    relation('products', { id: 'bigint', category_id: 'bigint', name: 'text' }),
  ],
  {
    foreignKeys: [
      { schema: 'shop', table: 'order_items', columns: ['order_id'], refSchema: 'shop', refTable: 'orders', refColumns: ['id'] },
      { schema: 'shop', table: 'order_items', columns: ['product_id'], refSchema: 'shop', refTable: 'products', refColumns: ['id'] },
      { schema: 'shop', table: 'orders', columns: ['customer_id'], refSchema: 'shop', refTable: 'customers', refColumns: ['id'] },
      { schema: 'shop', table: 'products', columns: ['category_id'], refSchema: 'shop', refTable: 'categories', refColumns: ['id'] },
    ],
    enums: [{ schema: 'shop', name: 'order_status', labels: ['pending', 'paid'] }],
  },
);
