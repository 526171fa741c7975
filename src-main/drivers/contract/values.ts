import { beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../driver';
import { run, type Suite, values } from './support';

/** Values are exact and types are named as the server names them. */
export function valuesContract(suite: Suite): void {
  let connection: Connection;
  beforeAll(() => {
    connection = suite.connection;
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
      await suite.withConnection(async (session) => {
        await run(session, "SET TimeZone = 'Asia/Kathmandu'");
        const [result] = (await run(session, `SELECT ${expression} AS v`)).results;
        // A bit literal says how long it is only after a cast.
        expect([result?.columns[0]?.type.replace('"bit"', 'bit(3)'), result?.rows[0]?.[0]]).toEqual([type, text]);
      });
    });

    it('names types as the server does', async () => {
      const types = [
        'numeric(20,6)',
        'numeric',
        'numeric(5,0)[]',
        'varchar(3)',
        'varchar',
        'char(7)',
        'bpchar',
        'bit(4)',
        'varbit(9)',
        'timestamp(0)',
        'timestamptz',
        'timestamptz(6)',
        'time(2)',
        'timetz(1)[]',
        'interval',
        'interval(2)',
        'interval year',
        'interval hour to second(1)',
        'int4[]',
        'name',
        '"char"',
        'oid',
        'regclass',
        'tsvector',
        'float4',
        'money',
        'inet',
        'point',
        'tstzmultirange',
        'xml',
      ];
      await run(connection, `CREATE TEMP TABLE kinds (${types.map((type, index) => `c${index} ${type}`).join(', ')})`);
      const named = (
        await run(
          connection,
          "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'kinds'::regclass AND attnum > 0 ORDER BY attnum",
        )
      ).results[0]?.rows.flat();
      const { results } = await run(connection, 'SELECT * FROM kinds');
      expect(results[0]?.columns.map(({ type }) => type)).toEqual(named);
      await run(connection, 'DROP TABLE kinds');
    });

    it('names the database’s own types, also at first sight and in a large result', async () => {
      await run(
        connection,
        "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TYPE pair AS (a int, b text); CREATE TABLE moody (m mood, n mood[], p pair)",
      );
      await run(connection, "INSERT INTO moody VALUES ('sad', '{happy}', '(1,x)')");
      for (const session of [connection, await suite.connect()]) {
        const { results } = await run(session, 'SELECT m, n, p, t FROM moody t');
        expect(results[0]?.columns.map(({ type, family }) => [type, family])).toEqual([
          ['mood', 'text'],
          ['mood[]', 'array'],
          ['pair', 'other'],
          ['moody', 'other'],
        ]);
        expect(results[0]?.rows).toEqual([['sad', '{happy}', '(1,x)', '(sad,{happy},"(1,x)")']]);
        if (session !== connection) await session.close();
      }
    });

    it('does not hold a large result back for a type’s name, but knows it the next time', async () => {
      await run(connection, 'CREATE TYPE wide AS (a text)');
      await suite.withConnection(async (session) => {
        const { results } = await run(session, "SELECT ROW(repeat('x', 100))::wide AS w, g FROM generate_series(1, 100000) g");
        expect(results[0]?.columns[0]?.type).toMatch(/^type \d+$/);
        expect(results[0]?.rows.map(([, g]) => Number(g))).toEqual(Array.from({ length: 100_000 }, (_, index) => index + 1));
        const again = await run(session, "SELECT ROW('x')::wide AS w");
        expect(again.results[0]?.columns[0]?.type).toBe('wide');
        await run(session, 'ALTER TYPE wide RENAME TO broad');
        const renamed = await run(session, "SELECT ROW('x')::broad AS w");
        expect(renamed.results[0]?.columns[0]?.type).toBe('broad');
      });
    });

    it('keeps a cell of 20 MB whole', async () => {
      const [cell] = await values(connection, "SELECT repeat('äb😀', 2857143)");
      expect(Buffer.byteLength(cell ?? '')).toBe(20_000_001);
      expect(cell === 'äb😀'.repeat(2_857_143)).toBe(true);
    });
  });
}
