import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kit } from '../../e2e/assistant/kit';
import { openStore, type Store } from '../store/service';
import { createSentLog } from './sentLog';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sent-'));
  store = openStore(path.join(folder, 'state.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('keeps exactly what the endpoint got, each call of an answer by itself, and forgets it with the conversation', async () => {
  const made = await kit([{ tools: [{ name: 'search_schema', input: { words: 'orders' } }] }, { text: 'There are orders.' }]);
  try {
    await made.ask('What is there?');
    const sent = made.assistant.sent({ conversationId: null, messageId: null });
    const got = made.model.questions().map(({ raw }) => raw);
    expect(got).toHaveLength(2);
    const kept = await Promise.all(sent.map(async ({ id }) => {
      const file = path.join(folder, `request-${id}.json`);
      await made.assistant.saveSent(id, file);
      return readFileSync(file, 'utf8');
    }));
    expect(kept).toEqual(got);
    const [first, last] = sent;
    expect(first?.messageId).toBe(last?.messageId);
    const text = made.assistant.sentText(last?.id ?? 0);
    for (const word of ['──── System 1 of 2 ────', 'What is there?', 'Claude calls search_schema', 'Result of toolu_']) expect(text).toContain(word);
    await made.assistant.remove(last?.conversationId ?? '');
    expect(made.assistant.sent({ conversationId: null, messageId: null })).toEqual([]);
  } finally {
    await made.close();
  }
});

it('keeps what an explanation sent, which belongs to no conversation', async () => {
  const made = await kit([{ text: 'In depth.' }]);
  try {
    await made.assistant.reply({ system: 'Explain.', text: 'SELECT 1' }, () => undefined, new AbortController().signal);
    const [entry] = made.assistant.sent({ conversationId: null, messageId: null });
    expect(entry?.conversationId).toBeNull();
    expect(made.assistant.sentText(entry?.id ?? 0)).toContain('SELECT 1');
  } finally {
    await made.close();
  }
});

it('keeps the newest, and of them no more than the room allows', () => {
  const log = createSentLog(store, (text) => text.replaceAll('s3cret', '***'));
  const owner = { conversationId: 'c', messageId: 'm' };
  for (let n = 0; n < 205; n += 1) log.add(owner, 'model', `{"n": ${n}}`);
  const listed = log.list({ conversationId: 'c', messageId: null });
  expect(listed).toHaveLength(200);
  expect(log.body(listed[0]?.id ?? 0)).toBe('{"n": 5}');
  log.add(owner, 'model', `s3cret${'x'.repeat(21_000_000)}`);
  const [only, ...more] = log.list({ conversationId: null, messageId: 'm' });
  expect(more).toEqual([]);
  expect(log.body(only?.id ?? 0).startsWith('***')).toBe(true);
  log.forget(['m']);
  expect(() => log.body(only?.id ?? 0)).toThrow('no longer kept');
});
