import { z } from 'zod';
import { contracts, type Contracts } from '../src-preload/contract/all';
import { appErrorData, type AppErrorData } from '../src-preload/contract/error';
import type { Client } from '../src-preload/contract/core';

// The page's content security policy forbids eval, which zod would use to compile its checks.
z.config({ jitless: true });

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
    const data = appErrorData.safeParse(answer.error);
    throw new RequestError(data.success ? data.data : { code: 'internal', message: 'Main sent an error that cannot be read.' });
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** One typed client a feature, made from the contract: `client.queries.window({...})`, `client.jobs.on('changed', ...)`. */
export const client = Object.fromEntries(
  Object.entries(contracts).map(([name, contract]) => [
    name,
    Object.fromEntries([
      ...Object.entries<{ readonly kind: string }>(contract.members)
        .filter(([, spec]) => spec.kind !== 'event')
        .map(([member]) => [member, (input: unknown, options?: RequestOptions) => request(contract.feature, member, input, options)]),
      ['on', (member: string, listener: (payload: unknown) => void) => window.aiShell.on(contract.feature, member, listener)],
    ]),
  ]),
) as unknown as Clients;
