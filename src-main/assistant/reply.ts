import type Anthropic from '@anthropic-ai/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { contextFullError, cutStreamError, modelError, outputLimitError, refusalError, retryPause } from './modelErrors';
import type { ModelTiming } from './modelTiming';
import type { ActiveModel } from './settings';
import { Turn } from './turn';

const MAX_TOKENS = 8_000;

/** One reply to one text, without tools and outside of any conversation; see `AssistantService.reply`. */
export async function replyOnce(client: Anthropic, active: ActiveModel, timing: ModelTiming, { system, text }: { system: string; text: string }, onText: (text: string) => void, signal: AbortSignal): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const turn = new Turn();
    try {
      const stream = await client.messages.create({ model: active.model, max_tokens: MAX_TOKENS, stream: true, system, messages: [{ role: 'user', content: text }] }, { signal });
      for await (const event of stream) {
        const delta = turn.apply(event);
        if (delta?.kind === 'text') onText(delta.text);
      }
      signal.throwIfAborted();
      return finished(turn);
    } catch (thrown) {
      signal.throwIfAborted();
      const wait = turn.started ? null : retryPause(thrown, attempt, timing.retryPauseMs);
      if (wait === null || attempt >= timing.retries || wait > timing.retryPauseMaxMs) throw modelError(thrown, active);
      await sleep(wait, undefined, { signal });
    }
  }
}

function finished(turn: Turn): string {
  if (!turn.complete) throw cutStreamError();
  if (turn.stopReason === 'max_tokens') throw outputLimitError(MAX_TOKENS);
  if (turn.stopReason === 'refusal') throw refusalError(turn.stopDetails);
  if (turn.stopReason === 'model_context_window_exceeded') throw contextFullError('model_context_window_exceeded');
  return turn.params().flatMap((block: Anthropic.Messages.ContentBlockParam) => (block.type === 'text' ? [block.text] : [])).join('');
}
