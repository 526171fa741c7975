import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type PostgresServer, type TestDatabase } from '../../e2e/servers/postgresql';
import { decodeBatch } from '../drivers/rows';
import { never, startTestProgram, type TestProgram } from './testSupport';

/** A server of this test's own, which it may kill. */
let server: PostgresServer;
let program: TestProgram;
beforeAll(async () => {
  server = await startPostgres({ durable: true });
  program = await startTestProgram(databaseOf(server));
}, 60_000);
afterAll(async () => {
  await program.close();
  await server.stop();
});

function databaseOf({ host, port, user, password, url }: PostgresServer): TestDatabase {
  return {
    target: { engine: 'postgresql', host, port, database: 'postgres', user, tls: { mode: 'disable' } },
    password,
    url: url(),
    async query<Row extends object>(text: string, parameters?: unknown[]): Promise<Row[]> {
      const client = new Client({ connectionString: url() });
      await client.connect();
      try {
        return (await client.query<Row>(text, parameters)).rows;
      } finally {
        await client.end();
      }
    },
    drop: () => Promise.resolve(),
  };
}

it.each([
  { way: 'as it is', onError: 'stop' as const },
  { way: 'row by row', onError: 'skip' as const },
])('a server that is killed in the middle of a load $way has nothing of it, and the job says so', async ({ onError }) => {
  await program.database.query('DROP TABLE IF EXISTS there; CREATE TABLE there (a int, b text); INSERT INTO there VALUES (0, $$before$$)');
  const file = program.file('killed.csv', `a,b\n${'1,some text\n'.repeat(300_000)}`);
  const request = { ...(await program.request(file, { existing: 'there' })), onError };
  const job = await program.imports.start({ request, dryRun: false, confirmedHash: undefined, rejectPath: null, origin: 'editor' }, never);
  const loading = `SELECT 1 FROM pg_stat_progress_copy UNION ALL SELECT 1 FROM pg_stat_activity WHERE application_name = 'ai-shell import' AND state = 'active' AND query LIKE 'INSERT%'`;
  await expect.poll(async () => (await program.database.query(loading)).length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(0);
  await server.kill();
  await expect.poll(() => program.imports.outcome(job.id)?.state ?? null, { timeout: 30_000 }).not.toBeNull();
  expect(program.imports.outcome(job.id)).toMatchObject({ state: 'failed', committed: false, rowsLoaded: 0, rejectFile: null, error: { code: 'connection_lost', connection: 'dev' } });
  expect(program.jobs.list().find(({ id }) => id === job.id)).toMatchObject({ state: 'failed', error: { code: 'connection_lost' } });
  await server.restart();
  expect(await program.database.query('SELECT * FROM there')).toEqual([{ a: 0, b: 'before' }]);
  // The next import gets a session of its own again.
  expect(await program.run({ ...request, source: { ...request.source, path: program.file('after.csv', 'a,b\n2,after\n') } })).toMatchObject({ state: 'done', rowsLoaded: 1 });
}, 120_000);

it('2,000 rows go into the embedded database, which takes no COPY, all or none', async () => {
  const text = Array.from({ length: 2000 }, (_, n) => `${n},9007199254740993,"é ${n}, ""x""\nline",${n % 3 === 0 ? '' : '""'},2024-01-01 10:00:00.000001\n`).join('');
  const request = { ...(await program.request(program.file('embedded.csv', `id,big,note,empty,at\n${text}`), { table: 'embedded_rows' })), connectionId: program.profiles.embedded.id };
  const { way, notes, statements } = await program.imports.plan(request, never);
  expect([way, notes.join(' '), statements.join('\n')]).toEqual(['stage', expect.stringContaining('takes no COPY'), expect.not.stringContaining('COPY')]);
  expect(await program.run(request, { dryRun: true })).toMatchObject({ error: null, rowsLoaded: 2000, committed: false });
  expect(await program.run(request)).toMatchObject({ error: null, rowsLoaded: 2000, rowsRejected: 0, committed: true });
  // Read by another session than the one that loaded.
  const bad = { ...request, source: { ...request.source, path: program.file('embedded-bad.csv', 'id,big,note,empty,at\n1,2,a,b,2024-01-01\nx,2,a,b,2024-01-01\n') }, target: { kind: 'existing' as const, schema: 'public', table: 'embedded_rows' } };
  expect(await program.run(bad)).toMatchObject({ state: 'failed', committed: false, rowsRejected: 1, problems: [{ line: 3, column: 'id' }] });
  const found: (string | null)[][] = [];
  await program.connections.withSession(program.profiles.embedded.id, { applicationName: 'ai-shell test', signal: never }, async (connection) => {
    const sink = { columns: () => undefined, rows: (batch: Parameters<typeof decodeBatch>[0]) => void found.push(...decodeBatch(batch)), notice: () => undefined, complete: () => undefined };
    await connection.run({ text: `SELECT count(*), count(DISTINCT id), min(big), count(empty), max(note) FILTER (WHERE id = 7), max(at) FROM embedded_rows` }, sink, { signal: never });
  });
  expect(found).toEqual([['2000', '2000', '9007199254740993', '1333', 'é 7, "x"\nline', '2024-01-01 10:00:00.000001']]);
}, 120_000);
