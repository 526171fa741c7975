import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src-preload/contract/jobs';
import { remainingMs, withJob } from './store';

const job = (id: string, patch: Partial<Job> = {}): Job => ({
  id,
  kind: 'export',
  title: id,
  state: 'running',
  progress: null,
  message: '',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  error: null,
  cancellable: true,
  ...patch,
});

describe('jobs', () => {
  it('replaces a job and keeps the newest first', () => {
    const jobs = [job('b', { startedAt: '2026-01-02T00:00:00.000Z' }), job('a')];
    expect(withJob(jobs, job('a', { progress: 0.5 })).map(({ id, progress }) => [id, progress])).toEqual([['b', null], ['a', 0.5]]);
    expect(withJob(jobs, job('c', { startedAt: '2026-01-03T00:00:00.000Z' })).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
  it('estimates the rest from the pace, and only when there is one', () => {
    const start = Date.parse('2026-01-01T00:00:00.000Z');
    expect(remainingMs(job('a', { progress: 0.25 }), start + 10_000)).toBe(30_000);
    expect(remainingMs(job('a', { progress: 0.25 }), start + 500)).toBeNull();
    expect(remainingMs(job('a', { progress: 0.001 }), start + 10_000)).toBeNull();
    expect(remainingMs(job('a', { progress: 0.5, state: 'done' }), start + 10_000)).toBeNull();
  });
});
