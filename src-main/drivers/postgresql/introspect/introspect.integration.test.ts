import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresPrograms, testDatabase, type TestDatabase } from '../../../../e2e/servers/postgresql';
import type { ObjectDetail, ObjectKind, ObjectPage } from '../../../../src-preload/contract/catalog';
import type { Connection } from '../../driver';
import { postgresqlDriver } from '../driver';
import { silentSink } from '../session';
import { postgresqlIntrospector as introspector } from './introspector';
import { inWorkingOrder, ownedSequences, shop } from './sample';

const signal = new AbortController().signal;
const databases: TestDatabase[] = [];
const connections: Connection[] = [];

async function freshDatabase(): Promise<Connection> {
  const database = await testDatabase();
  databases.push(database);
  const connection = await postgresqlDriver.connect(
    { target: database.target, password: database.password },
    { signal, applicationName: 'ai-shell catalog' },
  );
  connections.push(connection);
  return connection;
}

function execute(connection: Connection, text: string): Promise<void> {
  return connection.run({ text }, silentSink, { signal });
}

async function allObjects(connection: Connection, schema: string): Promise<ObjectPage['objects']> {
  return (await introspector.objects(connection, { schema, kind: null, search: '', offset: 0, limit: 1000 }, signal)).objects;
}

describe('PostgreSQL catalog', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await freshDatabase();
    await execute(connection, shop.join('\n'));
    await execute(connection, 'ANALYZE');
  });
  afterAll(async () => {
    await Promise.all(connections.map((open) => open.close()));
    await Promise.all(databases.map((database) => database.drop()));
  });

  const detail = (name: string, kind: ObjectKind, schema = 'shop'): Promise<ObjectDetail> =>
    introspector.detail(connection, { schema, name, kind }, signal);

  it('counts the objects of each schema by kind', async () => {
    const schemas = await introspector.schemas(connection, signal);
    const ours = schemas.find(({ name }) => name === 'shop');
    expect(ours).toEqual({
      name: 'shop',
      system: false,
      counts: { table: 10, partition: 3, view: 2, materialized_view: 1, sequence: 4, function: 8, type: 5 },
    });
    expect(schemas.find(({ name }) => name === 'pg_catalog')?.system).toBe(true);
    expect(schemas.find(({ name }) => name === 'empty one')).toEqual({ name: 'empty one', system: false, counts: {} });
    expect(schemas.some(({ name }) => name.startsWith('pg_toast'))).toBe(false);
  });

  it('pages and searches on the server', async () => {
    const first = await introspector.objects(connection, { schema: 'shop', kind: 'table', search: '', offset: 0, limit: 4 }, signal);
    const rest = await introspector.objects(connection, { schema: 'shop', kind: 'table', search: '', offset: 4, limit: 100 }, signal);
    expect([first.total, first.objects.length, rest.objects.length]).toEqual([10, 4, 6]);
    const names = [...first.objects, ...rest.objects].map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const found = await introspector.objects(connection, { schema: null, kind: null, search: 'ORDER_', offset: 0, limit: 10 }, signal);
    expect(found.objects.map(({ name, kind }) => [name, kind])).toEqual([
      ['order_lines', 'table'],
      ['order_state', 'type'],
      ['order_total', 'function'],
    ]);
    const beyond = await introspector.objects(connection, { schema: 'shop', kind: 'table', search: '', offset: 100, limit: 10 }, signal);
    expect(beyond).toEqual({ total: 10, objects: [] });
  });

  it('tells size, rows and comment in the list', async () => {
    const objects = await allObjects(connection, 'shop');
    expect(objects.find(({ name }) => name === 'customers')).toMatchObject({
      kind: 'table',
      comment: 'People who buy; it\'s "them"',
      rows: 3,
    });
    expect(objects.find(({ name }) => name === 'customers')?.bytes).toBeGreaterThan(8192);
    expect(objects.find(({ name }) => name === 'events')).toMatchObject({ bytes: null });
    expect(objects.filter(({ name }) => name === 'twice').map(({ comment }) => comment)).toEqual([
      '(integer) → integer',
      '(text) → text · Says it again',
    ]);
  });

  it('does not wait for a table that somebody changes', async () => {
    const other = await postgresqlDriver.connect(
      { target: databases[0]?.target ?? expect.fail(), password: databases[0]?.password },
      { signal, applicationName: 'x' },
    );
    await execute(other, 'BEGIN; ALTER TABLE shop.customers ADD COLUMN later int');
    const objects = await allObjects(connection, 'shop');
    expect(objects.find(({ name }) => name === 'customers')).toMatchObject({ bytes: null });
    await expect(detail('customers', 'table')).rejects.toMatchObject({ code: 'busy', data: { serverCode: '55P03' } });
    await other.close();
    expect(connection.transaction).toBe('idle');
  });

  it('shows a table’s columns, keys, indexes, constraints and triggers', async () => {
    const orders = await detail('orders', 'table');
    expect(
      orders.columns.map(({ name, type, nullable, default: value, generated, identity, primaryKey }) => [
        name,
        type,
        nullable,
        value,
        generated,
        identity,
        primaryKey,
      ]),
    ).toEqual([
      ['id', 'bigint', false, null, null, 'always', true],
      ['customer_id', 'integer', false, null, null, null, false],
      ['state', 'shop.order_state', false, "'new'::shop.order_state", null, null, false],
      ['net', 'numeric(20,6)', false, '0', null, null, false],
      ['gross', 'numeric', true, null, '(net * 1.19)', null, false],
      ['tags', 'text[]', true, null, null, null, false],
      ['placed', 'timestamp(3) with time zone', false, 'now()', null, null, false],
    ]);
    expect(orders.primaryKey).toEqual(['id']);
    expect(orders.foreignKeys).toEqual([
      {
        name: 'orders_customer_id_fkey',
        columns: ['customer_id'],
        references: { schema: 'shop', table: 'customers', columns: ['id'] },
        onDelete: 'CASCADE',
        onUpdate: 'NO ACTION',
      },
    ]);
    expect(orders.referencedBy.map(({ table, columns, to }) => [table, columns, to])).toEqual([['order_lines', ['order_id'], ['id']]]);
    expect(orders.indexes.map(({ name, unique, primary, valid }) => [name, unique, primary, valid])).toEqual([
      ['orders_pkey', true, true, true],
      ['orders_open', false, false, true],
      ['orders_tags', false, false, true],
    ]);
    expect(orders.indexes[0]?.bytes).toBeGreaterThan(0);
    expect(orders.indexes[0]?.scans).toBeGreaterThanOrEqual(0);
    expect(orders.constraints.filter(({ kind }) => kind !== 'not null').map(({ name, kind }) => [name, kind])).toEqual([
      ['orders_pkey', 'primary'],
      ['net is not negative', 'check'],
      ['orders_customer_id_fkey', 'foreign'],
    ]);
    expect(orders.triggers).toEqual([
      {
        name: 'touch',
        definition:
          'CREATE TRIGGER touch BEFORE UPDATE OF state, net ON shop.orders FOR EACH ROW ' +
          'WHEN (old.state IS DISTINCT FROM new.state) EXECUTE FUNCTION shop.touch()',
        enabled: true,
      },
      {
        name: 'watch',
        definition:
          'CREATE TRIGGER watch AFTER INSERT ON shop.orders REFERENCING NEW TABLE AS added ' +
          'FOR EACH STATEMENT EXECUTE FUNCTION shop.touch()',
        enabled: false,
      },
    ]);
    expect(orders.owner).toBe(connection.server.user);
    expect(orders.bytes?.total).toBe((orders.bytes?.table ?? 0) + (orders.bytes?.indexes ?? 0));
  });

  it('shows the columns of a composite key in the key’s order', async () => {
    const lines = await detail('order_lines', 'table');
    expect(lines.primaryKey).toEqual(['position', 'order_id']);
    const notes = await detail('Line Notes "ü"', 'table');
    expect(notes.foreignKeys[0]).toMatchObject({
      columns: ['pos', 'order'],
      references: { table: 'order_lines', columns: ['position', 'order_id'] },
      onDelete: 'SET NULL',
      onUpdate: 'CASCADE',
    });
  });

  it('shows partitions, and adds up their size', async () => {
    const events = await detail('events', 'table');
    expect(events.partitions).toEqual([
      { schema: 'shop', name: 'events_2024', bound: "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')" },
      { schema: 'shop', name: 'events_2025', bound: "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')" },
      { schema: 'shop', name: 'events_rest', bound: 'DEFAULT' },
    ]);
    expect(events.rows).toBe(50);
    expect(events.bytes?.table).toBeGreaterThanOrEqual(8192);
    // References to the partitioned table are told once, not once a partition.
    expect(events.referencedBy.map(({ table }) => table)).toEqual(['event_notes']);
    expect((await detail('event_notes', 'table')).foreignKeys.length).toBe(1);
  });

  it('says when an object is gone', async () => {
    await expect(detail('nowhere', 'table')).rejects.toMatchObject({ code: 'not_found' });
    await expect(detail('orders', 'view')).rejects.toMatchObject({ code: 'not_found' });
    expect(connection.transaction).toBe('idle');
  });

  it('tells overloaded functions apart by oid', async () => {
    const twins = (await allObjects(connection, 'shop')).filter(({ name }) => name === 'twice');
    expect(twins.length).toBe(2);
    for (const twin of twins) {
      const { ddl, object } = await introspector.detail(connection, twin, signal);
      expect(object.oid).toBe(twin.oid);
      expect(ddl).toContain(twin.comment?.startsWith('(integer)') === true ? 'shop.twice(integer)' : 'shop.twice(text)');
    }
  });

  it('writes DDL that makes the same objects in an empty database', async () => {
    const objects = (await allObjects(connection, 'shop')).filter(
      ({ kind, name }) => !(kind === 'sequence' && ownedSequences.includes(name)),
    );
    const original = new Map<string, string>();
    for (const object of objects)
      original.set(`${object.kind} ${object.name} ${object.comment ?? ''}`, (await introspector.detail(connection, object, signal)).ddl);
    const copy = await freshDatabase();
    await execute(copy, 'CREATE SCHEMA shop');
    await inWorkingOrder((text) => execute(copy, text), [...original.values()]);
    const copied = new Map<string, string>();
    for (const object of await allObjects(copy, 'shop')) {
      if (object.kind === 'sequence' && ownedSequences.includes(object.name)) continue;
      copied.set(`${object.kind} ${object.name} ${object.comment ?? ''}`, (await introspector.detail(copy, object, signal)).ddl);
    }
    expect(Object.fromEntries(copied)).toEqual(Object.fromEntries(original));
    const expected = dump(databases[0]);
    expect(expected.length).toBeGreaterThan(70);
    expect(dump(databases.at(-1))).toEqual(expected);
  });

  it('takes a snapshot for completion', async () => {
    const snapshot = await introspector.snapshot(connection, signal);
    expect(snapshot.searchPath).toEqual(['pg_catalog', 'public']);
    expect(snapshot.schemas).toContain('shop');
    const orders = snapshot.relations.find(({ schema, name }) => schema === 'shop' && name === 'orders');
    expect(orders).toMatchObject({ kind: 'table', primaryKey: ['id'], rows: 4 });
    expect(orders?.columns.map(({ name }) => name)).toEqual(['id', 'customer_id', 'state', 'net', 'gross', 'tags', 'placed']);
    expect(snapshot.relations.some(({ schema, name }) => schema === 'pg_catalog' && name === 'pg_stat_activity')).toBe(true);
    expect(snapshot.foreignKeys).toContainEqual({
      schema: 'shop',
      table: 'orders',
      columns: ['customer_id'],
      refSchema: 'shop',
      refTable: 'customers',
      refColumns: ['id'],
    });
    expect(snapshot.functions).toContainEqual({ schema: 'shop', name: 'order_total', arguments: 'o shop.orders', returns: 'numeric' });
    expect(snapshot.functions.some(({ name }) => name === 'jsonb_build_object')).toBe(true);
    expect(snapshot.enums).toEqual([{ schema: 'shop', name: 'order_state', labels: ['new', 'paid', "it's gone"] }]);
    const keys = snapshot.relations.map(({ schema, name }) => `${schema}.${name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not run inside an open transaction', async () => {
    await execute(connection, 'BEGIN');
    await expect(introspector.snapshot(connection, signal)).rejects.toMatchObject({ code: 'busy' });
    await execute(connection, 'ROLLBACK');
  });
});

/** What pg_dump says of the schema, as a witness who knows nothing of our queries; statements sorted, for some are ordered by oid. */
function dump(database: TestDatabase | undefined): string[] {
  const program = path.join(postgresPrograms() ?? '', 'pg_dump');
  const result = spawnSync(program, ['--schema-only', '--schema=shop', '--no-owner', database?.url ?? ''], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`pg_dump failed: ${result.stderr}`);
  const statements = result.stdout.split(/\n\n\n/).map((statement) => statement.replace(/^--.*$|^\\(un)?restrict .*$/gm, '').trim());
  return statements.filter((statement) => statement !== '').sort();
}
