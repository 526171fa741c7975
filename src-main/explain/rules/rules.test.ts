import { expect, test } from 'vitest';
import type { CatalogSnapshot, ObjectDetail } from '../../../src-preload/contract/catalog';
import { createGuardService } from '../../guard/create';
import { nothingKnown, type ExplainContext } from '../context';
import { Draft } from '../draft';
import { namesOf } from '../names';
import { explainNode } from '../statements';
import { explainRules } from './all';

const guard = createGuardService();

async function adviceFor(text: string, context: ExplainContext = nothingKnown): Promise<Record<string, string[]>> {
  const parsed = await guard.parse(text);
  const root = parsed.ok ? parsed.statements[0]?.node : undefined;
  if (!root) throw new Error(`Does not parse: ${text}`);
  const subject = { draft: new Draft(text, explainNode), root, names: namesOf(root), context };
  return Object.fromEntries(explainRules.map((rule) => [rule.id, rule.check(subject).map(({ span }) => (span ? text.slice(span.from, span.to) : ''))]));
}

const table = (name: string, columns: string, rows: number, primaryKey = ['id']): CatalogSnapshot['relations'][number] => ({ schema: 'shop', name, kind: 'table', comment: null, rows, primaryKey, columns: columns.split(' ').map((column) => ({ name: column, type: 'bigint', nullable: true, comment: null })) });
const reference = (from: string, column: string, to: string): CatalogSnapshot['foreignKeys'][number] => ({ schema: 'shop', table: from, columns: [column], refSchema: 'shop', refTable: to, refColumns: ['id'] });
const shop: ExplainContext = {
  ...nothingKnown,
  catalog: {
    ...{ searchPath: ['shop'], schemas: ['shop'], functions: [], enums: [] },
    relations: [table('customers', 'id name score', 10), table('orders', 'id customer_id total', 100), table('order_items', 'id order_id price', 5_000_000), table('phones', 'id customer_id', 9), table('profiles', 'customer_id text', 9, ['customer_id'])],
    foreignKeys: [reference('orders', 'customer_id', 'customers'), reference('order_items', 'order_id', 'orders'), reference('phones', 'customer_id', 'customers'), reference('profiles', 'customer_id', 'customers')],
  },
};

const visits = { ...table('visits', 'id', 10), columns: [['id', 'bigint'], ['at', 'timestamp with time zone'], ['day', 'date'], ['zip', 'text']].map(([name = '', type = '']) => ({ name, type, nullable: true, comment: null })) };
const typed: ExplainContext = { ...nothingKnown, catalog: { ...{ searchPath: ['shop'], schemas: ['shop'], functions: [], enums: [] }, relations: [visits], foreignKeys: [] } };

/** By rule: statements with the places that it marks, and statements that it leaves alone. */
const cases: Readonly<Record<string, { readonly said: Readonly<Record<string, readonly string[]>>; readonly silent: readonly string[]; readonly context?: ExplainContext }>> = {
  'fan-out': {
    context: shop,
    said: {
      'SELECT sum(o.total) FROM orders o JOIN order_items i ON i.order_id = o.id': ['o.total'],
      'SELECT c.name, avg(o.total), count(i.id) FROM customers c JOIN orders o ON o.customer_id = c.id LEFT JOIN order_items i ON o.id = i.order_id GROUP BY c.name': ['o.total'],
      'SELECT count(p.id) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN phones p ON p.customer_id = c.id': ['p.id'],
      'SELECT sum(total) FROM orders, order_items WHERE order_items.order_id = orders.id': ['total'],
    },
    silent: [
      'SELECT sum(i.price) FROM orders o JOIN order_items i ON i.order_id = o.id',
      'SELECT count(DISTINCT o.id), max(o.total), count(*) FROM orders o JOIN order_items i ON i.order_id = o.id',
      'SELECT c.name, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name',
      'SELECT sum(o.total) FROM orders o JOIN (SELECT order_id, count(*) FROM order_items GROUP BY order_id) i ON i.order_id = o.id',
      'SELECT i.id, sum(o.total) FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY i.id',
      'SELECT sum(c.score) FROM customers c JOIN profiles p ON p.customer_id = c.id',
      'SELECT sum(o.total) FROM orders o WHERE EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id)',
      'SELECT sum(a.x) FROM nowhere a JOIN elsewhere b ON b.a_id = a.id',
    ],
  },
  'compared-types': {
    context: typed,
    said: {
      "SELECT id FROM visits WHERE at BETWEEN '2024-01-01' AND '2024-01-31'": ["at BETWEEN '2024-01-01'"],
      "SELECT id FROM visits v WHERE v.at <= date '2024-01-31' AND v.id > 1": ["v.at <= date '2024-01-31'"],
      "SELECT id FROM visits WHERE zip > '9' OR id = 1": ["zip > '9'"],
    },
    silent: [
      "SELECT id FROM visits WHERE at >= '2024-01-01' AND at < '2024-02-01'",
      "SELECT id FROM visits WHERE at <= '2024-01-31 23:59:59'",
      "SELECT id FROM visits WHERE day BETWEEN '2024-01-01' AND '2024-01-31'",
      "SELECT id FROM visits WHERE zip = '1010' AND zip > 'a'",
      "SELECT id FROM visits WHERE zip::int > 9",
      "SELECT id FROM elsewhere WHERE at <= '2024-01-31'",
    ],
  },
  'whole-big-table': {
    context: shop,
    said: { 'SELECT id FROM shop.order_items ORDER BY id': ['shop.order_items'], 'WITH x AS (SELECT * FROM order_items) SELECT 1 FROM x': ['order_items'] },
    silent: ['SELECT id FROM order_items LIMIT 5', 'SELECT id FROM order_items WHERE id = 1', 'SELECT count(*) FROM order_items', 'SELECT id FROM orders', 'SELECT DISTINCT price FROM order_items'],
  },
  'write-without-where': {
    said: { 'DELETE FROM shop.t': ['DELETE FROM shop.t'], 'WITH x AS (UPDATE t SET a = 1 RETURNING a) SELECT a FROM x': ['UPDATE t SET a = 1'] },
    silent: ['DELETE FROM t WHERE a = 1', 'UPDATE t SET a = 1 WHERE true'],
  },
  'removes-much': {
    said: { 'DROP TABLE t CASCADE': ['CASCADE', 'DROP TABLE t CASCADE'], 'TRUNCATE t': ['TRUNCATE t'], 'ALTER TABLE t DROP COLUMN a': ['ALTER TABLE t DROP COLUMN a'] },
    silent: ['DROP VIEW v', 'DROP INDEX i', 'ALTER TABLE t DROP CONSTRAINT c'],
  },
  'not-in-null': {
    said: { 'SELECT a FROM t WHERE a NOT IN (SELECT b FROM u)': ['NOT IN (SELECT b FROM u)'] },
    silent: ['SELECT a FROM t WHERE a NOT IN (1, 2)', 'SELECT a FROM t WHERE a IN (SELECT b FROM u)', 'SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u)'],
  },
  'equals-null': {
    said: { 'SELECT a FROM t WHERE a = NULL AND b = 1': ['a = NULL'], 'SELECT a FROM t WHERE NULL <> a': ['NULL <> a'] },
    silent: ['SELECT a FROM t WHERE a IS NULL', 'SELECT a FROM t WHERE a IS DISTINCT FROM NULL'],
  },
  'cartesian-join': {
    said: { 'SELECT 1 FROM a, b WHERE a.x = 1': ['FROM a, b'], 'SELECT 1 FROM a CROSS JOIN b': ['FROM a CROSS JOIN b'], 'SELECT 1 FROM a, b, c WHERE a.x = b.x': ['FROM a, b, c'] },
    silent: ['SELECT 1 FROM a, b WHERE a.x = b.x', 'SELECT 1 FROM a JOIN b USING (x)', 'SELECT 1 FROM a NATURAL JOIN b', 'SELECT 1 FROM a, b, c WHERE a.x = b.x AND c.y = a.y', 'SELECT 1 FROM a, LATERAL (SELECT 1 FROM b WHERE b.x = a.x) l', 'SELECT 1 FROM a, b WHERE x = y', 'SELECT 1 FROM a'],
  },
  'outer-join-undone': {
    said: { 'SELECT 1 FROM a LEFT JOIN b ON b.x = a.x WHERE b.y > 1 AND a.z = 2': ['b.y > 1'], 'SELECT 1 FROM a RIGHT JOIN b ON b.x = a.x WHERE a.y = 1': ['a.y = 1'] },
    silent: ['SELECT 1 FROM a LEFT JOIN b ON b.x = a.x WHERE b.y IS NULL', 'SELECT 1 FROM a LEFT JOIN b ON b.x = a.x WHERE coalesce(b.y, 1) = 1', 'SELECT 1 FROM a JOIN b ON b.x = a.x WHERE b.y = 1', 'SELECT 1 FROM a LEFT JOIN b ON b.x = a.x WHERE a.y = 1'],
  },
  'leading-wildcard': {
    said: { "SELECT a FROM t WHERE a LIKE '%x' AND b = 1": ["a LIKE '%x'"], "SELECT a FROM t WHERE a NOT ILIKE '_x'": ["a NOT ILIKE '_x'"] },
    silent: ["SELECT a FROM t WHERE a LIKE 'x%'", 'SELECT a FROM t WHERE a LIKE $1'],
  },
  'function-on-column': {
    said: { "SELECT 1 FROM t WHERE lower(a) = 'x' OR b = 1": ["lower(a) = 'x'"], "SELECT 1 FROM t WHERE a::date = '2026-01-01'": ["a::date = '2026-01-01'"] },
    silent: ["SELECT lower(a) = 'x' FROM t", "SELECT 1 FROM t WHERE a = lower('X')"],
  },
  'blocking-change': {
    said: { 'CREATE INDEX i ON t (a)': ['t'], 'ALTER TABLE t ALTER a TYPE bigint': ['ALTER TABLE t ALTER a TYPE bigint'], 'VACUUM FULL t': ['VACUUM FULL t'] },
    silent: ['CREATE INDEX CONCURRENTLY i ON t (a)', 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID', 'VACUUM t', 'ALTER TABLE t ADD COLUMN a int'],
  },
  'limit-without-order': {
    said: { 'SELECT a FROM t LIMIT 3': ['LIMIT 3'], 'SELECT DISTINCT ON (a) a, b FROM t': ['DISTINCT ON (a) a, b'] },
    silent: ['SELECT a FROM t ORDER BY a LIMIT 3', 'SELECT 1 LIMIT 1', 'SELECT a FROM t LIMIT ALL'],
  },
  'offset-paging': { said: { 'SELECT a FROM t ORDER BY a LIMIT 3 OFFSET 90': ['OFFSET 90'] }, silent: ['SELECT a FROM t ORDER BY a OFFSET 0', 'SELECT a FROM t'] },
  'scalar-subquery-per-row': {
    said: { 'SELECT (SELECT max(x) FROM u WHERE u.id = t.id) FROM t': ['(SELECT max(x) FROM u WHERE u.id = t.id)'] },
    silent: ['SELECT (SELECT max(x) FROM u) FROM t', 'SELECT a FROM t WHERE a = (SELECT max(x) FROM u WHERE u.id = t.id)'],
  },
  'union-distinct': { said: { 'SELECT a FROM t UNION SELECT b FROM u': ['UNION'], 'SELECT 1 UNION SELECT 2 UNION ALL SELECT 3': ['UNION'] }, silent: ['SELECT a FROM t UNION ALL SELECT b FROM u'] },
  'select-star': { said: { 'SELECT * FROM t': ['*'], 'SELECT t.*, a FROM t': ['t.*'] }, silent: ['SELECT a FROM t', 'SELECT count(*) FROM t', 'SELECT a FROM t WHERE EXISTS (SELECT * FROM u)'] },
  'insert-without-columns': { said: { 'INSERT INTO shop.t VALUES (1)': ['shop.t'] }, silent: ['INSERT INTO t (a) VALUES (1)', 'INSERT INTO t DEFAULT VALUES'] },
};

test.each(Object.entries(cases))('%s', async (id, { said, silent, context }) => {
  for (const [text, places] of Object.entries(said)) expect((await adviceFor(text, context))[id], text).toEqual(places);
  for (const text of silent) expect((await adviceFor(text, context))[id], text).toEqual([]);
});

test('every rule has its cases', () => {
  expect(Object.keys(cases).sort()).toEqual(explainRules.map(({ id }) => id).sort());
});

test('a function on a column names the index that it keeps from being used', async () => {
  const column = { name: 'email', type: 'text', nullable: true, comment: null };
  const catalog: CatalogSnapshot = { searchPath: ['shop'], schemas: ['shop'], relations: [{ schema: 'shop', name: 't', kind: 'table', comment: null, rows: 5, columns: [column], primaryKey: [] }], foreignKeys: [], functions: [], enums: [] };
  const detail = { object: { schema: 'shop', name: 't', kind: 'table' }, indexes: [{ name: 't_email', definition: 'CREATE INDEX t_email ON shop.t USING btree (email)' }] } as unknown as ObjectDetail;
  const context: ExplainContext = { catalog, details: [detail], plan: null };
  const parsed = await guard.parse("SELECT 1 FROM t WHERE lower(email) = 'a'");
  const root = parsed.ok ? parsed.statements[0]?.node : undefined;
  if (!root) throw new Error('Does not parse');
  const [advice] = explainRules.find(({ id }) => id === 'function-on-column')?.check({ draft: new Draft("SELECT 1 FROM t WHERE lower(email) = 'a'", explainNode), root, names: namesOf(root), context }) ?? [];
  expect(advice?.level).toBe('warning');
  expect(advice?.text).toContain('has the index `t_email`');
});
