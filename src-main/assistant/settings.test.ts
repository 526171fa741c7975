import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { kit, KEY, type Kit, type KitOptions } from '../../e2e/assistant/kit';
import { checkBaseUrl } from './settings';

const open: Kit[] = [];
const start = async (options: KitOptions = {}): Promise<Kit> => {
  const made = await kit(() => ({ text: 'Hello.' }), options);
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const writeYaml = (folder: string, text: string): void => {
  mkdirSync(path.join(folder, 'workspace'), { recursive: true });
  writeFileSync(path.join(folder, 'workspace', 'assistant.yaml'), text);
};

describe('settings', () => {
  it('begin with the default model and no key', async () => {
    const { assistant } = await start({ environment: {} });
    expect(await assistant.settings()).toEqual({ model: 'claude-opus-5-5', baseUrl: 'https://api.anthropic.com', hasKey: false, keySource: 'none', own: true, abilities: null });
  });

  it('keep the key in the secrets and the rest in the workspace', async () => {
    const { assistant, folder, secrets, model } = await start({ environment: {} });
    const saved = await assistant.saveSettings({ model: 'claude-sonnet-5-5', baseUrl: `${model.url}/v1/`, apiKey: ' sk-stored-1234 ' });
    expect(saved).toEqual({ model: 'claude-sonnet-5-5', baseUrl: model.url, hasKey: true, keySource: 'secrets', own: false, abilities: null });
    const yaml = readFileSync(path.join(folder, 'workspace', 'assistant.yaml'), 'utf8');
    expect(yaml).toContain('claude-sonnet-5-5');
    expect(yaml).not.toContain('sk-stored');
    expect(await secrets.get('assistant:api-key')).toBe('sk-stored-1234');
    expect(await assistant.saveSettings({ apiKey: null })).toMatchObject({ hasKey: false, keySource: 'none', model: 'claude-sonnet-5-5' });
  });

  it('take key and address from the environment first', async () => {
    const { assistant, model, ask } = await start();
    await assistant.saveSettings({ apiKey: 'sk-stored-1234', baseUrl: 'https://elsewhere.example' });
    expect(await assistant.settings()).toMatchObject({ baseUrl: model.url, keySource: 'environment' });
    await ask('?');
    expect(model.questions()[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('list the models of the endpoint', async () => {
    const { assistant } = await start();
    const models = await assistant.models(new AbortController().signal);
    expect(models[0]).toEqual({ id: 'claude-opus-5-5', name: 'Claude Opus 5.5', contextTokens: 1_000_000 });
    expect(models).toHaveLength(3);
  });

  it('say why the list cannot be read', async () => {
    const { assistant } = await start({ keys: ['another'] });
    await expect(assistant.models(new AbortController().signal)).rejects.toMatchObject({ code: 'model_unavailable', data: { serverCode: '401 authentication_error' } });
  });

  it('send neither key nor question to an address that only the shared workspace names', async () => {
    const { assistant, ask, folder, model } = await start({ environment: { ANTHROPIC_API_KEY: KEY } });
    writeYaml(folder, `baseUrl: ${model.url}\n`);
    const { message } = await ask('Secret plans?');
    expect(message.parts).toMatchObject([{ kind: 'error', error: { code: 'refused', message: expect.stringContaining(new URL(model.url).host) as string } }]);
    await expect(assistant.models(new AbortController().signal)).rejects.toMatchObject({ code: 'refused' });
    expect(model.requests).toEqual([]);
    await assistant.saveSettings({ baseUrl: model.url });
    expect((await ask('Secret plans?')).message.parts).toEqual([{ kind: 'text', text: 'Hello.' }]);
  });

  it('follow no redirect, which would carry the question elsewhere', async () => {
    const { assistant, ask, model } = await start({ environment: { ANTHROPIC_API_KEY: KEY } });
    const redirecting = http.createServer((_request, response) => response.writeHead(307, { location: `${model.url}/v1/messages` }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    try {
      await assistant.saveSettings({ baseUrl: `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}` });
      expect((await ask('Secret plans?')).message.parts).toMatchObject([{ kind: 'error', error: { code: 'model_unavailable' } }]);
      expect(model.requests).toEqual([]);
    } finally {
      await new Promise((resolve) => redirecting.close(resolve));
    }
  });

  it.each(['ftp://x', 'api.anthropic.com', 'https://user:pass@x.example', 'https://x.example?key=1', ''])('refuse %s as an address', (text) => {
    expect(() => checkBaseUrl(text)).toThrow(expect.objectContaining({ code: 'bad_input' }) as Error);
  });

  it('refuse a key with blanks inside', async () => {
    const { assistant } = await start({ environment: {} });
    await expect(assistant.saveSettings({ apiKey: 'two words' })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('askOnce', () => {
  it('answers in a conversation of its own and runs the query when asked to', async () => {
    const sql = 'SELECT count(*) FROM shop.orders';
    const script = (): Promise<Kit> => kit([{ tools: [{ name: 'show_sql', input: { sql, title: 'Count' } }] }, { text: 'Run it.' }]);
    const [one, two] = await Promise.all([script(), script()]);
    open.push(one, two);
    const shown = await one.assistant.askOnce({ connectionId: 'c1', question: 'How many?', run: false }, () => undefined, new AbortController().signal);
    expect(shown).toMatchObject({ text: 'Run it.', sql: { text: sql, title: 'Count', resultId: null }, proposals: [] });
    const ran = await two.assistant.askOnce({ connectionId: 'c1', question: 'How many?', run: true }, () => undefined, new AbortController().signal);
    expect(ran.sql).toMatchObject({ text: sql, title: 'Count', resultId: 'r1', rows: 1 });
    expect(two.assistant.audit({ limit: 10 }).map((entry) => entry.tool)).toEqual(['person: run', 'show_sql']);
  });

  it('rejects with the error of the answer, and with cancelled after a stop', async () => {
    const made = await start({ environment: {} });
    await expect(made.assistant.askOnce({ connectionId: 'c1', question: '?', run: false }, () => undefined, new AbortController().signal)).rejects.toMatchObject({ code: 'model_unavailable' });
    const other = await start();
    await expect(other.assistant.askOnce({ connectionId: 'c1', question: '?', run: false }, () => undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});
