/**
 * What crosses between the processes, below the contract. Main and the bridge agree on these names; nobody else uses them.
 */
export const channel = {
  /** Renderer to main: `Request`. */
  request: 'ai-shell:request',
  /** Main to renderer: `Answer`, after the last part. It goes the parts' way, for Electron's own replies may overtake them. */
  answer: 'ai-shell:answer',
  /** Renderer to main: the number of a request to abort. */
  abort: 'ai-shell:abort',
  /** Bridge to main: the path of a file that the person dropped on the window. */
  dropped: 'ai-shell:dropped',
  /** Main to renderer: `Part` of a stream. */
  part: 'ai-shell:part',
  /** Main to renderer: `Told`, an event of the contract. */
  told: 'ai-shell:told',
} as const;

export interface Request {
  readonly id: number;
  readonly feature: string;
  readonly member: string;
  readonly input: unknown;
}
export type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };
export interface Answer {
  readonly id: number;
  readonly reply: Reply;
}
export interface Part {
  readonly id: number;
  readonly part: unknown;
}
export interface Told {
  readonly feature: string;
  readonly member: string;
  readonly payload: unknown;
}

/** The surface that the bridge exposes to the window as `window.aiShell`. */
export interface Bridge {
  /** Starts a request; `onPart` is called for streams. Never rejects: failures are replies. */
  request(feature: string, member: string, input: unknown, onPart?: (part: unknown) => void): { id: number; reply: Promise<Reply> };
  abort(id: number): void;
  /** The path of a file that was dropped on the window, which main may then read; empty for one that a page made itself. */
  droppedPath(file: File): string;
  /** Returns the function that stops listening. */
  on(feature: string, member: string, listener: (payload: unknown) => void): () => void;
}
