import { describe, expect, it } from 'vitest';
import { relation, shopSnapshot, snapshotOf } from '../../../e2e/assistant/snapshot';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { createLinking } from './linking';
import { createSchemaIndex } from './schemaIndex';
import { questionWords, wordsOf } from './words';

const rank = (snapshot: CatalogSnapshot, question: string, limit = 12) => createLinking().rank('one', snapshot, question, limit);
const names = async (question: string, snapshot = shopSnapshot, limit = 12): Promise<string[]> => (await rank(snapshot, question, limit)).map((entry) => entry.relation.name);

/** Plausible names: every table has its own two words and shares its columns with many. */
function manyTables(count: number): CatalogSnapshot {
  const subjects = ['order', 'stock', 'user', 'invoice', 'shipment', 'account', 'device', 'ticket', 'contract', 'payment'];
  const aspects = ['header', 'line', 'audit', 'archive', 'price', 'status', 'note', 'link', 'limit', 'history'];
  const tables = Array.from({ length: count }, (_table, number) =>
    relation(`${subjects[number % 10]}_${aspects[Math.floor(number / 10) % 10]}_${Math.floor(number / 100)}`, { id: 'bigint', [`${subjects[(number * 7) % 10]}_id`]: 'bigint', [`amount_${number % 50}`]: 'numeric', status: 'text', created_at: 'timestamptz' }),
  );
  const foreignKeys = tables.slice(1).map((table, number) => ({ schema: table.schema, table: table.name, columns: ['id'], refSchema: table.schema, refTable: tables[Math.floor(number / 3)]?.name ?? '', refColumns: ['id'] }));
  return { ...snapshotOf(tables), foreignKeys };
}

describe('linking', () => {
  it('finds by name, plural or not, by column and by comment', async () => {
    expect((await names('Which customer lives where?'))[0]).toBe('customers');
    expect((await names('country code'))[0]).toBe('customers');
    expect((await names('each purchase'))[0]).toBe('orders');
    expect((await names('categories'))[0]).toBe('categories');
  });

  it('finds by synonym, abbreviation, joined words and with a typing mistake; accents and camelCase do not matter', async () => {
    const schema = snapshotOf([relation('Cust', { custNo: 'int' }), relation('gasstations', { id: 'int' }), relation('Straße_größe', { id: 'int' }), relation('dept_mgr', { id: 'int' }), relation('warehouse', { qty: 'int' })]);
    expect((await names('clients', snapshotOf([relation('customers', { id: 'int' }), relation('parts', { id: 'int' })])))[0]).toBe('customers');
    expect((await names('every customer', schema))[0]).toBe('Cust');
    expect((await names('the gas stations', schema))[0]).toBe('gasstations');
    expect((await names('grosse', schema))[0]).toBe('Straße_größe');
    expect((await names('department', schema))[0]).toBe('dept_mgr');
    expect((await names('quantity', schema))[0]).toBe('warehouse');
    expect((await names('warehouze', schema))[0]).toBe('warehouse');
  });

  it('tells which columns have the words', async () => {
    const found = await rank(shopSnapshot, 'when were orders placed', 12);
    expect(found.find((entry) => entry.relation.name === 'orders')?.columns).toEqual(['placed_at']);
  });

  it('adds what joins the finds', async () => {
    const found = await rank(shopSnapshot, 'revenue of products for each customer', 12);
    expect(found.filter((entry) => entry.score > 0).map((entry) => entry.relation.name)).toEqual(expect.arrayContaining(['products', 'customers']));
    expect(found.map((entry) => entry.relation.name)).toEqual(expect.arrayContaining(['orders', 'order_items']));
  });

  it('prefers the schema whose tables have the rest of the question', async () => {
    const table = (schema: string, name: string, columns: Record<string, string>) => relation(name, columns, { schema });
    const schema = snapshotOf([
      ...['crm', 'school', 'clinic', 'club'].map((owner) => table(owner, 'people', { id: 'int', name: 'text' })),
      table('clinic', 'visits', { id: 'int', diagnosis: 'text' }),
      table('club', 'trainings', { id: 'int', place: 'text' }),
    ]);
    expect((await rank(schema, 'people with a diagnosis', 2)).map((entry) => `${entry.relation.schema}.${entry.relation.name}`).sort()).toEqual(['clinic.people', 'clinic.visits']);
  });

  it('keeps its limit, and finds nothing where there is nothing', async () => {
    expect(await names('orders customers products categories items', shopSnapshot, 4)).toHaveLength(4);
    expect(await names('weather on mars')).toEqual([]);
    expect(await names('')).toEqual([]);
    expect(await names('😀 \u0000 %%')).toEqual([]);
  });

  it('ranks 10,000 tables within 20 ms, and does not hold others up while it reads them', async () => {
    const linking = createLinking();
    const many = manyTables(10_000);
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await linking.rank('many', many, 'warm up', 12);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(2);
    const runs: number[] = [];
    for (let run = 0; run < 15; run += 1) {
      const started = performance.now();
      await linking.rank('many', many, 'amount and status of stock for each user account since it was created', 12);
      runs.push(performance.now() - started);
    }
    expect(Math.min(...runs)).toBeLessThan(20);
  });

  it('reads only what has changed, and forgets what is gone', async () => {
    const index = createSchemaIndex();
    const before = manyTables(500);
    expect(await index.update(before)).toBe(500);
    expect(await index.update({ ...before, relations: before.relations.map((table) => ({ ...table, rows: 7 })) })).toBe(0);
    const words = index.postings.size;
    const renamed = before.relations.map((table, number) => (number === 3 ? { ...table, name: 'zebra_crossing' } : table));
    expect(await index.update({ ...before, relations: [...renamed, relation('giraffe', { neck: 'text' })] })).toBe(2);
    expect(index.postings.has('giraff')).toBe(true);
    expect(await index.update(before)).toBe(1);
    expect(index.postings.size).toBe(words);
    expect(index.relations.size).toBe(500);
    expect(index.postings.has('giraff')).toBe(false);
  });

  it('answers each question from its own snapshot, also when they overlap', async () => {
    const linking = createLinking();
    const [one, two] = [snapshotOf([relation('apples', { id: 'int' })]), snapshotOf([relation('pears', { id: 'int' })])];
    const answers = await Promise.all([one, two, one, two].map((snapshot) => linking.rank('same', snapshot, 'apples pears', 5)));
    expect(answers.map((found) => found.map((entry) => entry.relation.name))).toEqual([['apples'], ['pears'], ['apples'], ['pears']]);
  });
});

describe('words', () => {
  it('are split in every style and stemmed', () => {
    expect(wordsOf('orderItems order_items ORDER-ITEMS2 Kategorien HTTPServer')).toEqual(['order', 'item', 'order', 'item', 'order', 'item', '2', 'kategorien', 'http', 'server']);
  });
  it('of a question leave out what every question has', () => {
    expect(questionWords("What is the customer's total?")).toEqual(['custom']);
  });
});
