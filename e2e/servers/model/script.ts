/** What the scripted model may answer. The shapes are those of the Messages API of `anthropic-version: 2026-10-21`. */

export interface ScriptedTool {
  readonly name: string;
  readonly input?: unknown;
  /** Sent as the input's JSON as it stands, to try JSON that does not parse. */
  readonly rawInput?: string;
}

/** A reply that streams: thinking, then text, then tool calls. */
export interface ScriptedReply {
  readonly thinking?: string;
  readonly text?: string;
  readonly tools?: readonly ScriptedTool[];
  /** Default: `tool_use` with tools, else `end_turn`. */
  readonly stopReason?: string | null;
  readonly stopDetails?: unknown;
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number; readonly cache_read_input_tokens?: number; readonly cache_creation_input_tokens?: number };
  /** Pause between two deltas, for watching a slow answer. */
  readonly pauseMs?: number;
  /** The reply waits here, after its text and before anything else, until the promise settles. */
  readonly hold?: Promise<unknown>;
  /** After the last delta: `end` closes the response without an end of the message, `reset` breaks the socket, `silence` sends nothing more. */
  readonly cut?: 'end' | 'reset' | 'silence';
  /** After the last delta an `error` event, as the service sends it when it fails in the middle. */
  readonly errorEvent?: { readonly type: string; readonly message: string };
}

/** A reply that is an HTTP error. */
export interface ScriptedFailure {
  readonly status: number;
  readonly error: { readonly type: string; readonly message: string; readonly details?: unknown };
  readonly headers?: Readonly<Record<string, string>>;
}

/** No reply at all until the client gives up. */
export interface ScriptedHang {
  readonly hang: true;
}

export type ScriptedStep = ScriptedReply | ScriptedFailure | ScriptedHang;

/** Steps in the order of the requests, or a function of the request. */
export type ModelScript = readonly ScriptedStep[] | ((request: ModelRequest) => ScriptedStep | Promise<ScriptedStep>);

export interface ModelRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it came, for searching it for what must never leave the machine. */
  readonly raw: string;
  readonly body: MessagesBody;
  /** True once the client closed the connection before the reply had ended. */
  aborted: boolean;
}

export interface MessagesBody {
  readonly model?: string;
  readonly max_tokens?: number;
  readonly stream?: boolean;
  readonly system?: unknown;
  readonly tools?: readonly { readonly name: string; readonly description?: string; readonly input_schema?: unknown; readonly cache_control?: unknown }[];
  readonly messages?: readonly WireMessage[];
  readonly thinking?: { readonly type: string; readonly display?: string };
  readonly [field: string]: unknown;
}

export interface WireMessage {
  readonly role: string;
  readonly content: string | readonly WireBlock[];
}

export interface WireBlock {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: string | readonly WireBlock[];
  readonly is_error?: boolean;
  readonly thinking?: string;
  readonly signature?: string;
  readonly cache_control?: unknown;
}

export function blocksOf(message: WireMessage | undefined): readonly WireBlock[] {
  if (!message) return [];
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

/** The results of the tools that the model asked for last, in order; empty when the last message is a question. */
export function lastToolResults(body: MessagesBody): { id: string; text: string; isError: boolean }[] {
  return blocksOf(body.messages?.at(-1)).flatMap((block) =>
    block.type === 'tool_result' ? [{ id: block.tool_use_id ?? '', text: resultText(block), isError: block.is_error === true }] : [],
  );
}

/** The person's last question. */
export function lastQuestion(body: MessagesBody): string {
  const asked = (body.messages ?? []).filter((message) => message.role === 'user' && blocksOf(message).some((block) => block.type === 'text'));
  return blocksOf(asked.at(-1)).findLast((block) => block.type === 'text')?.text ?? '';
}

/** The tools called since the last question, in order. */
export function callsSinceQuestion(body: MessagesBody): { name: string; input: unknown }[] {
  const messages = body.messages ?? [];
  const start = messages.findLastIndex((message) => message.role === 'user' && blocksOf(message).some((block) => block.type === 'text'));
  return messages.slice(start + 1).flatMap((message) => blocksOf(message).flatMap((block) => (block.type === 'tool_use' ? [{ name: block.name ?? '', input: block.input }] : [])));
}

function resultText(block: WireBlock): string {
  if (typeof block.content === 'string') return block.content;
  return (block.content ?? []).map((part) => part.text ?? '').join('');
}
