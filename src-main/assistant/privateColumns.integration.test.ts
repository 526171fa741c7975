import { afterAll, beforeAll, expect, it } from 'vitest';
import { kit } from '../../e2e/assistant/kit';
import { realNeighbours } from '../../e2e/assistant/realServer';
import type { ScriptedTool } from '../../e2e/servers/model/script';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import { MARKER, privateFixture } from '../guard/corpus/privateFixture';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await database.query(privateFixture);
  await database.query('alter table shop.people add check (ssn <> $$x$$), add unique (ssn), add place text generated always as (city || ssn) stored');
});
afterAll(() => database.drop());

const run = (sql: string): ScriptedTool => ({ name: 'run_query', input: { sql, title: 'x' } });
const show = (sql: string): ScriptedTool => ({ name: 'show_sql', input: { sql, title: 'x' } });

/** Every tool, on its way to a column that is kept private. */
const calls: readonly ScriptedTool[] = [
  { name: 'search_schema', input: { words: 'people ssn number' } },
  { name: 'describe', input: { relations: ['shop.people', 'shop.customers', 'shop.events_1', 'shop.logs_1'] } },
  { name: 'lookup_values', input: { relation: 'shop.people', column: 'ssn' } },
  { name: 'lookup_values', input: { relation: 'shop.people', column: 'city' } },
  { name: 'lookup_values', input: { relation: 'shop.mails', column: 'm' } },
  { name: 'lookup_values', input: { relation: 'shop.lowered', column: 'l', text: 'zq' } },
  { name: 'plan', input: { sql: 'SELECT ssn FROM shop.people' } },
  run('SELECT * FROM shop.people'),
  run('SELECT id, sssn FROM shop.people'),
  run('SELECT p FROM shop.people p'),
  run('SELECT most_common_vals::text FROM pg_stats'),
  show('SELECT * FROM shop.people'),
  { name: 'propose_write', input: { sql: "DELETE FROM shop.people WHERE ssn LIKE 'z%'", purpose: 'x' } },
  run('SELECT id, city FROM shop.people'),
];

async function sentWith(privateColumns: string[] | undefined): Promise<{ sent: string; results: string }> {
  const real = realNeighbours(database, privateColumns === undefined ? {} : { privateColumns });
  let asked = 0;
  const made = await kit(() => (asked++ < calls.length ? { tools: [calls[asked - 1] ?? run('SELECT 1')] } : { text: 'Done.' }), { neighbours: real.neighbours });
  try {
    await made.ask('What is there?');
    const bodies = made.model.questions().map(({ body }) => body);
    const blocks = (bodies.at(-1)?.messages ?? []).flatMap(({ content }) => (typeof content === 'string' ? [] : content)).filter((block) => block.type === 'tool_result');
    expect(blocks).toHaveLength(calls.length);
    return { sent: JSON.stringify(bodies.map((body) => ({ ...body, messages: body.messages?.filter(({ role }) => role === 'user') }))), results: JSON.stringify(blocks) };
  } finally {
    await made.close();
    await real.close();
  }
}

it('neither the values nor the names of private columns are sent, by any tool; without the choice both are', async () => {
  const open = await sentWith(undefined);
  expect(open.sent.includes(MARKER) && open.sent.includes('ssn text')).toBe(true);
  const held = await sentWith(['*.*.ssn', 'shop.customers.email', 'shop.events.payload', 'shop.logs_1.line', 'vault.*.*']);
  const has = (text: string): boolean => held.sent.includes(text);
  expect(has(MARKER)).toBe(false);
  // The model's own words come back to it.
  expect(/(?<!s)ssn/.test(held.sent.replaceAll('has no column ssn', ''))).toBe(false);
  expect(has('Some columns are kept private') && has('shop.people')).toBe(true);
  expect(held.results.includes('Wien')).toBe(true);
  expect(held.results.includes('reads a column that is kept private')).toBe(true);
});
