import { expect, it } from 'vitest';
import { kit } from '../../e2e/assistant/kit';
import type { ModelRequest } from '../../e2e/servers/model/script';

const signal = new AbortController().signal;
const pings = ({ raw }: ModelRequest) => (raw.includes('"ping"') ? { tools: [{ name: 'ping', input: {} }] } : { text: 'yes' });

it('a compatible server that knows neither thinking nor the cache is found out once, and asked without them', async () => {
  const made = await kit(pings, { unknown: ['thinking', 'cache_control'] });
  try {
    expect((await made.assistant.settings()).abilities).toBeNull();
    const settings = await made.assistant.probeEndpoint(signal);
    expect(settings).toMatchObject({ own: false, abilities: { tools: true, thinking: false, caching: false } });
    expect(made.model.questions()).toHaveLength(4);
    const { message } = await made.ask('What is there?');
    expect(message.parts.map(({ kind }) => kind)).toEqual(['text']);
    const asked = made.model.questions().slice(4);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.raw.includes('cache_control') || asked[0]?.raw.includes('"thinking"')).toBe(false);
    expect((await made.again().settings()).abilities).toEqual(settings.abilities);
  } finally {
    await made.close();
  }
});

it('a model that calls no tools is told of, with the next step; nothing is lost', async () => {
  const made = await kit(() => ({ text: 'I would call it.' }));
  try {
    expect((await made.assistant.probeEndpoint(signal)).abilities).toEqual({ tools: false, thinking: true, caching: true });
    const { message } = await made.ask('What is there?');
    expect(message.parts).toMatchObject([{ kind: 'error', error: { code: 'model_unavailable', message: expect.stringContaining('does not call tools') as string } }]);
    expect(made.model.questions()).toHaveLength(4);
  } finally {
    await made.close();
  }
});

it('an address where nothing answers says so, and nothing is kept', async () => {
  const made = await kit([], { keys: ['another'] });
  try {
    await expect(made.assistant.probeEndpoint(signal)).rejects.toMatchObject({ code: 'model_unavailable' });
    expect((await made.assistant.settings()).abilities).toBeNull();
  } finally {
    await made.close();
  }
});
