import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../src-preload/contract/jobs';
import { AppError } from '../errors';
import { openStore, type Store } from '../store/service';
import { createJobsService, type JobsService } from './service';

let folder: string;
let store: Store;
let jobs: JobsService;
let told: Job[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'jobs-'));
  store = openStore(path.join(folder, 'state.db'));
  jobs = createJobsService({ store });
  told = [];
  jobs.onChange((job) => told.push(job));
});
afterEach(async () => {
  vi.useRealTimers();
  await jobs.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const spec = { kind: 'export', title: 'Export' };
const aborted = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.'))));
const ended = (id: string): Promise<Job> => vi.waitFor(() => {
  const job = told.find((other) => other.id === id && other.state !== 'running');
  if (!job) throw new Error('still running');
  return job;
}, { timeout: 5000, interval: 5 });

describe('jobs', () => {
  it('end as their work ended', async () => {
    const done = jobs.start(spec, async ({ report }) => report(0.5, 'half'));
    expect(done).toMatchObject({ state: 'running', progress: null, cancellable: true, endedAt: null });
    const failed = jobs.start(spec, () => Promise.reject(new AppError('disk', 'full', { hint: 'free' })));
    const broken = jobs.start(spec, () => {
      throw new Error('a defect');
    });
    expect(await ended(done.id)).toMatchObject({ state: 'done', progress: 1, message: 'half', error: null });
    expect(await ended(failed.id)).toMatchObject({ state: 'failed', error: { code: 'disk', hint: 'free' } });
    expect(await ended(broken.id)).toMatchObject({ state: 'failed', error: { code: 'internal', message: 'a defect' } });
    const stored = createJobsService({ store }).list();
    expect(stored.map(({ id, state }) => [id, state])).toEqual([
      [broken.id, 'failed'],
      [failed.id, 'failed'],
      [done.id, 'done'],
    ]);
    expect(stored[1]).toMatchObject({ error: { code: 'disk', message: 'full', hint: 'free' }, cancellable: false });
    jobs.clear();
    expect(jobs.list()).toEqual([]);
  });

  it('are cancelled and say so', async () => {
    const job = jobs.start(spec, ({ signal }) => aborted(signal));
    jobs.cancel(job.id);
    expect(await ended(job.id)).toMatchObject({ state: 'cancelled', error: null });
    expect(() => jobs.cancel('none')).toThrow(/no job/);
    jobs.cancel(job.id);
    expect(jobs.list()).toMatchObject([{ state: 'cancelled' }]);
  });

  it('of another process are listed and can be cancelled from here', async () => {
    const job = jobs.start(spec, ({ signal }) => aborted(signal));
    const other = createJobsService({ store });
    expect(other.list()).toMatchObject([{ id: job.id, state: 'running', cancellable: true }]);
    other.cancel(job.id);
    expect(await ended(job.id)).toMatchObject({ state: 'cancelled' });
  });

  it('tell of progress a few times a second, and of the last', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    let finish = (): void => undefined;
    const job = jobs.start(spec, async ({ report }) => {
      for (let n = 0; n <= 1000; n++) report(n / 1000, `${n}`);
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await Promise.resolve();
    await vi.advanceTimersByTimeAsync(300);
    expect(told.map(({ progress }) => progress)).toEqual([null, 0, 1]);
    expect(jobs.list()).toMatchObject([{ id: job.id, message: '1000' }]);
    finish();
    vi.useRealTimers();
    await ended(job.id);
  });

  it('of a dead process are interrupted, of this one not', () => {
    const mine = jobs.start(spec, ({ signal }) => aborted(signal));
    const dead = jobs.start(spec, ({ signal }) => aborted(signal));
    store.run('UPDATE jobs SET owner = ? WHERE id = ?', `${process.pid}-00000000-1`, dead.id);
    const rows = (): Record<string, unknown>[] => store.all('SELECT id, state, ended_at IS NOT NULL AS ended FROM jobs ORDER BY rowid');
    createJobsService({ store });
    expect(rows()).toEqual([
      { id: mine.id, state: 'running', ended: 0 },
      { id: dead.id, state: 'interrupted', ended: 1 },
    ]);
  });

  it('are ended when the program closes', async () => {
    const job = jobs.start(spec, ({ signal }) => aborted(signal));
    await jobs.close();
    expect(jobs.list()).toMatchObject([{ id: job.id, state: 'cancelled' }]);
    expect(() => jobs.start(spec, () => Promise.resolve())).toThrow(/closing/);
  });
});
