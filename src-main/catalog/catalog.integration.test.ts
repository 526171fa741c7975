import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { DataFilter } from '../../src-preload/contract/catalog';
import type { ConnectionProfile, ConnectionStatus } from '../../src-preload/contract/connections';
import type { Connection, Driver } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { decodeBatch } from '../drivers/rows';
import { type CatalogService, createCatalogService } from './service';

const signal = new AbortController().signal;
const quiet = { columns: () => undefined, notice: () => undefined, complete: () => undefined };

describe('catalog service', () => {
  let database: TestDatabase;
  let connection: Connection;
  let catalog: CatalogService;
  let reads = 0;
  const statusListeners: ((status: ConnectionStatus) => void)[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    connection = await postgresqlDriver.connect(
      { target: database.target, password: database.password },
      { signal, applicationName: 'ai-shell catalog' },
    );
    const profile: ConnectionProfile = {
      id: 'c',
      name: 'test',
      target: database.target,
      environment: 'dev',
      color: 'gray',
      readOnly: false,
    };
    const { introspect } = postgresqlDriver;
    if (introspect === undefined) throw new Error('The driver has an introspector.');
    const counting: Driver = {
      ...postgresqlDriver,
      introspect: { ...introspect, snapshot: (session, until) => ((reads += 1), introspect.snapshot(session, until)) },
    };
    catalog = createCatalogService({
      connections: {
        resolve: async () => profile,
        driver: () => counting,
        session: async () => connection,
        onStatus: (listener) => {
          statusListeners.push(listener);
          return () => undefined;
        },
      },
    });
    await run(`CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE TABLE every (id int PRIMARY KEY, n numeric(20,6), v varchar(5), c char(4), ca char(4)[], b bit(3), bv bit varying(5),
        t timestamptz(3),
      d date, i interval, j json, jb jsonb, m mood, ma mood[], u uuid, by bytea, p point, r int4range, ip inet, x xml, bo boolean,
        "na""me" text);
      INSERT INTO every VALUES (1, 1.5, 'abc', 'ab', '{ab,cd}', B'101', B'11', '2024-02-29 12:00:00.123+05:45', '2024-02-29', '1 day',
        '{"a": 1}', '{"a": 1}', 'happy', '{sad,happy}',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\xff00', '(1,2)', '[1,5)', '10.0.0.1', '<a/>', true, 'O''Hara \\ 50%');
        INSERT INTO every (id) VALUES (2);`);
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  async function run(text: string): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = [];
    await connection.run({ text }, { ...quiet, rows: (batch) => void rows.push(...decodeBatch(batch)) }, { signal });
    return rows;
  }

  async function ids(filters: DataFilter[]): Promise<(string | null | undefined)[]> {
    const text = await catalog.dataStatement('c', {
      object: { schema: 'public', name: 'every', kind: 'table' },
      filters,
      sorts: [],
      offset: 0,
      limit: 10,
    });
    return (await run(text)).map(([id]) => id);
  }

  it('filters every type by a value as the grid shows it', async () => {
    const { columns } = await catalog.detail('c', { schema: 'public', name: 'every', kind: 'table' }, signal);
    const [row = []] = await run('SELECT * FROM every WHERE id = 1');
    for (const [index, { name, type }] of columns.entries()) {
      const value = row[index] ?? '';
      expect([type, await ids([{ column: name, op: 'eq', value }])]).toEqual([type, ['1']]);
      expect([type, await ids([{ column: name, op: 'ne', value }])]).toEqual([type, ['2']]);
      expect([type, await ids([{ column: name, op: 'contains', value: value.slice(1, 3) }])]).toEqual([
        type,
        value.length > 1 ? ['1'] : ['1', '2'].slice(0, name === 'id' ? 2 : 1),
      ]);
      expect([type, await ids([{ column: name, op: 'isNull', value: '' }])]).toEqual([type, name === 'id' ? [] : ['2']]);
    }
  });

  it('can sort by every type', async () => {
    const { columns } = await catalog.detail('c', { schema: 'public', name: 'every', kind: 'table' }, signal);
    for (const { name } of columns) {
      const text = await catalog.dataStatement('c', {
        object: { schema: 'public', name: 'every', kind: 'table' },
        filters: [],
        sorts: [{ column: name, direction: 'asc' }],
        offset: 1,
        limit: 10,
      });
      expect((await run(text)).length).toBe(1);
    }
  });

  it('lets concurrent reads wait for their turn on the one session', async () => {
    const results = await Promise.all([
      catalog.schemas('c', signal),
      catalog.objects('c', { schema: 'public', kind: null, search: '', offset: 0, limit: 10 }, signal),
      catalog.schemas('c', signal),
    ]);
    expect(results[0]).toEqual(results[2]);
    expect(results[1].objects.map(({ name }) => name)).toEqual(['every', 'mood']);
  });

  it('reads a snapshot once for all who ask, until it is invalidated', async () => {
    reads = 0;
    const [first, second] = await Promise.all([catalog.snapshot('c', signal), catalog.snapshot('c', signal)]);
    expect(await catalog.snapshot('c', signal)).toBe(first);
    expect(second).toBe(first);
    expect(reads).toBe(1);
    await run('CREATE TABLE one_more (n int)');
    catalog.invalidate('c');
    expect((await catalog.snapshot('c', signal)).relations.some(({ name }) => name === 'one_more')).toBe(true);
    for (const listener of statusListeners) listener({ id: 'c', state: 'closed', server: null, error: null, sessions: 0 });
    await catalog.snapshot('c', signal);
    expect(reads).toBe(3);
  });

  it('lets one caller give up without spoiling the others’ read', async () => {
    catalog.invalidate('c');
    reads = 0;
    const impatient = new AbortController();
    const given = catalog.snapshot('c', impatient.signal);
    const kept = catalog.snapshot('c', signal);
    impatient.abort();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    expect((await kept).schemas).toContain('public');
    expect(await catalog.snapshot('c', signal)).toBe(await kept);
    expect(reads).toBe(1);
  });

  it('stops the read when everybody has given up, and reads anew for the next', async () => {
    catalog.invalidate('c');
    const impatient = new AbortController();
    const given = catalog.snapshot('c', impatient.signal);
    impatient.abort();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    expect((await catalog.snapshot('c', signal)).schemas).toContain('public');
  });

  it('passes on that an object is gone', async () => {
    await expect(
      catalog.dataStatement('c', {
        object: { schema: 'public', name: 'gone', kind: 'table' },
        filters: [],
        sorts: [],
        offset: 0,
        limit: 10,
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
