import { describe, expect, it } from 'vitest';
import type { CatalogSnapshot } from '../../../../src-preload/contract/catalog';
import { buildCatalogIndex } from './catalogIndex';
import { propose } from './propose';

type RelationOptions = { schema?: string; kind?: CatalogSnapshot['relations'][number]['kind'] };
const relation = (name: string, columns: Record<string, string>, { schema = 'public', kind = 'table' }: RelationOptions = {}): CatalogSnapshot['relations'][number] => ({
  schema,
  name,
  kind,
  comment: null,
  rows: null,
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, nullable: true, comment: null })),
  primaryKey: ['id'],
});
const reference = (table: string, column: string, refTable: string, schema = 'public', refSchema = 'public') => ({ schema, table, columns: [column], refSchema, refTable, refColumns: ['id'] });

const snapshot: CatalogSnapshot = {
  searchPath: ['public'],
  schemas: ['public', 'billing', 'Odd'],
  relations: [
    relation('customers', { id: 'bigint', name: 'text', email: 'text' }),
    relation('orders', { id: 'bigint', customer_id: 'bigint', placed_at: 'timestamptz', total: 'numeric(20,6)' }),
    relation('order_items', { id: 'bigint', order_id: 'bigint', product_id: 'bigint', quantity: 'integer', order: 'integer', Weird: 'text' }),
    relation('products', { id: 'bigint', title: 'text', parent_id: 'bigint' }),
    relation('active_customers', { id: 'bigint', name: 'text' }, { kind: 'view' }),
    relation('invoices', { id: 'bigint', order_id: 'bigint', amount: 'numeric' }, { schema: 'billing' }),
    relation('Mixed Case', { 'a b': 'text' }, { schema: 'Odd' }),
  ],
  foreignKeys: [
    reference('orders', 'customer_id', 'customers'),
    reference('order_items', 'order_id', 'orders'),
    reference('order_items', 'product_id', 'products'),
    reference('products', 'parent_id', 'products'),
    reference('invoices', 'order_id', 'orders', 'billing'),
  ],
  functions: [
    { schema: 'pg_catalog', name: 'count', arguments: '"any"', returns: 'bigint' },
    { schema: 'pg_catalog', name: 'coalesce_all', arguments: 'text', returns: 'text' },
    { schema: 'pg_catalog', name: 'now', arguments: '', returns: 'timestamptz' },
    { schema: 'billing', name: 'count_open', arguments: '', returns: 'bigint' },
  ],
  enums: [{ schema: 'public', name: 'order_status', labels: ['new', 'paid'] }],
};
const catalog = buildCatalogIndex(snapshot);

/** What is proposed where the bar stands in the text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const result = propose(marked.replace('|', ''), offset, catalog);
  return { ...result, inserts: result.proposals.map((proposal) => proposal.insert), labels: result.proposals.map((proposal) => proposal.label) };
}

describe('propose', () => {
  it('names columns of an alias while the statement is incomplete', () => {
    expect(at('SELECT o.| FROM orders o').inserts).toEqual(['id', 'customer_id', 'placed_at', 'total', '*']);
    expect(at('SELECT o.|\nFROM orders AS o JOIN').inserts).toContain('placed_at');
    expect(at('SELECT * FROM orders o WHERE o.pl|').inserts).toEqual(['placed_at']);
    expect(at('SELECT * FROM orders o JOIN order_items oi ON oi.|').inserts).toEqual(['id', 'order_id', 'product_id', 'quantity', '"order"', '"Weird"', '*']);
  });

  it('names columns through the table name, a schema, and schema.table', () => {
    expect(at('SELECT orders.t| FROM orders').inserts).toContain('total');
    expect(at('SELECT * FROM billing.|').inserts).toEqual(['invoices']);
    expect(at('SELECT billing.invoices.a| FROM billing.invoices').inserts).toContain('amount');
    expect(at('SELECT * FROM billing.invoices i WHERE i.a|').inserts).toContain('amount');
  });

  it('proposes columns without an alias once, and qualified where they are ambiguous', () => {
    const { inserts } = at('SELECT | FROM orders o JOIN customers c ON c.id = o.customer_id');
    expect(inserts).toContain('email');
    expect(inserts).toContain('o.id');
    expect(inserts).toContain('c.id');
    expect(inserts).not.toContain('id');
    expect(new Set(inserts).size).toBe(inserts.length);
  });

  it('proposes the join condition by foreign key in both directions with the aliases used', () => {
    expect(at('SELECT * FROM orders o JOIN customers c ON |').inserts[0]).toBe('o.customer_id = c.id');
    expect(at('SELECT * FROM customers c JOIN orders o ON |').inserts[0]).toBe('o.customer_id = c.id');
    expect(at('SELECT * FROM customers JOIN orders ON |').inserts[0]).toBe('orders.customer_id = customers.id');
    expect(at('SELECT * FROM customers c JOIN orders o ON | WHERE true').inserts[0]).toBe('o.customer_id = c.id');
    expect(at('SELECT * FROM products a JOIN products b ON |').inserts.slice(0, 2)).toEqual(['b.parent_id = a.id', 'a.parent_id = b.id']);
    expect(at('SELECT * FROM customers c JOIN orders o ON |').eager).toBe(true);
  });

  it('proposes whole joins, with a free alias where the query uses aliases', () => {
    const { inserts } = at('SELECT * FROM orders o JOIN |');
    expect(inserts).toContain('customers c ON o.customer_id = c.id');
    expect(inserts).toContain('order_items oi ON oi.order_id = o.id');
    expect(inserts).toContain('billing.invoices i ON i.order_id = o.id');
    expect(at('SELECT * FROM orders JOIN cus|').inserts[0]).toBe('customers ON orders.customer_id = customers.id');
    expect(at('SELECT * FROM customers c JOIN active_customers ac ON ac.id = c.id JOIN o|').inserts[0]).toBe('orders o ON o.customer_id = c.id');
  });

  it('proposes tables and schemas where a table belongs', () => {
    expect(at('SELECT * FROM ord|').inserts.slice(0, 2)).toEqual(['orders', 'order_items']);
    expect(at('SELECT * FROM inv|').inserts).toContain('billing.invoices');
    expect(at('SELECT * FROM orders, cus|').inserts[0]).toBe('customers');
    expect(at('UPDATE ord|').inserts).toContain('orders');
    expect(at('INSERT INTO ord|').inserts).toContain('orders');
    expect(at('DELETE FROM bil|').inserts).toContain('billing.');
    expect(at('SELECT * FROM ordit|').inserts).toContain('order_items');
  });

  it('quotes identifiers where it must', () => {
    expect(at('SELECT * FROM mix|').inserts).toContain('"Odd"."Mixed Case"');
    expect(at('SELECT * FROM "Odd".|').inserts).toEqual(['"Mixed Case"']);
    expect(at('SELECT x.| FROM "Odd"."Mixed Case" x').inserts).toEqual(['"a b"', '*']);
    expect(at('SELECT oi."We| FROM order_items oi').inserts).toContain('"Weird"');
  });

  it('knows the columns of a WITH query, of a subquery and of RETURNING', () => {
    expect(at('WITH recent AS (SELECT id, total AS amount, count(*) FROM orders) SELECT r.| FROM recent r').inserts).toEqual(['id', 'amount', 'count', '*']);
    expect(at('WITH a(x, y) AS (SELECT 1, 2) SELECT | FROM a').inserts.slice(0, 2)).toEqual(['x', 'y']);
    expect(at('WITH gone AS (DELETE FROM orders RETURNING id, total) SELECT g.| FROM gone g').inserts).toEqual(['id', 'total', '*']);
    expect(at('WITH recent AS (SELECT 1 AS one) SELECT * FROM rec|').inserts[0]).toBe('recent');
    expect(at('SELECT s.| FROM (SELECT o.*, 1 AS extra FROM orders o) s').inserts).toEqual(['id', 'customer_id', 'placed_at', 'total', 'extra', '*']);
    expect(at('WITH a AS (SELECT id FROM orders), b AS (SELECT a.| FROM a) SELECT 1').inserts).toEqual(['id', '*']);
  });

  it('sees the outer query from a subquery, and the arms of UNION apart', () => {
    expect(at('SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.|)').inserts).toContain('email');
    expect(at('SELECT email FROM customers UNION SELECT | FROM products').inserts).not.toContain('email');
    expect(at('SELECT email FROM customers UNION SELECT ti| FROM products').inserts).toContain('title');
  });

  it('proposes columns of the target in INSERT, UPDATE and USING', () => {
    expect(at('INSERT INTO orders (|').inserts).toEqual(['id', 'customer_id', 'placed_at', 'total']);
    expect(at('INSERT INTO orders (id, |) VALUES (1)').inserts).toEqual(['customer_id', 'placed_at', 'total']);
    expect(at('UPDATE orders SET |').inserts).toContain('total');
    expect(at('UPDATE orders SET total = 1, pl|').inserts).toContain('placed_at');
    expect(at('UPDATE orders SET total = t|').inserts).toContain('total');
    expect(at('SELECT * FROM order_items JOIN billing.invoices USING (|').inserts).toEqual(['id', 'order_id']);
  });

  it('proposes keywords in their places, in the case that is used', () => {
    expect(at('sel|').inserts[0]).toBe('select');
    expect(at('SEL|').inserts[0]).toBe('SELECT');
    expect(at('SELECT * FROM orders WH|').inserts[0]).toBe('WHERE');
    expect(at('select * from orders o |').inserts).toContain('where');
    expect(at('SELECT * FROM orders WHERE total IS |').inserts).toContain('NOT NULL');
    expect(at('SELECT * FROM orders ORDER BY total de|').inserts).toEqual(['DESC']);
    expect(at('select * from orders join cus|').inserts[0]).toBe('customers on orders.customer_id = customers.id');
    expect(at('SELECT * FROM orders o|').eager).toBe(false);
  });

  it('proposes functions with the cursor between the parentheses', () => {
    const found = at('SELECT cou|').proposals.find((proposal) => proposal.label === 'count');
    expect(found).toMatchObject({ insert: 'count()', back: 1, detail: '("any") → bigint' });
    expect(at('SELECT no|').proposals.find((proposal) => proposal.label === 'now')).toMatchObject({ insert: 'now()', back: 0 });
    expect(at('SELECT count_o|').inserts).toContain('billing.count_open()');
  });

  it('proposes types after a cast and output names in ORDER BY', () => {
    expect(at('SELECT x::ord|').inserts).toEqual(['order_status']);
    expect(at('SELECT total * 2 AS twice FROM orders ORDER BY tw|').inserts[0]).toBe('twice');
  });

  it('keeps silent in strings, comments, numbers and after AS', () => {
    for (const text of ["SELECT 'o|", "SELECT 'o|rders'", 'SELECT -- o|', 'SELECT /* o|', 'SELECT 12|', 'SELECT total AS |', 'SELECT $$ o| $$']) expect(at(text).proposals).toEqual([]);
  });

  it('replaces the whole word around the cursor', () => {
    expect(at('SELECT * FROM cust|omers c')).toMatchObject({ from: 14, to: 23 });
  });

  it('is not confused by FROM inside functions or IS DISTINCT FROM', () => {
    expect(at('SELECT extract(year FROM o.|) FROM orders o').inserts).toContain('placed_at');
    expect(at('SELECT * FROM orders o WHERE o.total IS DISTINCT FROM o.|').inserts).toContain('total');
    expect(at('SELECT * FROM orders WHERE id IS DISTINCT FROM to|').inserts[0]).toBe('total');
  });

  it('proposes from 30,000 tables in under 30 ms', () => {
    const many: CatalogSnapshot = { ...snapshot, relations: Array.from({ length: 30_000 }, (_, index) => relation(`table_${index}_of_many`, { id: 'bigint', value: 'text' }, { schema: index % 2 ? 'public' : 'billing' })) };
    const large = buildCatalogIndex(many);
    const times: number[] = [];
    for (const prefix of ['t', 'ta', 'table_1', 'many', 'tbl', 't29999', 'x']) {
      const text = `SELECT * FROM ${prefix}`;
      for (let run = 0; run < 5; run += 1) {
        const began = performance.now();
        propose(text, text.length, large);
        times.push(performance.now() - began);
      }
    }
    expect(times.toSorted((a, b) => a - b)[times.length >> 1]).toBeLessThan(60);
  });
});
