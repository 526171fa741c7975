import type { Job } from '../../src-preload/contract/jobs';
import type { Store } from '../store/service';
import { StoredJobs } from './jobs';

/** Long work with progress, cancel and a truthful last state. */
export interface JobsService {
  /** Starts the work and returns its job at once; the promise of `work` decides the state. */
  start(spec: { kind: string; title: string }, work: (context: JobContext) => Promise<void>): Job;
  /** Newest first; also the jobs of other running processes on the same store. */
  list(): Job[];
  /** Also reaches a job of another process, within about a second. Rejects with `not_found`; one that has ended stays as it is. */
  cancel(id: string): void;
  /** Forgets jobs that have ended. */
  clear(): void;
  /** Told of every change of this process's jobs. */
  onChange(listener: (job: Job) => void): () => void;
  /** Cancels everything that runs here and waits for it. */
  close(): Promise<void>;
}

export interface JobContext {
  readonly signal: AbortSignal;
  /** At most a few times a second reach the window; `progress` is 0 to 1 or null. */
  report(progress: number | null, message: string): void;
}

/** Jobs that were running when their process died become `interrupted` here. */
export function createJobsService({ store }: { store: Store }): JobsService {
  return new StoredJobs(store);
}
