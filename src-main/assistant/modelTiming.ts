/** Patience towards the model's endpoint; all in milliseconds. */
export interface ModelTiming {
  /** Until the first byte of a reply. */
  readonly replyMs: number;
  /** Between two bytes of a streamed reply; the endpoint sends pings while it thinks. */
  readonly idleMs: number;
  /** First pause before asking again after an overload; it doubles. */
  readonly retryPauseMs: number;
  /** A longer pause than this is not waited for: the person is told instead. */
  readonly retryPauseMaxMs: number;
  readonly retries: number;
}

export const defaultTiming: ModelTiming = { replyMs: 120_000, idleMs: 90_000, retryPauseMs: 500, retryPauseMaxMs: 15_000, retries: 2 };
