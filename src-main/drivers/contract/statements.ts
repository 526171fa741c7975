import { beforeAll, describe, expect, it } from 'vitest';
import type { Connection, RowBatch } from '../driver';
import { decodeBatch } from '../rows';
import { Collector, forever, rejection, run, type Suite, values } from './support';

/** What a statement brings, its errors, transactions and streams. */
export function statementsContract(suite: Suite): void {
  let connection: Connection;
  beforeAll(() => {
    connection = suite.connection;
  });

  describe('statements', () => {
    it('streams columns, rows and the command', async () => {
      const { results } = await run(connection, 'SELECT 1 AS a, \'x\' AS "Ä 😀" UNION ALL SELECT 2, NULL ORDER BY 1');
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
      const { results } = await run(
        connection,
        `SELECT 1; CREATE TEMP TABLE several (n int); INSERT INTO several SELECT 7 FROM generate_series(1, 3);
         UPDATE several SET n = 8; SELECT n FROM several; DROP TABLE several`,
      );
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
      const { results } = await run(
        connection,
        'CREATE TEMP TABLE ret AS SELECT 1 AS n; INSERT INTO ret VALUES (2), (3) RETURNING n; DROP TABLE ret',
      );
      expect(results.map(({ command, rowsAffected, rows }) => [command, rowsAffected, rows.length])).toEqual([
        ['SELECT', 1, 0],
        ['INSERT', 2, 2],
        ['DROP TABLE', null, 0],
      ]);
    });

    it('binds parameters as text', async () => {
      expect(await values(connection, 'SELECT $1::int + 1, $2::text, $3::text IS NULL', ['41', "it's; DROP", null])).toEqual([
        '42',
        "it's; DROP",
        't',
      ]);
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
      const text = '/* 😀 */ SELECT $1::text, nope';
      expect((await rejection(run(connection, text, ['x']))).data.position).toBe(text.indexOf('nope'));
    });

    it('says where in a function it happened', async () => {
      const error = await rejection(run(connection, 'DO $$ BEGIN PERFORM 1 / 0; END $$'));
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
      sink.rows = () => Promise.reject(new Error('disk still full'));
      expect((await rejection(connection.run({ text: 'SELECT 1' }, sink, { signal: forever }))).message).toBe('disk still full');
      expect(await values(connection, 'SELECT 1')).toEqual(['1']);
    });
  });

  describe('transactions', () => {
    it('follows what the server says', async () => {
      await suite.withConnection(async (session) => {
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

  describe('streaming', () => {
    it('brings 200,000 rows in order and waits for a slow sink', async () => {
      let expected = 1;
      let pending = 0;
      let overlap = false;
      const slowly = async (batch: RowBatch): Promise<void> => {
        if (pending > 0) overlap = true;
        pending += 1;
        await new Promise((resolve) => setImmediate(resolve));
        for (const [n, text] of decodeBatch(batch)) {
          if (n !== String(expected) || text !== `row ${expected}`) throw new Error(`Row ${expected} came as ${n}, ${text}.`);
          expected += 1;
        }
        pending -= 1;
      };
      const sink = new Collector();
      sink.rows = slowly;
      await connection.run({ text: "SELECT g, 'row ' || g FROM generate_series(1, 200000) g" }, sink, { signal: forever });
      expect(expected).toBe(200_001);
      expect(overlap).toBe(false);
      expect(sink.results).toMatchObject([{ command: 'SELECT' }]);
    });
  });
}
