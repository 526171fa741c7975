import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ServerTarget } from '../../src-preload/contract/connections';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import type { Connection } from '../drivers/driver';
import { createGuardService } from '../guard/create';
import { createLane } from './lane';
import { findValues, type FoundValues, type Read, type ValuePlace } from './storedValues';

const never = new AbortController().signal;
let database: TestDatabase;
let connection: Connection;
const statements: string[] = [];
let read: Read;

beforeAll(async () => {
  database = await testDatabase();
  await database.query(`
    CREATE TABLE city (id int PRIMARY KEY, name varchar(80), code char(3), tags text[], body json);
    INSERT INTO city SELECT n, 'Ort ' || n || 'x', 'A' || n % 90, ARRAY['t' || n % 3], '{"k":1}' FROM generate_series(1, 3000) AS n;
    INSERT INTO city VALUES (9001, 'São Paulo'), (9002, 'ÉVORA'), (9003, 'Łódź'), (9004, 'New York City'), (9005, 'new-york'), (9006, '100%_off'), (9007, E'O''Hara "x" \\\\'), (9008, 'Größe'), (9009, NULL), (9010, 'Göteborg');
    CREATE VIEW city_view AS SELECT upper(name) AS name FROM city;
    CREATE TABLE orders (id int PRIMARY KEY, status text, note text) WITH (autovacuum_enabled = off);
    INSERT INTO orders SELECT n, CASE WHEN n % 3 = 0 THEN 'Shipped' WHEN n % 3 = 1 THEN 'In Progress' ELSE 'Cancelled' END, 'note ' || n FROM generate_series(1, 400000) AS n;
    ANALYZE;
    -- After ANALYZE, so that no statistics have it.
    UPDATE orders SET note = 'Rare Näme' WHERE id = 123456;
    CREATE TABLE never_analysed WITH (autovacuum_enabled = off) AS SELECT 'Value ' || n AS value FROM generate_series(1, 50) AS n;
  `);
  connection = await connect(database.target, database.password);
  read = reader(connection);
}, 120_000);

function connect(target: ServerTarget, password: string): Promise<Connection> {
  return postgresqlDriver.connect({ target, password }, { signal: never, applicationName: 'tests', connectTimeoutMs: 20_000 });
}

/** The real guard and lane over one session. */
function reader(session: Connection): Read {
  const lane = createLane({ connections: { session: async () => session } as never, guard: createGuardService(), results: null as never }, { id: 'c', target: { engine: 'postgresql' } } as never, 'k');
  return (statement) => {
    statements.push(statement.text);
    return lane.rows(statement, never);
  };
}

afterAll(async () => {
  await connection.close();
  await database.drop();
});

const place = (table: string, column: string, more: Partial<ValuePlace> = {}): ValuePlace => ({ schema: 'public', table, kind: 'table', rows: 3000, column, type: 'text', ...more });
const find = async (where: ValuePlace, text?: string): Promise<FoundValues> => {
  statements.length = 0;
  return findValues(where, text, 20, read);
};
const city = place('city', 'name', { type: 'character varying(80)' });
const orders = (column: string, more: Partial<ValuePlace> = {}): ValuePlace => place('orders', column, { rows: 400_000, ...more });

describe('the stored spelling, on a server without extensions', () => {
  it('has neither pg_trgm nor unaccent', async () => {
    expect(await database.query("SELECT extname FROM pg_extension WHERE extname IN ('pg_trgm', 'unaccent')")).toEqual([]);
  });

  it.each([
    ['sao paulo', 'São Paulo'],
    ['SÃO PAULO', 'São Paulo'],
    ['evora', 'ÉVORA'],
    ['Évora', 'ÉVORA'],
    ['100%_OFF', '100%_off'],
    ['goteborg', 'Göteborg'],
  ])('is found by %s', async (text, stored) => {
    // Found in the statistics or in the rows: which values ANALYZE keeps is up to the server.
    expect(await find(city, text)).toMatchObject({ match: 'equal', values: [stored], more: false });
  });

  it('is found by a part, wild cards and quotes taken as they are, the nearest first', async () => {
    expect(await find(city, 'NEW YORK')).toMatchObject({ match: 'contains', values: ['New York City'] });
    expect(await find(city, '%_')).toMatchObject({ match: 'contains', values: ['100%_off'] });
    expect(await find(city, `o'hara "x" \\`)).toMatchObject({ match: 'equal', values: ['O\'Hara "x" \\'] });
    expect(await find(city, 'ort 299')).toMatchObject({ match: 'contains', more: false, values: ['Ort 299x', ...Array.from({ length: 10 }, (_value, n) => `Ort 299${n}x`)] });
    expect(await find(city, 'ort')).toMatchObject({ match: 'contains', more: true });
  });

  it.each([
    ['Sao Paolo', 'São Paulo'],
    ['Newyork', 'new-york'],
    ['Goteburg', 'Göteborg'],
    ['evroa', 'ÉVORA'],
  ])('is found from %s by its likeness', async (text, stored) => {
    const { match, values } = await find(city, text);
    expect([match, values[0]]).toEqual(['alike', stored]);
  });

  it('is not made up: what is there is shown instead', async () => {
    expect(await find(city, 'zzzzqqqq')).toMatchObject({ match: 'none', seen: 'all rows', more: true });
  });

  it('is found in every type, in views, and where nothing was analysed', async () => {
    expect((await find(place('city', 'code', { type: 'character(3)' }), 'a17')).values).toEqual(['A17']);
    expect((await find(place('city', 'tags', { type: 'text[]' }), 't2')).values).toEqual(['{t2}']);
    expect((await find(place('city', 'body', { type: 'json' }), '"K"')).values).toEqual(['{"k":1}']);
    expect((await find(place('city_view', 'name', { kind: 'view', rows: null }), 'são')).values).toEqual(['SÃO PAULO']);
    expect((await find(place('never_analysed', 'value', { rows: null }), 'value 7')).values).toEqual(['Value 7']);
  });

  it('takes statistics first, and asks the table only when they have not got it', async () => {
    expect(await find(orders('status'), 'in progress')).toEqual({ match: 'equal', seen: 'statistics', values: ['In Progress'], more: false });
    expect(statements).toHaveLength(1);
    expect(await find(orders('status'))).toMatchObject({ match: 'any', seen: 'statistics', values: expect.arrayContaining(['Shipped', 'Cancelled']) as string[] });
    expect(statements).toHaveLength(1);
  });

  it('samples a large table, and says so', async () => {
    const { seen, values } = await find(orders('note'), 'note 12');
    expect([seen, values.length]).toEqual(['sample', 20]);
    expect(statements.at(-1)).toContain('TABLESAMPLE SYSTEM (12.5');
    expect(await find(orders('status'), 'canceled')).toMatchObject({ match: 'alike', seen: 'sample', values: ['Cancelled'] });
  });

  it('finds a rare value of a large table by an index in its usual spellings', async () => {
    // Whether a sample has the row's page is chance.
    expect((await find(orders('note'), 'rare näme')).seen).not.toBe('index');
    await database.query('CREATE INDEX orders_note ON orders (note)');
    expect(await find(orders('note'), 'RARE NÄME')).toEqual({ match: 'equal', seen: 'index', values: ['Rare Näme'], more: false });
    expect(await find(orders('id', { type: 'integer' }), '123456')).toMatchObject({ match: expect.stringMatching(/equal|alike|contains/) as string });
  });

  it('shows nothing that this user may not read, from the statistics neither', async () => {
    const role = `value_reader_${process.pid}`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'; CREATE TABLE hidden AS SELECT 1 AS id, 'Secret' AS word FROM generate_series(1, 9); ANALYZE hidden; GRANT SELECT (id) ON hidden TO ${role}`);
    const other = await connect({ ...database.target, user: role }, 'reader');
    try {
      await expect(findValues(place('hidden', 'word'), 'secret', 20, reader(other))).rejects.toMatchObject({ code: 'server_error', data: { serverCode: '42501' } });
      expect(await find(place('hidden', 'word'), 'secret')).toMatchObject({ match: 'equal', seen: 'statistics', values: ['Secret'] });
    } finally {
      await other.close();
      await database.query(`DROP TABLE hidden; DROP ROLE ${role}`);
    }
  });
});

describe('the stored spelling, on a server with pg_trgm', () => {
  it('uses an index of trigrams', async () => {
    await database.query('CREATE EXTENSION pg_trgm; DROP INDEX IF EXISTS orders_note; CREATE INDEX orders_note_trgm ON orders USING gin (note gin_trgm_ops)');
    expect(await find(orders('note'), 'are näm')).toEqual({ match: 'contains', seen: 'index', values: ['Rare Näme'], more: false });
    expect(await find(orders('note'), 'rare NÄME')).toMatchObject({ match: 'equal', seen: 'index', values: ['Rare Näme'] });
  });
});
