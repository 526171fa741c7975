import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { realNeighbours } from '../../e2e/assistant/realServer';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import { createSecretsService } from '../secrets/secrets';
import type { AssistantDependencies } from './assistant';
import { dryRun } from './dryRun';

const signal = new AbortController().signal;
const noKeychain = { probe: () => Promise.resolve({ available: false, reason: 'none' }), get: () => Promise.resolve(null), set: () => Promise.resolve(), delete: () => Promise.resolve() };
let database: TestDatabase;
let folder: string;
let real: ReturnType<typeof realNeighbours>;
let neighbours: Partial<AssistantDependencies>;
let profile: ConnectionProfile;

beforeAll(async () => {
  database = await testDatabase();
  await database.query(`
    create schema shop; create type shop.mood as enum ('good', 'it''s bad');
    create table shop.things (id bigint generated always as identity primary key, "Name" text, big numeric(30,10), at timestamptz, tags text[], data jsonb, raw bytea, plain json, mood shop.mood, twice int generated always as (length(coalesce("Name", '')) * 2) stored, f float8, span interval);
    create table shop.parents (id int primary key, note text); create table shop.children (id int primary key, parent_id int references shop.parents on delete cascade);
    create table shop.keyless (a int, b text); create table shop.nodes (id int primary key, parent_id int references shop.nodes); create table shop.lone (id int primary key, note text);
    create table shop.watched (id int primary key, a int); create function shop.tell() returns trigger language plpgsql as 'begin perform pg_notify(''x'', ''y''); return new; end'; create trigger tells before update on shop.watched for each row execute function shop.tell();
    create function shop.side() returns int language plpgsql as 'begin perform pg_notify(''x'', ''y''); return 1; end';
    create table shop.defaulted (id int primary key, a int default shop.side());`);
  folder = mkdtempSync(path.join(os.tmpdir(), 'dry-run-'));
  const secrets = createSecretsService({ folder, keychain: noKeychain });
  await secrets.choose('memory');
  real = realNeighbours(database);
  neighbours = await real.neighbours(folder, secrets);
  const [found] = (await neighbours.connections?.list()) ?? [];
  profile = await (neighbours.connections?.resolve('c1') ?? Promise.reject(new Error(found?.name)));
});
afterAll(async () => {
  await real.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() =>
  database.query(`
    truncate shop.things restart identity; truncate shop.parents cascade; truncate shop.keyless, shop.watched;
    insert into shop.things ("Name", big, at, tags, data, raw, plain, mood, f, span) values
      ('plain', 12345678901234567890.0123456789, '2024-02-29 23:59:59.123456+05:30', '{a,NULL,"b c","\\\\"}', '{"a": [1, null, "x''y"]}', '\\x00ff27', '{"a":1, "a":2}', 'good', 0.1, '1 year 2 days 03:04:05.6'),
      (E'quote '' back \\ line\nend', null, 'infinity', '{}', 'null', '', null, 'it''s bad', 'NaN', null),
      (null, 'NaN', null, null, null, null, null, null, null, null), ('', 0, '0044-03-15 12:00:00 BC', '{{1,2},{3,4}}', '"x"', '\\x', '1', 'good', '-infinity', '-1 day');
    insert into shop.parents values (1, 'p'); insert into shop.children values (1, 1), (2, 1); insert into shop.keyless values (1, 'x'); insert into shop.watched values (1, 1)`),
);

const tried = (text: string) => {
  const { connections, catalog, guard } = neighbours;
  if (!connections || !catalog || !guard) throw new Error('no neighbours');
  return dryRun(text, { connections, catalog, guard }, profile, signal);
};
const dump = async (table: string): Promise<unknown> => (await database.query(`select t::text as row from ${table} t order by 1`)).map(({ row }) => row);

describe('a change and its undo give every value back', () => {
  it.each([
    ['update all columns', `update shop.things set "Name" = coalesce("Name", 'was null') || 'x', big = 1, at = now(), tags = '{z}', data = '{}', raw = '\\x01', plain = '2', mood = 'good', f = 2, span = '1 day'`],
    ['update to NULL', 'update shop.things set big = null, at = null, tags = null, data = null, raw = null, mood = null, f = null where id <> 3'],
    ['delete', 'delete from shop.things where id in (1, 2, 4); -- the end'],
    ['delete all, with a comment behind', 'delete from shop.things -- all of them'],
    ['update from another table', `update shop.things t set "Name" = p.note from shop.parents p where p.id = t.id`],
  ])('%s', async (_name, text) => {
    const before = await dump('shop.things');
    const { undo, tables, locks } = await tried(text);
    expect(await dump('shop.things')).toEqual(before);
    expect(tables).toHaveLength(1);
    expect(locks.map(({ mode }) => mode)).toContain('RowExclusiveLock');
    if (undo.kind !== 'sql') throw new Error(undo.why);
    await database.query(text);
    expect(await dump('shop.things')).not.toEqual(before);
    await database.query(undo.text);
    expect(await dump('shop.things')).toEqual(before);
  });

  it('an insert, where its keys are its own', async () => {
    const before = await dump('shop.lone');
    const text = "insert into shop.lone select n, 'new' from generate_series(5, 7) n";
    const { undo, tables } = await tried(text);
    expect(tables).toEqual([{ schema: 'shop', name: 'lone', inserted: 3, updated: 0, deleted: 0 }]);
    if (undo.kind !== 'sql') throw new Error(undo.why);
    await database.query(text);
    await database.query(undo.text);
    expect(await dump('shop.lone')).toEqual(before);
  });

  it('rows that refer to one another', async () => {
    await database.query('truncate shop.nodes; insert into shop.nodes values (2, 1), (1, 3), (3, null)');
    const before = await dump('shop.nodes');
    const { undo } = await tried('delete from shop.nodes');
    if (undo.kind !== 'sql') throw new Error(undo.why);
    await database.query('delete from shop.nodes');
    await database.query(undo.text);
    expect(await dump('shop.nodes')).toEqual(before);
  });
});

it('leaves alone what somebody else has changed since', async () => {
  const { undo } = await tried(`update shop.things set big = 7 where id = 1`);
  if (undo.kind !== 'sql') throw new Error(undo.why);
  await database.query('update shop.things set big = 7 where id = 1');
  await database.query('update shop.things set big = 8 where id = 1');
  await database.query(undo.text);
  expect((await database.query('select big::text from shop.things where id = 1'))[0]).toEqual({ big: '8.0000000000' });
});

it('counts what a cascade takes along, and says that there is no undo', async () => {
  const { tables, undo } = await tried('delete from shop.parents where id = 1');
  expect(tables.map(({ name, deleted }) => [name, deleted])).toEqual([['children', 2], ['parents', 1]]);
  expect(undo).toMatchObject({ kind: 'none' });
  expect(await dump('shop.children')).toHaveLength(2);
});

it.each([
  ['update shop.keyless set a = 2', 'No key'],
  [`insert into shop.things ("Name") values ('new')`, 'gives the new rows their keys'],
  ['update shop.parents set id = 9, note = $$x$$ where id = 77', 'It changes the key'],
  ['insert into shop.parents values (1) on conflict (id) do update set note = excluded.note', 'ON CONFLICT'],
  ['update shop.things set big = 1 returning id', 'RETURNING'],
  ['insert into shop.parents values (50)', 'refer to the new ones'],
])('%s: tried, but without an undo', async (text, why) => {
  const { undo } = await tried(text);
  expect(undo.kind === 'none' ? undo.why : undo.text).toContain(why);
});

it.each([
  ['update shop.watched set a = 2', 'trigger tells'],
  ['update shop.things set big = shop.side()', 'side'],
  ['delete from shop.things where shop.side() = 1', 'side'],
  ['insert into shop.things (big) select shop.side()', 'side'],
  ['update shop.things set big = 1 returning shop.side()', 'side'],
  ['insert into shop.defaulted (id) values (1)', 'functions of the database'],
  ["update shop.things set \"Name\" = pg_read_file('/etc/passwd')", 'pg_read_file'],
  ['insert into shop.things (big) select nextval($$shop.things_id_seq$$)', 'nextval'],
  ['with gone as (delete from shop.parents returning id) update shop.things set big = 1', 'WITH'],
  ['drop table shop.things', 'no INSERT'],
  ['vacuum shop.things', 'no INSERT'],
  ["copy shop.things to '/tmp/x'", 'no INSERT'],
])('%s: is not tried, with the reason', async (text, why) => {
  await expect(tried(text)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining(why) as string });
});

it('waits two seconds for a lock and says who holds it', async () => {
  const other = new Client({ connectionString: `postgres://${database.target.user}:${database.password}@${database.target.host}:${database.target.port}/${database.target.database}`, application_name: 'the holder' });
  await other.connect();
  try {
    await other.query('begin; lock table shop.things in access exclusive mode');
    await expect(tried('update shop.things set big = 1')).rejects.toMatchObject({ message: expect.stringContaining('the holder') as string });
  } finally {
    await other.end();
  }
});
