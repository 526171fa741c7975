import type Anthropic from '@anthropic-ai/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors';
import type { EndpointAbilities } from '../../src-preload/contract/assistant';
import type { Answer } from './answer';
import type { WireMessage } from './conversations';
import type { ModelTiming } from './modelTiming';
import { withoutCache } from './endpoints';
import { contextFullError, cutStreamError, modelError, outputLimitError, refusalError, retryPause, tooManyStepsError, toollessError, type FailedRequest } from './modelErrors';
import { withBreakpoint } from './talk';
import type { ToolRunner } from './toolRunner';
import { Turn, type TurnDelta } from './turn';

/** Tokens that one reply may have, its thinking included. */
const MAX_TOKENS = 16_000;
/** Calls of the model for one answer. */
const MAX_STEPS = 30;

export interface AgentInput {
  readonly client: Anthropic;
  readonly request: FailedRequest;
  readonly timing: ModelTiming;
  readonly system: Anthropic.Messages.TextBlockParam[];
  readonly tools: readonly Anthropic.Messages.Tool[];
  /** Ends with the question. */
  readonly talk: readonly WireMessage[];
  readonly answer: Answer;
  readonly runner: ToolRunner;
  /** What the endpoint takes; the rest is left out. */
  readonly abilities: EndpointAbilities;
  readonly signal: AbortSignal;
}

/**
 * Asks the model, runs the tools that it asks for, and asks again until it ends its answer. Everything that comes is in
 * `input.answer` at once. The whole talk is sent each time: no state is kept at the endpoint. Rejects with AppError, `cancelled` when
 * the signal aborted; the answer's transcript is then such that a later question can go on from it.
 */
export async function runAgent(input: AgentInput): Promise<void> {
  const { answer, signal } = input;
  if (!input.abilities.tools) throw toollessError(input.request);
  for (let step = 0; step < MAX_STEPS; step++) {
    const turn = await askModel(input);
    const calls = turn.toolCalls();
    if (calls.length > 0 && (turn.stopReason === 'tool_use' || turn.stopReason === null)) {
      const results = await input.runner(calls, turn.tokens);
      answer.transcript.push({ role: 'assistant', content: turn.params() }, { role: 'user', content: results });
      signal.throwIfAborted();
      continue;
    }
    if (finishTurn(turn, answer)) return;
  }
  throw tooManyStepsError(MAX_STEPS);
}

/** True when the answer is at its end, false when the model wants to go on; throws where it ended badly. */
function finishTurn(turn: Turn, answer: Answer): boolean {
  const said = withoutCalls(turn);
  // A refused reply is not passed back: the endpoint would refuse what follows it as well.
  if (said.length > 0 && turn.stopReason !== 'refusal') answer.transcript.push({ role: 'assistant', content: said });
  switch (turn.stopReason) {
    case 'pause_turn':
      return said.length === 0;
    case 'max_tokens':
      throw outputLimitError(MAX_TOKENS);
    case 'refusal':
      throw refusalError(turn.stopDetails);
    case 'model_context_window_exceeded':
      throw contextFullError('model_context_window_exceeded');
    default: // end_turn, stop_sequence, and null from compatible servers that do not tell
      return true;
  }
}

/** Calls that will not be run, because the reply ended for another reason, would stand in the talk without their results. */
function withoutCalls(turn: Turn): Anthropic.Messages.ContentBlockParam[] {
  return turn.params().filter((block) => block.type !== 'tool_use');
}

/** One reply; asked again after an overload or a lost connection as long as nothing of it came. */
async function askModel(input: AgentInput): Promise<Turn> {
  const { answer, signal, timing, request } = input;
  let { thinking } = input.abilities;
  for (let attempt = 0; ; ) {
    const turn = new Turn();
    try {
      await readTurn(input, turn, thinking);
      answer.count(request.model, turn.tokens);
      return turn;
    } catch (thrown) {
      if (turn.tokens.input > 0) answer.count(request.model, turn.tokens);
      const wait = turn.started || signal.aborted ? null : retryPause(thrown, attempt, timing.retryPauseMs);
      if (!turn.started && thinking && refusesThinking(thrown)) {
        thinking = false; // an older or compatible model: it answers without showing how it thinks
      } else if (wait !== null && attempt < timing.retries && wait <= timing.retryPauseMaxMs) {
        attempt += 1;
        await sleep(wait, undefined, { signal });
      } else {
        keepPartial(turn, answer);
        signal.throwIfAborted();
        throw modelError(thrown, request);
      }
    }
  }
}

function keepPartial(turn: Turn, answer: Answer): void {
  turn.complete = false;
  const said = turn.params();
  if (said.some((block) => block.type === 'text')) answer.transcript.push({ role: 'assistant', content: said });
}

function refusesThinking(thrown: unknown): boolean {
  const { status, message } = thrown as { status?: number; message?: string };
  return status === 400 && /thinking/.test(message ?? '') && !/signature/.test(message ?? '');
}

async function readTurn({ client, request, system, tools, talk, answer, abilities, signal }: AgentInput, turn: Turn, thinking: boolean): Promise<void> {
  const said = [...talk, ...answer.transcript];
  const messages = (abilities.caching ? withBreakpoint(said) : said) as Anthropic.Messages.MessageParam[];
  const kept = abilities.caching ? { system, tools: [...tools] } : { system: withoutCache(system), tools: withoutCache(tools) };
  const stream = await client.messages.create(
    { model: request.model, max_tokens: MAX_TOKENS, stream: true, ...kept, messages, ...(thinking ? { thinking: { type: 'adaptive', display: 'summarized' } } : {}) },
    { signal },
  );
  const show = partsOf(answer);
  for await (const event of stream) {
    const delta = turn.apply(event);
    if (delta) show(delta);
  }
  signal.throwIfAborted();
  if (!turn.complete) throw cutStreamError();
}

/** Shows what a reply says: one part for each of its blocks, growing. */
function partsOf(answer: Answer): (delta: TurnDelta) => void {
  const indexes = new Map<number, number>();
  return ({ kind, block, text }) => {
    const index = indexes.get(block);
    if (index === undefined) indexes.set(block, answer.add({ kind, text }));
    else answer.grow(index, text);
  };
}

/** Whether an error only says that the person stopped. */
export function isStop(thrown: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (!(thrown instanceof AppError) || thrown.code === 'cancelled');
}
