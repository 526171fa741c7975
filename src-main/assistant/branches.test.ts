import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { kit, type Kit, type KitOptions } from '../../e2e/assistant/kit';
import type { ModelScript } from '../../e2e/servers/model/script';
import type { Message } from '../../src-preload/contract/assistant';
import { migrations } from '../store/migrations/all';
import { openStore } from '../store/service';
import { leafBelow, pathTo, siblingsOf, subtree, type BranchNode } from './branches';
import { createConversationStore } from './conversations';

const kits: Kit[] = [];
async function start(script: ModelScript, options: KitOptions = {}): Promise<Kit> {
  const made = await kit(script, options);
  kits.push(made);
  return made;
}
afterEach(() => Promise.all(kits.splice(0).map((made) => made.close())));

const texts = (messages: readonly Message[]): string[] => messages.map(({ parts }) => parts.map((part) => (part.kind === 'text' ? part.text : part.kind)).join());
const never = new AbortController().signal;
const ignore = (): void => undefined;
const select = 'SELECT count(*) FROM shop.orders';

describe('the tree of messages', () => {
  const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).map((picks) =>
    picks.map((pick, index): BranchNode => ({ id: `m${index}`, parentId: pick % (index + 1) === 0 ? null : `m${(pick % (index + 1)) - 1}`, position: index + 1 })),
  );
  it('has one way to each message, on which each is the parent of the next', () => {
    fc.assert(
      fc.property(trees, fc.nat(), (nodes, pick) => {
        const node = nodes[pick % nodes.length] as BranchNode;
        const way = pathTo(nodes, node.id);
        expect(way.at(-1)).toBe(node);
        way.forEach((step, index) => expect(step.parentId).toBe(way[index - 1]?.id ?? null));
        expect(siblingsOf(nodes, node)).toContain(node);
        expect(pathTo(nodes, leafBelow(nodes, node).id)).toContain(node);
        const gone = subtree(nodes, node);
        expect(new Set(gone).size).toBe(gone.length);
        expect(nodes.filter((other) => !gone.includes(other) && gone.some(({ id }) => id === other.parentId))).toEqual([]);
      }),
    );
  });
  it('ends with messages that are their own parents, as a damaged store has them', () => {
    const loop: BranchNode[] = [{ id: 'a', parentId: 'b', position: 1 }, { id: 'b', parentId: 'a', position: 2 }];
    expect(pathTo(loop, 'b').map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('an edited question', () => {
  it('begins a branch; the old one stays with its rows and proposals, and is not told to the model', async () => {
    const { ask, assistant, results, model } = await start([
      { text: 'First.' },
      { tools: [{ name: 'run_query', input: { sql: select, title: 'Count' } }, { name: 'propose_write', input: { sql: 'UPDATE shop.orders SET status = 1', purpose: 'Mark.' } }] },
      { text: 'Second.' },
      { text: 'Other.' },
      { text: 'And on.' },
    ]);
    const { conversationId } = await ask('One?');
    await ask('Two?', { conversationId });
    const [, , two] = assistant.messages(conversationId);
    const { message } = await ask('Three?', { conversationId, replaceFrom: two?.id ?? '' });
    expect(texts(assistant.messages(conversationId))).toEqual(['One?', 'First.', 'Three?', 'Other.']);
    expect(JSON.stringify(model.questions().at(-1)?.body.messages)).not.toContain('Two?');
    expect(message.siblings).toEqual([message.id]);
    const three = assistant.messages(conversationId)[2];
    expect(three?.siblings).toEqual([two?.id, three?.id]);
    expect(results.released).toEqual([]);

    expect(texts(assistant.showBranch(conversationId, two?.id ?? ''))).toEqual(['One?', 'First.', 'Two?', 'tool,sql,tool,proposal,Second.']);
    await ask('Four?', { conversationId });
    expect(texts(assistant.messages(conversationId)).slice(2)).toEqual(['Two?', 'tool,sql,tool,proposal,Second.', 'Four?', 'And on.']);
    const sent = JSON.stringify(model.questions().at(-1)?.body.messages);
    expect(sent).toContain('Two?');
    expect(sent).not.toContain('Three?');
    // Going there and back shows the newest state of the branch.
    assistant.showBranch(conversationId, three?.id ?? '');
    expect(texts(assistant.showBranch(conversationId, two?.id ?? '')).at(-1)).toBe('And on.');
  });

  it('removes a branch with its rows and open proposals, and shows the one beside it; the shown branch outlives the program', async () => {
    const { ask, assistant, results, again } = await start([
      { tools: [{ name: 'run_query', input: { sql: select, title: 'Count' } }, { name: 'propose_write', input: { sql: 'UPDATE shop.orders SET status = 1', purpose: 'Mark.' } }] },
      { text: 'Eins.' },
      { text: 'Zwei.' },
    ]);
    const { conversationId, message } = await ask('One?');
    const [one] = assistant.messages(conversationId);
    await ask('Two?', { conversationId, replaceFrom: one?.id ?? '' });
    assistant.showBranch(conversationId, one?.id ?? '');
    expect(texts(again().messages(conversationId))[0]).toBe('One?');
    const proposal = message.parts.flatMap((part) => (part.kind === 'proposal' ? [part.proposal] : []))[0];
    expect(texts(assistant.removeBranch(conversationId, one?.id ?? ''))).toEqual(['Two?', 'Zwei.']);
    expect(results.released).toEqual(['r1']);
    await expect(assistant.decide({ conversationId, proposalId: proposal?.id ?? '', approve: true, hash: proposal?.hash ?? '' }, never)).rejects.toMatchObject({ code: 'refused' });
    expect(() => assistant.showBranch(conversationId, one?.id ?? '')).toThrow('no longer there');
    const [two] = assistant.messages(conversationId);
    expect(assistant.removeBranch(conversationId, two?.id ?? '')).toEqual([]);
    expect(assistant.messages(conversationId)).toEqual([]);
  });
});

describe('an answer asked for again', () => {
  it('keeps both answers, the new one by the named model, and goes on from the one that is shown', async () => {
    const { assistant, ask, model } = await start([{ text: 'By the first.' }, { text: 'By the second.' }, { text: 'Next.' }]);
    const { conversationId, message } = await ask('Who?');
    const second = await assistant.regenerate({ conversationId, answerId: message.id, model: 'claude-haiku-5-5' }, ignore, never);
    expect(second).toMatchObject({ model: 'claude-haiku-5-5', siblings: [message.id, second.id] });
    expect((await assistant.settings()).model).toBe('claude-opus-5-5');
    expect(model.questions().map(({ body }) => body.model)).toEqual(['claude-opus-5-5', 'claude-haiku-5-5']);
    expect(JSON.stringify(model.questions().at(-1)?.body.messages)).not.toContain('By the first.');
    expect(texts(assistant.messages(conversationId))).toEqual(['Who?', 'By the second.']);
    assistant.showBranch(conversationId, message.id);
    await ask('And?', { conversationId });
    expect(texts(assistant.messages(conversationId))).toEqual(['Who?', 'By the first.', 'And?', 'Next.']);
    await expect(assistant.regenerate({ conversationId, answerId: assistant.messages(conversationId)[0]?.id ?? '' }, ignore, never)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes the place of an answer that only failed', async () => {
    const { assistant, ask } = await start([{ status: 400, error: { type: 'invalid_request_error', message: 'No.' } }, { text: 'Now.' }]);
    const { conversationId, message } = await ask('Who?');
    expect(message.parts.map(({ kind }) => kind)).toEqual(['error']);
    const again = await assistant.regenerate({ conversationId, answerId: message.id }, ignore, never);
    expect(again.siblings).toEqual([again.id]);
    expect(texts(assistant.messages(conversationId))).toEqual(['Who?', 'Now.']);
  });

  it('is not begun, and no branch changed, while an answer is made', async () => {
    let release = (): void => undefined;
    const hold = new Promise<void>((resolve) => (release = resolve));
    const { ask, assistant } = await start([{ text: 'Wait', hold }]);
    const { id } = await assistant.create('c1');
    const first = ask('One?', { conversationId: id });
    const [question] = assistant.messages(id);
    expect(() => assistant.showBranch(id, question?.id ?? '')).toThrow('still answering');
    expect(() => assistant.removeBranch(id, question?.id ?? '')).toThrow('still answering');
    await expect(assistant.regenerate({ conversationId: id, answerId: question?.id ?? '' }, ignore, never)).rejects.toMatchObject({ code: 'busy' });
    release();
    await first;
  });
});

it('keeps the conversations of an older program, each in one line', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-branches-'));
  const file = path.join(folder, 'state.db');
  const Database = createRequire(import.meta.url)('libsql') as new (file: string) => { exec(sql: string): void; pragma(sql: string): unknown; close(): void };
  const old = new Database(file);
  for (const { sql } of migrations.slice(0, 6)) old.exec(sql);
  old.pragma('user_version = 6');
  for (const conversation of ['c', 'd']) {
    old.exec(`INSERT INTO conversations VALUES ('${conversation}', 'Old', 'demo', '2026-01-01', '2026-01-01')`);
    ['q1', 'a1', 'q2', 'a2'].forEach((id, index) =>
      old.exec(`INSERT INTO messages VALUES ('${conversation}${id}', '${conversation}', ${index + 1}, '${id.startsWith('q') ? 'user' : 'assistant'}', '2026-01-01', '[{"kind":"text","text":"${id}"}]', NULL, NULL, 'done', '[]', '1-1')`),
    );
  }
  old.close();
  const store = openStore(file);
  const conversations = createConversationStore(store);
  expect(texts(conversations.messages('c').map(({ message }) => message))).toEqual(['q1', 'a1', 'q2', 'a2']);
  const begun = conversations.begin('c', 'q3', undefined);
  expect(texts(conversations.messages('c').map(({ message }) => message))).toEqual(['q1', 'a1', 'q2', 'a2', 'q3', '']);
  conversations.begin('c', 'q2 edited', 'cq2');
  conversations.show('c', begun.questionId);
  expect(texts(conversations.messages('c').map(({ message }) => message)).slice(2)).toEqual(['q2', 'a2', 'q3', '']);
  expect(texts(conversations.messages('d').map(({ message }) => message))).toEqual(['q1', 'a1', 'q2', 'a2']);
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('exports what is shown as Markdown that loads nothing and holds no rows', async () => {
  const { ask, assistant, folder, server } = await start([
    { text: 'Look: ![x](https://evil.example/?q=1) <img src=x> and `a <b`.', tools: [{ name: 'run_query', input: { sql: `${select} -- \`\`\` ends`, title: 'Count [all]' } }] },
    { tools: [{ name: 'propose_write', input: { sql: 'UPDATE shop.orders SET status = 1', purpose: 'Marks *all*.' } }] },
    { text: 'Done.' },
  ]);
  server.onRead = () => [['row-value-4711']];
  const { conversationId } = await ask('How many?');
  const file = path.join(folder, 'talk.md');
  await assistant.exportMarkdown(conversationId, file);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^# How many\?\n\nConnection: shop \(dev\)\./);
  expect(text).toContain('**Count \\[all\\]**\n\n````sql\n');
  expect(text).toContain('It gave 1 row.');
  expect(text).toContain('Proposed change (pending)**: Marks \\*all\\*.');
  expect(text).toContain('`a <b`');
  expect(text).not.toMatch(/!\[|<img|row-value-4711/);
});
