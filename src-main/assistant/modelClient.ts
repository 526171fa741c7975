import Anthropic from '@anthropic-ai/sdk';
import type { ModelTiming } from './modelTiming';

/** Where questions go and with which key. */
export interface ModelEndpoint {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** The reply stopped coming without an end. */
export class ModelIdleError extends Error {
  constructor(readonly idleMs: number) {
    super(`Nothing came for ${Math.round(idleMs / 1000)} s.`);
    this.name = 'ModelIdleError';
  }
}

/**
 * A client that uses exactly this key and address: passed explicitly, so that the SDK looks neither at its variables nor for
 * credential files. It never retries by itself, because the SDK would obey a `retry-after` of any length. `onSend` gets the body of each
 * request as it goes out.
 */
export function createModelClient(endpoint: ModelEndpoint, timing: ModelTiming, onSend?: (body: string) => void): Anthropic {
  return new Anthropic({
    apiKey: endpoint.apiKey,
    baseURL: endpoint.baseUrl,
    maxRetries: 0,
    timeout: timing.replyMs,
    logLevel: 'off',
    openTelemetry: false,
    fetch: (input, init) => {
      if (typeof init?.body === 'string') onSend?.(init.body);
      return fetchWatched(input, init, timing.idleMs);
    },
  });
}

/**
 * Fetch that refuses redirects, which would carry questions and rows to another host, and that ends a streamed body when it falls
 * silent: the SDK's own time-out covers only the wait for the first byte.
 */
async function fetchWatched(input: Parameters<typeof fetch>[0], init: RequestInit | undefined, idleMs: number): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'error' });
  const type = response.headers.get('content-type') ?? '';
  if (!response.body || !type.includes('text/event-stream')) return response;
  return new Response(watchBody(response.body, idleMs), { status: response.status, statusText: response.statusText, headers: response.headers });
}

function watchBody(body: ReadableStream<Uint8Array>, idleMs: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await readWithin(reader, idleMs);
      if (value === undefined || done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

async function readWithin(reader: ReadableStreamDefaultReader<Uint8Array>, idleMs: number): Promise<{ done: boolean; value?: Uint8Array | undefined }> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new ModelIdleError(idleMs);
      reject(error);
      void reader.cancel(error).catch(() => undefined); // the body is given up; how its closing ends tells nobody anything
    }, idleMs);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
