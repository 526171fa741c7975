import { create } from 'zustand';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { Job } from '../../../src-preload/contract/jobs';
import { client, errorData } from '../../client';

interface JobsState {
  readonly jobs: readonly Job[];
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: AppErrorData | null;
}

/** The long work of this program: what runs and what ran, newest first. */
export const useJobs = create<JobsState>(() => ({ jobs: [], state: 'loading', error: null }));

/** The list with one job's newest state in it, newest start first. */
export function withJob(jobs: readonly Job[], job: Job): Job[] {
  const others = jobs.filter((other) => other.id !== job.id);
  return [job, ...others].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Reads the list anew. */
export async function loadJobs(): Promise<void> {
  try {
    const listed = await client.jobs.list(undefined);
    useJobs.setState({ jobs: listed.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)), state: 'ready', error: null });
  } catch (error) {
    useJobs.setState({ state: 'failed', error: errorData(error) });
  }
}

/** Keeps the store in step with main; returns the function that stops it. */
export function followJobs(): () => void {
  void loadJobs();
  return client.jobs.on('changed', (job) => useJobs.setState(({ jobs }) => ({ jobs: withJob(jobs, job) })));
}

/** The milliseconds that a running job still needs at its present pace; null while that cannot be said. */
export function remainingMs(job: Job, now: number): number | null {
  if (job.state !== 'running' || job.progress === null || job.progress < 0.02) return null;
  const elapsed = now - new Date(job.startedAt).getTime();
  return elapsed < 1000 ? null : (elapsed / job.progress) * (1 - job.progress);
}
