import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { Column, Notice } from '../../src-preload/contract/queries';
import type { AppError } from '../errors';
import type { Connection, ReadOnlyLimits, ResultSink, RunOptions } from './driver';
import { engines, type EngineUnderTest, type RunningEngine } from './engines';
import { decodeBatch } from './rows';

interface Result {
  columns: readonly Column[];
  rows: (string | null)[][];
  command: string;
  rowsAffected: number | null;
}

/** Keeps everything that a statement brings. */
class Collector implements ResultSink {
  readonly results: Result[] = [];
  readonly notices: Notice[] = [];
  private open: Result | null = null;

  columns(columns: readonly Column[]): void {
    this.open = { columns, rows: [], command: '', rowsAffected: null };
  }
  rows(batch: Parameters<ResultSink['rows']>[0]): void {
    this.open?.rows.push(...decodeBatch(batch));
  }
  notice(notice: Notice): void {
    this.notices.push(notice);
  }
  complete(result: { command: string; rowsAffected: number | null }): void {
    this.results.push({ ...(this.open ?? { columns: [], rows: [] }), ...result });
    this.open = null;
  }
}

const forever = new AbortController().signal;
const limits: ReadOnlyLimits = { statementTimeoutMs: 5000, lockTimeoutMs: 1000, maxRows: 1000, maxBytes: 10_000_000, maxCellBytes: 100_000 };

async function run(connection: Connection, text: string, parameters?: readonly (string | null)[], options: Partial<RunOptions> = {}): Promise<Collector> {
  const sink = new Collector();
  await connection.run(parameters === undefined ? { text } : { text, parameters }, sink, { signal: forever, ...options });
  return sink;
}

async function values(connection: Connection, text: string, parameters?: readonly (string | null)[]): Promise<(string | null)[]> {
  return (await run(connection, text, parameters)).results[0]?.rows[0] ?? [];
}

async function rejection(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => {
      throw new Error('It should have been rejected.');
    },
    (error: AppError) => error,
  );
}

function needs(context: TestContext, engine: EngineUnderTest, part: keyof EngineUnderTest['lacks']): void {
  const reason = engine.lacks[part];
  if (reason !== undefined) context.skip(reason);
}

describe.each(engines)('driver contract: $name', (engine) => {
  let running: RunningEngine;
  let connection: Connection;

  beforeAll(async () => {
    running = await engine.start();
    connection = await connect();
  }, 60_000);
  afterAll(async () => {
    await connection?.close();
    await running?.stop();
  });

  function connect(applicationName = 'ai-shell contract'): Promise<Connection> {
    return engine.driver.connect(running.target, { signal: forever, applicationName });
  }

  async function withConnection(work: (session: Connection) => Promise<void>): Promise<void> {
    const session = await connect();
    try {
      await work(session);
    } finally {
      await session.close();
    }
  }

  async function observed(text: string, expected: number): Promise<void> {
    await expect.poll(async () => (await running.observe?.(text))?.length, { timeout: 5000, interval: 20 }).toBe(expected);
  }

  describe('connecting', () => {
    it('tells what the server is', () => {
      expect(connection.server.version).toMatch(/^\d+(\.\d+)?/);
      expect(connection.server.versionNumber).toBeGreaterThanOrEqual(120_000);
      expect(connection.server.encoding).toBe('UTF8');
      expect(connection.server.user).not.toBe('');
      expect(connection.transaction).toBe('idle');
    });

    it('refuses a wrong password in the server’s words', async (context) => {
      needs(context, engine, 'password');
      const error = await rejection(engine.driver.connect({ ...running.target, password: 'wrong' }, { signal: forever, applicationName: 'x' }));
      expect(error).toMatchObject({ code: 'connection_failed', data: { serverCode: '28P01' } });
      expect(error.data.hint).toContain('password');
    });

    it('asks for a password where none is given', async (context) => {
      needs(context, engine, 'password');
      const error = await rejection(engine.driver.connect({ target: running.target.target }, { signal: forever, applicationName: 'x' }));
      expect(error).toMatchObject({ code: 'connection_failed', data: { serverCode: '28P01' } });
    });

    it('can be given up before it has begun', async () => {
      const error = await rejection(engine.driver.connect(running.target, { signal: AbortSignal.abort(), applicationName: 'x' }));
      expect(error.code).toBe('cancelled');
    });

    it('answers a ping, and closes more than once', async () => {
      const session = await connect();
      await session.ping(forever);
      await session.close();
      await session.close();
      expect((await rejection(session.ping(forever))).code).toBe('connection_lost');
    });
  });

  describe('statements', () => {
    it('streams columns, rows and the command', async () => {
      const { results } = await run(connection, "SELECT 1 AS a, 'x' AS \"Ä 😀\" UNION ALL SELECT 2, NULL ORDER BY 1");
      expect(results).toEqual([
        {
          columns: [
            { name: 'a', type: 'integer', family: 'number', source: null },
            { name: 'Ä 😀', type: 'text', family: 'text', source: null },
          ],
          rows: [
            ['1', 'x'],
            ['2', null],
          ],
          command: 'SELECT',
          rowsAffected: null,
        },
      ]);
    });

    it('sends several statements as they are written, and brings each result', async () => {
      const { results } = await run(connection, 'SELECT 1; CREATE TEMP TABLE several (n int); INSERT INTO several SELECT 7 FROM generate_series(1, 3); UPDATE several SET n = 8; SELECT n FROM several; DROP TABLE several');
      expect(results.map(({ command, rowsAffected, rows }) => [command, rowsAffected, rows.length])).toEqual([
        ['SELECT', null, 1],
        ['CREATE TABLE', null, 0],
        ['INSERT', 3, 0],
        ['UPDATE', 3, 0],
        ['SELECT', null, 3],
        ['DROP TABLE', null, 0],
      ]);
    });

    it('brings the rows of RETURNING with the number affected, and CREATE TABLE AS without rows', async () => {
      const { results } = await run(connection, 'CREATE TEMP TABLE ret AS SELECT 1 AS n; INSERT INTO ret VALUES (2), (3) RETURNING n; DROP TABLE ret');
      expect(results.map(({ command, rowsAffected, rows }) => [command, rowsAffected, rows.length])).toEqual([
        ['SELECT', 1, 0],
        ['INSERT', 2, 2],
        ['DROP TABLE', null, 0],
      ]);
    });

    it('binds parameters as text', async () => {
      expect(await values(connection, 'SELECT $1::int + 1, $2::text, $3::text IS NULL', ['41', "it's; DROP", null])).toEqual(['42', "it's; DROP", 't']);
    });

    it('takes one statement only with parameters', async () => {
      const error = await rejection(run(connection, 'SELECT $1::int; SELECT 2', ['1']));
      expect(error).toMatchObject({ code: 'server_error', data: { serverCode: '42601' } });
      expect(connection.transaction).toBe('idle');
    });

    it('accepts an empty text', async () => {
      expect((await run(connection, '-- nothing')).results).toMatchObject([{ command: '', rowsAffected: null, rows: [] }]);
    });

    it('does not let a NUL character cut the text short', async () => {
      const error = await rejection(run(connection, 'SELECT 1\0; SELECT 2'));
      expect(error).toMatchObject({ code: 'bad_input', data: { position: 8 } });
    });

    it('shows names beyond ASCII', async () => {
      await run(connection, 'CREATE TABLE "Füße 日本" ("größe 😀" int); INSERT INTO "Füße 日本" VALUES (1)');
      const { results } = await run(connection, 'SELECT * FROM "Füße 日本"');
      expect(results[0]?.columns[0]?.name).toBe('größe 😀');
      const error = await rejection(run(connection, 'SELECT größe FROM "Füße 日本"'));
      expect(error.message).toContain('größe');
    });

    it('runs one statement at a time', async () => {
      const first = run(connection, 'SELECT pg_sleep(0.2)');
      expect((await rejection(run(connection, 'SELECT 1'))).code).toBe('busy');
      await first;
      expect(await values(connection, 'SELECT 1')).toEqual(['1']);
    });

    it('passes notices on', async () => {
      const { notices } = await run(connection, "DO $$ BEGIN RAISE WARNING 'mind %', 'ä' USING DETAIL = 'd', HINT = 'h'; END $$");
      expect(notices).toEqual([{ severity: 'WARNING', message: 'mind ä', detail: 'd', hint: 'h', serverCode: '01000' }]);
    });

    it('does not hang on COPY from or to the client', async () => {
      await run(connection, 'CREATE TEMP TABLE copied (n int)');
      for (const text of ['COPY copied FROM STDIN', 'COPY (SELECT generate_series(1, 100000)) TO STDOUT']) {
        expect((await rejection(run(connection, text))).code).toBe('unsupported');
        expect(await values(connection, 'SELECT count(*) FROM copied')).toEqual(['0']);
      }
      await run(connection, 'DROP TABLE copied');
    });
  });

  describe('errors', () => {
    it('has the server’s code, hint, and the position in UTF-16 units', async () => {
      const text = "SELECT '😀😀', nope FROM pg_class";
      const error = await rejection(run(connection, text));
      expect(error).toMatchObject({ code: 'server_error', data: { serverCode: '42703', position: text.indexOf('nope') } });
      expect(error.message).toContain('nope');
    });

    it('has the position with parameters too', async () => {
      const text = "/* 😀 */ SELECT $1::text, nope";
      expect((await rejection(run(connection, text, ['x']))).data.position).toBe(text.indexOf('nope'));
    });

    it('says where in a function it happened', async () => {
      const error = await rejection(run(connection, "DO $$ BEGIN PERFORM 1 / 0; END $$"));
      expect(error.data).toMatchObject({ serverCode: '22012' });
      expect(error.data.detail).toContain('PL/pgSQL');
    });

    it('stops on an error of the sink, and the session lives on', async () => {
      const sink = new Collector();
      sink.rows = () => {
        throw new Error('disk full');
      };
      const failed = await rejection(connection.run({ text: 'SELECT generate_series(1, 3000000)' }, sink, { signal: forever }));
      expect(failed.message).toBe('disk full');
      sink.rows = () => Promise.reject(new Error('disk still full')) as unknown as void;
      expect((await rejection(connection.run({ text: 'SELECT 1' }, sink, { signal: forever }))).message).toBe('disk still full');
      expect(await values(connection, 'SELECT 1')).toEqual(['1']);
    });
  });

  describe('transactions', () => {
    it('follows what the server says', async () => {
      await withConnection(async (session) => {
        await run(session, 'BEGIN');
        expect(session.transaction).toBe('open');
        await rejection(run(session, 'SELECT nope'));
        expect(session.transaction).toBe('failed');
        expect((await rejection(run(session, 'SELECT 1'))).data.serverCode).toBe('25P02');
        await run(session, 'ROLLBACK');
        expect(session.transaction).toBe('idle');
      });
    });
  });

  describe('values', () => {
    const exact: [type: string, expression: string, text: string | null][] = [
      ['bigint', "'9223372036854775807'::int8", '9223372036854775807'],
      ['numeric', "'123456789012345678901234567890.123456789'::numeric", '123456789012345678901234567890.123456789'],
      ['numeric(20,6)', '1.5::numeric(20,6)', '1.500000'],
      ['numeric', "'NaN'::numeric", 'NaN'],
      ['double precision', "'NaN'::float8", 'NaN'],
      ['double precision', '0.1::float8 + 0.2::float8', '0.30000000000000004'],
      ['double precision', "'-Infinity'::float8", '-Infinity'],
      ['real', '1e-45::real', '1e-45'],
      ['timestamp with time zone', "'2024-02-29 12:00:00.123456+05:45'::timestamptz", '2024-02-29 12:00:00.123456+05:45'],
      ['timestamp with time zone', "'infinity'::timestamptz", 'infinity'],
      ['timestamp(3) without time zone', "'2024-01-01 00:00:00.1239'::timestamp(3)", '2024-01-01 00:00:00.124'],
      ['date', "'-infinity'::date", '-infinity'],
      ['date', "'0044-03-15 BC'::date", '0044-03-15 BC'],
      ['time with time zone', "'23:59:59.999999+12:45:30'::timetz", '23:59:59.999999+12:45:30'],
      ['interval', "'1 year 2 mons -3 days 04:05:06.000007'::interval", '1 year 2 mons -3 days +04:05:06.000007'],
      ['interval day to second(3)', "'1 day 02:03:04.5678'::interval day to second(3)", '1 day 02:03:04.568'],
      ['bytea', "'\\x00ff5c27'::bytea", '\\x00ff5c27'],
      ['text[]', "ARRAY['a', NULL, 'NULL', '', 'q\"\\']", '{a,NULL,"NULL","","q\\"\\\\"}'],
      ['integer[]', "'[0:1]={1,2}'::int[]", '[0:1]={1,2}'],
      ['jsonb', `'{"b": 9007199254740993, "a": 1.50}'::jsonb`, '{"a": 1.50, "b": 9007199254740993}'],
      ['json', `'{"b":1, "b":2}'::json`, '{"b":1, "b":2}'],
      ['character varying(5)', "'ab'::varchar(5)", 'ab'],
      ['character(5)', "'ab'::char(5)", 'ab   '],
      ['bit(3)', "B'101'", '101'],
      ['boolean', 'true', 't'],
      ['text', "''::text", ''],
      ['text', 'NULL::text', null],
      ['uuid', "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['int4range', "'[1,5)'::int4range", '[1,5)'],
    ];

    it.each(exact)('%s of %s is exact', async (type, expression, text) => {
      await withConnection(async (session) => {
        await run(session, "SET TimeZone = 'Asia/Kathmandu'");
        const [result] = (await run(session, `SELECT ${expression} AS v`)).results;
        // A bit literal says how long it is only after a cast.
        expect([result?.columns[0]?.type.replace('"bit"', 'bit(3)'), result?.rows[0]?.[0]]).toEqual([type, text]);
      });
    });

    it('names types as the server does', async () => {
      const types = ['numeric(20,6)', 'numeric', 'numeric(5,0)[]', 'varchar(3)', 'varchar', 'char(7)', 'bpchar', 'bit(4)', 'varbit(9)', 'timestamp(0)', 'timestamptz', 'timestamptz(6)', 'time(2)', 'timetz(1)[]', 'interval', 'interval(2)', 'interval year', 'interval hour to second(1)', 'int4[]', 'name', '"char"', 'oid', 'regclass', 'tsvector', 'float4', 'money', 'inet', 'point', 'tstzmultirange', 'xml'];
      await run(connection, `CREATE TEMP TABLE kinds (${types.map((type, index) => `c${index} ${type}`).join(', ')})`);
      const named = (await run(connection, "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'kinds'::regclass AND attnum > 0 ORDER BY attnum")).results[0]?.rows.flat();
      const { results } = await run(connection, 'SELECT * FROM kinds');
      expect(results[0]?.columns.map(({ type }) => type)).toEqual(named);
      await run(connection, 'DROP TABLE kinds');
    });

    it('names the database’s own types, also at first sight and in a large result', async () => {
      await run(connection, "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TYPE pair AS (a int, b text); CREATE TABLE moody (m mood, n mood[], p pair)");
      await run(connection, "INSERT INTO moody VALUES ('sad', '{happy}', '(1,x)')");
      for (const session of [connection, await connect()]) {
        const { results } = await run(session, 'SELECT m, n, p, t FROM moody t');
        expect(results[0]?.columns.map(({ type, family }) => [type, family])).toEqual([['mood', 'text'], ['mood[]', 'array'], ['pair', 'other'], ['moody', 'other']]);
        expect(results[0]?.rows).toEqual([['sad', '{happy}', '(1,x)', '(sad,{happy},"(1,x)")']]);
        if (session !== connection) await session.close();
      }
      await withConnection(async (session) => {
        const { results } = await run(session, 'SELECT m, g FROM moody, generate_series(1, 400000) g');
        expect(results[0]?.columns[0]?.type).toBe('mood');
        expect(results[0]?.rows.length).toBe(400_000);
      });
    });

    it('keeps a cell of 20 MB whole', async () => {
      const [cell] = await values(connection, "SELECT repeat('äb😀', 2857143)");
      expect(Buffer.byteLength(cell ?? '')).toBe(20_000_001);
      expect(cell === 'äb😀'.repeat(2_857_143)).toBe(true);
    });
  });

  describe('streaming', () => {
    it('brings 200,000 rows in order and waits for a slow sink', async () => {
      let expected = 1;
      let pending = 0;
      let overlap = false;
      const sink = new Collector();
      sink.rows = async (batch) => {
        if (pending > 0) overlap = true;
        pending += 1;
        await new Promise((resolve) => setImmediate(resolve));
        for (const [n, text] of decodeBatch(batch)) {
          if (n !== String(expected) || text !== `row ${expected}`) throw new Error(`Row ${expected} came as ${n}, ${text}.`);
          expected += 1;
        }
        pending -= 1;
      };
      await connection.run({ text: "SELECT g, 'row ' || g FROM generate_series(1, 200000) g" }, sink, { signal: forever });
      expect(expected).toBe(200_001);
      expect(overlap).toBe(false);
      expect(sink.results).toMatchObject([{ command: 'SELECT' }]);
    });
  });

  describe('cancel', () => {
    it('stops the statement on the server before it settles', async (context) => {
      needs(context, engine, 'observer');
      await withConnection(async (session) => {
        const abort = new AbortController();
        const running = rejection(run(session, 'SELECT pg_sleep(60) /* to be cancelled */', undefined, { signal: abort.signal }));
        const active = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(60) /* to be cancelled */'";
        await observed(active, 1);
        abort.abort();
        expect((await running).code).toBe('cancelled');
        await observed(active, 0);
        expect(await values(session, 'SELECT 1')).toEqual(['1']);
      });
    });

    it('stops while rows stream into a sink that hangs', async (context) => {
      needs(context, engine, 'cancelKeepsSession');
      const abort = new AbortController();
      const sink = new Collector();
      sink.rows = () => {
        abort.abort();
        return new Promise<void>(() => undefined) as unknown as void;
      };
      const error = await rejection(connection.run({ text: 'SELECT generate_series(1, 50000000)' }, sink, { signal: abort.signal }));
      expect(error.code).toBe('cancelled');
      expect(await values(connection, 'SELECT 1')).toEqual(['1']);
    });

    it('never reaches the next statement', async (context) => {
      needs(context, engine, 'cancelKeepsSession');
      for (let round = 0; round < 20; round++) {
        const abort = new AbortController();
        const first = connection.run({ text: 'SELECT pg_sleep(0.002)' }, new Collector(), { signal: abort.signal });
        setTimeout(() => abort.abort(), 2);
        await first.catch((error: AppError) => expect(error.code).toBe('cancelled'));
        await run(connection, 'SELECT pg_sleep(0.005)');
      }
    });

    it('stops at the time-out', async () => {
      await withConnection(async (session) => {
        expect((await rejection(run(session, 'SELECT pg_sleep(60)', undefined, { timeoutMs: 100 }))).code).toBe('timeout');
      });
    });

    it('sends nothing when it was cancelled before', async () => {
      expect((await rejection(run(connection, 'CREATE TABLE never_made (n int)', undefined, { signal: AbortSignal.abort() }))).code).toBe('cancelled');
      expect(await values(connection, "SELECT to_regclass('never_made')")).toEqual([null]);
    });
  });

  describe('a lost session', () => {
    it('is told apart from an error of the statement', async (context) => {
      needs(context, engine, 'terminate');
      await withConnection(async (session) => {
        const [pid] = await values(session, 'SELECT pg_backend_pid()');
        const lost: Error[] = [];
        session.onLost((reason) => lost.push(reason));
        const sink = new Collector();
        let killed: Promise<unknown> | undefined;
        sink.rows = () => void (killed ??= running.observe?.('SELECT pg_terminate_backend($1)', [pid]));
        const error = await rejection(session.run({ text: 'SELECT generate_series(1, 50000000)' }, sink, { signal: forever }));
        await killed;
        expect(error.code).toBe('connection_lost');
        expect(error.data.hint).toContain('may have run or not');
        expect(lost).toEqual([error]);
        expect((await rejection(run(session, 'SELECT 1'))).code).toBe('connection_lost');
      });
    });

    it('is noticed while idle', async (context) => {
      needs(context, engine, 'terminate');
      const session = await connect();
      const [pid] = await values(session, 'SELECT pg_backend_pid()');
      const lost = new Promise<Error>((resolve) => session.onLost(resolve));
      await running.observe?.('SELECT pg_terminate_backend($1)', [pid]);
      expect(await lost).toMatchObject({ code: 'connection_lost', data: { serverCode: '57P01' } });
    });

    it('is not reported when we close it', async () => {
      const session = await connect();
      let lost = false;
      session.onLost(() => (lost = true));
      await session.close();
      expect(lost).toBe(false);
    });

    it('ends a statement that runs while it is closed', async () => {
      const session = await connect();
      const running = rejection(run(session, 'SELECT pg_sleep(60)'));
      await session.close();
      expect((await running).code).toBe('connection_lost');
    });
  });

  describe('read-only lane', () => {
    const lane = engine.driver.readOnly;
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
      const { outcome, result } = await read("SELECT repeat('x', 1000), generate_series(1, 100000000)", { maxRows: 100_000_000, maxBytes: 100_000 });
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
      const settings = "SELECT current_setting('statement_timeout'), current_setting('transaction_read_only'), current_setting('search_path')";
      const before = await values(connection, settings);
      await read("SELECT set_config('statement_timeout', '0', false), set_config('search_path', 'nowhere', false), pg_advisory_lock(42)");
      expect(await values(connection, settings)).toEqual(before);
      expect(await values(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).toEqual(['0']);
    });

    it('stops at its time-out, also when the statement lifts the server’s', async (context) => {
      needs(context, engine, 'cancelKeepsSession');
      for (const text of ['SELECT pg_sleep(60)', "SELECT set_config('statement_timeout', '0', false), g, pg_sleep(0.01) FROM generate_series(1, 1000000) g"]) {
        const started = performance.now();
        expect((await rejection(read(text, { statementTimeoutMs: 300, maxRows: 1_000_000 }))).code).toBe('timeout');
        expect(performance.now() - started).toBeLessThan(2500);
        expect(connection.transaction).toBe('idle');
      }
    });

    it('rolls back when it is cancelled', async (context) => {
      needs(context, engine, 'cancelKeepsSession');
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      expect((await rejection(read('SELECT pg_sleep(60)', {}, abort.signal))).code).toBe('cancelled');
      expect(connection.transaction).toBe('idle');
      expect(await values(connection, 'SHOW transaction_read_only')).toEqual(['off']);
    });

    it('does not run inside a person’s transaction', async () => {
      await withConnection(async (session) => {
        await run(session, 'BEGIN');
        expect((await rejection(read('SELECT 1', {}, forever, session))).code).toBe('busy');
        expect(session.transaction).toBe('open');
      });
    });
  });

  describe('explain', () => {
    it('tells cost and rows without running the statement', async () => {
      await run(connection, 'CREATE TABLE planned AS SELECT generate_series(1, 500) AS n; ANALYZE planned');
      const read = await engine.driver.explain?.(connection, 'SELECT * FROM planned', forever);
      expect(read?.estimatedRows).toBe(500);
      expect(read?.totalCost).toBeGreaterThan(0);
      expect(read?.text).toMatch(/^Seq Scan on planned/);
      const write = await engine.driver.explain?.(connection, 'DELETE FROM planned', forever);
      expect(write?.estimatedRows).toBe(500);
      expect(await values(connection, 'SELECT count(*) FROM planned')).toEqual(['500']);
    });

    it('refuses options, a second statement, and marks the error in the text', async () => {
      if (engine.driver.explain === undefined) throw new Error('The suite expects explain.');
      expect((await rejection(engine.driver.explain(connection, 'ANALYZE DELETE FROM planned', forever))).data.serverCode).toBe('42601');
      expect((await rejection(engine.driver.explain(connection, 'SELECT 1; DELETE FROM planned', forever))).data.serverCode).toBe('42601');
      const text = "SELECT '😀', nope FROM planned";
      expect((await rejection(engine.driver.explain(connection, text, forever))).data.position).toBe(text.indexOf('nope'));
      expect(connection.transaction).toBe('idle');
    });
  });
});
