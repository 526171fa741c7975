import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { probes, tryLane, tryUnguarded } from '../../../e2e/bench/guard/escapes';
import { fuzz } from '../../../e2e/bench/guard/fuzz';
import { buildWorld, cellSink } from '../../../e2e/bench/guard/world';
import type { GuardWorld } from '../../../e2e/bench/guard/world';
import type { Connection } from '../../drivers/driver';
import { createGuardService } from '../create';
import type { GuardService } from '../service';
import { benignStatements } from './benign';
import { hostileStatements } from './hostile';

const guard = createGuardService();
const signal = new AbortController().signal;
let world: GuardWorld;
let connection: Connection;

beforeAll(async () => {
  world = await buildWorld();
  connection = await world.connect();
});

afterAll(async () => {
  await connection.close();
  await world.close();
});

it('has corpora of a size that means something', () => {
  expect(new Set(benignStatements).size).toBeGreaterThanOrEqual(300);
  expect(new Set(hostileStatements.map((hostile) => hostile.text)).size).toBeGreaterThanOrEqual(300);
});

describe('the read-only lane lets through', () => {
  const limits = { statementTimeoutMs: 20_000, lockTimeoutMs: 1000, maxRows: 10_000, maxBytes: 50_000_000, maxCellBytes: 1_000_000 };
  it.each(benignStatements.map((text) => [text]))('%s', async (text) => {
    await guard.runReadOnly(connection, { text }, cellSink(), limits, signal);
  });
});

describe('the read-only lane holds', () => {
  it.each(hostileStatements.map((hostile) => [hostile.text, hostile] as const))('%s', async (_text, hostile) => {
    const watched = await tryLane(world, guard, hostile);
    expect(watched.fired).toEqual([]);
    expect(watched.refused, watched.error ?? 'it ran').toBe(hostile.byServer !== true);
  });
});

describe('each probe fires with the guard off', () => {
  const triggers = probes.flatMap((probe) => probe.triggers.map((text) => [probe.watches, text] as const));
  it.each(triggers)('%s: %s', async (watches, text) => {
    // A signal takes its time to reach another process on a busy machine, so that one look may come too early.
    await vi.waitFor(async () => expect((await tryUnguarded(world, text)).fired).toContain(watches), { timeout: 20_000 });
  });
});

describe('without passwords', () => {
  it('the lane refuses what reads them, through views too, and nothing else', async () => {
    await world.admin.query('create view leaky as select rolname, rolpassword from pg_authid; create view leaky_twice as select * from leaky; create view leaky_shadow as select passwd from pg_shadow; create view staff as select rolname from pg_roles');
    const session = await world.connect();
    const held = ['table pg_authid', 'select rolname from pg_catalog."pg_authid"', 'select * from pg_shadow', 'select umoptions from pg_user_mappings', 'select subconninfo from pg_subscription', 'with x as (select a from pg_authid a) select x from x', 'select * from leaky', 'select (select count(*) from leaky_twice)', 'table leaky_shadow', 'explain analyze select * from pg_authid'];
    for (const text of held) expect(await guard.classify(text, { connection: session, signal, withoutPasswords: true }), text).toMatchObject({ readOnly: false, reason: expect.stringContaining('holds passwords') as string });
    for (const text of ['table pg_roles', 'select * from pg_user', 'table staff', 'select * from pg_stat_activity', 'select * from pg_stat_subscription']) expect(await guard.classify(text, { connection: session, signal, withoutPasswords: true }), text).toMatchObject({ readOnly: true });
    for (const text of held) expect(await guard.classify(text, { connection: session, signal }), text).toMatchObject({ readOnly: true });
    await session.close();
  });
});

describe('mutants of both corpora', () => {
  it('do not get through, and the harmless ones are not refused', async () => {
    const { hostile, benign, escaped } = await fuzz(world, guard, { count: 1500, seed: 4711 });
    expect(escaped).toEqual([]);
    expect(hostile.refused).toBeGreaterThan(0.9 * hostile.made);
    expect(benign.admitted).toBe(benign.made);
  }, 300_000);

  // Last, for what it lets through harms the database.
  it('are noticed where nothing holds them', async () => {
    const open: GuardService = {
      ...guard,
      classify: async (text, context) => ({ ...(await guard.classify(text, context)), readOnly: true }),
      runReadOnly: async (session, statement, sink, { statementTimeoutMs: timeoutMs }) => {
        await session.run(statement, sink, { signal, timeoutMs });
        return { rows: 0, truncatedBy: null, cellsCut: 0 };
      },
    };
    const { escaped } = await fuzz(world, open, { count: 40, seed: 4711 });
    expect(escaped.length).toBeGreaterThan(3);
  }, 300_000);
});
