import { z } from 'zod';
import { contracts, type Contracts } from '../../src-preload/contract/all';
import type { Handlers } from '../../src-preload/contract/core';
import type { Reply, Request } from '../../src-preload/wire';
import { AppError, toAppError } from '../errors';

/** Every feature's handlers; a missing one does not compile. */
export type AllHandlers = { readonly [K in keyof Contracts]: Handlers<Contracts[K]> };

/** The window that asks. `key` names it, `part` sends it a part of a stream. */
export interface Caller {
  readonly key: string;
  part(id: number, part: unknown): void;
}

export interface DispatcherOptions {
  /** Told of every error that a person did not cause, before its detail is cut off. */
  readonly onError: (error: AppError, request: { feature: string; member: string }) => void;
  /** Cuts secrets out of an error's texts. */
  readonly redact: (text: string) => string;
}

type AnyHandler = (input: unknown, context: { signal: AbortSignal; emit(part: unknown): void }) => unknown;

const requestShape = z.object({ id: z.number().int(), feature: z.string(), member: z.string(), input: z.unknown() });

/**
 * Answers requests of the contract: finds the handler, checks the input, carries aborts, shapes errors. Knows nothing of Electron.
 */
export class Dispatcher {
  private readonly running = new Map<string, Map<number, AbortController>>();

  constructor(
    private readonly handlers: AllHandlers,
    private readonly options: DispatcherOptions,
  ) {}

  /** Never rejects; a request that does not fit its schema is answered with `bad_input` naming the field. */
  async request(raw: unknown, caller: Caller): Promise<Reply> {
    const request = requestShape.safeParse(raw);
    if (!request.success) return this.failure(new AppError('bad_input', 'The request has no valid envelope.'), { feature: '?', member: '?' });
    const { id, feature, member } = request.data;
    const abort = new AbortController();
    this.of(caller.key).set(id, abort);
    try {
      const { handler, input } = this.resolve(request.data);
      // Also after an abort: how a stopped statement ended is worth knowing.
      const emit = (part: unknown): void => caller.part(id, part);
      return { ok: true, value: await handler(input, { signal: abort.signal, emit }) };
    } catch (error) {
      return this.failure(error, { feature, member });
    } finally {
      this.of(caller.key).delete(id);
    }
  }

  /** Aborts one request of this caller; unknown numbers are ignored, since the request may just have ended. */
  abort(callerKey: string, id: unknown): void {
    if (typeof id === 'number') this.running.get(callerKey)?.get(id)?.abort();
  }

  /** Aborts all that a window asked for, when it is gone. */
  callerGone(callerKey: string): void {
    this.running.get(callerKey)?.forEach((abort) => abort.abort());
    this.running.delete(callerKey);
  }

  private of(callerKey: string): Map<number, AbortController> {
    const known = this.running.get(callerKey);
    if (known) return known;
    const created = new Map<number, AbortController>();
    this.running.set(callerKey, created);
    return created;
  }

  private resolve(request: Request): { handler: AnyHandler; input: unknown } {
    const { feature, member } = request;
    const contract = Object.hasOwn(contracts, feature) ? contracts[feature as keyof Contracts] : undefined;
    const members: Record<string, { kind: string; input?: z.ZodType }> = contract?.members ?? {};
    const spec = Object.hasOwn(members, member) ? members[member] : undefined;
    if (!spec?.input) throw new AppError('bad_input', `There is no ${feature}.${member}.`);
    const input = spec.input.safeParse(request.input);
    if (!input.success) {
      const issues = input.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
      throw new AppError('bad_input', `${feature}.${member} was called with unusable input.`, { detail: issues });
    }
    const handlers = this.handlers[feature as keyof Contracts] as unknown as Record<string, AnyHandler>;
    const handler = handlers[member];
    if (!handler) throw new AppError('internal', `${feature}.${member} has no handler.`);
    return { handler: handler.bind(handlers), input: input.data };
  }

  private failure(thrown: unknown, request: { feature: string; member: string }): Reply {
    const error = toAppError(thrown);
    if (error.code === 'internal') this.options.onError(error, request);
    const redacted = Object.fromEntries(
      Object.entries(error.data).map(([key, value]) => [key, typeof value === 'string' && key !== 'code' ? this.options.redact(value) : value]),
    );
    return { ok: false, error: redacted };
  }
}
