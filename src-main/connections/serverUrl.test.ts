import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tlsMode, type ConnectionTarget, type ServerTarget } from '../../src-preload/contract/connections';
import { formatConnectionUrl, looksLikeUrl, parseConnectionUrl, type UrlDefaults } from './serverUrl';

const defaults: UrlDefaults = { environment: {}, user: 'me', host: '/run/socket', cwd: '/work' };
const server = (over: Partial<ServerTarget> = {}): ServerTarget => ({ engine: 'postgresql', host: '/run/socket', port: 5432, database: 'me', user: 'me', tls: { mode: 'prefer' }, ...over });
const parse = (url: string, environment: UrlDefaults['environment'] = {}) => parseConnectionUrl(url, { ...defaults, environment });

// The forms of the PostgreSQL manual, "Connection URIs", and what people paste.
test.each<[string, ServerTarget, string | null]>([
  ['postgresql://', server(), null],
  ['postgresql://localhost', server({ host: 'localhost' }), null],
  ['postgresql://localhost:5433', server({ host: 'localhost', port: 5433 }), null],
  ['postgresql://localhost/mydb', server({ host: 'localhost', database: 'mydb' }), null],
  ['postgresql://user@localhost', server({ host: 'localhost', user: 'user', database: 'user' }), null],
  ['postgresql://user:secret@localhost', server({ host: 'localhost', user: 'user', database: 'user' }), 'secret'],
  ['postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp', server({ host: 'localhost', user: 'other', database: 'otherdb' }), null],
  ['postgresql:///mydb?host=localhost&port=5433', server({ host: 'localhost', port: 5433, database: 'mydb' }), null],
  ['postgresql://[2001:db8::1234]/database', server({ host: '2001:db8::1234', database: 'database' }), null],
  ['postgresql://u@[::1]:6000/d', server({ host: '::1', port: 6000, user: 'u', database: 'd' }), null],
  ['postgresql://%2Fvar%2Flib%2Fpostgresql/dbname', server({ host: '/var/lib/postgresql', database: 'dbname' }), null],
  ['postgres://u@/d?host=/tmp', server({ host: '/tmp', user: 'u', database: 'd' }), null],
  ['postgres://u%40corp:p%3A%2F%3F%23%40%25@h/d%20b', server({ host: 'h', user: 'u@corp', database: 'd b' }), 'p:/?#@%'],
  ['postgres://u:p@ss@h/d', server({ host: 'h', user: 'u', database: 'd' }), 'p@ss'],
  ['postgres://u:@h/d', server({ host: 'h', user: 'u', database: 'd' }), ''],
  ['postgres://u@h/d?password=x&user=v&dbname=e', server({ host: 'h', user: 'v', database: 'e' }), 'x'],
  ['POSTGRES://u@h/d?sslmode=verify-full&sslrootcert=/a%20b.pem&sslcert=c&sslkey=k', server({ host: 'h', user: 'u', database: 'd', tls: { mode: 'verify-full', ca: '/a b.pem', cert: 'c', key: 'k' } }), null],
  ['postgres://u@h/d?sslrootcert=system', server({ host: 'h', user: 'u', database: 'd', tls: { mode: 'verify-full' } }), null],
  ['postgres://u@h/d?sslmode=allow', server({ host: 'h', user: 'u', database: 'd' }), null],
  ['postgres://u@h/d?ssl=true', server({ host: 'h', user: 'u', database: 'd', tls: { mode: 'require' } }), null],
  ['  postgres://u@h/d?sslmode=require&channel_binding=require\n', server({ host: 'h', user: 'u', database: 'd', tls: { mode: 'require' } }), null],
])('%s', (url, target, password) => {
  expect(parse(url)).toEqual({ target, password });
});

test('the variables of libpq fill what the URL leaves out, and nothing else', () => {
  const environment = { PGHOST: 'eh', PGPORT: '1', PGDATABASE: 'ed', PGUSER: 'eu', PGSSLMODE: 'require', PGSSLROOTCERT: 'eca', PGPASSWORD: 'not here' };
  expect(parse('postgres://', environment)).toEqual({ target: server({ host: 'eh', port: 1, database: 'ed', user: 'eu', tls: { mode: 'require', ca: 'eca' } }), password: null });
  expect(parse('postgres://u:p@h:2/d?sslmode=disable&sslrootcert=c', environment)).toEqual({ target: server({ host: 'h', port: 2, database: 'd', user: 'u', tls: { mode: 'disable', ca: 'c' } }), password: 'p' });
});

test.each<[string, string, RegExp]>([
  ['postgres://h:70000/d', 'bad_input', /port/],
  ['postgres://u:p/w@h/d', 'bad_input', /port/],
  ['postgres://h/d?sslmode=maybe', 'bad_input', /sslmode maybe/],
  ['postgres://u%zz@h/d', 'bad_input', /user/],
  ['postgres://h/d%00', 'bad_input', /database/],
  ['postgres://::1/d', 'bad_input', /host|port/],
  ['postgres://a,b/d', 'unsupported', /several hosts/],
  ['postgres://h/d?options=-c%20role%3Dx', 'unsupported', /options/],
  ['postgres://h/d?target_session_attrs=read-write', 'unsupported', /target_session_attrs/],
  ['mongodb://h/d', 'unsupported', /mongodb/],
  ['pglite:', 'bad_input', /folder/],
  ['ftp://h', 'bad_input', /not a connection URL/],
])('%s is refused', (url, code, message) => {
  expect(() => parse(url)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error);
});

describe('both ways', () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((value) => !/[\0,]/.test(value));
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), text.map((name) => `/run/${name}`));
  const file = fc.option(text, { nil: undefined });
  const target: fc.Arbitrary<ConnectionTarget> = fc
    .record({ host, port: fc.integer({ min: 1, max: 65535 }), database: text, user: text, mode: fc.constantFrom(...tlsMode.options), ca: file, cert: file, key: file })
    .map(({ host: name, port, database, user, mode, ca, cert, key }) => ({
      engine: 'postgresql' as const,
      host: name,
      port,
      database,
      user,
      tls: { mode, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) },
    }))
    .filter(({ tls }) => tls.ca !== 'system');

  test('a written URL reads back as the same target', () => {
    fc.assert(
      fc.property(target, (wanted) => {
        const url = formatConnectionUrl(wanted);
        expect(looksLikeUrl(url)).toBe(true);
        expect(parse(url, { PGUSER: 'x', PGHOST: 'y', PGSSLMODE: 'require' })).toEqual({ target: wanted, password: null });
      }),
      { numRuns: 500 },
    );
  });

  test('an encoded password comes back exactly', () => {
    fc.assert(
      fc.property(text, text, (user, password) => {
        expect(parse(`postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h/d`).password).toBe(password);
      }),
    );
  });

  test('a data folder is taken as it is written', () => {
    for (const [url, folder] of [['pglite:demo', '/work/demo'], ['pglite:/a%20b/c#d', '/a%20b/c#d'], ['pglite:///abs', '/abs'], ['pglite:../x', '/x']] as const) {
      expect(parse(url)).toEqual({ target: { engine: 'pglite', folder: path.resolve(folder) }, password: null });
      expect(parse(formatConnectionUrl({ engine: 'pglite', folder })).target).toEqual({ engine: 'pglite', folder: path.resolve(folder) });
    }
  });
});
