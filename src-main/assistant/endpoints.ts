import type Anthropic from '@anthropic-ai/sdk';
import type { EndpointAbilities } from '../../src-preload/contract/assistant';
import { endpointAbilities } from '../../src-preload/contract/assistant';
import type { Store } from '../store/service';
import { Turn } from './turn';

type Params = Anthropic.Messages.MessageCreateParamsStreaming;

/** What models behind compatible addresses (Ollama, llama.cpp, vLLM, a proxy) can do, as they showed when they were tried. */
export interface Endpoints {
  /** Null where nobody has looked. */
  known(baseUrl: string, model: string): EndpointAbilities | null;
  keep(baseUrl: string, model: string, abilities: EndpointAbilities): void;
}

export function createEndpoints(store: Store): Endpoints {
  return {
    known(baseUrl, model) {
      const row = store.get<{ abilities: string }>('SELECT abilities FROM assistant_endpoints WHERE base_url = ? AND model = ?', baseUrl, model);
      const read = row && endpointAbilities.safeParse(JSON.parse(row.abilities));
      return read?.success ? read.data : null;
    },
    keep(baseUrl, model, abilities) {
      store.run(
        'INSERT INTO assistant_endpoints (base_url, model, at, abilities) VALUES (?, ?, ?, ?) ON CONFLICT (base_url, model) DO UPDATE SET at = excluded.at, abilities = excluded.abilities',
        ...[baseUrl, model, new Date().toISOString(), JSON.stringify(abilities)],
      );
    },
  };
}

const ping: Anthropic.Messages.Tool = { name: 'ping', description: 'Answers with pong.', input_schema: { type: 'object', properties: {}, additionalProperties: false } };

/**
 * Tries four small requests: a plain one, which must be answered, then one each with a tool, with thinking and with a mark for the prompt cache. What is
 * refused as a bad request, and a tool that is not called, it cannot do. Rejects with what the plain one failed with, or the network.
 */
export async function probeEndpoint(client: Anthropic, model: string, signal: AbortSignal): Promise<EndpointAbilities> {
  const base: Params = { model, max_tokens: 1024, stream: true, messages: [{ role: 'user', content: 'Answer with the one word: yes' }] };
  await turnOf(client, base, signal);
  const takes = async (params: Params): Promise<Turn | null> => turnOf(client, params, signal).catch((thrown: unknown) => (isBadRequest(thrown) ? null : Promise.reject(thrown as Error)));
  const called = await takes({ ...base, tools: [ping], messages: [{ role: 'user', content: 'Call the tool ping now.' }] });
  const thought = await takes({ ...base, thinking: { type: 'adaptive', display: 'summarized' } });
  const cached = await takes({ ...base, system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }] });
  return { tools: called?.toolCalls().some(({ name }) => name === ping.name) ?? false, thinking: thought !== null, caching: cached !== null };
}

async function turnOf(client: Anthropic, params: Params, signal: AbortSignal): Promise<Turn> {
  const turn = new Turn();
  for await (const event of await client.messages.create(params, { signal })) turn.apply(event);
  return turn;
}

function isBadRequest(thrown: unknown): boolean {
  const { status } = thrown as { status?: number };
  return status === 400 || status === 404 || status === 422 || status === 501;
}

/** A request's parts without marks for the prompt cache. */
export function withoutCache<T extends { cache_control?: unknown }>(parts: readonly T[]): T[] {
  return parts.map(({ cache_control: _mark, ...part }) => part as T);
}
