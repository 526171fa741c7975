import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { blocksOf, lastToolResults, type ScriptedStep } from '../../e2e/servers/model/script';
import { AppError } from '../errors';
import { kit, type Kit, type KitOptions } from '../../e2e/assistant/kit';

const open: Kit[] = [];
const start = async (...[script, options]: Parameters<typeof kit>): Promise<Kit> => {
  const made = await kit(script, options);
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const failure = (status: number, type: string, message: string, headers?: Record<string, string>): ScriptedStep => ({ status, error: { type, message }, ...(headers ? { headers } : {}) });
const times = (count: number, step: ScriptedStep): ScriptedStep[] => Array.from({ length: count }, () => step);

interface Failure {
  readonly name: string;
  readonly steps: ScriptedStep[];
  readonly options?: KitOptions;
  readonly says: RegExp;
  readonly hint: RegExp;
  /** Text that came before the failure and is kept. */
  readonly kept?: string;
  /** Kept for the person, but not told to the model again. */
  readonly withheld?: boolean;
}

const failures: Failure[] = [
  { name: '401', steps: [failure(401, 'authentication_error', 'invalid x-api-key')], says: /did not accept the API key: invalid x-api-key/, hint: /ANTHROPIC_API_KEY: correct it/ },
  { name: '402', steps: [failure(402, 'billing_error', 'Your credit balance is too low')], says: /cannot pay for this: Your credit balance/, hint: /Add credit/ },
  { name: '403', steps: [failure(403, 'permission_error', 'no access to this model')], says: /may not do this: no access/, hint: /owner of the account/ },
  { name: '404, an unknown model', steps: [failure(404, 'not_found_error', 'model: claude-old')], says: /The model claude-opus-5-5 is not known at 127\.0\.0\.1/, hint: /Choose a model/ },
  { name: '404, another service', steps: [failure(404, 'not_found_error', 'Not found')], says: /no service that speaks/, hint: /Check the address/ },
  { name: '413', steps: [failure(413, 'request_too_large', 'Request exceeds the maximum size')], says: /too long for the model/, hint: /new conversation/ },
  { name: 'a context that is full, told as 400', steps: [failure(400, 'invalid_request_error', 'prompt is too long: 1000001 tokens > 1000000 maximum')], says: /too long for the model/, hint: /edit an earlier question/ },
  { name: 'a context that is full, told as a stop', steps: [{ text: 'So far', stopReason: 'model_context_window_exceeded' }], says: /too long for the model/, hint: /new conversation/, kept: 'So far' },
  { name: 'another 400', steps: [failure(400, 'invalid_request_error', 'tools: bad')], says: /did not accept the request: tools: bad/, hint: /another model/ },
  { name: '429 with a long pause', steps: [failure(429, 'rate_limit_error', 'This request would exceed your limit', { 'retry-after': '300' })], says: /Too many requests/, hint: /Wait 5 minutes\. Your question is kept/ },
  { name: '429 again and again', steps: times(3, failure(429, 'rate_limit_error', 'slow down', { 'retry-after-ms': '2' })), says: /Too many requests: slow down/, hint: /Wait 1 s/ },
  { name: '500 again and again', steps: times(3, failure(500, 'api_error', 'Internal server error')), says: /failed: Internal server error/, hint: /fault of the service/ },
  { name: '529 again and again', steps: times(3, failure(529, 'overloaded_error', 'Overloaded')), says: /Claude is overloaded/, hint: /another model/ },
  { name: 'an overload inside the stream', steps: [{ text: 'So far', errorEvent: { type: 'overloaded_error', message: 'Overloaded' } }], says: /Claude is overloaded/, hint: /Wait a minute/, kept: 'So far' },
  { name: 'another error inside the stream', steps: [{ text: 'So far', errorEvent: { type: 'api_error', message: 'boom' } }], says: /cut off by its service: boom/, hint: /What came is kept/, kept: 'So far' },
  { name: 'a stream that ends without an end', steps: [{ text: 'So far', cut: 'end' }], says: /answer was cut off/, hint: /What came is kept/, kept: 'So far' },
  { name: 'a stream that breaks', steps: [{ text: 'So far', cut: 'reset' }], says: /answer was cut off/, hint: /What came is kept/, kept: 'So far' },
  { name: 'a stream that falls silent', steps: [{ text: 'So far', cut: 'silence' }], options: { timing: { idleMs: 1500 } }, says: /stopped answering/, hint: /What came is kept/, kept: 'So far' },
  { name: 'no reply in time', steps: [{ hang: true }], options: { timing: { replyMs: 1500 } }, says: /did not answer in time/, hint: /Check the network/ },
  { name: 'a refusal', steps: [{ text: 'I', stopReason: 'refusal', stopDetails: { type: 'refusal', category: 'cyber', explanation: 'It could enable harm.' } }], says: /declined to answer: It could enable harm\./, hint: /other words/, kept: 'I', withheld: true },
  { name: 'the limit of tokens', steps: [{ text: 'So far', stopReason: 'max_tokens' }], says: /limit of 16000 tokens/, hint: /go on/, kept: 'So far' },
];

describe('what can go wrong', () => {
  it.each(failures)('$name: a plain sentence, a next step, nothing lost, and asking again works', async ({ steps, options, says, hint, kept, withheld }) => {
    const { ask, assistant, model } = await start([...steps, { text: 'Now it works.' }], options);
    const { message, conversationId } = await ask('How many orders?');
    const error = message.parts.find((part) => part.kind === 'error')?.error;
    expect(error).toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(says) as string, hint: expect.stringMatching(hint) as string });
    expect(model.questions()).toHaveLength(steps.length);
    const stored = assistant.messages(conversationId);
    expect(stored[0]?.parts).toEqual([{ kind: 'text', text: 'How many orders?' }]);
    expect(stored[1]?.parts.find((part) => part.kind === 'text')?.text).toBe(kept);

    const again = await ask('Please go on.', { conversationId });
    expect(again.message.parts).toEqual([{ kind: 'text', text: 'Now it works.' }]);
    const sent = (model.questions().at(-1)?.body.messages ?? []).flatMap((part) => blocksOf(part).map((block) => block.text ?? block.type));
    const passedBack = kept !== undefined && !withheld ? [kept] : [];
    expect(sent).toEqual(['How many orders?', ...passedBack, 'Please go on.']);
  });

  it('no network: says that the address cannot be reached', async () => {
    const { port, close } = await closedPort();
    await close();
    const { ask } = await start([], { environment: { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` } });
    const { message } = await ask('?');
    expect(message.parts[0]).toMatchObject({ kind: 'error', error: { code: 'model_unavailable', message: `127.0.0.1:${port} cannot be reached.`, serverCode: 'ECONNREFUSED' } });
  });

  it('no key: says so before anything is sent, and keeps the question', async () => {
    const { ask, assistant, model } = await start([{ text: 'Hello.' }], { environment: {} });
    const { message, conversationId } = await ask('Anyone?');
    expect(message.parts[0]).toMatchObject({ kind: 'error', error: { code: 'model_unavailable', message: 'No API key for Claude is set.', hint: expect.stringContaining('ANTHROPIC_API_KEY') as string } });
    expect(assistant.messages(conversationId)[0]?.parts).toEqual([{ kind: 'text', text: 'Anyone?' }]);
    await assistant.saveSettings({ apiKey: 'sk-later-0001', baseUrl: model.url });
    const again = await ask('Anyone?', { conversationId, replaceFrom: assistant.messages(conversationId)[0]?.id ?? '' });
    expect(again.message.parts).toEqual([{ kind: 'text', text: 'Hello.' }]);
    expect(model.questions()[0]?.headers.authorization).toBe('Bearer sk-later-0001');
  });

  it('a database that cannot be reached is not a fault of the model', async () => {
    const { ask } = await start([{ text: 'unused' }], {
      neighbours: () => ({ catalog: { snapshot: () => Promise.reject(new AppError('connection_failed', 'connection refused', { hint: 'Start the server.' })) } as never }),
    });
    expect((await ask('?')).message.parts).toEqual([{ kind: 'error', error: { code: 'connection_failed', message: 'connection refused', hint: 'Start the server.' } }]);
  });
});

describe('what is mended without a word', () => {
  it('an overload that passes', async () => {
    const { ask, model } = await start([failure(529, 'overloaded_error', 'Overloaded'), failure(503, 'api_error', 'busy'), { text: 'Here.' }]);
    expect((await ask('?')).message.parts).toEqual([{ kind: 'text', text: 'Here.' }]);
    expect(model.questions()).toHaveLength(3);
  });

  it('a model that cannot show its thinking', async () => {
    const { ask, model } = await start([failure(400, 'invalid_request_error', 'adaptive thinking is not supported on this model'), { text: 'Here.' }]);
    expect((await ask('?')).message.parts).toEqual([{ kind: 'text', text: 'Here.' }]);
    expect(model.questions().map((request) => request.body.thinking?.type)).toEqual(['adaptive', undefined]);
  });

  it('tool calls with JSON that does not parse, of unknown tools, and with fields that do not fit', async () => {
    const { ask, model, server } = await start([
      { tools: [{ name: 'run_query', rawInput: '{"sql": "SELECT 1", "title": nope}' }] },
      { tools: [{ name: 'run_query', rawInput: '{"sql": "SELECT 1' }] },
      { tools: [{ name: 'send_mail', input: { to: 'x' } }] },
      { tools: [{ name: 'run_query', input: { sql: 'SELECT 1', title: 't', approved: true } }] },
      { text: 'Sorry.' },
    ]);
    const { message } = await ask('?');
    const results = model.questions().slice(1).map((request) => lastToolResults(request.body)[0]?.text);
    expect(results[0]).toContain('not valid JSON');
    expect(results[1]).toContain('not valid JSON');
    expect(results[2]).toContain('There is no tool send_mail. The tools are search_schema');
    expect(results[3]).toContain('Unrecognized key');
    expect(server.reads).toEqual([]);
    expect(message.parts.map((part) => (part.kind === 'tool' ? part.state : part.kind))).toEqual(['failed', 'failed', 'refused', 'failed', 'text']);
  });

  it('a pause of the model, a stop at a stop sequence, and no stop reason', async () => {
    const { ask, model } = await start([{ text: 'One, ', stopReason: 'pause_turn' }, { text: 'two.', stopReason: 'stop_sequence' }, { text: 'Three.', stopReason: null }]);
    const { message, conversationId } = await ask('Count.');
    expect(message.parts).toEqual([{ kind: 'text', text: 'One, ' }, { kind: 'text', text: 'two.' }]);
    expect(model.questions()[1]?.body.messages?.at(-1)?.role).toBe('assistant');
    expect((await ask('Go on.', { conversationId })).message.parts).toEqual([{ kind: 'text', text: 'Three.' }]);
  });

  it('a tool call in a reply that was cut at its limit is not run', async () => {
    const { ask, server } = await start([{ text: 'Let me', tools: [{ name: 'run_query', input: { sql: 'SELECT 1', title: 't' } }], stopReason: 'max_tokens' }, { text: 'On.' }]);
    const { message, conversationId } = await ask('?');
    expect(message.parts.map((part) => part.kind)).toEqual(['text', 'error']);
    expect(server.reads).toEqual([]);
    expect((await ask('On?', { conversationId })).message.parts).toEqual([{ kind: 'text', text: 'On.' }]);
  });
});

describe('stop', () => {
  it('aborts the call of the model and keeps what came', async () => {
    const stop = new AbortController();
    const { ask, model, assistant } = await start([{ thinking: 'Hm.', text: 'So far so good', hold: new Promise(() => undefined) }, { text: 'On.' }]);
    const { message, conversationId } = await ask('Tell.', { signal: stop.signal, onPart: (part) => part.kind === 'part' && part.part.kind === 'text' && stop.abort() });
    expect(message.stopped).toBe(true);
    expect(message.parts.map((part) => part.kind)).toEqual(['thinking', 'text']);
    await expect.poll(() => model.questions()[0]?.aborted).toBe(true);
    expect(assistant.messages(conversationId)[1]).toMatchObject({ stopped: true, parts: message.parts });
    expect((await ask('And?', { conversationId })).message.parts).toEqual([{ kind: 'text', text: 'On.' }]);
  });

  it('aborts the statement on the server, and a later question goes on from there', async () => {
    const stop = new AbortController();
    const { ask, server, history } = await start([{ text: 'Running.', tools: [{ name: 'run_query', input: { sql: 'SELECT 1', title: 'Slow' } }, { name: 'plan', input: { sql: 'SELECT 2' } }] }, { text: 'On.' }]);
    server.onRead = (_text, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled on the server.')));
        stop.abort();
      });
    const { message, conversationId } = await ask('Run.', { signal: stop.signal });
    expect(message.stopped).toBe(true);
    expect(message.parts.map((part) => (part.kind === 'tool' ? `${part.name} ${part.state} ${part.summary}` : part.kind))).toEqual(['text', 'run_query failed stopped', 'plan failed stopped']);
    expect(history.entries).toEqual([{ text: 'SELECT 1', status: 'cancelled' }]);
    expect((await ask('And?', { conversationId })).message.parts).toEqual([{ kind: 'text', text: 'On.' }]);
  });

  it('ends the wait before another try', async () => {
    const stop = new AbortController();
    const { ask, model } = await start(() => {
      setImmediate(() => stop.abort());
      return failure(529, 'overloaded_error', 'Overloaded', { 'retry-after': '10' });
    });
    const { message } = await ask('?', { signal: stop.signal });
    expect(message).toMatchObject({ stopped: true, parts: [] });
    expect(model.questions()).toHaveLength(1);
  });

  it('of the whole program waits until the answer is stored', async () => {
    const { ask, assistant } = await start([{ text: 'So far', hold: new Promise(() => undefined) }]);
    const { id } = await assistant.create('c1');
    let closing: Promise<void> | undefined;
    await ask('?', { conversationId: id, onPart: (part) => void (part.kind === 'part' && (closing ??= assistant.close())) });
    await closing;
    expect(assistant.messages(id)[1]).toMatchObject({ stopped: true, parts: [{ kind: 'text', text: 'So far' }] });
  });
});

async function closedPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const listener = net.createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { port: (listener.address() as net.AddressInfo).port, close: () => new Promise((resolve) => listener.close(() => resolve())) };
}
