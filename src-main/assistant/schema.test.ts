import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, oneLine, wrapData, wrapStableData } from './boundary';
import { schemaDigest } from './digest';
import { nearestNames } from './nearest';
import { findRelation, nearestRelations, quoteName, splitName } from './relationNames';
import { relation, shopSnapshot, snapshotOf } from '../../e2e/assistant/snapshot';

describe('schemaDigest', () => {
  it('is the same for the same schema in any order, and knows keys', () => {
    const turned = { ...shopSnapshot, relations: [...shopSnapshot.relations].reverse(), foreignKeys: [...shopSnapshot.foreignKeys].reverse() };
    const { text: digest } = schemaDigest(shopSnapshot);
    expect(schemaDigest(turned)).toEqual({ text: digest, complete: true });
    expect(digest).toContain('shop.orders(id bigint not null, customer_id bigint, placed_at timestamptz, status order_status, primary key (id), foreign key (customer_id) references shop.customers (id))');
    expect(digest).not.toMatch(/rows/);
  });

  it('is not crowded out by the server’s own relations', () => {
    const system = Array.from({ length: 400 }, (_view, index) => relation(`pg_stat_${index}`, { relid: 'oid', some_counter: 'bigint' }, { schema: index % 2 ? 'pg_catalog' : 'information_schema' }));
    expect(schemaDigest({ ...shopSnapshot, relations: [...system, ...shopSnapshot.relations] })).toEqual(schemaDigest(shopSnapshot));
  });

  it('stays within its limit at any size, with less for each table, and says how to find the rest', () => {
    for (const count of [1, 30, 300, 3_000, 30_000]) {
      const { text, complete } = schemaDigest(snapshotOf(Array.from({ length: count }, (_table, index) => relation(`a_table_with_a_name_${index}`, { id: 'bigint', some_column: 'text' }))), 24_000);
      expect(text.length).toBeLessThanOrEqual(24_000);
      expect(complete).toBe(count <= 300 && !/describe/.test(text));
      expect(text).toMatch(count <= 30 ? /not null/ : count <= 300 ? /types and keys: describe|not null/ : /search_schema/);
    }
    const schemas = snapshotOf(Array.from({ length: 5_000 }, (_table, index) => relation('t', { id: 'bigint' }, { schema: `tenant_with_a_long_name_${index}` })));
    expect(schemaDigest(schemas, 10_000).text.length).toBeLessThanOrEqual(10_000);
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
