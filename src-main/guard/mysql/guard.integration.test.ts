import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlDatabase, startMariadb, type MysqlDatabase, type MysqlServer } from '../../../e2e/servers/mariadb';
import { Collector } from '../../drivers/contract/support';
import type { Connection, ReadOnlyLimits } from '../../drivers/driver';
import { mysqlDriver } from '../../drivers/mysql/driver';
import { quoteName } from '../../drivers/mysql/sqlText';
import { toAppError } from '../../errors';
import { createGuardService } from '../create';

const corpus = (name: string): string[] => JSON.parse(readFileSync(new URL(`./corpus/${name}.json`, import.meta.url), 'utf8')) as string[];
const limits: ReadOnlyLimits = { statementTimeoutMs: 20_000, lockTimeoutMs: 1000, maxRows: 1000, maxBytes: 10_000_000, maxCellBytes: 100_000 };
const forever = new AbortController().signal;
const guard = createGuardService().of('mysql');

let server: MysqlServer;
let database: MysqlDatabase;
let connection: Connection;

beforeAll(async () => {
  server = await startMariadb();
  database = await mysqlDatabase(server);
  await database.query(`CREATE DATABASE probe CHARACTER SET utf8mb4; USE probe;
    CREATE TABLE t (n INT PRIMARY KEY, m VARCHAR(20)); INSERT INTO t VALUES (1, 'a'), (2, 'b'); CREATE TABLE t2 (n INT); CREATE VIEW v AS SELECT n FROM t; CREATE SEQUENCE seq;
    CREATE FUNCTION writes() RETURNS INT DETERMINISTIC BEGIN INSERT INTO t VALUES (100, 'written'); RETURN 1; END; CREATE PROCEDURE writer() INSERT INTO t VALUES (101, 'written');`);
  const { target } = database;
  if (target.engine !== 'mysql') throw new Error('no MySQL target');
  connection = await mysqlDriver.connect({ target: { ...target, database: 'probe' }, password: database.password }, { signal: forever, applicationName: 'ai-shell guard test' });
}, 120_000);
afterAll(async () => {
  await connection.close();
  await server.stop();
}, 60_000);

/** What must be the same before and after: data, objects, sequence, variables, held locks. */
async function state(): Promise<string> {
  const rows = await database.query(`SELECT (SELECT GROUP_CONCAT(n, m) FROM probe.t) AS d, (SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'probe') AS o,
    (SELECT next_not_cached_value FROM probe.seq) AS s, (SELECT COUNT(*) FROM mysql.global_priv) AS u, IS_FREE_LOCK('x') AS l, @@global.general_log AS g`);
  return JSON.stringify(rows);
}

describe('the guard of MySQL and MariaDB', () => {
  const hostile = corpus('hostile');
  const benign = corpus('benign');

  it('has corpora large enough', () => {
    expect(Math.min(hostile.length, benign.length)).toBeGreaterThanOrEqual(150);
  });

  it('admits none of the hostile statements, and the server is as it was', async () => {
    const before = await state();
    const admitted: string[] = [];
    for (const text of hostile) {
      const error = await guard.runReadOnly(connection, { text }, new Collector(), limits, forever).then(() => null, toAppError);
      if (error?.code !== 'refused') admitted.push(text);
    }
    expect(admitted).toEqual([]);
    expect(await state()).toBe(before);
  }, 120_000);

  it('lets the benign ones through, and they run', async () => {
    const refused: string[] = [];
    for (const text of benign) {
      const error = await guard.runReadOnly(connection, { text }, new Collector(), limits, forever).then(() => null, toAppError);
      if (error) refused.push(`${text}: ${error.message}`);
    }
    expect(refused).toEqual([]);
  }, 120_000);

  it('would not be missed by the probes: without it they fire', async () => {
    const before = await state();
    const run = async (text: string): Promise<void> => connection.run({ text }, new Collector(), { signal: forever });
    await run('SELECT writes()');
    const written = await state();
    await run('SELECT NEXTVAL(seq)');
    const moved = await state();
    await run("SELECT GET_LOCK('x', 1)");
    const locked = await state();
    await run('/*!50000 DROP TABLE t2 */');
    const dropped = await state();
    await run("SELECT RELEASE_LOCK('x')");
    expect(new Set([before, written, moved, locked, dropped]).size).toBe(5);
    const started = performance.now();
    await run('SELECT SLEEP(0.5)');
    expect(performance.now() - started).toBeGreaterThan(450);
    await run(`CREATE TABLE ${quoteName('t2')} (n INT)`);
  });

  it('keeps what shows passwords from those who may not see them', async () => {
    for (const text of ['SELECT * FROM mysql.user', 'SELECT * FROM `mysql` . global_priv', 'SHOW GRANTS', 'SHOW CREATE USER CURRENT_USER()']) {
      expect((await guard.classify(text, { withoutPasswords: true })).readOnly, text).toBe(false);
    }
    expect((await guard.classify('SELECT user FROM t', { withoutPasswords: true })).readOnly).toBe(true);
  });

  it('splits scripts, with bodies and DELIMITER', async () => {
    const script = `SELECT 1; -- one; two\nCREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 2; END IF; SELECT CASE WHEN 1 THEN 2 END; END;\nDELIMITER //\nCREATE PROCEDURE q() BEGIN SELECT 'a//b'; END//\nDELIMITER ;\nSELECT ';'`;
    const { statements } = await guard.split(script);
    expect(statements.map(({ text }) => text)).toEqual([
      'SELECT 1',
      'CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 2; END IF; SELECT CASE WHEN 1 THEN 2 END; END',
      "CREATE PROCEDURE q() BEGIN SELECT 'a//b'; END",
      "SELECT ';'",
    ]);
    expect(statements.map(({ range }) => script.slice(range.from, range.to))).toEqual(statements.map(({ text }) => text));
  });

  it('asks before what destroys', async () => {
    const profile = { id: 'p', name: 'Shop', target: database.target, environment: 'dev', color: 'teal', readOnly: false } as const;
    const reasons = async (text: string): Promise<string[]> => (await guard.confirmations([{ text, verdict: await guard.classify(text, {}) }], profile)).map(({ reason }) => reason);
    expect(await reasons('DELETE FROM t')).toEqual(['no_where']);
    expect(await reasons('UPDATE t SET n = 1 WHERE 1 = 1')).toEqual(['no_where']);
    expect(await reasons('DELETE FROM t WHERE n = 1')).toEqual([]);
    expect(await reasons('DROP TABLE t')).toEqual(['drop']);
    expect(await reasons('/*!50000 DROP TABLE t */')).toEqual(['drop']);
    expect(await reasons('TRUNCATE t')).toEqual(['truncate']);
    expect(await reasons('ALTER TABLE t DROP COLUMN m')).toEqual(['drop']);
    expect(await reasons('INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE n = 2')).toEqual([]);
  });
});
