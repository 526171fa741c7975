import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Original, RowChange } from '../../src-preload/contract/rowEditLog';
import type { Column } from '../../src-preload/contract/queries';
import type { Connection } from '../drivers/driver';
import { postgresqlDriver } from '../drivers/postgresql/driver';
import { createResultStore, type ResultWriter } from '../queries/results/resultStore';
import { captureRows } from './capture';
import { runText } from './rows';
import { createGuardService } from '../guard/create';
import { benchWith, signal, table, text, type Bench } from './testSupport';

const rowEditsBench = benchWith(createGuardService());

const schema = `
CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
CREATE DOMAIN mail AS varchar(20) CHECK (VALUE LIKE '%@%');
CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL UNIQUE, n numeric(20,6), t timestamptz, doc json, docb jsonb, tags text[], m mood, b bytea, f float8,
  u uuid, e mail, ok boolean, r int4range, p point, c char(4), boss bigint REFERENCES people DEFERRABLE, double numeric GENERATED ALWAYS AS (n * 2) STORED, secret text DEFAULT 'x');
CREATE TABLE "Ключ ""ü""" ("Größe" int, "b'" text, "wert 😀" text, PRIMARY KEY ("Größe", "b'"));
CREATE TABLE keyless (a int, b text);
CREATE TABLE almost (a int UNIQUE, b int NOT NULL, c text NOT NULL);
CREATE UNIQUE INDEX ON almost (b) WHERE b > 0;
CREATE UNIQUE INDEX ON almost (lower(c));
CREATE TABLE by_unique (a int NOT NULL, b int NOT NULL, v text, UNIQUE (a, b));
CREATE TABLE late (a int PRIMARY KEY DEFERRABLE, v text);
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE children (v text) INHERITS (parents);
CREATE TABLE events (at date, id int GENERATED ALWAYS AS IDENTITY, v text, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
CREATE TABLE events_24 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_25 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW named AS SELECT id, name FROM people;
CREATE TABLE ruled (id int PRIMARY KEY); CREATE RULE keep AS ON DELETE TO ruled DO INSTEAD NOTHING;
CREATE TABLE stubborn (id int PRIMARY KEY, v text);
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER never BEFORE UPDATE ON stubborn FOR EACH ROW EXECUTE FUNCTION never();
INSERT INTO stubborn VALUES (1, 'a');
`;

const silent = { notice: () => undefined, complete: () => undefined };

describe('row edits on a real server', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await rowEditsBench(schema);
  });
  afterAll(() => bench.close());

  const person = async (id: string): Promise<{ row: string; original: Original }> => {
    await bench.run(`DELETE FROM people WHERE id = ${id}; INSERT INTO people (id, name) VALUES (${id}, 'p${id}')`);
    return bench.read('people', `id = ${id}`);
  };

  describe('says beforehand what can be edited', () => {
    it('offers nothing where no key identifies a row, with the reason', async () => {
      for (const name of ['keyless', 'almost', 'late', 'parents']) {
        const target = await bench.target(name);
        expect([name, target.key, target.update === true, target.delete === true, target.insert]).toEqual([name, [], false, false, true]);
      }
      expect((await bench.target('keyless')).update).toMatch(/No key identifies a row/);
      expect((await bench.target('named', 'view')).insert).toMatch(/view/);
      expect((await bench.target('ruled')).delete).toMatch(/rules/);
    });

    it('takes a unique key over columns that are never NULL, and knows composite and partitioned keys', async () => {
      expect((await bench.target('by_unique')).key).toEqual(['a', 'b']);
      expect((await bench.target('events')).key).toEqual(['at', 'id']);
      expect((await bench.target('events_24', 'partition')).key).toEqual(['at', 'id']);
      expect((await bench.target('Ключ "ü"')).key).toEqual(['Größe', "b'"]);
    });

    it('tells columns that the server fills itself, labels, defaults and foreign keys', async () => {
      const target = await bench.target('people');
      const of = (name: string) => target.columns.find((column) => column.name === name);
      expect(of('double')?.update).toMatch(/computes/);
      expect(of('m')?.labels).toEqual(['sad', "it's ok"]);
      expect(of('e')).toMatchObject({ type: 'mail', baseType: 'character varying(20)' });
      expect(of('secret')?.default).toBe("'x'::text");
      expect(target.foreignKeys).toEqual([{ name: 'people_boss_fkey', columns: ['boss'], references: { schema: 'public', table: 'people', kind: 'table', columns: ['id'] } }]);
      expect(target.referencedBy).toHaveLength(1);
      expect((await bench.target('events')).columns[1]?.insert).toMatch(/ALWAYS/);
    });

    it('tells privileges, per column where they are', async () => {
      await bench.run(`CREATE ROLE clerk LOGIN PASSWORD 'clerk'; GRANT SELECT ON people TO clerk; GRANT UPDATE (name) ON people TO clerk;
        ALTER TABLE people ENABLE ROW LEVEL SECURITY; CREATE POLICY all_of_them ON people USING (true)`);
      const clerk = await postgresqlDriver.connect({ target: { ...bench.database.target, user: 'clerk' }, password: 'clerk' }, { signal, applicationName: 'ai-shell test' });
      try {
        const target = await postgresqlDriver.introspect?.editTarget(clerk, table('people'), signal);
        expect(target).toMatchObject({ update: true, insert: expect.stringMatching(/no INSERT privilege/), delete: expect.stringMatching(/no DELETE/), notes: [expect.stringMatching(/Row security/)] });
        expect(target?.columns.filter(({ update }) => update === true).map(({ name }) => name)).toEqual(['name']);
      } finally {
        await clerk.close();
        await bench.run('DROP POLICY all_of_them ON people; ALTER TABLE people DISABLE ROW LEVEL SECURITY; DROP OWNED BY clerk; DROP ROLE clerk');
      }
    });
  });

  it('writes every type back exactly as it was typed', async () => {
    const { row, original } = await person('9007199254740993');
    const values = {
      n: text('-12345678901234.000001'),
      t: text('2024-02-29 23:59:59.123456+05:45'),
      doc: text('{"big": 12345678901234567890.10, "big": 1}'),
      docb: text('{"big": 12345678901234567890.10}'),
      tags: text('{"a,b",NULL,"NULL","c\\"d\\\\"}'),
      m: text("it's ok"),
      b: text('\\x00ff'),
      f: text('0.1'),
      u: text('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
      e: text('a@b'),
      ok: text('t'),
      r: text('[1,5)'),
      p: text('(1,2)'),
      c: text('ab'),
      boss: text('9007199254740993'),
      secret: text(''),
    };
    const outcome = await bench.apply('people', [{ kind: 'update', row, original, values }]);
    expect(outcome).toMatchObject({ kind: 'applied' });
    const now = await bench.read('people', 'id = 9007199254740993');
    expect(now.original).toMatchObject({
      n: '-12345678901234.000001',
      t: '2024-02-29 18:14:59.123456+00',
      doc: '{"big": 12345678901234567890.10, "big": 1}',
      docb: '{"big": 12345678901234567890.10}',
      tags: '{"a,b",NULL,"NULL","c\\"d\\\\"}',
      b: '\\x00ff',
      boss: '9007199254740993',
      double: '-24691357802468.000002',
      secret: '',
      c: 'ab  ',
    });
    // What was read comes back as a condition that holds, for every type.
    expect(await bench.apply('people', [{ kind: 'delete', row: now.row, original: now.original }])).toMatchObject({ kind: 'applied', rows: [{ cells: null }] });
  });

  it('inserts with defaults, and returns what the server generated', async () => {
    const outcome = await bench.apply('events', [{ kind: 'insert', row: 'new:1', values: { at: text('2024-05-01'), v: { kind: 'call', call: 'now()' } } }]);
    expect(outcome).toMatchObject({ kind: 'applied', rows: [{ row: 'new:1', cells: { at: '2024-05-01' } }] });
    const read = await bench.read('events', "at = '2024-05-01'");
    // A row may move to another partition.
    expect(await bench.apply('events', [{ kind: 'update', ...read, values: { at: text('2025-05-01') } }])).toMatchObject({ kind: 'applied', rows: [{ cells: { at: '2025-05-01' } }] });
    expect(await bench.run('SELECT count(*) FROM events_25')).toEqual([['1']]);
  });

  it('finds rows by a composite key with any names', async () => {
    const name = 'Ключ "ü"';
    await bench.run(`INSERT INTO "Ключ ""ü""" VALUES (1, 'x''y\\z', 'alt'), (1, 'other', 'alt')`);
    const read = await bench.read(name, `"b'" LIKE 'x%'`);
    expect(await bench.apply(name, [{ kind: 'update', ...read, values: { 'wert 😀': text('neu') } }])).toMatchObject({ kind: 'applied' });
    expect(await bench.run(`SELECT "wert 😀" FROM "Ключ ""ü""" ORDER BY "b'"`)).toEqual([['alt'], ['neu']]);
  });

  describe('when somebody else was there first', () => {
    it('changes nothing at all, and shows every row that is not as it was read', async () => {
      const [one, two, three] = [await person('1'), await person('2'), await person('3')];
      await bench.run(`UPDATE people SET secret = 'theirs' WHERE id = 2; DELETE FROM people WHERE id = 3`);
      const outcome = await bench.apply('people', [
        { kind: 'update', ...one, values: { secret: text('mine') } },
        { kind: 'update', ...two, values: { n: text('5') } },
        { kind: 'delete', ...three },
      ]);
      expect(outcome).toEqual({ kind: 'conflict', conflicts: [{ row: '["2"]', theirs: expect.objectContaining({ secret: 'theirs', n: null }) }, { row: '["3"]', theirs: null }] });
      expect(await bench.run('SELECT secret FROM people WHERE id = 1')).toEqual([['x']]);
      expect(bench.history.at(-1)).toMatchObject({ status: 'failed', text: expect.stringContaining('UPDATE "public"."people"') });
      // After the person has seen it, theirs is what mine is checked against.
      const theirs = outcome.kind === 'conflict' ? outcome.conflicts[0]?.theirs : null;
      expect(await bench.apply('people', [{ kind: 'update', row: '["2"]', original: theirs ?? {}, values: { n: text('5') } }])).toMatchObject({ kind: 'applied', rows: [{ cells: { n: '5.000000', secret: 'theirs' } }] });
    });

    it('waits for a row that is being changed, and sees the change', async () => {
      const read = await person('4');
      const other = await openOther();
      await runText(other, "BEGIN; UPDATE people SET secret = 'theirs' WHERE id = 4", signal);
      const applying = bench.apply('people', [{ kind: 'update', ...read, values: { secret: text('mine') } }]);
      await untilBlocked();
      await runText(other, 'COMMIT', signal);
      expect(await applying).toMatchObject({ kind: 'conflict', conflicts: [{ theirs: { secret: 'theirs' } }] });
      await other.close();
    });

    it('gives up on a row that stays locked, and says who holds it', async () => {
      const read = await person('5');
      const other = await openOther();
      await runText(other, 'BEGIN; SELECT FROM people WHERE id = 5 FOR UPDATE', signal);
      const outcome = await bench.apply('people', [{ kind: 'update', ...read, values: { secret: text('mine') } }]);
      expect(outcome).toMatchObject({ kind: 'failed', row: '["5"]', error: { code: 'busy' }, holders: [expect.stringMatching(/^pid \d+: .*ai-shell test, idle in transaction since/)] });
      await runText(other, 'ROLLBACK', signal);
      await other.close();
    });

    it('stops waiting when the person cancels', async () => {
      const read = await person('6');
      const other = await openOther();
      await runText(other, 'BEGIN; SELECT FROM people WHERE id = 6 FOR UPDATE', signal);
      const abort = new AbortController();
      const applying = bench.apply('people', [{ kind: 'update', ...read, values: { secret: text('mine') } }], { signal: abort.signal });
      await untilBlocked();
      abort.abort();
      await expect(applying).rejects.toMatchObject({ code: 'cancelled' });
      await runText(other, 'ROLLBACK', signal);
      await other.close();
    });
  });

  describe('when the server refuses', () => {
    it('leads to the row and the cell', async () => {
      const [seven, eight] = [await person('7'), await person('8')];
      const refused = async (row: typeof seven, values: Record<string, ReturnType<typeof text> | { kind: 'null' }>) => bench.apply('people', [{ kind: 'update', ...eight, values: { secret: text('mine') } }, { kind: 'update', ...row, values }]);
      expect(await refused(seven, { name: text('p8') })).toMatchObject({ kind: 'failed', row: '["7"]', column: 'name', error: { serverCode: '23505', constraint: 'people_name_key' } });
      expect(await refused(seven, { boss: text('404') })).toMatchObject({ column: 'boss', error: { serverCode: '23503' } });
      expect(await refused(seven, { secret: text('s'), t: text('29 Feb 2023') })).toMatchObject({ column: 't', error: { serverCode: '22008' } });
      expect(await refused(seven, { secret: text('s'), e: text('no mail') })).toMatchObject({ row: '["7"]', error: { serverCode: '23514' } });
      expect(await refused(seven, { secret: text('s'), r: text('[5,1)') })).toMatchObject({ column: 'r', error: { serverCode: '22000' } });
      expect(await bench.run('SELECT secret FROM people WHERE id = 8')).toEqual([['x']]);
    });

    it('says so when a trigger keeps the row as it is', async () => {
      const read = await bench.read('stubborn', 'id = 1');
      expect(await bench.apply('stubborn', [{ kind: 'update', ...read, values: { v: text('b') } }])).toMatchObject({ kind: 'failed', row: '["1"]', error: { message: expect.stringContaining('a trigger') } });
    });

    it('exchanges values of a deferrable constraint, and reports a constraint that fails at COMMIT', async () => {
      await bench.run(`ALTER TABLE by_unique ADD CONSTRAINT v_once UNIQUE (v) DEFERRABLE; INSERT INTO by_unique VALUES (1, 1, 'a'), (2, 2, 'b')`);
      const [a, b] = [await bench.read('by_unique', 'a = 1'), await bench.read('by_unique', 'a = 2')];
      expect(await bench.apply('by_unique', [{ kind: 'update', ...a, values: { v: text('b') } }, { kind: 'update', ...b, values: { v: text('a') } }])).toMatchObject({ kind: 'applied' });
      await bench.run(`ALTER TABLE by_unique DROP CONSTRAINT v_once; ALTER TABLE by_unique ADD CONSTRAINT v_once UNIQUE (v) DEFERRABLE INITIALLY DEFERRED`);
      const again = await bench.read('by_unique', 'a = 1');
      expect(await bench.apply('by_unique', [{ kind: 'update', ...again, values: { v: text('a') } }])).toMatchObject({ kind: 'failed', error: { serverCode: '23505' } });
    });
  });

  it('sends nothing that is not what was shown, nor what has problems', async () => {
    const read = await person('10');
    const changes: RowChange[] = [{ kind: 'update', ...read, values: { secret: text('mine') } }];
    const on = { connectionId: 'c', object: table('people'), changes, confirmed: false };
    expect(await bench.service.apply({ ...on, hash: 'of something else' }, () => undefined, signal)).toMatchObject({ kind: 'replanned' });
    await expect(bench.apply('people', [{ kind: 'update', ...read, values: { id: text('x') } }])).rejects.toMatchObject({ code: 'bad_input' });
    expect(await bench.run('SELECT secret FROM people WHERE id = 10')).toEqual([['x']]);
  });

  it('takes rows whole out of a stored result, and checks a long value by its digest', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-row-edits-'));
    const results = createResultStore({ folder });
    try {
      await bench.run(`DELETE FROM people WHERE id = 30; INSERT INTO people (id, name, secret) VALUES (30, 'long', repeat('ü€😀', 200000))`);
      const stored: { resultId: string }[] = [];
      let writer: ResultWriter | null = null;
      await bench.session.run({ text: 'SELECT * FROM people WHERE id = 30' }, { ...silent, columns: (columns) => void stored.push((writer = results.create(columns))), rows: (batch) => writer?.append(batch) }, { signal });
      const [captured] = await captureRows(results, await bench.target('people'), { resultId: stored[0]?.resultId ?? '', viewId: null, rows: [0] }, signal);
      expect(captured).toMatchObject({ id: '["30"]', original: { name: 'long', n: null, secret: { bytes: 1_800_000 } } });
      const change: RowChange = { kind: 'update', row: '["30"]', original: captured?.original ?? {}, values: { n: text('1') } };
      expect(await bench.apply('people', [change])).toMatchObject({ kind: 'applied' });
      await bench.run(`UPDATE people SET n = NULL, secret = secret || '.' WHERE id = 30`);
      expect(await bench.apply('people', [change])).toMatchObject({ kind: 'conflict', conflicts: [{ theirs: { secret: { bytes: 1_800_001 } } }] });
    } finally {
      await results.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leads from a column of a result to its table and key', async () => {
    const columns: Column[] = [];
    await bench.session.run({ text: 'SELECT p.name AS who, q.a, 1 + 1 FROM people p, by_unique q' }, { ...silent, columns: (found) => void columns.push(...found), rows: () => undefined }, { signal });
    expect(columns.map(({ source }) => source?.attribute ?? null)).toEqual([2, 1, null]);
    expect(await bench.service.origin('c', columns[0]?.source?.relation ?? 0, signal)).toEqual({ object: table('people'), key: [{ name: 'id', attribute: 1 }], update: true });
    expect(await bench.service.origin('c', columns[1]?.source?.relation ?? 0, signal)).toMatchObject({ key: [{ name: 'a', attribute: 1 }, { name: 'b', attribute: 2 }] });
    await expect(bench.service.origin('c', 1, signal)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('looks up rows of the referenced table, and counts those that refer to one', async () => {
    await bench.run(`INSERT INTO people (id, name, boss) VALUES (20, 'Ärger 100%', NULL), (21, 'b_c', 20), (22, 'bxc', 20)`);
    const look = (search: string) => bench.service.lookup({ connectionId: 'c', object: table('people'), foreignKey: 'people_boss_fkey', search }, signal);
    expect(await look('ärger')).toMatchObject({ labelColumn: 'name', rows: [{ key: ['20'], label: 'Ärger 100%' }], more: false });
    expect((await look('b_c')).rows).toEqual([{ key: ['21'], label: 'b_c' }]);
    expect((await look('0%')).rows).toEqual([{ key: ['20'], label: 'Ärger 100%' }]);
    expect(await bench.service.references({ connectionId: 'c', object: table('people'), cells: { id: '20' } }, signal)).toEqual([{ foreignKey: 'people_boss_fkey', schema: 'public', table: 'people', rows: 2, error: null }]);
  });

  function openOther(): Promise<Connection> {
    return postgresqlDriver.connect({ target: bench.database.target, password: bench.database.password }, { signal, applicationName: 'ai-shell test' });
  }

  async function untilBlocked(): Promise<void> {
    for (;;) {
      const [row] = await bench.run(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'ai-shell test'`);
      if (row?.[0] !== '0') return;
    }
  }
});

describe('row edits under a policy', () => {
  it('wants a yes on production, bound to the text', async () => {
    const bench = await rowEditsBench(`CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')`, { environment: 'production' });
    try {
      const changes: RowChange[] = [{ kind: 'update', ...(await bench.read('t', 'id = 1')), values: { v: text('b') } }];
      const plan = await bench.service.plan({ connectionId: 'c', object: table('t'), changes }, signal);
      expect(plan.confirmations).toMatchObject([{ reason: 'production_write', statement: plan.statements[2]?.text }]);
      await expect(bench.apply('t', changes)).rejects.toMatchObject({ code: 'confirm_required' });
      expect(await bench.apply('t', changes, { confirmed: true })).toMatchObject({ kind: 'applied' });
    } finally {
      await bench.close();
    }
  });

  it('offers nothing on a read-only connection, and refuses it in main too', async () => {
    const bench = await rowEditsBench(`CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')`, { readOnly: true });
    try {
      expect((await bench.target('t')).update).toMatch(/read-only/);
      const changes: RowChange[] = [{ kind: 'delete', ...(await bench.read('t', 'id = 1')) }];
      await expect(bench.apply('t', changes, { confirmed: true })).rejects.toMatchObject({ code: 'refused' });
      expect(await bench.run('SELECT count(*) FROM t')).toEqual([['1']]);
    } finally {
      await bench.close();
    }
  });
});
