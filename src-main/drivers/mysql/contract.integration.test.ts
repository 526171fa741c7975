import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenMysql, mysqlDatabase, startMariadb, type MysqlDatabase, type MysqlServer } from '../../../e2e/servers/mariadb';
import { cancelContract } from '../contract/cancel';
import { connectingContract } from '../contract/connecting';
import { copyInContract } from '../contract/copyIn';
import { Collector, forever, rejection, run, Suite, values } from '../contract/support';
import type { ReadOnlyLane, ReadOnlyLimits } from '../driver';
import { mysqlEngine } from '../engines';

/** MariaDB is started here; MySQL runs where MYSQL_URL names a server. */
const servers: readonly { name: string; start: () => Promise<MysqlServer>; absent: string | null }[] = [
  { name: 'MariaDB', start: () => startMariadb(), absent: null },
  { name: 'MySQL 8', start: () => Promise.resolve(givenMysql() as MysqlServer), absent: givenMysql() ? null : 'MYSQL_URL names no server: not run' },
];

const limits: ReadOnlyLimits = { statementTimeoutMs: 5000, lockTimeoutMs: 1000, maxRows: 1000, maxBytes: 10_000_000, maxCellBytes: 100_000 };

describe.each(servers)('driver contract: $name', ({ start, absent }) => {
  if (absent !== null) {
    it('runs on a server', (context) => context.skip(absent));
    return;
  }
  const suite = new Suite(mysqlEngine);
  let server: MysqlServer;
  let database: MysqlDatabase;
  beforeAll(async () => {
    server = await start();
    database = await mysqlDatabase(server);
    await suite.start(() =>
      Promise.resolve({
        target: { target: database.target, password: database.password },
        observe: (text) => database.query(text),
        stop: () => database.drop(),
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await suite.stop();
    await server.stop();
  }, 60_000);

  connectingContract(suite);
  cancelContract(suite);
  copyInContract(suite);

  describe('values', () => {
    it('are exact', async () => {
      await run(suite.connection, `CREATE TABLE exact (a BIGINT UNSIGNED, b DECIMAL(65,30), c BIT(10), d DATETIME(6), e ENUM('x','ÿ'), f SET('p','q'), g JSON, h GEOMETRY,
        i VARBINARY(5), j DATE, k TIME(3), l YEAR, m TIMESTAMP(2) NULL, n TEXT, o DOUBLE, p BLOB) CHARACTER SET utf8mb4`);
      await run(suite.connection, `SET SESSION sql_mode = ''`);
      await run(suite.connection, `INSERT INTO exact VALUES (18446744073709551615, 12345678901234567890123456789012345.123456789012345678901234567891, b'101', '0000-00-00 00:00:00.000000', 'ÿ', 'p,q',
        '{"a": 9007199254740993}', ST_GeomFromText('POINT(1 2)', 4326), x'00ff', '0000-00-00', '-838:59:58.5', 1901, '2026-11-26 10:11:12.34', 'ä🎉', 0.1, x'')`);
      const { columns, rows } = (await run(suite.connection, 'SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p FROM exact')).results[0] ?? { columns: [], rows: [] };
      expect(rows[0]).toEqual([
        '18446744073709551615', '12345678901234567890123456789012345.123456789012345678901234567891', '0000000101', '0000-00-00 00:00:00.000000', 'ÿ', 'p,q',
        '{"a": 9007199254740993}', '\\xe61000000101000000000000000000f03f0000000000000040', '\\x00ff', '0000-00-00', '-838:59:58.500', '1901', '2026-11-26 10:11:12.34', 'ä🎉', '0.1', '\\x',
      ]);
      expect(columns.slice(0, 6).map(({ type, family }) => `${type}: ${family}`)).toEqual([
        'bigint unsigned: number', 'decimal(65,30): number', 'bit(10): other', 'datetime(6): datetime', 'enum: text', 'set: text',
      ]);
    });

    it('tell NULL from an empty text', async () => {
      expect(await values(suite.connection, "SELECT NULL, '', 0")).toEqual([null, '', '0']);
    });

    it("may be large: a cell of 15 MB, the most that the server's max_allowed_packet lets through", async () => {
      await suite.withConnection(async (session) => {
        const [text] = await values(session, "SELECT CONCAT(REPEAT('x', 12000000), REPEAT('y', 3000000))");
        expect(text?.length).toBe(15_000_000);
      });
    });
  });

  describe('statements', () => {
    it('tell rows affected, warnings and the state of the transaction', async () => {
      await suite.withConnection(async (session) => {
        await run(session, 'CREATE TABLE changed (n INT)');
        await run(session, 'BEGIN');
        expect(session.transaction).toBe('open');
        const sink = await run(session, "INSERT INTO changed SELECT CAST('1x' AS SIGNED) UNION ALL SELECT 2");
        expect(sink.results).toMatchObject([{ command: 'INSERT', rowsAffected: 2 }]);
        expect(sink.notices[0]).toMatchObject({ serverCode: '1292', severity: 'WARNING' });
        await run(session, 'SELECT * FROM changed');
        expect(session.transaction).toBe('open');
        await run(session, 'ROLLBACK');
        expect(session.transaction).toBe('idle');
        expect(await values(session, 'SELECT COUNT(*) FROM changed')).toEqual(['0']);
      });
    });

    it('are refused in the server’s words, with the place', async () => {
      const text = "SELECT 'ä🎉',\n  1 FORM t";
      expect((await rejection(run(suite.connection, text))).data).toMatchObject({ code: 'server_error', serverCode: '1064', position: text.indexOf('t', text.indexOf('FORM')) });
    });

    it('go one at a time, several in one text are refused', async () => {
      expect((await rejection(run(suite.connection, 'SELECT 1; CREATE TABLE smuggled (n INT)'))).data.serverCode).toBe('1064');
      const running = run(suite.connection, 'SELECT SLEEP(0.2)');
      expect((await rejection(run(suite.connection, 'SELECT 1'))).code).toBe('busy');
      await running;
    });

    it('with several results give all of them', async () => {
      await run(suite.connection, 'CREATE PROCEDURE several() BEGIN SELECT 1; SELECT 2, 3; END');
      const { results } = await run(suite.connection, 'CALL several()');
      expect(results.map(({ rows }) => rows)).toEqual([[['1']], [['2', '3']], []]);
    });

    it('are read no faster than the sink takes them', async () => {
      let open = 0;
      let most = 0;
      let seen = 0;
      const sink = new Collector();
      sink.rows = async (batch) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setTimeout(resolve, 2));
        seen += batch.count;
        open -= 1;
      };
      await suite.connection.run({ text: mysqlEngine.sql.rows(50_000) }, sink, { signal: forever });
      expect({ most, seen }).toEqual({ most: 1, seen: 50_000 });
    });

    it('end with the error of the sink', async () => {
      const sink = new Collector();
      sink.rows = () => Promise.reject(new Error('the disk is full'));
      await expect(suite.connection.run({ text: mysqlEngine.sql.rows(5_000_000) }, sink, { signal: forever })).rejects.toThrow('the disk is full');
      expect(await values(suite.connection, 'SELECT 1')).toEqual(['1']);
    });
  });

  describe('read-only lane', () => {
    const lane = mysqlEngine.driver.readOnly as ReadOnlyLane;
    const read = async (text: string, changed: Partial<ReadOnlyLimits> = {}) => {
      const sink = new Collector();
      const outcome = await lane.run(suite.connection, { text }, sink, { ...limits, ...changed }, forever);
      return { outcome, result: sink.results[0] };
    };

    it('cuts at rows, bytes and cells', async () => {
      expect((await read(mysqlEngine.sql.rows(1000))).outcome).toEqual({ rows: 1000, truncatedBy: null, cellsCut: 0 });
      expect((await read(mysqlEngine.sql.rows(1001))).outcome).toEqual({ rows: 1000, truncatedBy: 'rows', cellsCut: 0 });
      const bytes = await read(mysqlEngine.sql.rows(20_000_000).replace('SELECT a.n', "SELECT REPEAT('x', 1000)"), { maxRows: 20_000_000, maxBytes: 100_000 });
      expect(bytes.outcome.truncatedBy).toBe('bytes');
      expect(bytes.outcome.rows).toBe(bytes.result?.rows.length);
      expect((await read("SELECT REPEAT('ä', 100), 'short', NULL", { maxCellBytes: 11 })).result?.rows).toEqual([['äääää', 'short', null]]);
    });

    it('refuses writes and DDL on the server, and leaves nothing behind', async () => {
      await run(suite.connection, 'CREATE TABLE IF NOT EXISTS kept (n INT)');
      const settings = 'SELECT @@session.sql_select_limit, @@session.lock_wait_timeout, @@session.innodb_lock_wait_timeout';
      const before = await values(suite.connection, settings);
      for (const text of ['INSERT INTO kept VALUES (1)', 'CREATE TABLE lane_made (n INT)', 'DROP TABLE kept', 'TRUNCATE kept', 'ALTER TABLE kept ADD COLUMN m INT']) {
        expect((await rejection(read(text))).data.serverCode, text).toBe('1792');
      }
      expect(await values(suite.connection, settings)).toEqual(before);
      expect(suite.connection.transaction).toBe('idle');
      await run(suite.connection, 'INSERT INTO kept VALUES (1)');
    });

    it('stops at its time-out', async () => {
      expect((await rejection(read('SELECT SLEEP(60)', { statementTimeoutMs: 300 }))).code).toBe('timeout');
      expect(suite.connection.transaction).toBe('idle');
    });

    it('does not run inside a transaction', async () => {
      await run(suite.connection, 'BEGIN');
      expect((await rejection(read('SELECT 1'))).code).toBe('busy');
      await run(suite.connection, 'ROLLBACK');
    });
  });
});
