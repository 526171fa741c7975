import { beforeAll, describe, expect, it } from 'vitest';
import type { Connection, ReadOnlyLimits } from '../driver';
import { Collector, forever, rejection, run, type Suite, values } from './support';

const limits: ReadOnlyLimits = {
  statementTimeoutMs: 5000,
  lockTimeoutMs: 1000,
  maxRows: 1000,
  maxBytes: 10_000_000,
  maxCellBytes: 100_000,
};

/** The read-only lane’s limits, and EXPLAIN. */
export function readOnlyContract(suite: Suite): void {
  let connection: Connection;
  beforeAll(() => {
    connection = suite.connection;
  });

  describe('read-only lane', () => {
    const lane = suite.engine.driver.readOnly;
    if (lane === undefined) throw new Error('The suite expects a read-only lane.');

    async function read(text: string, changed: Partial<ReadOnlyLimits> = {}, signal = forever, session = connection) {
      const sink = new Collector();
      const outcome = await lane?.run(session, { text }, sink, { ...limits, ...changed }, signal);
      return { outcome, result: sink.results[0] };
    }

    it('reads all rows of a small result', async () => {
      const { outcome, result } = await read('SELECT g FROM generate_series(1, 1000) g');
      expect(outcome).toEqual({ rows: 1000, truncatedBy: null, cellsCut: 0 });
      expect(result?.rows.map(([n]) => n)).toEqual(Array.from({ length: 1000 }, (_, index) => String(index + 1)));
      expect(connection.transaction).toBe('idle');
    });

    it('passes parameters', async () => {
      const sink = new Collector();
      await lane.run(connection, { text: 'SELECT $1::int * 2', parameters: ['21'] }, sink, limits, forever);
      expect(sink.results[0]?.rows).toEqual([['42']]);
    });

    it('stops at the limit of rows', async () => {
      const { outcome, result } = await read('SELECT g FROM generate_series(1, 1001) g');
      expect(outcome).toEqual({ rows: 1000, truncatedBy: 'rows', cellsCut: 0 });
      expect(result?.rows.length).toBe(1000);
    });

    it('stops at the limit of bytes without reading everything', async () => {
      const { outcome, result } = await read("SELECT repeat('x', 1000), generate_series(1, 100000000)", {
        maxRows: 100_000_000,
        maxBytes: 100_000,
      });
      expect(outcome?.truncatedBy).toBe('bytes');
      expect(outcome?.rows).toBe(result?.rows.length);
      // A row is 7 + 4 + 1000 + 4 bytes and those of the number.
      expect(outcome?.rows).toBe(98);
    });

    it('cuts long cells at a character border', async () => {
      const { outcome, result } = await read("SELECT repeat('ä', 100), 'short', NULL", { maxCellBytes: 11 });
      expect(outcome).toEqual({ rows: 1, truncatedBy: null, cellsCut: 1 });
      expect(result?.rows).toEqual([['äääää', 'short', null]]);
    });

    it('refuses writes and several statements', async () => {
      expect((await rejection(read('CREATE TABLE lane_made (n int)'))).data.serverCode).toBe('25006');
      expect((await rejection(read('SELECT 1; CREATE TABLE lane_made (n int)'))).data.serverCode).toBe('42601');
      expect((await rejection(read('COMMIT; CREATE TABLE lane_made (n int)'))).data.serverCode).toBe('42601');
      expect(await values(connection, "SELECT to_regclass('lane_made')")).toEqual([null]);
      expect(connection.transaction).toBe('idle');
    });

    it('leaves no setting and no lock behind', async () => {
      const settings =
        "SELECT current_setting('statement_timeout'), current_setting('transaction_read_only'), current_setting('search_path')";
      const before = await values(connection, settings);
      await read("SELECT set_config('statement_timeout', '0', false), set_config('search_path', 'nowhere', false), pg_advisory_lock(42)");
      expect(await values(connection, settings)).toEqual(before);
      expect(await values(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).toEqual(['0']);
    });

    it('stops at its time-out, also when the statement lifts the server’s', async (context) => {
      suite.needs(context, 'cancelKeepsSession');
      for (const text of [
        'SELECT pg_sleep(60)',
        "SELECT set_config('statement_timeout', '0', false), g, pg_sleep(0.01) FROM generate_series(1, 1000000) g",
      ]) {
        const started = performance.now();
        expect((await rejection(read(text, { statementTimeoutMs: 300, maxRows: 1_000_000 }))).code).toBe('timeout');
        expect(performance.now() - started).toBeLessThan(2500);
        expect(connection.transaction).toBe('idle');
      }
    });

    it('does not wait for a server that is inside code which never looks for a cancel', async (context) => {
      suite.needs(context, 'cancelKeepsSession');
      await suite.withConnection(async (session) => {
        const digests = Array.from({ length: 40 }, (_, index) => `md5(r || '${index}')`).join(', ');
        const started = performance.now();
        const error = await rejection(read(`WITH t AS MATERIALIZED (SELECT repeat(repeat('x', 100000), 1000) AS r) SELECT ${digests} FROM t`, { statementTimeoutMs: 1500 }, forever, session));
        expect(performance.now() - started).toBeLessThan(8000);
        expect(error.code).toBe('timeout');
        expect(error.data.hint).toContain('pg_stat_activity');
        expect((await rejection(values(session, 'SELECT 1'))).code).toBe('timeout');
        // As the hint says: it ends with the function that it is in.
        const left = (): Promise<unknown> => values(connection, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'WITH t AS MATERIALIZED (SELECT repeat%'");
        await expect.poll(left, { timeout: 100_000, interval: 250 }).toEqual(['0']);
      });
    }, 120_000);

    it('rolls back when it is cancelled', async (context) => {
      suite.needs(context, 'cancelKeepsSession');
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      expect((await rejection(read('SELECT pg_sleep(60)', {}, abort.signal))).code).toBe('cancelled');
      expect(connection.transaction).toBe('idle');
      expect(await values(connection, 'SHOW transaction_read_only')).toEqual(['off']);
    });

    it('does not run inside a person’s transaction', async () => {
      await suite.withConnection(async (session) => {
        await run(session, 'BEGIN');
        expect((await rejection(read('SELECT 1', {}, forever, session))).code).toBe('busy');
        expect(session.transaction).toBe('open');
      });
    });
  });

  describe('explain', () => {
    it('tells cost and rows without running the statement', async () => {
      await run(connection, 'CREATE TABLE planned AS SELECT generate_series(1, 500) AS n; ANALYZE planned');
      const read = await suite.engine.driver.explain?.(connection, 'SELECT * FROM planned', forever);
      expect(read?.estimatedRows).toBe(500);
      expect(read?.totalCost).toBeGreaterThan(0);
      expect(read?.text).toMatch(/^Seq Scan on public\.planned/);
      const write = await suite.engine.driver.explain?.(connection, 'DELETE FROM planned', forever);
      expect(write?.estimatedRows).toBe(500);
      expect(await values(connection, 'SELECT count(*) FROM planned')).toEqual(['500']);
    });

    it('refuses options, a second statement, and marks the error in the text', async () => {
      if (suite.engine.driver.explain === undefined) throw new Error('The suite expects explain.');
      expect((await rejection(suite.engine.driver.explain(connection, 'ANALYZE DELETE FROM planned', forever))).data.serverCode).toBe(
        '42601',
      );
      expect((await rejection(suite.engine.driver.explain(connection, 'SELECT 1; DELETE FROM planned', forever))).data.serverCode).toBe(
        '42601',
      );
      const text = "SELECT '😀', nope FROM planned";
      expect((await rejection(suite.engine.driver.explain(connection, text, forever))).data.position).toBe(text.indexOf('nope'));
      expect(connection.transaction).toBe('idle');
    });
  });
}
