import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workerEntries } from '../../e2e/setup/workerEntries.mjs';
import { startModelServer } from '../../e2e/servers/model';
import type { ModelScript } from '../../e2e/servers/model/script';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import { sshdProgram, startSsh } from '../../e2e/servers/ssh';

const root = path.resolve(import.meta.dirname, '../..');
const PASSPHRASE = 'a passphrase for tests';

let built: string;
let home: string;
let database: TestDatabase;
let url: string;

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  // No session bus: a keychain of the machine that runs the tests is not to be touched.
  return { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: path.join(home, 'config'), XDG_STATE_HOME: path.join(home, 'state'), AI_SHELL_PASSPHRASE: PASSPHRASE, ...over };
}

function cli(args: readonly string[], over: { stdin?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path.join(built, 'cli.js'), ...args], { cwd: home, env: environment(over.env), maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode, stdout, stderr });
    });
    child.stdin?.end(over.stdin ?? '');
  });
}

beforeAll(async () => {
  await mkdir(path.join(root, '.cache'), { recursive: true });
  // Inside the checkout, so that the packages which stay outside of the bundle are found.
  built = await mkdtemp(path.join(root, '.cache', 'cli-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: { ssr: true, outDir: built, target: 'node20', minify: false, rollupOptions: { input: { cli: path.join(root, 'src-main/cli.ts'), ...workerEntries(root) }, external: [/libpg-query/], output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } } },
  });
  home = await mkdtemp(path.join(os.tmpdir(), 'cli-home-'));
  database = await testDatabase();
  url = database.url;
  await database.query(`CREATE TABLE items (id int PRIMARY KEY, big int8, price numeric(20,6), note text);
    INSERT INTO items VALUES (1, 9007199254740993, 1.1, 'a'), (2, NULL, NULL, ''), (3, -1, 'NaN', NULL)`);
  const saved = await cli(['connections', 'add', 'Main', url]);
  if (saved.status !== 0) throw new Error(saved.stderr);
  await cli(['connections', 'add', 'Guarded', url, '--read-only', '--environment', 'production']);
}, 120_000);
afterAll(async () => {
  await database.drop();
  await rm(built, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

interface Case {
  readonly args: readonly string[];
  readonly status: number;
  readonly stdout?: string | RegExp;
  readonly stderr?: RegExp;
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const nothing = /^$/;
const error = (code: string): RegExp => new RegExp(`^\\{"error":\\{"code":"${code}","message":".+\\}\\}\\n$`);

const cases: Readonly<Record<string, Case>> = {
  'a table tells NULL from empty': { args: ['query', 'SELECT id, big, note FROM items ORDER BY id', '-c', 'Main'], status: 0, stdout: ' id |              big | note\n----+------------------+------\n  1 | 9007199254740993 | a\n  2 |             NULL |\n  3 |               -1 | NULL\n', stderr: /3 rows/ },
  'csv is exact': { args: ['query', 'SELECT id, price, note FROM items ORDER BY id', '--format', 'csv', '-c', 'main'], status: 0, stdout: 'id,price,note\n1,1.100000,a\n2,,""\n3,NaN,\n' },
  'ndjson is exact': { args: ['query', 'SELECT id, big FROM items ORDER BY id', '--format', 'ndjson', '--quiet', '-c', 'Main'], status: 0, stdout: '{"id":1,"big":"9007199254740993"}\n{"id":2,"big":null}\n{"id":3,"big":"-1"}\n', stderr: nothing },
  'json is one array': { args: ['query', 'SELECT id FROM items WHERE id < 3 ORDER BY 1', '--format', 'json', '-c', 'Main'], status: 0, stdout: '[\n{"id":1},\n{"id":2}\n]\n' },
  '--json is one document, also before the verb': { args: ['--json', 'query', 'SELECT id FROM items WHERE id = 1', '--database', 'Main'], status: 0, stdout: '{"columns":[{"name":"id","type":"integer"}],"rows":[[1]],"rowCount":1,"truncated":false,"command":"SELECT","rowsAffected":null}\n' },
  'parameters are values, never text': { args: ['query', "SELECT :v::text AS v, ':v' AS kept", '--param', "v='; DROP TABLE items; --", '--format', 'csv', '-c', 'Main'], status: 0, stdout: "v,kept\n'; DROP TABLE items; --,:v\n" },
  'a limit is told': { args: ['query', 'SELECT id FROM items ORDER BY id', '--limit', '1', '--format', 'csv', '--quiet', '-c', 'Main'], status: 0, stdout: 'id\n1\n', stderr: /^Cut after 1 rows/ },
  'several statements are several results': { args: ['query', 'SELECT 1 AS a; SELECT 2 AS b', '--json', '-c', 'Main'], status: 0, stdout: /^\{"results":\[\{"columns":.*"rows":\[\[1\]\].*\},\{.*"rows":\[\[2\]\].*\}\]\}\n$/ },
  'a statement on stdin': { args: ['query', '--format', 'csv', '-c', 'Main'], stdin: '-- from a pipe\nSELECT 5 AS five;\n', status: 0, stdout: 'five\n5\n' },
  'a statement that begins with a comment': { args: ['query', '-- hello\nSELECT 5 AS five', '--format', 'csv', '-c', 'Main'], status: 0, stdout: 'five\n5\n' },
  'a write without --write is refused': { args: ['query', 'DELETE FROM items', '-c', 'Main'], status: 4, stdout: nothing, stderr: /Refused: the statement deletes rows/ },
  'the same as JSON': { args: ['query', 'DELETE FROM items', '-c', 'Main', '--json'], status: 4, stdout: error('refused'), stderr: nothing },
  '--write on a read-only connection is refused': { args: ['query', 'DELETE FROM items WHERE id = 1', '--write', '--yes', '-c', 'Guarded', '--json'], status: 4, stdout: error('refused') },
  'a delete without WHERE wants a yes': { args: ['query', 'DELETE FROM items', '--write', '-c', 'Main', '--json'], status: 4, stdout: error('confirm_required') },
  'the server refuses': { args: ['query', 'SELECT *\nFROM nope', '-c', 'Main'], status: 5, stdout: nothing, stderr: /relation "nope" does not exist \[42P01\][\s\S]*Line 2: FROM nope/ },
  'a failure in the middle stands in the document': { args: ['query', 'SELECT 1/(g-2) AS q FROM generate_series(1,3) g', '--json', '-c', 'Main'], status: 5, stdout: /^\{"columns":\[.*\],"rows":\[\[-1\]\],"error":\{"code":"server_error".*"serverCode":"22012".*\}\}\n$/ },
  'a failure of the second statement too': { args: ['query', 'SELECT 1; SELECT nope', '--json', '-c', 'Main'], status: 5, stdout: /^\{"results":\[\{.*\},\{"error":\{"code":"server_error".*\}\}\]\}\n$/ },
  'a bad password': { args: ['query', 'SELECT 1', '-c', 'postgres://ai_shell_test:wrong-password@HOST/DB', '--json'], status: 3, stdout: error('connection_failed') },
  'nobody listens': { args: ['query', 'SELECT 1', '-c', 'postgres://u@127.0.0.1:1/d'], status: 3, stderr: /ECONNREFUSED[\s\S]*Hint:/ },
  'the time runs out on the server': { args: ['query', 'SELECT count(*) FROM generate_series(1, 10000000000)', '--timeout', '4', '-c', 'Main', '--json'], status: 5, stdout: error('timeout') },
  'an unknown connection': { args: ['query', 'SELECT 1', '-c', 'nowhere', '--json'], status: 2, stdout: error('not_found') },
  'no connection': { args: ['query', 'SELECT 1'], status: 2, stderr: /Which connection/ },
  'words without a connection': { args: ['query', 'show user order totals', '--json'], status: 2, stdout: error('unsupported') },
  'a file format without a file': { args: ['query', 'SELECT 1', '--format', 'parquet', '-c', 'Main', '--json'], status: 2, stdout: error('bad_input') },
  'INSERT statements': { args: ['query', "SELECT 1 AS a, 'it''s' AS b", '--format', 'sql', '--table', 'public.t', '-c', 'Main'], status: 0, stdout: "SET client_encoding = 'UTF8';\nINSERT INTO public.t (a, b) VALUES\n  (1, 'it''s');\n" },
  'federated is of a later version': { args: ['query', '--federated', 'SELECT 1', '--json'], status: 2, stdout: error('unsupported') },
  'an area of a later version': { args: ['schema', 'diff', '--source', 'a', '--target', 'b', '--json'], status: 2, stdout: error('unsupported') },
  'a bad argument': { args: ['query', 'SELECT 1', '--limit', 'many', '--json'], status: 2, stdout: error('bad_input') },
  'an unknown option': { args: ['query', 'SELECT 1', '--frobnicate'], status: 2, stdout: nothing, stderr: /unknown option '--frobnicate'/ },
  'no verb': { args: ['connections', '--json'], status: 2, stdout: error('bad_input') },
  'a missing file': { args: ['query', '--file', 'no-such.sql', '-c', 'Main', '--json'], status: 2, stdout: error('bad_input') },
  'the list has no passwords': { args: ['connections', 'list', '--format', 'csv', '--json'], status: 2, stdout: error('bad_input') },
  'test says what is there': { args: ['connections', 'test', 'Main'], status: 0, stdout: /^Main: PostgreSQL \d+.*, user ai_shell_test \(superuser\)/ },
  'test with a wrong password': { args: ['connections', 'test', 'Main', '--password-stdin', '--json'], stdin: 'wrong-password\n', status: 3, stdout: error('connection_failed') },
  'a name is taken': { args: ['connections', 'add', 'MAIN', 'postgres://u@h/d', '--json'], status: 2, stdout: error('bad_input') },
  'classify': { args: ['guard', 'classify', 'TRUNCATE items'], status: 0, stdout: /^(write|ddl): .+\n$/ },
  'classify as JSON with the live catalog': { args: ['guard', 'classify', 'SELECT count(*) FROM items', '-c', 'Main', '--json'], status: 0, stdout: /^\{"class":"read",.*"readOnly":true.*\}\n$/ },
  'classify many': { args: ['guard', 'classify', '--ndjson', '-'], stdin: '{"id":1,"sql":"SELECT 1"}\n\n{"id":"x","sql":"DROP TABLE t"}\n', status: 0, stdout: /^\{"id":1,"class":"read","reason":".+"\}\n\{"id":"x","class":"ddl","reason":".+"\}\n$/ },
  'classify a line that is no object': { args: ['guard', 'classify', '--ndjson', '-', '--json'], stdin: 'SELECT 1\n', status: 2, stdout: error('bad_input') },
  'another dialect': { args: ['guard', 'classify', 'SELECT 1', '--dialect', 'oracle', '--json'], status: 2, stdout: error('unsupported') },
  'a plan': { args: ['plan', 'SELECT * FROM items WHERE id = 1', '-c', 'Main'], status: 0, stdout: /^Cost [\d.,]+, about [\d,]+ rows? expected\n\n(Index|Seq|Bitmap).* on public\.items/ },
  'a plan on a URL': { args: ['plan', 'SELECT 1', '-c', 'postgres://ai_shell_test:PASSWORD@HOST/DB', '--json'], status: 0, stdout: /^\{.*"lane":"planned".*\}\n$/ },
  'a measured plan of a read': { args: ['plan', 'SELECT count(*) FROM items', '--analyze', '--json', '-c', 'Guarded'], status: 0, stdout: /^\{.*"analyzed":true.*"lane":"read-only".*\}\n$/ },
  'a measured plan of a write wants a yes': { args: ['plan', 'DELETE FROM items', '--analyze', '--json', '-c', 'Main'], status: 4, stdout: error('confirm_required') },
  'with the yes it is rolled back': { args: ['plan', 'DELETE FROM items', '--analyze', '--yes', '-c', 'Main'], status: 0, stdout: /was rolled back[\s\S]*Delete on public\.items/ },
  'never on a read-only connection': { args: ['plan', 'DELETE FROM items', '--analyze', '--yes', '--json', '-c', 'Guarded'], status: 4, stdout: error('refused') },
  'a plan of nonsense': { args: ['plan', 'SELECT * FROM nope', '-c', 'Main', '--json'], status: 5, stdout: error('server_error') },
  'a plan of two statements': { args: ['plan', 'SELECT 1; SELECT 2', '-c', 'Main', '--json'], status: 5, stdout: error('server_error') },
  'an explanation': { args: ['explain', "UPDATE items SET note = 'x'"], status: 0, stdout: /^```sql\nUPDATE items[\s\S]*## Step by step[\s\S]*1\. Looks through the rows of `items`[\s\S]*\*\*Serious:\*\* This UPDATE has no WHERE/ },
  'an explanation with catalog and plan': { args: ['explain', '-c', 'Main', '--json'], stdin: 'SELECT note FROM items WHERE id = 1', status: 0, stdout: /^\{"statement":"SELECT.*`items`: its rows are read \(.*primary key `id`.*The planner expects about 1 row.*"sources":\{"catalog":true,"plan":true\},"inDepth":null\}\n$/ },
  'an explanation of nonsense': { args: ['explain', 'SELEC 1', '--json'], status: 2, stdout: error('bad_input') },
  'an explanation of nothing': { args: ['explain', '--json'], stdin: '-- nothing\n', status: 2, stdout: error('bad_input') },
  'an explanation of a file that is not there': { args: ['explain', '--file', 'no-such.sql', '--json'], status: 2, stdout: error('bad_input') },
  'an explanation on a server that is not there': { args: ['explain', 'SELECT 1', '-c', 'postgres://u@127.0.0.1:1/d', '--json'], status: 3, stdout: error('connection_failed') },
  'jobs': { args: ['jobs', 'list', '--json'], status: 0, stdout: '[]\n' },
  'a job that is not there': { args: ['jobs', 'cancel', 'x', '--json'], status: 2, stdout: error('not_found') },
  'a duration that is none': { args: ['history', '--last', 'yesterday', '--json'], status: 2, stdout: error('bad_input') },
};

const ran: Outcome[] = [];

test.each(Object.entries(cases))('%s', async (_name, { args, status, stdout, stderr, stdin, env }) => {
  const { host, port, database: name } = database.target;
  const outcome = await cli(args.map((arg) => arg.replace('PASSWORD', database.password).replace('HOST', `${host}:${port}`).replace('/DB', `/${name}`)), { ...(stdin === undefined ? {} : { stdin }), ...(env === undefined ? {} : { env }) });
  ran.push(outcome);
  const said = `stdout: ${outcome.stdout}\nstderr: ${outcome.stderr}`;
  expect(outcome.status, said).toBe(status);
  if (typeof stdout === 'string') expect(outcome.stdout).toBe(stdout);
  else if (stdout) expect(outcome.stdout).toMatch(stdout);
  if (stderr) expect(outcome.stderr).toMatch(stderr);
});

test('a write that is allowed is done, and said', async () => {
  expect(await cli(['query', "INSERT INTO items VALUES (10, 1, 1, 'new'); UPDATE items SET note = 'changed' WHERE id = 10", '--write', '-c', 'Main'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\n*$/) as string, stderr: expect.stringContaining('INSERT') as string });
  expect(await database.query('SELECT note FROM items WHERE id = 10')).toEqual([{ note: 'changed' }]);
  expect((await cli(['query', 'DELETE FROM items WHERE id = 10', '--write', '--json', '-c', 'Main'])).stdout).toContain('"rowsAffected":1');
});

test('a file appears only when it is complete', async () => {
  const file = path.join(home, 'out.csv');
  const failed = await cli(['query', 'SELECT 1/(g-50000) FROM generate_series(1,100000) g', '--format', 'csv', '--output', file, '-c', 'Main']);
  expect(failed.status).toBe(5);
  expect((await readdir(home)).filter((name) => name.includes('out.csv'))).toEqual([]);
  const done = await cli(['query', 'SELECT g FROM generate_series(1,100000) g', '--format', 'csv', '--output', file, '-c', 'Main', '--json']);
  expect(done).toMatchObject({ status: 2 });
  const again = await cli(['query', 'SELECT g FROM generate_series(1,100000) g', '--format', 'ndjson', '--output', file, '-c', 'Main', '--json']);
  expect(again).toMatchObject({ status: 0, stdout: `${JSON.stringify({ file, rows: 100000 })}\n` });
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(100000);
});

describe('passwords', () => {
  test('come from the place of secrets, PGPASSWORD or stdin', async () => {
    const { host, port, database: name, user } = database.target;
    const bare = `postgres://${user}@${host}:${port}/${name}`;
    expect((await cli(['query', 'SELECT 1', '-c', bare])).status).toBe(3);
    expect((await cli(['query', 'SELECT 1', '-c', bare], { env: { PGPASSWORD: database.password } })).status).toBe(0);
    expect((await cli(['query', 'SELECT 1', '-c', bare, '--password-stdin'], { stdin: `${database.password}\n` })).status).toBe(0);
    expect((await cli(['query', 'SELECT 1', '-c', 'Main'], { env: { AI_SHELL_PASSPHRASE: '' } })).status).toBe(3);
    expect((await cli(['query', 'SELECT 1', '-c', 'Main'], { env: { AI_SHELL_PASSPHRASE: 'not the passphrase' } })).status).toBe(3);
  });

  test('stand in no file and in no output', async () => {
    const list = await cli(['connections', 'list', '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject(expect.arrayContaining([expect.objectContaining({ name: 'Main' })]) as unknown[]);
    const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const texts = await Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'latin1')));
    expect(texts.length).toBeGreaterThan(2);
    const everything = [...texts, ...[...ran, list].flatMap(({ stdout, stderr }) => [stdout, stderr])].join('\n');
    for (const secret of [database.password, PASSPHRASE, 'wrong-password']) expect(everything).not.toContain(secret);
  });
});

test('a saved connection leads through its SSH tunnel, once the server’s key is accepted', async (context) => {
  if (!sshdProgram()) return context.skip('sshd is not installed: apt-get install openssh-server');
  const ssh = await startSsh();
  try {
    const added = await cli(['connections', 'add', 'Tunneled', url, '--tunnel', `${ssh.user}@${ssh.host}:${ssh.port}`, '--identity', ssh.keyFile, '--folder', 'North/Shops']);
    expect(added, added.stderr).toMatchObject({ status: 0 });
    expect((await cli(['connections', 'list'])).stdout).toMatch(new RegExp(`Tunneled .*${ssh.user}@${ssh.host}:${ssh.port} +\\| North/Shops`));
    const query = ['query', 'SELECT id FROM items WHERE id = 1', '--format', 'csv', '-c', 'Tunneled'];
    const unknown = await cli(query);
    expect(unknown).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining(`--accept-host-key ${ssh.fingerprint}`) as string });
    expect(await cli(['--accept-host-key', 'SHA256:another', ...query])).toMatchObject({ status: 3 });
    expect(await cli(['--accept-host-key', ssh.fingerprint, ...query])).toMatchObject({ status: 0, stdout: 'id\n1\n' });
    expect(await cli(query)).toMatchObject({ status: 0, stdout: 'id\n1\n' });
    expect(await cli(['connections', 'test', 'Tunneled'])).toMatchObject({ status: 0 });
  } finally {
    await ssh.stop();
  }
}, 120_000);

test('a connection that is added says what Claude may see of its data', async () => {
  const add = (sharing: string) => cli(['connections', 'add', 'Careful', url, '--sharing', sharing, '--json']);
  expect(await add('everything')).toMatchObject({ status: 2, stdout: expect.stringContaining('schema, values, results') as string });
  expect(JSON.parse((await add('schema')).stdout)).toMatchObject({ name: 'Careful', sharing: 'schema' });
  expect(await cli(['connections', 'remove', 'Careful'])).toMatchObject({ status: 0 });
});

test('connections are imported after a look, and exported without secrets', async () => {
  const file = path.join(home, 'pg_service.conf');
  await writeFile(file, `[Main]\nhost=h\nuser=u\npassword=plain-in-the-file\n[odd]\nhostaddr=1.2.3.4\n`);
  expect(JSON.parse((await cli(['connections', 'import', file, '--dry-run', '--json'])).stdout)).toMatchObject({ tool: 'pg_service.conf', found: ['Main'], left: [{ name: 'odd' }] });
  expect(JSON.parse((await cli(['connections', 'import', file, '--json'])).stdout)).toMatchObject({ imported: ['Main (2)'] });
  const out = path.join(home, 'exported.yaml');
  expect(await cli(['connections', 'export', out])).toMatchObject({ status: 0 });
  expect(await cli(['connections', 'export', out])).toMatchObject({ status: 4 });
  const text = await readFile(out, 'utf8');
  expect(text).toContain('Guarded');
  for (const secret of [database.password, 'plain-in-the-file', PASSPHRASE]) expect(text).not.toContain(secret);
  expect(await cli(['connections', 'import', path.join(home, 'nowhere')])).toMatchObject({ status: 2 });
}, 120_000);

describe('import', () => {
  const load = (file: string, ...more: readonly string[]): Promise<Outcome> => cli(['import', file, '-c', 'Main', '--into', 'loaded', ...more]);
  const loaded = (): Promise<object[]> => database.query(`SELECT id::text, code, day::text FROM loaded ORDER BY id`);
  beforeAll(async () => {
    await writeFile(path.join(home, 'good.csv'), 'id,code,day\n9007199254740993,007,2024-02-29\n1,,2024-03-01\n');
    await writeFile(path.join(home, 'more.csv'), 'id,code,day\n2,a,2024-03-02\nx,b,2024-03-03\n3,c,2024-02-30\n4,d,2024-03-04\n');
  });

  test('tries, then loads; the table is made with types that fit', async () => {
    const tried = await load('good.csv', '--dry-run');
    expect(tried, tried.stderr).toMatchObject({ status: 0, stdout: '2 rows would be loaded (dry run, rolled back)\n' });
    expect(await database.query(`SELECT to_regclass('loaded') AS name`)).toEqual([{ name: null }]);
    expect(await load('good.csv')).toMatchObject({ status: 0, stdout: '2 rows loaded\n' });
    expect(await loaded()).toEqual([{ id: '1', code: null, day: '2024-03-01' }, { id: '9007199254740993', code: '007', day: '2024-02-29' }]);
  }, 180_000);

  test('of a file with rows that do not fit is a bad input file (2), tried or meant, and loads nothing; skipping them is not', async () => {
    const told = await load('more.csv');
    expect(told).toMatchObject({ status: 2, stdout: '' });
    expect(told.stderr).toMatch(/^line 3, id: invalid input syntax for type bigint.*\(x\)$/m);
    expect(told.stderr).toMatch(/^line 4, day: date\/time field value out of range.*\(2024-02-30\)$/m);
    expect(await load('more.csv', '--dry-run', '--json')).toMatchObject({ status: 2, stdout: expect.stringMatching(error('bad_input')) as string });
    const asJson = await load('more.csv', '--json');
    expect(asJson).toMatchObject({ status: 2, stdout: expect.stringMatching(error('bad_input')) as string });
    expect((JSON.parse(asJson.stdout) as { error: { detail: string } }).error.detail).toMatch(/^line 3, id: .*\nline 4, day: /);
    expect(await loaded()).toHaveLength(2);
    const skipped = await load('more.csv', '--on-error', 'skip', '--rejects', 'rejects.csv', '--json');
    expect(skipped, skipped.stderr).toMatchObject({ status: 0 });
    expect(JSON.parse(skipped.stdout)).toMatchObject({ rows: 2, rejected: 2, dryRun: false, committed: true, way: 'stage', rejectFile: path.join(home, 'rejects.csv'), problems: [{ line: 3, column: 'id', value: 'x' }, { line: 4, column: 'day' }] });
    expect((await readFile(path.join(home, 'rejects.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
    expect(await loaded()).toHaveLength(4);
  }, 180_000);

  test('is refused on a read-only connection, and waits for a yes where rows would go', async () => {
    expect(await cli(['import', 'good.csv', '-c', 'Guarded', '--into', 'loaded', '--yes', '--json'])).toMatchObject({ status: 4, stdout: expect.stringMatching(error('refused')) as string });
    expect(await load('good.csv', '--mode', 'truncate', '--json')).toMatchObject({ status: 4, stdout: expect.stringMatching(error('confirm_required')) as string });
    expect(await loaded()).toHaveLength(4);
    expect(await load('good.csv', '--mode', 'truncate', '--yes', '--json')).toMatchObject({ status: 0, stdout: expect.stringContaining('"rows":2,') as string });
    expect(await loaded()).toHaveLength(2);
  }, 180_000);

  test.each([
    { what: 'an unknown file', args: ['nowhere.csv', '--into', 'loaded'], code: 'not_found' },
    { what: 'no table', args: ['good.csv'], code: 'bad_input' },
    { what: 'a workbook that is none', args: ['good.csv', '--format', 'xlsx', '--into', 'loaded'], code: 'bad_input' },
    { what: 'a Parquet file that is none', args: ['good.csv', '--format', 'parquet', '--into', 'loaded'], code: 'bad_input' },
    { what: 'a format that is none', args: ['good.csv', '--format', 'odd', '--into', 'loaded'], code: 'bad_input' },
  ])('ends with 2 for $what', async ({ args, code }) => {
    expect(await cli(['import', ...args, '-c', 'Main', '--json'])).toMatchObject({ status: 2, stdout: expect.stringMatching(error(code)) as string });
  }, 60_000);
});

describe('ask', () => {
  const key = 'sk-test-key-of-this-run';
  const withModel = async (script: ModelScript, args: readonly string[]): Promise<Outcome> => {
    const model = await startModelServer(script, { keys: [key] });
    try {
      return await cli(args, { env: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: model.url } });
    } finally {
      await model.close();
    }
  };
  const script: ModelScript = [{ tools: [{ name: 'show_sql', input: { sql: 'SELECT count(*) AS items FROM items', title: 'Items' } }] }, { text: 'There are that many items.' }];

  test('gives the words and the query; with --run its rows', async () => {
    const asked = await withModel(script, ['ask', 'how many items?', '-c', 'Main']);
    expect(asked, asked.stderr).toMatchObject({ status: 0, stdout: 'There are that many items.\n\nSELECT count(*) AS items FROM items\n' });
    const ran = await withModel(script, ['ask', 'how many items?', '-c', 'Main', '--run', '--json']);
    expect(ran.status, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ sql: 'SELECT count(*) AS items FROM items', result: { columns: [{ name: 'items' }], rows: [['3']], rowCount: 1 } });
    const rows = await withModel(script, ['ask', 'how many items?', '-c', 'Main', '--run', '--format', 'csv']);
    expect(rows).toMatchObject({ status: 0, stdout: 'items\n3\n', stderr: expect.stringContaining('There are that many') as string });
  });

  test('says what stops it', async () => {
    const full = await withModel([{ status: 401, error: { type: 'authentication_error', message: 'no' } }], ['ask', 'how many?', '-c', 'Main', '--json']);
    expect(full).toMatchObject({ status: 3, stdout: expect.stringMatching(error('model_unavailable')) as string });
    expect(full.stdout + full.stderr).not.toContain(key);
  });
});

describe('explain', () => {
  const key = 'sk-test-key-of-this-run';
  const text = Array.from({ length: 12 }, (_, index) => `SELECT id FROM items WHERE id = ${index + 1};`).join('\n');
  const hidden = '.explained.md.explained';

  test('explains a whole file with Claude, goes on after a kill, and asks nothing twice', async () => {
    await writeFile(path.join(home, 'queries.sql'), text);
    let release = (): void => undefined;
    const hold = new Promise<void>((resolve) => (release = resolve));
    let asked = 0;
    const model = await startModelServer(() => ({ text: `More on number ${(asked += 1)}.`, ...(asked === 8 ? { hold } : {}) }), { keys: [key] });
    try {
      const env = { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: model.url };
      const args = ['explain', '--file', 'queries.sql', '--output', 'explained.md', '-c', 'Main'];
      const child = spawn(process.execPath, [path.join(built, 'cli.js'), ...args], { cwd: home, env: environment(env), stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await expect.poll(() => asked, { timeout: 60_000 }).toBe(8);
      child.kill('SIGKILL');
      await ended;
      release();
      expect((await readdir(home)).filter((name) => name.includes('explained'))).toEqual([hidden]);
      // As if it had been killed while it wrote.
      await writeFile(path.join(home, hidden), '{"key":"half a li', { flag: 'a' });

      const again = await cli(args, { env });
      expect(again, again.stderr).toMatchObject({ status: 0, stdout: '' });
      expect(again.stderr).toContain('7 of 12, explained before: SELECT id FROM items WHERE id = 7');
      expect(again.stderr).toMatch(/^8 of 12: /m);
      const told = model.questions().map(({ raw }) => /WHERE id = (\d+)/.exec(raw)?.[1]);
      expect(told).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '8', '9', '10', '11', '12']);
      const markdown = await readFile(path.join(home, 'explained.md'), 'utf8');
      expect(markdown.match(/^## Statement \d+$/gm)).toHaveLength(12);
      expect(markdown.match(/^More on number \d+\.$/gm)).toHaveLength(12);
      expect((await readdir(home)).filter((name) => name.includes('explained'))).toEqual(['explained.md']);
    } finally {
      await model.close();
    }
  }, 120_000);

  test('sends no rows and no passwords, and keeps what was done when Claude fails', async () => {
    await writeFile(path.join(home, 'two.sql'), `SELECT note FROM items;\nCREATE ROLE r PASSWORD 'very-secret-word';\nSELECT 3;`);
    await database.query(`UPDATE items SET note = 'a-row-of-the-table' WHERE id = 1`);
    const model = await startModelServer([{ text: 'One.' }, { text: 'Two.' }, { status: 401, error: { type: 'authentication_error', message: 'no' } }, { text: 'Three.' }]);
    try {
      const env = { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: model.url };
      const failed = await cli(['explain', '--file', 'two.sql', '--output', 'two.md', '-c', 'Main'], { env });
      expect(failed).toMatchObject({ status: 3, stderr: expect.stringContaining('The first 2 are kept') as string });
      expect(await cli(['explain', '--file', 'two.sql', '--output', 'two.md', '-c', 'Main', '--json'], { env })).toMatchObject({ status: 0, stdout: '{"file":"two.md","statements":3}\n' });
      const sent = model.questions().map(({ raw }) => raw).join('\n');
      expect(sent).toContain('SELECT note FROM items');
      expect(sent).not.toContain('a-row-of-the-table');
      expect(sent).not.toContain('very-secret-word');
    } finally {
      await model.close();
      await database.query(`UPDATE items SET note = 'a' WHERE id = 1`);
    }
  }, 120_000);

  test('a file with a statement that does not parse is a bad input file (2), and the others are told', async () => {
    const told = await cli(['explain', '--file', '-', '--no-model'], { stdin: 'SELECT 1; SELEC 2; SELECT 3', env: { ANTHROPIC_API_KEY: key } });
    expect(told).toMatchObject({ status: 2, stderr: expect.stringContaining('1 of 3 statements do not parse') as string });
    expect(told.stdout.match(/^## Statement \d$/gm)).toHaveLength(3);
    expect(told.stdout).toContain('does not parse: syntax error');
  }, 60_000);
});

test('history has what was run, and by whom', async () => {
  await cli(['query', 'SELECT *\nFROM nope', '-c', 'Main']);
  await cli(['query', 'SELECT 1', '-c', 'Main']);
  const { stdout } = await cli(['history', '--last', '1h', '--json', '-c', 'Main']);
  const entries = JSON.parse(stdout) as { text: string; origin: string; status: string }[];
  expect(entries).toContainEqual(expect.objectContaining({ text: 'SELECT *\nFROM nope', origin: 'command', status: 'failed' }));
  expect(entries).toContainEqual(expect.objectContaining({ status: 'done' }));
});

const COUNT = 'SELECT count(*) FROM generate_series(1, 20000000000)';
const running = async (): Promise<number> => (await database.query(`SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT count(*) FROM generate_series(1, 20000000000)%'`)).length;

test('Ctrl+C stops the work on the server and ends with 130', async () => {
  const child = spawn(process.execPath, [path.join(built, 'cli.js'), 'query', COUNT, '-c', 'Main', '--json'], { cwd: home, env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await expect.poll(running, { timeout: 15_000 }).toBe(1);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(await running()).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'cancelled' } });
});

test('a reader that has enough ends it quietly, and the server stops', async () => {
  const child = spawn(process.execPath, [path.join(built, 'cli.js'), 'query', 'SELECT generate_series(1, 2000000000) AS g', '--format', 'csv', '-c', 'Main'], { cwd: home, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toBe(0);
  expect(stderr).toBe('');
});

test('memory does not grow with the rows', async () => {
  await writeFile(path.join(home, 'peak.cjs'), `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`);
  const peak = async (rows: number): Promise<number> => {
    const file = path.join(home, `peak-${rows}`);
    const args = ['query', `SELECT g, repeat('x', 50) FROM generate_series(1, ${rows}) g`, '--format', 'csv', '--output', path.join(home, 'rows.csv'), '-c', 'Main'];
    const done = await cli(args, { env: { PEAK: file, NODE_OPTIONS: `--require ${path.join(home, 'peak.cjs')}` } });
    expect(done.status, done.stderr).toBe(0);
    return Number(await readFile(file, 'utf8')) / 1024;
  };
  const small = await peak(200_000);
  expect(await peak(2_000_000)).toBeLessThan(small + 60);
});
