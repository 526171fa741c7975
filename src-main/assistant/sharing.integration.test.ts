import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kit } from '../../e2e/assistant/kit';
import { realNeighbours } from '../../e2e/assistant/realServer';
import type { ScriptedTool } from '../../e2e/servers/model/script';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { Sharing } from '../../src-preload/contract/connections';

let database: TestDatabase;
const secrets = ['Zebedee Quillfeather', '4929-1188', 'zq-token-77'];

beforeAll(async () => {
  database = await testDatabase();
  await database.query(`
    CREATE SCHEMA clinic;
    CREATE TABLE clinic.patients (id int PRIMARY KEY, name text NOT NULL, card text, note jsonb);
    INSERT INTO clinic.patients SELECT n, '${secrets[0]}', '${secrets[1]}', '{"token": "${secrets[2]}"}' FROM generate_series(1, 137) AS n;
    ANALYZE clinic.patients;
  `);
});
afterAll(() => database.drop());

const run = (sql: string): ScriptedTool => ({ name: 'run_query', input: { sql, title: 'x' } });
const show = (sql: string): ScriptedTool => ({ name: 'show_sql', input: { sql, title: 'x' } });
const plan = (sql: string): ScriptedTool => ({ name: 'plan', input: { sql } });
const lookup = (column: string, text?: string): ScriptedTool => ({ name: 'lookup_values', input: { relation: 'clinic.patients', column, ...(text === undefined ? {} : { text }) } });

/** Ways to the values: through rows, errors, numbers of rows, statistics, texts made of them. */
const reads: readonly ScriptedTool[] = [
  run('SELECT * FROM clinic.patients'),
  run('SELECT p FROM clinic.patients p LIMIT 3'),
  run('SELECT to_jsonb(p) FROM clinic.patients p LIMIT 3'),
  run("SELECT string_agg(name || card, ',') FROM clinic.patients"),
  run('SELECT max(name) AS m, min(card) FROM clinic.patients'),
  run('SELECT card::int FROM clinic.patients'),
  run('SELECT (note ->> $$token$$)::date FROM clinic.patients'),
  run("SELECT 1 / (CASE WHEN name LIKE 'Z%' THEN 0 ELSE 1 END) FROM clinic.patients"),
  run("SELECT 1 / (CASE WHEN name LIKE 'A%' THEN 0 ELSE 1 END) FROM clinic.patients"),
  run('SELECT most_common_vals::text FROM pg_stats WHERE tablename = $$patients$$'),
  run('SELECT count(*) FROM clinic.patients'),
];

/** What the model was told of each call, in order, and everything that was sent to it. */
async function told(sharing: Sharing, calls: readonly ScriptedTool[]): Promise<{ results: string[]; sent: string }> {
  const real = realNeighbours(database, { sharing });
  let asked = 0;
  const made = await kit(() => (asked++ < calls.length ? { tools: [calls[asked - 1] ?? run('SELECT 1')] } : { text: 'Done.' }), { neighbours: real.neighbours });
  try {
    await made.ask('What is there?');
    const bodies = made.model.questions().map(({ body }) => body);
    const last = bodies.at(-1)?.messages ?? [];
    const results = last.flatMap(({ content }) => (typeof content === 'string' ? [] : content)).flatMap((block) => (block.type === 'tool_result' ? [JSON.stringify([block.content, block.is_error ?? false])] : []));
    return { results, sent: JSON.stringify(bodies.map((body) => ({ ...body, messages: body.messages?.filter(({ role }) => role === 'user') }))) };
  } finally {
    await made.close();
    await real.close();
  }
}

const leaks = (text: string): string[] => secrets.filter((secret) => text.includes(secret));

describe('what of the data reaches the model', () => {
  it('rows, where they are shared: the attempts below do read them', async () => {
    const { sent } = await told('results', reads.slice(0, 5));
    expect(leaks(sent)).toEqual(secrets);
    expect(sent).toContain('137 rows are shown');
  });

  it.each(['schema', 'values'] as const)('%s: every run is told in the same words, whatever it found or however it failed', async (sharing) => {
    const { results, sent } = await told(sharing, reads);
    expect(results).toHaveLength(reads.length);
    expect(new Set(results).size).toBe(1);
    expect(results[0]).toContain('are not shared with you');
    expect(leaks(sent)).toEqual([]);
  });

  it.each(['schema', 'values'] as const)('%s: handing a query over or drawing it does not tell whether it ran', async (sharing) => {
    const failing = 'SELECT name, card::int AS n FROM clinic.patients';
    const fine = 'SELECT name, id AS n FROM clinic.patients';
    const chart: ScriptedTool = { name: 'propose_chart', input: { chart: { kind: 'bar', x: 'name', y: ['n'], series: null, aggregate: 'none' } } };
    const [bad, good] = [await told(sharing, [run(failing), chart, show(failing)]), await told(sharing, [run(fine), chart, show(fine)])];
    // The two texts themselves cost differently; what they cost is known before a run.
    const words = ({ results }: { results: string[] }): string[] => results.map((result) => result.replace(/cost [\d.]+/, 'cost'));
    expect(words(bad)).toEqual(words(good));
    expect(bad.results[2]).toContain('The query is good');
  });

  it('schema: neither spellings nor estimates; values: both, and no rows', async () => {
    const calls = [lookup('name'), lookup('name', 'zebedee'), plan("SELECT id FROM clinic.patients WHERE name = 'x'"), plan('SELECT id FROM clinic.patients')];
    const schema = await told('schema', calls);
    expect(schema.results.slice(0, 2).every((result) => result.includes('Values are not shared'))).toBe(true);
    expect(schema.results[2]).toBe(schema.results[3]);
    expect(leaks(schema.sent)).toEqual([]);
    const values = await told('values', calls);
    expect(values.results[1]).toContain(secrets[0]);
    expect(values.results[3]).toMatch(/rows 137/);
  });
});
