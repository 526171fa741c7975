import type { Job } from '../../src-preload/contract/jobs';

/** Long work with progress, cancel and a truthful last state. */
export interface JobsService {
  /** Starts the work and returns its job at once; the promise of `work` decides the state. */
  start(spec: { kind: string; title: string }, work: (context: JobContext) => Promise<void>): Job;
  list(): Job[];
  cancel(id: string): void;
  clear(): void;
  onChange(listener: (job: Job) => void): () => void;
  /** Cancels everything that runs and waits for it. */
  close(): Promise<void>;
}

export interface JobContext {
  readonly signal: AbortSignal;
  /** At most a few times a second reach the window; `progress` is 0 to 1 or null. */
  report(progress: number | null, message: string): void;
}
