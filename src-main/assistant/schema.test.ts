import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, oneLine, wrapData, wrapStableData } from './boundary';
import { schemaDigest } from './digest';
import { nearestNames } from './nearest';
import { rankRelations, rankWords } from './rank';
import { findRelation, nearestRelations, quoteName, splitName } from './relationNames';
import { relation, shopSnapshot, snapshotOf } from '../../e2e/assistant/snapshot';

const names = async (question: string, limit = 12): Promise<string[]> => (await rankRelations(shopSnapshot, question, limit)).map((entry) => entry.relation.name);

describe('rankRelations', () => {
  it('finds by name, plural or not, by column and by comment', async () => {
    expect((await names('Which customer lives where?'))[0]).toBe('customers');
    expect((await names('country code'))[0]).toBe('customers');
    expect((await names('each purchase'))[0]).toBe('orders');
    expect((await names('categories'))[0]).toBe('categories');
  });

  it('adds what the foreign keys of the finds lead to, so that a join has its middle', async () => {
    const found = await rankRelations(shopSnapshot, 'revenue of products for each customer', 12);
    expect(found.filter((entry) => entry.score > 0).map((entry) => entry.relation.name)).toEqual(expect.arrayContaining(['products', 'customers']));
    expect(found.map((entry) => entry.relation.name)).toEqual(expect.arrayContaining(['orders', 'order_items']));
  });

  it('keeps its limit and room for neighbours, and finds nothing where there is nothing', async () => {
    expect((await names('orders customers products categories items', 4))).toHaveLength(4);
    expect((await names('weather on mars'))).toEqual([]);
  });

  it('ranks 10,000 tables in under 20 ms once they are indexed, and does not hold others up while it indexes', async () => {
    const many = snapshotOf(Array.from({ length: 10_000 }, (_table, index) => relation(`table_${index}_${['order', 'stock', 'user'][index % 3]}`, { id: 'bigint', [`amount_${index % 50}`]: 'numeric', created_at: 'timestamptz' })));
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await rankRelations(many, 'warm up', 12);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(2);
    const runs: number[] = [];
    for (let run = 0; run < 9; run++) {
      const started = performance.now();
      await rankRelations(many, 'amount of stock for each user since it was created', 12);
      runs.push(performance.now() - started);
    }
    expect(Math.min(...runs)).toBeLessThan(20);
  });

  it('splits words of every style', () => {
    expect(rankWords('orderItems order_items ORDER-ITEMS2 Kategorien')).toEqual(['order', 'item', 'order', 'item', 'order', 'items2', 'kategorien']);
  });
});

describe('schemaDigest', () => {
  it('is the same for the same schema in any order, and knows keys', () => {
    const turned = { ...shopSnapshot, relations: [...shopSnapshot.relations].reverse(), foreignKeys: [...shopSnapshot.foreignKeys].reverse() };
    const digest = schemaDigest(shopSnapshot);
    expect(schemaDigest(turned)).toBe(digest);
    expect(digest).toContain('shop.orders(id bigint not null, customer_id bigint, placed_at timestamptz, status order_status, primary key (id), foreign key (customer_id) references shop.customers (id))');
    expect(digest).not.toMatch(/rows/);
  });

  it('stays within its limit at any size, with less for each table, and says how to find the rest', () => {
    for (const count of [1, 30, 300, 3_000, 30_000]) {
      const text = schemaDigest(snapshotOf(Array.from({ length: count }, (_table, index) => relation(`a_table_with_a_name_${index}`, { id: 'bigint', some_column: 'text' }))), 24_000);
      expect(text.length).toBeLessThanOrEqual(24_000);
      expect(text).toMatch(count <= 30 ? /not null/ : count <= 300 ? /types and keys: describe|not null/ : /search_schema/);
    }
    const schemas = snapshotOf(Array.from({ length: 5_000 }, (_table, index) => relation('t', { id: 'bigint' }, { schema: `tenant_with_a_long_name_${index}` })));
    expect(schemaDigest(schemas, 10_000).length).toBeLessThanOrEqual(10_000);
  });
});

describe('names', () => {
  it('nearest: typing mistakes, shared words, parts; nothing that is nothing alike', () => {
    const columns = ['customer_id', 'id', 'placed_at', 'status', 'total_amount'];
    expect(nearestNames('custmer_id', columns)).toEqual(['customer_id']);
    expect(nearestNames('CUSTOMER_ID', columns)[0]).toBe('customer_id');
    expect(nearestNames('amount', columns)).toEqual(['total_amount']);
    expect(nearestNames('amount_total', columns)).toEqual(['total_amount']);
    expect(nearestNames('weather', columns)).toEqual([]);
    expect(nearestRelations(shopSnapshot, 'public.order_item')).toEqual(['shop.order_items', 'shop.orders']);
  });

  it('are found through the search path, quoted or not, and by case only when that is clear', () => {
    expect(findRelation(shopSnapshot, 'orders')?.name).toBe('orders');
    expect(findRelation(shopSnapshot, '"shop"."orders"')?.name).toBe('orders');
    expect(findRelation(shopSnapshot, 'Shop.ORDERS')?.name).toBe('orders');
    expect(findRelation(shopSnapshot, 'public.orders')).toBeNull();
    const twins = snapshotOf([relation('Orders', { id: 'bigint' }), relation('ORDERS', { id: 'bigint' })]);
    expect(findRelation(twins, 'orders')).toBeNull();
  });

  it('survive quoting and splitting', () => {
    const name = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', 'B', '.', '"', ' ', '_', 'ß', '1') }).filter((text) => text.trim() !== '');
    fc.assert(fc.property(name, name, (schema, table) => void expect(splitName(`${quoteName(schema)}.${quoteName(table)}`)).toEqual([schema, table])));
  });
});

describe('the boundary of data', () => {
  it('is another one each time, and never stands in the data', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const [one, two] = [wrapData(content), wrapData(content)];
        const tag = /^<(data-[0-9a-f]{24})>\n/.exec(one)?.[1] ?? '';
        expect(one).toBe(`<${tag}>\n${content}\n</${tag}>`);
        expect(content).not.toContain(tag);
        expect(two).not.toContain(tag);
      }),
    );
  });

  it('of the schema is the same for the same text, and unknown without the secret', () => {
    expect(wrapStableData('text', 'a')).toBe(wrapStableData('text', 'a'));
    expect(wrapStableData('text', 'a')).not.toBe(wrapStableData('text', 'b'));
  });

  it('flattens what must be one line, and cuts with a word', () => {
    expect(oneLine('a\n\u2028b\u202Ec \t d', 100)).toBe('a b c d');
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(cutText('one\ntwo\nthree', 9)).toBe('one\ntwo\n… (cut after 9 characters)');
    expect(cutText('short', 9)).toBe('short');
  });
});
