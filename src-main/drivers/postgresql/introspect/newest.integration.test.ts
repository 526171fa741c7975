import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectPage } from '../../../../src-preload/contract/catalog';
import type { Connection } from '../../driver';
import { createPgliteDriver } from '../../pglite/driver';
import { silentSink } from '../session';
import { postgresqlIntrospector as introspector } from './introspector';
import { inWorkingOrder, ownedSequences, shop } from './sample';

const signal = new AbortController().signal;

/** What only the newest version has. */
const newest = [
  `CREATE TABLE shop.novel (a int CONSTRAINT "a is there" NOT NULL, b int, c int GENERATED ALWAYS AS (a * 2) VIRTUAL, d int NOT NULL NO INHERIT, e text,
    CONSTRAINT wished CHECK (b > 0) NOT ENFORCED, UNIQUE NULLS NOT DISTINCT (b))`,
  'ALTER TABLE shop.novel ADD CONSTRAINT "b later" NOT NULL b NOT VALID',
  'ALTER TABLE shop.novel ALTER COLUMN e SET COMPRESSION pglz',
];

describe('the catalog of the newest PostgreSQL, the embedded one', () => {
  const driver = createPgliteDriver({ program: 'the catalog’s test' });
  const folders: string[] = [];
  const connections: Connection[] = [];
  let original: Connection;

  beforeAll(async () => {
    original = await freshDatabase();
    for (const text of [...shop, ...newest]) await execute(original, text);
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await driver.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  async function freshDatabase(): Promise<Connection> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'ai-shell-catalog-'));
    folders.push(folder);
    const connection = await driver.connect({ target: { engine: 'pglite', folder } }, { signal, applicationName: 'ai-shell catalog' });
    connections.push(connection);
    return connection;
  }

  function execute(connection: Connection, text: string): Promise<void> {
    return connection.run({ text }, silentSink, { signal });
  }

  async function objects(connection: Connection): Promise<ObjectPage['objects']> {
    const page = await introspector.objects(connection, { schema: 'shop', kind: null, search: '', offset: 0, limit: 1000 }, signal);
    return page.objects.filter(({ kind, name }) => !(kind === 'sequence' && ownedSequences.includes(name)));
  }

  async function definitions(connection: Connection): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const object of await objects(connection)) {
      const { ddl } = await introspector.detail(connection, object, signal);
      found[`${object.kind} ${object.name} ${object.comment ?? ''}`] = ddl;
    }
    return found;
  }

  it('is read as that of any other version', async () => {
    expect(original.server.versionNumber).toBeGreaterThanOrEqual(180_000);
    const schemas = await introspector.schemas(original, signal);
    expect(schemas.find(({ name }) => name === 'shop')?.counts).toMatchObject({ table: 11, partition: 3, view: 2 });
    const snapshot = await introspector.snapshot(original, signal);
    expect(snapshot.relations.find(({ name }) => name === 'novel')?.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('shows what is new', async () => {
    const novel = await introspector.detail(original, { schema: 'shop', name: 'novel', kind: 'table' }, signal);
    expect(novel.columns[2]).toMatchObject({ name: 'c', generated: '(a * 2)', default: null });
    expect(novel.constraints.map(({ name, kind }) => [name, kind])).toContainEqual(['a is there', 'not null']);
    expect(novel.ddl).toBe(`CREATE TABLE shop.novel (
  a integer CONSTRAINT "a is there" NOT NULL,
  b integer,
  c integer GENERATED ALWAYS AS ((a * 2)) VIRTUAL,
  d integer NOT NULL NO INHERIT,
  e text,
  CONSTRAINT novel_b_key UNIQUE NULLS NOT DISTINCT (b)
);

ALTER TABLE ONLY shop.novel ALTER COLUMN e SET COMPRESSION pglz;

ALTER TABLE shop.novel ADD CONSTRAINT wished CHECK ((b > 0)) NOT ENFORCED;

ALTER TABLE shop.novel ADD CONSTRAINT "b later" NOT NULL b NOT VALID;`);
  });

  it('writes DDL that makes the same objects in an empty database', async () => {
    const expected = await definitions(original);
    const copy = await freshDatabase();
    await execute(copy, 'CREATE SCHEMA shop');
    await inWorkingOrder((text) => execute(copy, text), Object.values(expected));
    expect(await definitions(copy)).toEqual(expected);
  });
});
