import { describe, expect, it } from 'vitest';
import { relation, shopSnapshot, snapshotOf } from '../../../e2e/assistant/snapshot';
import type { CatalogSnapshot } from '../../../src-preload/contract/catalog';
import { createLinking } from './linking';
import { rankRelations } from './rankRelations';
import { SchemaIndex } from './schemaIndex';
import { nameTerms, questionTerms, splitWords } from './words';

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

  it('finds names of other scripts, by endings that are not English, by initials, and by labels of enums', async () => {
    const schema = snapshotOf(
      [relation('订单明细', { 编号: 'int' }), relation('заказы', { имя: 'text' }), relation('Kunden', { id: 'int' }), relation('po', { id: 'int' }), relation('parcels', { state: 'parcel_state' }), relation('others', { state: 'text' })],
      { enums: [{ schema: 'shop', name: 'parcel_state', labels: ['dispatched', 'delivered'] }] },
    );
    expect((await names('查询订单的数量', schema))[0]).toBe('订单明细');
    expect((await names('сколько заказ', schema))[0]).toBe('заказы');
    expect((await names('wie viele Kunde', schema))[0]).toBe('Kunden');
    expect((await names('open purchase orders', schema))[0]).toBe('po');
    expect((await names('what was delivered?', schema))[0]).toBe('parcels');
  });

  it('takes literals as a hint to the columns that hold such', async () => {
    const schema = snapshotOf([relation('aaa', { country: 'text' }), relation('bbb', { language: 'text' }), relation('ccc', { day_of_birth: 'date', surname: 'text' }), relation('ddd', { id: 'int' })]);
    expect((await names('how many are from Brazil?', schema))[0]).toBe('aaa');
    expect((await names('those that speak Danish', schema))[0]).toBe('bbb');
    expect((await names('born on 2001-02-03', schema))[0]).toBe('ccc');
    expect((await names('all of Ada Lovelace', schema))[0]).toBe('ccc');
  });

  it('follows joins that only names imply', async () => {
    const schema = snapshotOf([relation('musician', { id: 'int', title: 'text' }), relation('x_mi', { musician_id: 'int', gig_id: 'int' }), relation('gigs', { id: 'int', hall: 'text' }), relation('unrelated', { other: 'text' }), relation('also', { id: 'int' })]);
    expect((await names('musicians and their gigs', schema, 3)).sort()).toEqual(['gigs', 'musician', 'x_mi']);
    expect(await names('hall', schema)).toEqual(['gigs', 'x_mi', 'musician']);
  });

  it('tells which columns have the words', async () => {
    const found = await rank(shopSnapshot, 'when were orders placed', 12);
    expect(found.find((entry) => entry.relation.name === 'orders')?.columns[0]).toBe('placed_at');
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

  it('puts the server’s own views behind the person’s tables, and finds them when only they are meant', async () => {
    const own = ['pg_stat_activity', 'pg_stat_orders', 'order_views', 'columns', 'tables'].map((name) => relation(name, { pid: 'int', customer: 'text', state: 'text' }, { schema: name.startsWith('pg') ? 'pg_catalog' : 'information_schema', primaryKey: [] }));
    const schema = { ...shopSnapshot, relations: [...own, ...shopSnapshot.relations] };
    expect((await names('orders of a customer', schema)).slice(0, 3).sort()).toEqual(['customers', 'order_items', 'orders']);
    expect((await names('activity by pid', schema))[0]).toBe('pg_stat_activity');
  });

  it('keeps its limit, and finds nothing where there is nothing', async () => {
    expect(await names('orders customers products categories items', shopSnapshot, 4)).toHaveLength(4);
    expect(await names('weather on mars')).toEqual([]);
    expect(await names('')).toEqual([]);
    expect(await names('😀 \u0000 %%')).toEqual([]);
  });

  it('ranks 10,000 tables in milliseconds, and does not hold others up while it reads them', async () => {
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
    // The bench holds it to 20 ms; here the machine may be doing much else.
    expect(Math.min(...runs)).toBeLessThan(60);
  });

  it('reads only what has changed, and forgets what is gone', async () => {
    const index = new SchemaIndex();
    const update = (relations: CatalogSnapshot['relations'], foreignKeys: CatalogSnapshot['foreignKeys'] = []): Promise<number> => index.update(snapshotOf(relations, { foreignKeys }), new Map());
    const { relations: before, foreignKeys } = manyTables(500);
    const found = (word: string): string[] => rankRelations(index, word, 3).map(({ relation: { name } }) => name);
    expect(await update(before, foreignKeys)).toBe(500);
    expect(await update(before.map((table) => ({ ...table, rows: 7 })), foreignKeys)).toBe(0);
    expect(rankRelations(index, 'order', 1)[0]?.relation.rows).toBe(7);
    const renamed = before.map((table, number) => (number === 3 ? { ...table, name: 'zebra_crossing' } : table));
    expect(await update([...renamed, relation('giraffe', { neck: 'text' })], foreignKeys.filter((key) => key.table !== before[3]?.name))).toBe(2);
    expect([found('zebra'), found('giraffes')]).toEqual([['zebra_crossing'], ['giraffe']]);
    expect(await update(before, foreignKeys)).toBe(1);
    expect([index.size, found('zebra'), found('giraffes'), index.posting('giraff')]).toEqual([500, [], [], undefined]);
    const commented = before.map((table, number) => (number === 7 ? { ...table, comment: 'what the walrus ate' } : table));
    expect(await update(commented, foreignKeys)).toBe(1);
    expect(found('walrus')[0]).toBe(before[7]?.name);
    expect(await update([])).toBe(0);
    expect([index.size, found('order')]).toEqual([0, []]);
    // Slots of tables that are gone are used again.
    await update(before, foreignKeys);
    expect(index.capacity).toBe(502);
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
    expect(splitWords('orderItems order_items ORDER-ITEMS2 Kategorien HTTPServer Größe')).toEqual(['order', 'items', 'order', 'items', 'order', 'items', '2', 'kategorien', 'http', 'server', 'grosse']);
    expect(nameTerms('cust_addr')).toEqual(['cust', 'custom', 'addr', 'address']);
    expect(splitWords('订单明细')).toEqual(['订单', '单明', '明细']);
  });
  it('of a question leave out what every question has', () => {
    expect([...questionTerms("What is the customer's total in 2024, and who paid 17?").keys()]).toEqual(['custom', 'customertot', 'total', 'total2024', '2024', '2024who', 'who', 'whopaid', 'pai']);
  });
});
