import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { never, startTestProgram, type TestProgram } from './testSupport';

let program: TestProgram;
beforeAll(async () => {
  program = await startTestProgram();
});
afterAll(() => program.close());

const rows = async (text: string): Promise<Record<string, unknown>[]> => program.database.query(text);
const exists = async (table: string): Promise<boolean> => (await rows(`SELECT to_regclass('${table}') IS NOT NULL AS there`))[0]?.['there'] === true;

describe('a new table', () => {
  it('gets types from the whole file, and every value exactly', async () => {
    const head = 'id,code,amount,day,at,who,extra,note\r\n';
    const early = Array.from({ length: 3000 }, (_, n) => `${n},12345,1.50,2024-02-29,2024-01-01 10:00:00,6f9619ff-8b86-d011-b42d-00c04fc964ff,"{""a"": ${n}}",x\r\n`).join('');
    const late = '9007199254740993,007,123456789012345678901234567890.000000001,2024-03-01,2024-01-01 10:00:00.000001,6F9619FF-8B86-D011-B42D-00C04FC964FF,"[1, 2]","two\nlines, ""quoted"" é 😀"\r\n9,,"",,,,,""\r\n';
    // An empty text in quotes is no number, so that the column is a text.
    const file = program.file('types.csv', head + early + late.replace(',,"",', ',,,'));
    const request = await program.request(file, { table: 'typed' });
    expect(request.columns.map(({ type }) => type)).toEqual(['bigint', 'text', 'numeric', 'date', 'timestamp', 'uuid', 'jsonb', 'text']);
    const outcome = await program.run(request);
    expect(outcome).toMatchObject({ state: 'done', committed: true, rowsLoaded: 3002, rowsRejected: 0, way: 'copy', error: null });
    expect(await rows(`SELECT id::text, code, amount::text, day::text, at::text, note FROM typed WHERE code = '007'`)).toEqual([
      { id: '9007199254740993', code: '007', amount: '123456789012345678901234567890.000000001', day: '2024-03-01', at: '2024-01-01 10:00:00.000001', note: 'two\nlines, "quoted" é 😀' },
    ]);
    expect(await rows('SELECT code, amount, note FROM typed WHERE code IS NULL')).toEqual([{ code: null, amount: null, note: '' }]);
  });

  it('is not there after a dry run, which says what an import would do', async () => {
    const request = await program.request(program.file('dry.csv', 'a,b\n1,x\n2,y\n'), { table: 'dry' });
    const outcome = await program.run(request, { dryRun: true });
    expect(outcome).toMatchObject({ state: 'done', committed: false, dryRun: true, rowsLoaded: 2 });
    expect(outcome.statements.join('\n')).toContain('CREATE TABLE "public"."dry"');
    expect(await exists('dry')).toBe(false);
  });

  it('takes names of any kind, twice the same, and Unicode', async () => {
    const request = await program.request(program.file('names.csv', 'a"b,,id,id,größe 📏\n1,2,3,4,5\n'), { table: 'na"me; DROP TABLE typed', source: { quote: '' } });
    expect((await program.run(request)).error).toBeNull();
    expect(await rows('SELECT * FROM "na""me; DROP TABLE typed"')).toEqual([{ 'a"b': 1, column_2: 2, id: 3, id_2: 4, 'größe 📏': 5 }]);
  });

  it('asks for the order of day and month, and uses the one that was said', async () => {
    const file = program.file('dates.csv', 'a,b\n01/02/2024,31.12.2023\n03/04/2024,01.02.2024\n');
    const scan = await program.imports.scan((await program.imports.inspect({ path: file }, never)).source, () => undefined, never);
    expect(scan.columns.map(({ type, dateOrder }) => [type, dateOrder])).toEqual([['text', 'ask'], ['date', 'dmy']]);
    const request = await program.request(file, { table: 'dates' });
    const [first, second] = request.columns;
    if (!first || !second) throw new Error('Two columns were expected.');
    expect((await program.run({ ...request, columns: [{ ...first, type: 'date', dateOrder: 'mdy' }, second] })).error).toBeNull();
    expect(await rows('SELECT a::text, b::text FROM dates ORDER BY a')).toEqual([{ a: '2024-01-02', b: '2023-12-31' }, { a: '2024-03-04', b: '2024-02-01' }]);
  });
});

describe('rows that do not fit', () => {
  const bad = 'id,price,name\n1,1.5,ok\nx,2,bad id\n3,free,bad price\n4,4,this name is far too long\n5,5\n6,6,ok\n6,7,twice\n7,,ok\n';

  it('are all found, and nothing is loaded', async () => {
    await program.database.query('CREATE TABLE items (id int PRIMARY KEY, price numeric(10,2) NOT NULL, name varchar(10))');
    const outcome = await program.run(await program.request(program.file('bad.csv', bad), { existing: 'items' }));
    expect(outcome).toMatchObject({ state: 'failed', committed: false, rowsLoaded: 0, rowsRejected: 6, error: { code: 'bad_input' } });
    expect(outcome.problems.map(({ line, column }) => [line, column])).toEqual([[3, 'id'], [4, 'price'], [5, null], [6, null], [8, null], [9, null]]);
    expect(outcome.problems[0]).toMatchObject({ value: 'x', message: expect.stringContaining('invalid input syntax for type integer') as string });
    expect(outcome.problems[2]?.message).toContain('too long');
    expect(await rows('SELECT * FROM items')).toEqual([]);
  });

  it('are skipped into a file when that is wished', async () => {
    const request = await program.request(program.file('skip.csv', bad), { existing: 'items' });
    const outcome = await program.run({ ...request, onError: 'skip' });
    expect(outcome).toMatchObject({ state: 'done', committed: true, rowsLoaded: 2, rowsRejected: 6 });
    expect(await rows('SELECT id, price::text FROM items ORDER BY id')).toEqual([{ id: 1, price: '1.50' }, { id: 6, price: '6.00' }]);
    const rejected = readFileSync(outcome.rejectFile ?? '', 'utf8').split('\r\n');
    expect(rejected).toHaveLength(8);
    expect(rejected[0]).toBe('line,column,reason,id,price,name');
    expect(rejected.join('\n')).toMatch(/^3,id,.*,x,2,bad id$/m);
    expect(readdirSync(program.folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('update or leave what is there, by their key', async () => {
    const request = await program.request(program.file('more.csv', 'id,price,name\n1,9,new\n2,8,more\n'), { existing: 'items' });
    expect(await program.run({ ...request, mode: 'ignore', key: ['id'] })).toMatchObject({ rowsLoaded: 1, error: null });
    expect(await program.run({ ...request, mode: 'update', key: ['id'] })).toMatchObject({ rowsLoaded: 2, error: null });
    expect(await rows('SELECT id, price::text, name FROM items WHERE id < 3 ORDER BY id')).toEqual([{ id: 1, price: '9.00', name: 'new' }, { id: 2, price: '8.00', name: 'more' }]);
    await expect(program.run({ ...request, mode: 'update', key: [] })).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('replace all rows only after a yes, and none when they do not fit', async () => {
    const request = { ...(await program.request(program.file('none.csv', 'id,price,name\n1,x,a\n'), { existing: 'items' })), mode: 'truncate' as const };
    await expect(program.run(request)).rejects.toMatchObject({ code: 'confirm_required' });
    const { hash, confirmations } = await program.imports.plan(request, never);
    expect(confirmations.map(({ reason }) => reason)).toEqual(['truncate']);
    expect(await program.run(request, { confirmedHash: hash })).toMatchObject({ state: 'failed', rowsRejected: 1 });
    expect(await rows('SELECT count(*)::int AS n FROM items')).toEqual([{ n: 3 }]);
  });

  it('give up at a thousand where nothing is loaded anyway', async () => {
    await program.database.query('CREATE TABLE numbers (n int)');
    const outcome = await program.run(await program.request(program.file('all.csv', `n\n${'x\n'.repeat(3000)}`), { existing: 'numbers' }));
    expect(outcome).toMatchObject({ state: 'failed', rowsRejected: 1000, problemsCut: true });
    expect(outcome.problems).toHaveLength(100);
  }, 60_000);
});

describe('who may import', () => {
  it('refuses a read-only connection, asks on production', async () => {
    const request = await program.request(program.file('who.csv', 'a\n1\n'), { table: 'who' });
    await expect(program.run({ ...request, connectionId: program.profiles.reader.id })).rejects.toMatchObject({ code: 'refused' });
    const onProduction = { ...request, connectionId: program.profiles.production.id };
    await expect(program.run(onProduction)).rejects.toMatchObject({ code: 'confirm_required' });
    const { hash } = await program.imports.plan(onProduction, never);
    expect(await program.run(onProduction, { confirmedHash: hash })).toMatchObject({ state: 'done' });
  });

  it('lets no type or name smuggle a statement in', async () => {
    const request = await program.request(program.file('type.csv', 'a\n1\n'), { table: 'smuggled' });
    const [column] = request.columns;
    if (!column) throw new Error('A column was expected.');
    await expect(program.run({ ...request, columns: [{ ...column, type: 'int); DROP TABLE items; --' }] })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('nothing half done', () => {
  it('when it is cancelled', async () => {
    const file = program.file('big.csv', `a,b\n${'1,some text\n'.repeat(400_000)}`);
    const request = await program.request(file, { table: 'cancelled' });
    const abort = new AbortController();
    const order = { request, dryRun: false, confirmedHash: undefined, rejectPath: null, origin: 'editor' as const };
    const outcome = await program.imports.run(order, abort.signal, () => abort.abort());
    expect(outcome).toMatchObject({ state: 'cancelled', committed: false });
    expect(await exists('cancelled')).toBe(false);
    expect(await rows(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'ai-shell import' AND state = 'active'`)).toEqual([]);
  });

  it('when the server ends the session in the middle', async () => {
    const file = program.file('killed.csv', `a,b\n${'1,some text\n'.repeat(400_000)}`);
    const request = await program.request(file, { table: 'killed' });
    let killed: Promise<unknown> | null = null;
    const kill = (): void => void (killed ??= program.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ai-shell import'`));
    const outcome = await program.imports.run({ request, dryRun: false, confirmedHash: undefined, rejectPath: null, origin: 'editor' }, never, kill);
    await (killed as Promise<unknown> | null);
    expect(outcome).toMatchObject({ state: 'failed', committed: false, rowsLoaded: 0, error: { code: 'connection_lost' } });
    expect(await exists('killed')).toBe(false);
  });

  it('as a job, whose outcome is kept', async () => {
    const request = await program.request(program.file('job.csv', 'a\n1\n2\n'), { table: 'by_job' });
    const told: string[] = [];
    const stop = program.imports.onFinished(({ jobId }) => told.push(jobId));
    const job = await program.imports.start({ request, dryRun: false, confirmedHash: undefined, rejectPath: null, origin: 'editor' }, never);
    await expect.poll(() => program.jobs.list().find(({ id }) => id === job.id)?.state).toBe('done');
    stop();
    expect(told).toEqual([job.id]);
    expect(program.imports.outcome(job.id)).toMatchObject({ rowsLoaded: 2, committed: true });
    expect(existsSync(request.source.path)).toBe(true);
  });
});

describe('a SQL file', () => {
  const script = (file: string, transaction: boolean) => ({
    connectionId: program.profiles.dev.id, source: { path: file, format: 'sql' as const, encoding: 'utf-8' as const, delimiter: ',', quote: '"', escape: '"', header: true, nullText: '', nullQuoted: false, sheet: null, headerRow: 1, jsonPath: '' },
    fileColumns: [], target: { kind: 'script' as const, transaction }, columns: [], mode: 'append' as const, key: [], onError: 'stop' as const,
  });

  it('runs with the data of its COPY statements, all or nothing', async () => {
    const file = program.file('dump.sql', `\\restrict x\nCREATE TABLE from_sql (a int, b text);\nCOPY from_sql FROM stdin;\n1\tone; two\n2\t\\N\n\\.\nINSERT INTO from_sql VALUES (3, 'x');\n\\connect other\n`);
    const plan = await program.imports.plan(script(file, true), never);
    expect(plan.notes.join('\n')).toContain('line 8: \\connect other');
    expect(await program.run(script(file, true), { dryRun: true })).toMatchObject({ state: 'done', committed: false, rowsLoaded: 3 });
    expect(await exists('from_sql')).toBe(false);
    expect(await program.run(script(file, true))).toMatchObject({ state: 'done', rowsLoaded: 3 });
    expect(await rows('SELECT a, b FROM from_sql ORDER BY a')).toEqual([{ a: 1, b: 'one; two' }, { a: 2, b: null }, { a: 3, b: 'x' }]);
  });

  it('that fails takes no effect, and names the line', async () => {
    const file = program.file('broken.sql', 'CREATE TABLE never_there (a int);\n\nINSERT INTO never_there VALUES (1);\nSELECT 1/0;\n');
    const outcome = await program.run(script(file, true));
    expect(outcome.error).toMatchObject({ code: 'server_error', serverCode: '22012', message: expect.stringContaining('Line 4') as string });
    expect(await exists('never_there')).toBe(false);
  });

  it('asks before it drops, and does not wrap what has its own transactions', async () => {
    await expect(program.run(script(program.file('drop.sql', 'DROP TABLE IF EXISTS nothing_there;'), true))).rejects.toMatchObject({ code: 'confirm_required' });
    const own = program.file('own.sql', 'BEGIN;\nCREATE TABLE own_one (a int);\nCOMMIT;\n');
    await expect(program.run(script(own, true))).rejects.toMatchObject({ code: 'bad_input' });
    await expect(program.run(script(own, false), { dryRun: true })).rejects.toMatchObject({ code: 'bad_input' });
    expect(await exists('own_one')).toBe(false);
    expect(await program.run(script(own, false))).toMatchObject({ state: 'done' });
    expect(await exists('own_one')).toBe(true);
  });

  it('leaves no prepared transaction behind, and a yes counts for what was read only', async () => {
    await expect(program.run(script(program.file('prepared.sql', "CREATE TABLE prepared (a int);\nPREPARE TRANSACTION 'x';\n"), true))).rejects.toMatchObject({ code: 'bad_input' });
    await program.database.query('CREATE TABLE kept_one (a int); CREATE TABLE kept_two (a int)');
    const file = program.file('changing.sql', 'DROP TABLE kept_one;');
    const { hash } = await program.imports.plan(script(file, true), never);
    program.file('changing.sql', 'DROP TABLE kept_two;');
    await expect(program.run(script(file, true), { confirmedHash: hash })).rejects.toMatchObject({ code: 'confirm_required' });
    expect(await exists('kept_two')).toBe(true);
  });

  it('notices a transaction that was ended where the file does not show it', async () => {
    const file = program.file('hidden.sql', 'CREATE TABLE hidden (a int);\nCOMMIT/**/;\nCREATE TABLE after_it (a int);\n');
    await expect(program.run(script(file, true))).rejects.toMatchObject({ code: 'bad_input' });
  });
});
