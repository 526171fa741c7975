import { randomUUID } from 'node:crypto';
import { AppError, toAppError } from '../errors';
import type { AppErrorData } from '../../src-preload/contract/error';
import type { Job } from '../../src-preload/contract/jobs';
import { currentOwner, ownerAlive, type Store } from '../store/service';
import type { JobContext, JobsService } from './service';

/** Between two reports that reach the listeners and the store. */
const reportEveryMs = 250;
/** How often the wishes of other processes are looked at while something runs here. */
const wishesEveryMs = 1000;
const listedJobs = 200;

interface JobRow {
  id: string;
  kind: string;
  title: string;
  state: Job['state'];
  progress: number | null;
  message: string;
  started_at: string;
  ended_at: string | null;
  error: string | null;
}

interface Running {
  job: Job;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  /** Waits to tell what was reported too soon after the last time. */
  timer: NodeJS.Timeout | null;
  toldAt: number;
}

/** Jobs in the store, and those of this process that run. */
export class StoredJobs implements JobsService {
  private readonly owner = currentOwner();
  private readonly running = new Map<string, Running>();
  private readonly listeners = new Set<(job: Job) => void>();
  private wishes: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(private readonly store: Store) {
    const owners = store.all<{ owner: string }>(`SELECT DISTINCT owner FROM jobs WHERE state = 'running'`);
    for (const { owner } of owners) {
      if (ownerAlive(owner)) continue;
      store.run(`UPDATE jobs SET state = 'interrupted', ended_at = ? WHERE state = 'running' AND owner = ?`, new Date().toISOString(), owner);
    }
  }

  start({ kind, title }: { kind: string; title: string }, work: (context: JobContext) => Promise<void>): Job {
    if (this.closed) throw new AppError('cancelled', 'The program is closing.');
    const job: Job = { id: randomUUID(), kind, title, state: 'running', progress: null, message: '', startedAt: new Date().toISOString(), endedAt: null, error: null, cancellable: true };
    this.store.run(
      `INSERT INTO jobs (id, kind, title, state, progress, message, started_at, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      job.id,
      kind,
      title,
      job.state,
      job.progress,
      job.message,
      job.startedAt,
      this.owner,
    );
    const abort = new AbortController();
    const report = (progress: number | null, message: string): void => this.report(job.id, progress, message);
    // After this call has returned, so that whoever starts a job knows it before it changes.
    const ended = Promise.resolve()
      .then(() => {
        if (abort.signal.aborted) throw new AppError('cancelled', 'Cancelled before it began.');
        return work({ signal: abort.signal, report });
      })
      .then(
        () => this.finish(job.id, 'done', null),
        (thrown: unknown) => {
          const error = toAppError(thrown);
          if (error.code === 'cancelled') this.finish(job.id, 'cancelled', null);
          else this.finish(job.id, abort.signal.aborted ? 'cancelled' : 'failed', error.data);
        },
      );
    this.running.set(job.id, { job, abort, ended, timer: null, toldAt: -Infinity });
    this.wishes ??= setInterval(() => this.hearWishes(), wishesEveryMs).unref();
    this.tell(job);
    return job;
  }

  list(): Job[] {
    const columns = 'id, kind, title, state, progress, message, started_at, ended_at, error';
    return this.store.all<JobRow>(`SELECT ${columns} FROM jobs ORDER BY started_at DESC, rowid DESC LIMIT ?`, listedJobs).map((row) => this.running.get(row.id)?.job ?? jobOf(row));
  }

  cancel(id: string): void {
    const running = this.running.get(id);
    if (running) return running.abort.abort();
    const { changes } = this.store.run(`UPDATE jobs SET cancel_requested = 1 WHERE id = ?`, id);
    if (changes === 0) throw new AppError('not_found', `There is no job ${id}.`, { hint: 'List the jobs; one that was cleared is gone.' });
  }

  clear(): void {
    this.store.run(`DELETE FROM jobs WHERE state <> 'running'`);
  }

  onChange(listener: (job: Job) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    const running = [...this.running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  private report(id: string, progress: number | null, message: string): void {
    const running = this.running.get(id);
    if (!running) return;
    running.job = { ...running.job, progress: progress === null ? null : Math.min(1, Math.max(0, progress)), message };
    if (running.timer) return;
    const wait = running.toldAt + reportEveryMs - performance.now();
    if (wait <= 0) return this.publish(running);
    running.timer = setTimeout(() => {
      running.timer = null;
      this.publish(running);
    }, wait).unref();
  }

  private publish(running: Running): void {
    running.toldAt = performance.now();
    const { id, progress, message } = running.job;
    this.stored(() => this.store.run('UPDATE jobs SET progress = ?, message = ? WHERE id = ?', progress, message, id));
    this.tell(running.job);
  }

  private finish(id: string, state: Job['state'], error: AppErrorData | null): void {
    const running = this.running.get(id);
    if (!running) return;
    if (running.timer) clearTimeout(running.timer);
    this.running.delete(id);
    if (this.running.size === 0 && this.wishes) {
      clearInterval(this.wishes);
      this.wishes = null;
    }
    const job: Job = { ...running.job, state, error, endedAt: new Date().toISOString(), progress: state === 'done' ? 1 : running.job.progress };
    const failure = this.stored(() =>
      this.store.run(
        'UPDATE jobs SET state = ?, progress = ?, message = ?, ended_at = ?, error = ? WHERE id = ?',
        job.state,
        job.progress,
        job.message,
        job.endedAt,
        error === null ? null : JSON.stringify(error),
        id,
      ),
    );
    this.tell(failure ? { ...job, message: `${job.message} (How it ended could not be stored: ${failure.message})`.trim() } : job);
  }

  private hearWishes(): void {
    this.stored(() => {
      for (const { id } of this.store.all<{ id: string }>(`SELECT id FROM jobs WHERE cancel_requested = 1 AND state = 'running' AND owner = ?`, this.owner)) {
        this.running.get(id)?.abort.abort();
      }
    });
  }

  /** A store that fails must not end the work that it tells of; what could not be stored as ended is `interrupted` at the next start. */
  private stored(access: () => unknown): AppError | null {
    try {
      access();
      return null;
    } catch (error) {
      return toAppError(error);
    }
  }

  private tell(job: Job): void {
    for (const listener of [...this.listeners]) listener(job);
  }
}

function jobOf({ started_at: startedAt, ended_at: endedAt, error, ...row }: JobRow): Job {
  return { ...row, startedAt, endedAt, error: error === null ? null : (JSON.parse(error) as AppErrorData), cancellable: row.state === 'running' };
}
