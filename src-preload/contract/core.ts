import { z } from 'zod';

/**
 * The grammar in which every feature's contract is written. A contract is data: main registers handlers from it, the preload
 * bridge admits only the names in it, and the renderer's client types are inferred from it.
 */

/** A request with one reply. The renderer may abort it; the abort ends the work on the server. */
export interface CallSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly input: I;
  readonly output: O;
}

/** A request that sends any number of parts before its reply. It is aborted like a call. */
export interface StreamSpec<I extends z.ZodType = z.ZodType, P extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly input: I;
  readonly part: P;
  readonly output: O;
}

/** Something that main tells every window without being asked. */
export interface EventSpec<P extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly payload: P;
}

export type MemberSpec = CallSpec | StreamSpec | EventSpec;
export type ContractMembers = Record<string, MemberSpec>;

/** One feature's contract; `feature` is the same name as the folders in src-main and src-renderer/features. */
export interface Contract<N extends string = string, M extends ContractMembers = ContractMembers> {
  readonly feature: N;
  readonly members: M;
}

export function defineContract<const N extends string, const M extends ContractMembers>(feature: N, members: M): Contract<N, M> {
  return { feature, members };
}

export function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallSpec<I, O> {
  return { kind: 'call', input, output };
}

export function stream<I extends z.ZodType, P extends z.ZodType, O extends z.ZodType>(input: I, part: P, output: O): StreamSpec<I, P, O> {
  return { kind: 'stream', input, part, output };
}

export function event<P extends z.ZodType>(payload: P): EventSpec<P> {
  return { kind: 'event', payload };
}

/** For members that take or return nothing. */
export const nothing = z.void();

/** What the handler of a member looks like in main; `signal` aborts when the renderer gives up or its window goes away. */
export type Handler<S> =
  S extends CallSpec<infer I, infer O>
    ? (input: z.output<I>, context: CallContext) => Promise<z.input<O>> | z.input<O>
    : S extends StreamSpec<infer I, infer P, infer O>
      ? (input: z.output<I>, context: CallContext & { readonly emit: (part: z.input<P>) => void }) => Promise<z.input<O>> | z.input<O>
      : never;

export interface CallContext {
  readonly signal: AbortSignal;
}

export type RequestNames<M extends ContractMembers> = { [K in keyof M]: M[K] extends EventSpec ? never : K }[keyof M];
export type EventNames<M extends ContractMembers> = { [K in keyof M]: M[K] extends EventSpec ? K : never }[keyof M];

/** All handlers of a contract: the shape that a feature hands to the IPC binder. */
export type Handlers<C> = C extends Contract<string, infer M> ? { [K in RequestNames<M>]: Handler<M[K]> } : never;

/** What the renderer calls. */
export type Client<C> =
  C extends Contract<string, infer M>
    ? {
        [K in RequestNames<M>]: M[K] extends CallSpec<infer I, infer O>
          ? (input: z.input<I>, options?: { signal?: AbortSignal }) => Promise<z.output<O>>
          : M[K] extends StreamSpec<infer I, infer P, infer O>
            ? (input: z.input<I>, options: { signal?: AbortSignal; onPart(part: z.output<P>): void }) => Promise<z.output<O>>
            : never;
      } & { on<K extends EventNames<M>>(name: K, listener: (payload: M[K] extends EventSpec<infer P> ? z.output<P> : never) => void): () => void }
    : never;
