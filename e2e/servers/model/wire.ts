import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { MessagesBody, ScriptedReply } from './script';

const identifier = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

type Content = { type: 'thinking'; thinking: string; signature: string } | { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; json: string };

function contentOf(reply: ScriptedReply): Content[] {
  const thinking: Content[] = reply.thinking === undefined ? [] : [{ type: 'thinking', thinking: reply.thinking, signature: `signed-${randomBytes(24).toString('base64')}` }];
  const text: Content[] = reply.text === undefined ? [] : [{ type: 'text', text: reply.text }];
  const tools = (reply.tools ?? []).map((tool): Content => ({ type: 'tool_use', id: identifier('toolu'), name: tool.name, json: tool.rawInput ?? JSON.stringify(tool.input ?? {}) }));
  return [...thinking, ...text, ...tools];
}

function usageOf(reply: ScriptedReply, body: MessagesBody): Record<string, number> {
  const output = JSON.stringify([reply.thinking, reply.text, reply.tools]).length;
  return {
    input_tokens: reply.usage?.input_tokens ?? Math.ceil(JSON.stringify(body).length / 4),
    cache_creation_input_tokens: reply.usage?.cache_creation_input_tokens ?? 0,
    cache_read_input_tokens: reply.usage?.cache_read_input_tokens ?? 0,
    output_tokens: reply.usage?.output_tokens ?? Math.ceil(output / 4),
  };
}

function stopReasonOf(reply: ScriptedReply): string | null {
  return reply.stopReason === undefined ? (reply.tools?.length ? 'tool_use' : 'end_turn') : reply.stopReason;
}

/** The whole message as one JSON document, for `stream: false`. */
export function wholeMessage(reply: ScriptedReply, body: MessagesBody): unknown {
  return {
    id: identifier('msg'),
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: contentOf(reply).map((block) => (block.type === 'tool_use' ? { type: 'tool_use', id: block.id, name: block.name, input: JSON.parse(block.json) as unknown } : block)),
    stop_reason: stopReasonOf(reply),
    stop_sequence: null,
    stop_details: reply.stopDetails ?? null,
    usage: usageOf(reply, body),
  };
}

const pause = (milliseconds: number | undefined): Promise<void> => (milliseconds ? new Promise((resolve) => setTimeout(resolve, milliseconds)) : Promise.resolve());

/** Text in pieces of a few words, never inside a surrogate pair. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,24}(?:\s|$)|[\s\S]{1,24}/gu) ?? [];
}

/** Streams a reply as server-sent events, in the order and shapes of the real service. */
export async function streamMessage(response: ServerResponse, reply: ScriptedReply, body: MessagesBody): Promise<void> {
  const send = (event: string, data: Record<string, unknown>): void => void response.write(`event: ${event}\ndata: ${JSON.stringify({ type: event, ...data })}\n\n`);
  const usage = usageOf(reply, body);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'request-id': identifier('req') });
  send('message_start', {
    message: { id: identifier('msg'), type: 'message', role: 'assistant', model: body.model, content: [], stop_reason: null, stop_sequence: null, stop_details: null, usage: { ...usage, output_tokens: 1 } },
  });
  send('ping', {});
  const blocks = contentOf(reply);
  for (const [index, block] of blocks.entries()) {
    await streamBlock(send, index, block, reply.pauseMs);
    if (block.type === 'text' && reply.hold) await reply.hold;
    const last = index === blocks.length - 1;
    if (!last || (!reply.cut && !reply.errorEvent)) send('content_block_stop', { index });
  }
  if (reply.errorEvent) {
    send('error', { error: reply.errorEvent });
    response.end();
    return;
  }
  if (reply.cut) return cutOff(response, reply.cut);
  send('message_delta', { delta: { stop_reason: stopReasonOf(reply), stop_sequence: null, stop_details: reply.stopDetails ?? null }, usage });
  send('message_stop', {});
  response.end();
}

async function streamBlock(send: (event: string, data: Record<string, unknown>) => void, index: number, block: Content, pauseMs: number | undefined): Promise<void> {
  const delta = (value: Record<string, unknown>): void => send('content_block_delta', { index, delta: value });
  if (block.type === 'thinking') {
    send('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } });
    for (const piece of pieces(block.thinking)) {
      delta({ type: 'thinking_delta', thinking: piece });
      await pause(pauseMs);
    }
    delta({ type: 'signature_delta', signature: block.signature });
  } else if (block.type === 'text') {
    send('content_block_start', { index, content_block: { type: 'text', text: '' } });
    for (const piece of pieces(block.text)) {
      delta({ type: 'text_delta', text: piece });
      await pause(pauseMs);
    }
  } else {
    send('content_block_start', { index, content_block: { type: 'tool_use', id: block.id, name: block.name, input: {} } });
    for (const piece of pieces(block.json)) delta({ type: 'input_json_delta', partial_json: piece });
    await pause(pauseMs);
  }
}

function cutOff(response: ServerResponse, how: 'end' | 'reset' | 'silence'): void {
  if (how === 'end') response.end();
  // A reset right after a write may overtake the bytes; so it waits until they are handed to the system.
  if (how === 'reset') response.write(': cut\n\n', () => response.destroy());
}
