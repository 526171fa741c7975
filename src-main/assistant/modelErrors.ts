import { APIConnectionError, APIConnectionTimeoutError, APIError as SdkError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import type { AppErrorData } from '../../src-preload/contract/error';
import { AppError } from '../errors';
import { ModelIdleError } from './modelClient';

/** Without parameters the class would be generic over `any`. */
type APIError = SdkError<number | undefined, Headers | undefined, object | undefined>;
const isApiError = (thrown: unknown): thrown is APIError => thrown instanceof SdkError;

/** What the sentences need to know of the request that failed. */
export interface FailedRequest {
  readonly model: string;
  readonly baseUrl: string;
  readonly keySource: 'environment' | 'secrets';
}

const again = 'Your question is kept: ask it again.';

function unavailable(message: string, hint: string, rest: Omit<AppErrorData, 'code' | 'message' | 'hint'> = {}, cause?: unknown): AppError {
  return new AppError('model_unavailable', message, { hint, ...rest }, { cause });
}

/** The reply ended before its end: the connection broke, or the endpoint closed it. */
export function cutStreamError(cause?: unknown): AppError {
  return unavailable("Claude's answer was cut off: the connection ended before the answer did.", `What came is kept. ${again}`, { detail: messageOf(cause) }, cause);
}

/** Whatever the SDK or fetch threw, as a plain sentence with a next step. */
export function modelError(thrown: unknown, request: FailedRequest): AppError {
  if (thrown instanceof AppError) return thrown;
  const idle = findCause(thrown, (error) => error instanceof ModelIdleError);
  if (idle) return unavailable(`Claude stopped answering: ${messageOf(idle)}`, `The service may be overloaded. What came is kept. ${again}`, {}, thrown);
  if (thrown instanceof APIConnectionTimeoutError) {
    return unavailable(`${hostOf(request)} did not answer in time.`, `Check the network and the address in the settings. ${again}`, {}, thrown);
  }
  if (thrown instanceof APIConnectionError) return connectionError(thrown, request);
  if (isApiError(thrown)) return thrown.status === undefined ? inStreamError(thrown) : statusError(thrown, request);
  return cutStreamError(thrown);
}

function connectionError(thrown: APIConnectionError, request: FailedRequest): AppError {
  const cause: NodeJS.ErrnoException | null = findCause(thrown, (error) => typeof (error as NodeJS.ErrnoException).code === 'string');
  const detail = cause ? `${cause.code}: ${cause.message}` : messageOf(thrown.cause ?? thrown);
  return unavailable(`${hostOf(request)} cannot be reached.`, `Check the network, a proxy, and the address in the settings. ${again}`, { detail, serverCode: cause?.code }, thrown);
}

/** Errors that came as an event inside the stream; they have a type but no status. */
function inStreamError(thrown: APIError): AppError {
  if (thrown.type === 'overloaded_error') return overloaded(thrown);
  const said = saidBy(thrown);
  return unavailable(`Claude's answer was cut off by its service: ${said}`, `What came is kept. ${again}`, technical(thrown), thrown);
}

function statusError(thrown: APIError, request: FailedRequest): AppError {
  const said = saidBy(thrown);
  const rest = technical(thrown);
  switch (thrown.status) {
    case 401:
      return unavailable(`Claude's service did not accept the API key: ${said}`, keyHint(request), rest, thrown);
    case 402:
      return unavailable(`The account of the API key cannot pay for this: ${said}`, `Add credit or use another key. ${again}`, rest, thrown);
    case 403:
      return unavailable(`The API key may not do this: ${said}`, `Ask the owner of the account, or choose another model or key in the settings. ${again}`, rest, thrown);
    case 404:
      return /model/i.test(said)
        ? unavailable(`The model ${request.model} is not known at ${hostOf(request)}.`, `Choose a model from the list in the settings. ${again}`, { ...rest, detail: said }, thrown)
        : unavailable(`${hostOf(request)} is no service that speaks Claude's language: ${said}`, `Check the address in the settings. ${again}`, rest, thrown);
    case 413:
      return contextFullError(said, thrown);
    case 429:
      return unavailable(`Too many requests: ${said}`, `${waitHint(thrown)} ${again}`, rest, thrown);
    case 503:
    case 529:
      return overloaded(thrown);
    default:
      return otherStatus(thrown, request, said);
  }
}

function otherStatus(thrown: APIError, request: FailedRequest, said: string): AppError {
  if (thrown.status === 400 && /prompt is too long|context (window|length)|too many (total )?tokens/i.test(said)) return contextFullError(said, thrown);
  if ((thrown.status ?? 0) >= 500) {
    return unavailable(`${hostOf(request)} failed: ${said}`, `This is a fault of the service. Wait a moment. ${again}`, technical(thrown), thrown);
  }
  return unavailable(`${hostOf(request)} did not accept the request: ${said}`, `Choose another model in the settings, or start a new conversation. ${again}`, technical(thrown), thrown);
}

function overloaded(thrown: APIError): AppError {
  return unavailable('Claude is overloaded at the moment.', `Wait a minute, or choose another model in the settings. ${again}`, technical(thrown), thrown);
}

export function contextFullError(said: string, cause?: unknown): AppError {
  return unavailable(
    'This conversation has become too long for the model.',
    'Start a new conversation, or edit an earlier question: what follows it is not sent then. Nothing is lost.',
    { detail: said },
    cause,
  );
}

/** The model declined; not a failure of the service. */
export function refusalError(details: Anthropic.Messages.RefusalStopDetails | null): AppError {
  const why = details?.explanation ? `: ${details.explanation}` : '.';
  return unavailable(`Claude declined to answer${why}`, 'Put the question in other words, or write the SQL in the editor.', { serverCode: details?.category ?? undefined });
}

export function outputLimitError(tokens: number): AppError {
  return unavailable(`The answer reached its limit of ${tokens} tokens and ends here.`, 'Ask Claude to go on, or ask for less at a time.');
}

export function tooManyStepsError(steps: number): AppError {
  return unavailable(`Claude was stopped after ${steps} steps without an answer.`, 'Ask a narrower question, or name the tables to look at.');
}

export function toollessError({ model, baseUrl }: FailedRequest): AppError {
  return unavailable(`${model} at ${baseUrl} does not call tools, without which it can look at nothing.`, `Choose a model that does, in the settings. ${again}`);
}

/** Whether asking again may help, and after how many milliseconds; null: tell the person. */
export function retryPause(thrown: unknown, attempt: number, firstMs: number): number | null {
  if (thrown instanceof APIConnectionTimeoutError) return null; // the person has already waited long
  if (thrown instanceof APIConnectionError) return firstMs * 2 ** attempt;
  if (!isApiError(thrown) || !mayPass(thrown)) return null;
  return retryAfterMs(thrown) ?? firstMs * 2 ** attempt;
}

function mayPass(thrown: APIError): boolean {
  if (thrown.headers?.get('x-should-retry') === 'false') return false;
  if (thrown.status === undefined) return ['overloaded_error', 'api_error', 'rate_limit_error'].includes(thrown.type ?? '');
  return [408, 409, 429].includes(thrown.status) || thrown.status >= 500;
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterMs(thrown: APIError): number | null {
  const milliseconds = Number(thrown.headers?.get('retry-after-ms') ?? Number.NaN);
  if (milliseconds > 0) return milliseconds;
  const header = thrown.headers?.get('retry-after');
  if (!header) return null;
  const wait = Number.isNaN(Number(header)) ? Date.parse(header) - Date.now() : Number(header) * 1000;
  return wait > 0 ? wait : null;
}

function waitHint(thrown: APIError): string {
  const wait = retryAfterMs(thrown);
  if (wait === null) return 'Wait a minute.';
  const seconds = Math.ceil(wait / 1000);
  return seconds < 120 ? `Wait ${seconds} s.` : `Wait ${Math.ceil(seconds / 60)} minutes.`;
}

function keyHint(request: FailedRequest): string {
  const place = request.keySource === 'environment' ? 'The key comes from the variable ANTHROPIC_API_KEY: correct it there and start again.' : 'Enter the key again in the settings of the assistant.';
  return `${place} ${again}`;
}

function technical(thrown: APIError): Pick<AppErrorData, 'serverCode' | 'detail'> {
  const code = [thrown.status, thrown.errorCode ?? thrown.type].filter((part) => part !== undefined && part !== null).join(' ');
  return { serverCode: code === '' ? undefined : code, detail: thrown.requestID ? `request ${thrown.requestID}` : undefined };
}

function saidBy(thrown: APIError): string {
  return (thrown.apiMessage ?? thrown.message).slice(0, 500);
}

function hostOf(request: FailedRequest): string {
  return URL.canParse(request.baseUrl) ? new URL(request.baseUrl).host : request.baseUrl;
}

function findCause(thrown: unknown, matches: (error: Error) => boolean): Error | null {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++) {
    if (matches(error)) return error;
  }
  return null;
}

function messageOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.message : undefined;
}
