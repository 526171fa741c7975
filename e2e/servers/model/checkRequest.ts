import { blocksOf, type MessagesBody } from './script';

/**
 * What the real service answers with 400, as far as a wrong client could run into it: rules of the Messages API for the 5.5 models
 * (no sampling parameters, adaptive thinking only, no forced tools, no prefill, every tool call answered at once, no empty texts,
 * at most four cache breakpoints). `paused`: the reply before
 * was a `pause_turn`, which is answered by sending it back as the last message. Returns the message of the error, or null.
 */
export function checkRequest(body: MessagesBody, paused: boolean): string | null {
  return checkFields(body) ?? checkMessages(body, paused) ?? checkCache(body);
}

function checkFields(body: MessagesBody): string | null {
  if (typeof body.model !== 'string') return 'model: Field required';
  if (typeof body.max_tokens !== 'number') return 'max_tokens: Field required';
  for (const field of ['temperature', 'top_p', 'top_k']) if (field in body) return `${field}: Extra inputs are not permitted`;
  if (body.thinking && body.thinking.type !== 'adaptive') return `thinking.type: ${body.thinking.type} is not supported by this model`;
  const choice = body.tool_choice as { type?: string } | undefined;
  if (choice && choice.type !== 'auto' && choice.type !== 'none') return 'tool_choice: forced tool use is not supported by this model';
  const broken = (body.tools ?? []).find((tool) => !/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name) || (tool.input_schema as { type?: string } | undefined)?.type !== 'object');
  return broken ? `tools: ${broken.name} is not a valid tool` : null;
}

function checkMessages(body: MessagesBody, paused: boolean): string | null {
  const messages = body.messages ?? [];
  if (messages.length === 0) return 'messages: at least one message is required';
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  if (messages.at(-1)?.role === 'assistant' && !paused) return 'This model does not support assistant message prefill';
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message);
    if (blocks.length === 0) return `messages.${index}: content must not be empty`;
    if (blocks.some((block) => block.type === 'text' && (block.text ?? '').trim() === '')) return `messages.${index}: text content blocks must be non-empty`;
    if (blocks.some((block) => block.type === 'thinking' && !block.signature)) return `messages.${index}: Invalid signature in thinking block`;
    const answered = new Set(blocksOf(messages[index + 1]).map((next) => next.tool_use_id));
    const open = blocks.find((block) => block.type === 'tool_use' && !answered.has(block.id));
    if (open) return `messages.${index}: tool_use ids were found without tool_result blocks immediately after: ${open.id}`;
    const asked = new Set(blocksOf(messages[index - 1]).map((previous) => previous.id));
    const stray = blocks.find((block) => block.type === 'tool_result' && !asked.has(block.tool_use_id));
    if (stray) return `messages.${index}: unexpected tool_use_id found in tool_result blocks: ${stray.tool_use_id}`;
  }
  return null;
}

function checkCache(body: MessagesBody): string | null {
  const points = JSON.stringify([body.tools, body.system, body.messages]).split('"cache_control":{').length - 1;
  return points > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${points}.` : null;
}
