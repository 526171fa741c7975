import { afterEach, describe, expect, it } from 'vitest';
import { blocksOf, lastToolResults, type MessagesBody } from '../../e2e/servers/model/script';
import { AppError } from '../errors';
import { relation, snapshotOf } from '../../e2e/assistant/snapshot';
import { kit, KEY, type Kit, type KitOptions } from '../../e2e/assistant/kit';
import type { ModelScript } from '../../e2e/servers/model/script';

const open: Kit[] = [];
const start = async (script: ModelScript, options?: KitOptions): Promise<Kit> => {
  const made = await kit(script, options);
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const select = 'SELECT count(*) FROM shop.orders';

describe('an answer', () => {
  it('streams thinking, steps, the query and text, and stores what it streamed', async () => {
    const { ask, assistant, server } = await start([
      { thinking: 'Which tables hold purchases?', tools: [{ name: 'search_schema', input: { words: 'purchase orders' } }] },
      { text: 'I will count.', tools: [{ name: 'run_query', input: { sql: select, title: 'Number of orders' } }] },
      { text: 'There is one order, and that is a long enough sentence to arrive in pieces.' },
    ]);
    const { message, parts, conversationId } = await ask('How many orders are there?');

    expect(message.parts.map((part) => (part.kind === 'tool' ? `${part.name} ${part.state}` : part.kind))).toEqual(['thinking', 'search_schema done', 'text', 'run_query done', 'sql', 'text']);
    expect(message.parts[4]).toMatchObject({ text: select, title: 'Number of orders', resultId: 'r1', rows: 1, error: null, check: { resolved: true, estimatedRows: 7, estimatedCost: 12.5, verdict: { readOnly: true } } });
    expect(message.stopped).toBe(false);
    expect(server.closed).toEqual([`assistant:${conversationId}`]);

    expect(parts[0]?.kind).toBe('started');
    expect(parts.some((part) => part.kind === 'delta')).toBe(true);
    expect(replay(parts)).toEqual(message.parts);
    const stored = assistant.messages(conversationId);
    expect(stored.map((entry) => entry.role)).toEqual(['user', 'assistant']);
    expect(stored[1]?.parts).toEqual(message.parts);
    expect(assistant.conversations({ search: '' })[0]).toMatchObject({ id: conversationId, title: 'How many orders are there?' });
    expect(assistant.conversations({ search: 'LONG ENOUGH' })).toHaveLength(1);
    expect(assistant.conversations({ search: 'nowhere said' })).toHaveLength(0);
  });

  it('asks with the key, summarised adaptive thinking, all tools and four breakpoints of the cache', async () => {
    const { ask, model } = await start([{ text: 'Hello.' }]);
    await ask('Hello?');
    const [request] = model.questions();
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.headers['anthropic-version']).toBe('2026-10-21');
    expect(request?.raw).not.toContain(KEY);
    const { body } = request as { body: MessagesBody };
    expect(body.thinking).toEqual({ type: 'adaptive', display: 'summarized' });
    expect(body.model).toBe('claude-opus-5-5');
    expect(body.tools?.map((tool) => tool.name)).toEqual(['search_schema', 'describe', 'lookup_values', 'plan', 'run_query', 'show_sql', 'propose_chart', 'propose_notes', 'propose_write']);
    expect(JSON.stringify(body).match(/"cache_control":\{"type":"ephemeral"\}/g)).toHaveLength(4);
    expect(JSON.stringify(body.system)).toContain('shop.orders(id bigint not null');
  });

  it('puts the tables that a question points to before it when the schema is too large to be told, the same each time', async () => {
    const many = Array.from({ length: 3_000 }, (_table, index) => relation(`ledger_entry_${index}`, { id: 'bigint', amount: 'numeric' }));
    const { ask, model } = await start([{ text: 'Yes.' }, { text: 'No.' }], { snapshot: snapshotOf([...many, relation('walruses', { id: 'bigint', tusk_length: 'numeric' })]) });
    const { conversationId } = await ask('How long are the tusks of a walrus?');
    await ask('And of 7 ledger entries?', { conversationId });
    const [first, second] = model.questions().map(({ body }) => (body.messages ?? []).filter(({ role }) => role === 'user').map((message) => blocksOf(message).map((block) => (block.type === 'text' ? block.text : ''))));
    expect(first?.[0]?.[0]).toMatch(/^\(Note of the program: the schema above is not whole\..*\n<data-\w+>\nshop\.walruses\(tusk_length, id\)\n<\/data-\w+>$/);
    expect(second?.[0]).toEqual(first?.[0]);
    expect(second?.[1]?.[0]).toContain('shop.ledger_entry_');
    expect([first?.[0]?.[1], second?.[1]?.[1]]).toEqual(['How long are the tusks of a walrus?', 'And of 7 ledger entries?']);
  });

  it('passes thinking, calls and their results back unchanged, and sends all of it with the next question', async () => {
    const { ask, model } = await start([{ thinking: 'Hm.', text: 'Looking.', tools: [{ name: 'describe', input: { relations: ['shop.orders'] } }] }, { text: 'It has four columns.' }, { text: 'The first one is id.' }]);
    const { conversationId } = await ask('What is in orders?');
    await ask('And the first?', { conversationId });
    const [first, second, third] = model.questions().map((request) => request.body.messages ?? []);
    expect([first?.length, second?.length, third?.length]).toEqual([1, 3, 5]);
    const reply = blocksOf(second?.[1]);
    expect(reply.map((block) => block.type)).toEqual(['thinking', 'text', 'tool_use']);
    expect(reply[0]).toMatchObject({ thinking: 'Hm.', signature: expect.stringMatching(/^signed-/) as string });
    expect(lastToolResults({ messages: second ?? [] })[0]?.text).toMatch(/^<data-[0-9a-f]{24}>\nshop\.orders[\s\S]*enum order_status: "pending", "paid"\n<\/data-[0-9a-f]{24}>$/);
    expect(blocksOf(third?.[1])).toEqual(reply);
    expect(blocksOf(third?.[4])[0]?.text).toBe('And the first?');
  });

  it('counts tokens and money over all calls of an answer', async () => {
    const usage = { input_tokens: 1000, output_tokens: 500, cache_read_input_tokens: 2000, cache_creation_input_tokens: 100 };
    const { ask, assistant } = await start([{ tools: [{ name: 'describe', input: { relations: ['orders'] } }], usage }, { text: 'Done.', usage }]);
    const { message, parts, conversationId } = await ask('?');
    expect(message.usage).toEqual({ inputTokens: 2000, outputTokens: 1000, cacheReadTokens: 4000, cacheWriteTokens: 200, dollars: expect.closeTo(0.008 + 0.02 + 0.0008 + 0.001, 10) as number });
    expect(message.model).toBe('claude-opus-5-5');
    expect(parts.findLast((part) => part.kind === 'usage')).toEqual({ kind: 'usage', usage: message.usage });
    expect(assistant.audit({ limit: 10, conversationId })).toMatchObject([{ tool: 'describe', outcome: 'done: 1 described', tokens: 3600, connectionId: 'c1' }]);
  });

  it('refuses a second question while it answers the first', async () => {
    let release = (): void => undefined;
    const hold = new Promise<void>((resolve) => (release = resolve));
    const { ask, assistant } = await start([{ text: 'Wait', hold }]);
    const { id } = await assistant.create('c1');
    let second: Promise<unknown> | undefined;
    const first = ask('One?', { conversationId: id, onPart: (part) => void (part.kind === 'part' && (second ??= ask('Two?', { conversationId: id }).catch((error: unknown) => error).finally(release))) });
    await first;
    expect(await second).toMatchObject({ code: 'busy' });
    expect(assistant.messages(id)).toHaveLength(2);
  });
});

describe('after a crash', () => {
  it('shows an answer in progress as stopped, with what came', async () => {
    const { ask, again, store, assistant } = await start([{ text: 'Looking.', tools: [{ name: 'describe', input: { relations: ['orders'] } }] }, { text: 'Half of an' }]);
    const { conversationId, message } = await ask('What?');
    // As the process leaves it that is killed while a step runs.
    const parts = message.parts.map((part) => (part.kind === 'tool' ? { ...part, state: 'running', milliseconds: null, summary: '' } : part));
    store.run("UPDATE messages SET state = 'running', owner = '999999999-0', parts = ? WHERE id = ?", JSON.stringify(parts), message.id);
    for (const program of [assistant, again()]) {
      const found = program.messages(conversationId)[1];
      expect(found?.stopped).toBe(true);
      expect(found?.parts.map((part) => (part.kind === 'tool' ? part.state : part.kind))).toEqual(['text', 'failed', 'text']);
    }
  });

  it('forgets the rows of an earlier run, not the query', async () => {
    const { ask, again } = await start([{ tools: [{ name: 'run_query', input: { sql: select, title: 'Count' } }] }, { text: 'One.' }]);
    const { conversationId, message } = await ask('How many?');
    expect(message.parts.find((part) => part.kind === 'sql')).toMatchObject({ resultId: 'r1' });
    expect(again().messages(conversationId)[1]?.parts.find((part) => part.kind === 'sql')).toMatchObject({ text: select, resultId: null, rows: 1 });
  });
});

describe('SQL that does not stand up', () => {
  it('comes back with the engine’s words, the place and the nearest real names, three times at most', async () => {
    const bad = (name: string) => ({ tools: [{ name: 'show_sql', input: { sql: `SELECT ${name} FROM shop.orders -- missing`, title: 'x' } }] });
    const { ask, server, model, assistant } = await start([bad('custmer_id'), bad('customr_id'), bad('costumer_id'), { tools: [{ name: 'run_query', input: { sql: select, title: 'y' } }] }, { text: 'I cannot.' }]);
    server.onRead = (text) => {
      const name = /SELECT (\w+)/.exec(text)?.[1] ?? '';
      throw new AppError('server_error', `column "${name}" does not exist`, { serverCode: '42703', position: text.indexOf(name) });
    };
    const { message, conversationId } = await ask('Who?');
    expect(message.parts.filter((part) => part.kind === 'sql')).toEqual([]);
    const results = model.questions().slice(1).map((request) => lastToolResults(request.body)[0]);
    expect(results[0]?.text).toContain('column "custmer_id" does not exist (SQLSTATE 42703) at line 1, column 8: SELECT custmer_id FROM shop.orders');
    expect(results[0]?.text).toContain('Nearest real names: orders.customer_id');
    expect(results.map((result) => /Tries left: \d|No tries are left|Not run: 3 tries/.exec(result?.text ?? '')?.[0])).toEqual(['Tries left: 2', 'Tries left: 1', 'No tries are left', 'Not run: 3 tries']);
    expect(results.every((result) => result?.isError)).toBe(true);
    expect(assistant.audit({ conversationId, limit: 10 }).map((entry) => entry.outcome.split(':')[0])).toEqual(['refused', 'failed', 'failed', 'failed']);
  });

  it('shows the rows of the run again when the same query is handed over', async () => {
    const { ask, server } = await start([{ tools: [{ name: 'run_query', input: { sql: select, title: 'Try' } }] }, { tools: [{ name: 'show_sql', input: { sql: select, title: 'Final' } }] }, { text: 'There.' }]);
    const { message } = await ask('How many?');
    expect(message.parts.filter((part) => part.kind === 'sql')).toMatchObject([{ title: 'Try', resultId: 'r1' }, { title: 'Final', resultId: 'r1' }]);
    expect(server.reads.filter((text) => text === select)).toHaveLength(1);
  });
});

describe('the model’s view of a result', () => {
  it('is 50 rows and 8 KB at most; the person has all', async () => {
    const { ask, server, model } = await start([{ tools: [{ name: 'run_query', input: { sql: select, title: 'Many' } }] }, { text: 'Many.' }]);
    server.onRead = () => Array.from({ length: 400 }, (_row, index) => [`row ${index} ${'x'.repeat(300)}`]);
    const { message } = await ask('Show.');
    expect(message.parts.find((part) => part.kind === 'sql')).toMatchObject({ rows: 400 });
    const text = lastToolResults(model.questions()[1]?.body ?? {})[0]?.text ?? '';
    expect(Buffer.byteLength(text)).toBeLessThan(9_000);
    expect(text).toMatch(/^400 rows are shown to the person\. You see the first 2\d\./);
  });

  it('holds no secret of this run', async () => {
    const { ask, server, model, secrets, assistant } = await start([{ tools: [{ name: 'run_query', input: { sql: select, title: 'Leak' } }] }, { text: 'Hm.' }]);
    secrets.remember('hunter2-the-password');
    server.onRead = () => [[`key ${KEY}`], ['password hunter2-the-password']];
    const { conversationId } = await ask('What is hunter2-the-password?');
    for (const request of model.questions()) expect(request.raw).not.toMatch(new RegExp(`${KEY}|hunter2-the-password`));
    expect(lastToolResults(model.questions()[1]?.body ?? {})[0]?.text).toContain('["password ***"]');
    expect(JSON.stringify(assistant.audit({ conversationId, limit: 10 }))).not.toContain('hunter2');
  });
});

/** What a window shows that knows nothing but the streamed parts. */
function replay(parts: readonly import('../../src-preload/contract/assistant').AnswerPart[]): unknown[] {
  const shown: { kind: string; text?: string }[] = [];
  for (const part of parts) {
    if (part.kind === 'part') shown[part.index] = { ...part.part };
    const grown = part.kind === 'delta' ? shown[part.index] : undefined;
    if (grown && part.kind === 'delta') grown.text = (grown.text ?? '') + part.text;
  }
  return shown;
}
