import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bestCategoriesSql, cancelOrderSql, germanCategoriesSql, shopScript, statusSql } from '../../e2e/servers/model/shopScript';
import { lastToolResults, type ModelScript } from '../../e2e/servers/model/script';
import { testDatabase, type TestDatabase } from '../../e2e/servers/postgresql';
import type { MessagePart } from '../../src-preload/contract/assistant';
import { kit, type Kit } from '../../e2e/assistant/kit';
import { realNeighbours } from '../../e2e/assistant/realServer';

/** The ready script for e2e fits the demo shop as it is defined. */
let database: TestDatabase;
const open: (() => Promise<void>)[] = [];
const demo = (name: string): string => readFileSync(path.resolve(import.meta.dirname, '../../assets/demo', name), 'utf8').replaceAll(':seed', '1::bigint');

beforeAll(async () => {
  database = await testDatabase();
  for (const script of ['helpers.sql', 'schema.sql']) await database.query(demo(script));
}, 60_000);
afterAll(() => database.drop());
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(script: ModelScript = shopScript): Promise<Kit> {
  const real = realNeighbours(database);
  const made = await kit(script, { neighbours: real.neighbours });
  open.push(async () => {
    await made.close();
    await real.close();
  });
  return made;
}

const steps = (parts: readonly MessagePart[]): string[] => parts.flatMap((part) => (part.kind === 'tool' ? [`${part.name} ${part.state}`] : []));
const queries = (parts: readonly MessagePart[]): MessagePart[] => parts.filter((part) => part.kind === 'sql');

describe('the script for the demo shop', () => {
  it('answers a question with a search, a look, a query and its rows, and a follow-up', async () => {
    const { ask } = await start();
    const { message, conversationId } = await ask('What are our five best categories by revenue?');
    expect(steps(message.parts)).toEqual(['search_schema done', 'describe done', 'run_query done']);
    expect(queries(message.parts)).toMatchObject([{ text: bestCategoriesSql, columns: [{ name: 'category' }, { name: 'revenue', family: 'number' }], resultId: expect.any(String) as string }]);
    expect(message.parts.at(-1)).toMatchObject({ kind: 'text', text: expect.stringContaining('five best categories') as string });
    const second = await ask('And only in Germany?', { conversationId });
    expect(steps(second.message.parts)).toEqual(['lookup_values done', 'run_query done']);
    expect(queries(second.message.parts)).toMatchObject([{ text: germanCategoriesSql }]);
  });

  it('mends a mistake, and proposes a change', async () => {
    const { ask } = await start();
    const mended = await ask('Make a mistake first.');
    expect(steps(mended.message.parts)).toEqual(['show_sql failed', 'show_sql done']);
    expect(queries(mended.message.parts)).toMatchObject([{ resultId: null, check: { resolved: true } }]);
    const change = await ask('Cancel order 42.');
    expect(change.message.parts.find((part) => part.kind === 'proposal')).toMatchObject({ proposal: { text: cancelOrderSql, state: 'pending', objects: ['shop.orders'] } });
  });

  it('draws what Claude proposes, and refuses a chart that does not fit the rows', async () => {
    const { ask } = await start();
    const { message } = await ask('How many orders have which status?');
    expect(steps(message.parts)).toEqual(['run_query done', 'propose_chart done']);
    expect(queries(message.parts)).toMatchObject([{ text: statusSql, view: { kind: 'chart', chart: { kind: 'pie', x: 'status', y: ['orders'], series: null } } }]);

    const chart = (y: string) => ({ tools: [{ name: 'propose_chart', input: { chart: { kind: 'bar', x: 'status', y: [y], aggregate: 'none' } } }] });
    const wrong = await start([chart('orders'), { tools: [{ name: 'run_query', input: { sql: statusSql, title: 'x' } }] }, chart('turnover'), { text: 'Done.' }]);
    const answer = await wrong.ask('Draw it.');
    expect(steps(answer.message.parts)).toEqual(['propose_chart failed', 'run_query done', 'propose_chart failed']);
    expect(lastToolResults(wrong.model.questions().at(-1)?.body ?? {})[0]?.text).toContain('There is no column turnover.');
    expect(queries(answer.message.parts)).toMatchObject([{ view: null }]);
  });
});
