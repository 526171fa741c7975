import type Anthropic from '@anthropic-ai/sdk';

type Params = Anthropic.Messages.MessageCreateParams;
type Block = Anthropic.Messages.ContentBlockParam;

/** A request's body as a person reads it: every text that was sent, whole and in its order. */
export function sentText(body: string): string {
  const { model, max_tokens: most, system = [], tools = [], messages, ...rest } = JSON.parse(body) as Params;
  const systems = typeof system === 'string' ? [system] : system.map(({ text }) => text);
  const options = Object.entries(rest).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return [
    [`model: ${model}`, `max_tokens: ${most}`, ...options].join('\n'),
    ...systems.map((text, index) => section(`System ${index + 1} of ${systems.length}`, text)),
    ...(tools.length === 0 ? [] : [section(`Tools (${tools.length})`, tools.map((tool) => JSON.stringify(tool, null, 2)).join('\n'))]),
    ...messages.flatMap(({ role, content }) => (typeof content === 'string' ? [section(speaker(role), content)] : content.map((block) => blockText(role, block)))),
  ].join('\n\n');
}

const section = (title: string, text: string): string => `──── ${title} ────\n${text}`;
const speaker = (role: string): string => (role === 'user' ? 'Person' : 'Claude');

function blockText(role: string, block: Block): string {
  switch (block.type) {
    case 'text':
      return section(speaker(role), block.text);
    case 'thinking':
      return section('Claude, thinking', block.thinking);
    case 'tool_use':
      return section(`Claude calls ${block.name} (${block.id})`, JSON.stringify(block.input, null, 2));
    case 'tool_result':
      return section(`Result of ${block.tool_use_id}${block.is_error ? ', an error' : ''}`, typeof block.content === 'string' ? block.content : (block.content ?? []).map((part) => (part.type === 'text' ? part.text : JSON.stringify(part, null, 2))).join('\n'));
    default:
      return section(block.type, JSON.stringify(block, null, 2));
  }
}
