import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkRequest } from './model/checkRequest';
import type { MessagesBody, ModelRequest, ModelScript, ScriptedFailure, ScriptedStep } from './model/script';
import { streamMessage, wholeMessage } from './model/wire';

/** A scripted model on loopback that speaks the real wire format of the Messages API and of the model list. */
export interface ModelServer {
  /** Such as `http://127.0.0.1:41234`; what ANTHROPIC_BASE_URL takes. */
  readonly url: string;
  /** Every request so far, oldest first, the model list included. */
  readonly requests: readonly ModelRequest[];
  /** The requests to the model alone. */
  readonly questions: () => readonly ModelRequest[];
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Keys that are let in; default: any. */
  readonly keys?: readonly string[];
  /** Models of the list, the default first; others are answered with 404. */
  readonly models?: readonly { readonly id: string; readonly name: string }[];
  /** Fields of a request that a compatible server does not know and answers with 400, such as `thinking` and `cache_control`. */
  readonly unknown?: readonly string[];
}

const defaultModels = [
  { id: 'claude-opus-5-5', name: 'Claude Opus 5.5' },
  { id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5' },
  { id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5' },
];

/** Starts the server; steps of a list answer one request each, in order. Close it when done. */
export async function startModelServer(script: ModelScript, options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const models = options.models ?? defaultModels;
  let step = 0;
  let paused = false;
  const next = (request: ModelRequest): ScriptedStep | Promise<ScriptedStep> => {
    if (typeof script === 'function') return script(request);
    return script[step++] ?? failure(400, 'invalid_request_error', `The script has no step ${step}.`);
  };

  const answer = async (request: ModelRequest, response: http.ServerResponse): Promise<void> => {
    const refused = refusalOf(request, options.keys, models.map((model) => model.id), paused);
    if (refused) return fail(response, refused);
    const strange = (options.unknown ?? []).find((field) => request.raw.includes(`"${field}"`));
    if (strange) return fail(response, failure(400, 'invalid_request_error', `unknown field: ${strange}`));
    if (request.path.startsWith('/v1/models')) return json(response, 200, modelList(models));
    const scripted = await next(request);
    if ('hang' in scripted) return;
    if ('status' in scripted) return fail(response, scripted);
    paused = scripted.stopReason === 'pause_turn';
    if (request.body.stream) await streamMessage(response, scripted, request.body);
    else json(response, 200, wholeMessage(scripted, request.body));
  };

  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const request: ModelRequest = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, raw, body: parseBody(raw), aborted: false };
      requests.push(request);
      response.on('close', () => (request.aborted = !response.writableFinished));
      answer(request, response).catch((error: unknown) => fail(response, failure(500, 'api_error', `The script failed: ${String(error)}`)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    questions: () => requests.filter((request) => request.path.startsWith('/v1/messages')),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function failure(status: number, type: string, message: string): ScriptedFailure {
  return { status, error: { type, message } };
}

/** What the service refuses before any model sees the request. */
function refusalOf(request: ModelRequest, keys: readonly string[] | undefined, models: readonly string[], paused: boolean): ScriptedFailure | null {
  const key = bearer(request.headers.authorization) ?? request.headers['x-api-key'];
  if (!key) return failure(401, 'authentication_error', 'x-api-key header is required');
  if (keys && !keys.includes(String(key))) return failure(401, 'authentication_error', 'invalid x-api-key');
  if (!request.headers['anthropic-version']) return failure(400, 'invalid_request_error', 'anthropic-version: header is required');
  if (request.method === 'GET' && request.path.split('?')[0] === '/v1/models') return null;
  if (request.method !== 'POST' || request.path.split('?')[0] !== '/v1/messages') return failure(404, 'not_found_error', 'Not found');
  const wrong = checkRequest(request.body, paused);
  if (wrong) return failure(400, 'invalid_request_error', wrong);
  return models.includes(request.body.model ?? '') ? null : failure(404, 'not_found_error', `model: ${request.body.model}`);
}

function bearer(header: string | string[] | undefined): string | null {
  return /^Bearer (.+)$/.exec(String(header ?? ''))?.[1] ?? null;
}

function modelList(models: readonly { id: string; name: string }[]): unknown {
  const data = models.map(({ id, name }) => ({
    type: 'model',
    id,
    display_name: name,
    created_at: '2026-09-01T00:00:00Z',
    lifecycle: 'active',
    line: null,
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: 1_000_000,
    max_tokens: 128_000,
    capabilities: null,
  }));
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

function fail(response: http.ServerResponse, { status, error, headers }: ScriptedFailure): void {
  json(response, status, { type: 'error', error, request_id: null }, headers);
}

function json(response: http.ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${randomBytes(12).toString('hex')}`, ...headers });
  response.end(JSON.stringify(body));
}

function parseBody(raw: string): MessagesBody {
  try {
    return raw === '' ? {} : (JSON.parse(raw) as MessagesBody);
  } catch {
    return {};
  }
}
