import type { Contracts } from '../src-preload/contract/all';
import type { AppErrorData } from '../src-preload/contract/error';
import type { Client } from '../src-preload/contract/core';

// The page's content security policy forbids eval, which zod would use to compile its checks. This is where zod looks for its settings,
// so that it is loaded only with a part that reads values of the contract.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

/** An error that main sent as data. */
export class RequestError extends Error {
  readonly data: AppErrorData;

  constructor(data: AppErrorData) {
    super(data.message);
    this.name = 'RequestError';
    this.data = data;
  }
}

/** What to show for anything that was thrown. */
export function errorData(thrown: unknown): AppErrorData {
  if (thrown instanceof RequestError) return thrown.data;
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

type Clients = { readonly [K in keyof Contracts]: Client<Contracts[K]> };

interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onPart?: (part: unknown) => void;
}

async function request(feature: string, member: string, input: unknown, options: RequestOptions = {}): Promise<unknown> {
  if (options.signal?.aborted) throw new RequestError({ code: 'cancelled', message: 'Cancelled.' });
  const { id, reply } = window.aiShell.request(feature, member, input, options.onPart);
  const abort = (): void => window.aiShell.abort(id);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const answer = await reply;
    if (answer.ok) return answer.value;
    // The dispatcher made it; the bridge lets nobody else answer.
    throw new RequestError(answer.error as AppErrorData);
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** An object whose members are made by their names at first use, and kept. */
function byName<T extends object>(make: (name: string) => unknown): T {
  const known = new Map<PropertyKey, unknown>();
  return new Proxy({} as T, {
    get(_target, name) {
      if (typeof name === 'string' && !known.has(name)) known.set(name, make(name));
      return known.get(name);
    },
  });
}

/**
 * One typed client a feature: `client.queries.window({...})`, `client.jobs.on('changed', ...)`. Only the contract's types are used here,
 * for reading its schemas would keep the window waiting at its start; the bridge and main refuse what does not stand in it.
 */
export const client = byName<Clients>((feature) =>
  byName((member) =>
    member === 'on'
      ? (event: string, listener: (payload: unknown) => void) => window.aiShell.on(feature, event, listener)
      : (input: unknown, options?: RequestOptions) => request(feature, member, input, options),
  ),
);
