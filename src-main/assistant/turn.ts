import type Anthropic from '@anthropic-ai/sdk';
import { noTokens, type TokenCounts } from './prices';

type StreamEvent = Anthropic.Messages.RawMessageStreamEvent;
type BlockParam = Anthropic.Messages.ContentBlockParam;

/** A tool call as it arrived. `input` is undefined when its JSON does not parse; `json` is what came. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly json: string;
}

/** What one event added, for showing it at once. */
export type TurnDelta = { readonly kind: 'text' | 'thinking'; readonly block: number; readonly text: string };

type Block =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; thinking: string; signature: string }
  | { kind: 'tool'; id: string; name: string; json: string; given: unknown }
  | { kind: 'other'; param: BlockParam };

/**
 * One reply of the model, gathered from its stream events. It is readable at any time, so that a reply which is cut or stopped
 * keeps what came. The SDK's own accumulator is not used: it ends the whole stream on a tool call with bad JSON and completes a
 * cut one silently (`lib/MessageStream.mjs` and its partial JSON parser, 1.12.0).
 */
export class Turn {
  stopReason: Anthropic.Messages.StopReason | null = null;
  stopDetails: Anthropic.Messages.RefusalStopDetails | null = null;
  tokens: TokenCounts = noTokens;
  /** True once `message_stop` came. */
  complete = false;
  readonly #blocks: Block[] = [];

  /** True once the model said anything: from then on asking again would repeat it. */
  get started(): boolean {
    return this.#blocks.length > 0;
  }

  apply(event: StreamEvent): TurnDelta | null {
    switch (event.type) {
      case 'message_start':
        this.#count(event.message.usage);
        return null;
      case 'content_block_start':
        return this.#start(event.index, event.content_block);
      case 'content_block_delta':
        return this.#delta(event.index, event.delta);
      case 'message_delta':
        this.stopReason = event.delta.stop_reason;
        this.stopDetails = event.delta.stop_details;
        this.#count(event.usage);
        return null;
      case 'message_stop':
        this.complete = true;
        return null;
      default:
        return null;
    }
  }

  /** The tool calls, in order. */
  toolCalls(): ToolCall[] {
    return this.#blocks.flatMap((block) => (block.kind === 'tool' ? [{ id: block.id, name: block.name, input: toolInput(block), json: block.json }] : []));
  }

  /**
   * The reply in the form in which it is passed back: thinking unchanged, empty texts left out (the endpoint refuses them). Of a
   * reply that is not complete only what stands on its own: no thinking without its signature and no tool calls.
   */
  params(): BlockParam[] {
    return this.#blocks.flatMap((block): BlockParam[] => {
      switch (block.kind) {
        case 'text':
          return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }];
        case 'thinking':
          return block.signature === '' ? [] : [{ type: 'thinking', thinking: block.thinking, signature: block.signature }];
        case 'tool':
          return this.complete ? [{ type: 'tool_use', id: block.id, name: block.name, input: toolInput(block) ?? { invalid_json: block.json } }] : [];
        case 'other':
          return this.complete ? [block.param] : [];
      }
    });
  }

  #start(index: number, block: Anthropic.Messages.ContentBlock): TurnDelta | null {
    switch (block.type) {
      case 'text':
        this.#blocks[index] = { kind: 'text', text: block.text };
        return block.text === '' ? null : { kind: 'text', block: index, text: block.text };
      case 'thinking':
        this.#blocks[index] = { kind: 'thinking', thinking: block.thinking, signature: block.signature };
        return block.thinking === '' ? null : { kind: 'thinking', block: index, text: block.thinking };
      case 'tool_use':
        this.#blocks[index] = { kind: 'tool', id: block.id, name: block.name, json: '', given: block.input };
        return null;
      default:
        this.#blocks[index] = { kind: 'other', param: block as BlockParam };
        return null;
    }
  }

  #delta(index: number, delta: Anthropic.Messages.RawContentBlockDelta): TurnDelta | null {
    const block = this.#blocks[index];
    if (!block) return null;
    if (block.kind === 'text' && delta.type === 'text_delta') {
      block.text += delta.text;
      return { kind: 'text', block: index, text: delta.text };
    }
    if (block.kind === 'thinking' && delta.type === 'thinking_delta') {
      block.thinking += delta.thinking;
      return { kind: 'thinking', block: index, text: delta.thinking };
    }
    if (block.kind === 'thinking' && delta.type === 'signature_delta') block.signature = delta.signature;
    if (block.kind === 'tool' && delta.type === 'input_json_delta') block.json += delta.partial_json;
    return null;
  }

  /** Counters are totals of the whole reply; an event leaves out what it does not know. */
  #count(usage: Partial<Anthropic.Messages.MessageDeltaUsage> | null | undefined): void {
    if (!usage) return;
    this.tokens = {
      input: usage.input_tokens ?? this.tokens.input,
      output: usage.output_tokens ?? this.tokens.output,
      cacheRead: usage.cache_read_input_tokens ?? this.tokens.cacheRead,
      cacheWrite: usage.cache_creation_input_tokens ?? this.tokens.cacheWrite,
    };
  }
}

function toolInput(block: { json: string; given: unknown }): unknown {
  if (block.json === '') return block.given;
  try {
    return JSON.parse(block.json);
  } catch {
    return undefined; // the caller answers the call with the error, so that the model writes it again
  }
}
