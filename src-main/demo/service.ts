import { rename } from 'node:fs/promises';
import type { ConnectionProfile } from '../../src-preload/contract/connections';
import type { DemoStatus } from '../../src-preload/contract/demo';
import { buildDatabase, hasDatabase } from '../drivers/pglite/buildFolder';
import type { OwnerCard } from '../drivers/pglite/folderLock';
import type { PgliteHosts } from '../drivers/pglite/hosts';
import { AppError, toAppError } from '../errors';
import { demoFolder, demoSeed, demoSteps } from './definition';

const demoConnectionId = 'demo';

/** The connection to the demo database in the program's folder for it. */
export function demoProfile(folder: string): ConnectionProfile {
  return { id: demoConnectionId, name: 'Demo shop', target: { engine: 'pglite', folder: demoFolder(folder) }, environment: 'dev', color: 'teal', readOnly: false };
}

/** The demo database: builds it when it is missing, sets it aside when it is broken, says how it stands. */
export interface DemoService {
  readonly profile: ConnectionProfile;
  status(): DemoStatus;
  /**
   * Makes sure that the demo can be used: builds it the first time, opens it, or finds the program that has it open. Rejects with
   * `busy` when another program keeps it to itself, `cancelled` when the signal aborts (a build that has begun goes on), or what
   * made it fail; `status` says the same.
   */
  ensure(signal: AbortSignal): Promise<void>;
  /** Sets the database aside (it is renamed, never deleted) and builds it anew. Rejects with `busy` while another program has it. */
  rebuild(): Promise<void>;
  onChange(listener: (status: DemoStatus) => void): () => void;
}

export interface DemoOptions {
  /** The program's folder for the demo; made when it is needed. */
  readonly folder: string;
  readonly hosts: PgliteHosts;
  readonly seed?: number;
}

/** Making an empty database comes before the steps; in the same milliseconds as their weights. */
const emptyDatabaseWeight = 3000;

/** Builds nothing yet. Connecting to the demo's folder through the driver builds it as well. */
export function createDemoService({ folder, hosts, seed = demoSeed }: DemoOptions): DemoService {
  const data = demoFolder(folder);
  const listeners = new Set<(status: DemoStatus) => void>();
  /** A sentence about what was set aside, which outlives the building. */
  let aside = '';
  let current = statusOf(hasDatabase(data) ? { state: 'ready', progress: 1, message: 'Ready.' } : { state: 'absent', progress: 0, message: 'Not built yet.' });

  function change(next: Pick<DemoStatus, 'state' | 'progress' | 'message'>, error: AppError | null = null): void {
    current = statusOf(next, error);
    for (const listener of listeners) listener(current);
  }

  async function build(signal: AbortSignal): Promise<void> {
    const steps = demoSteps(seed);
    const total = steps.reduce((sum, step) => sum + step.weight, emptyDatabaseWeight);
    let done = 0;
    change({ state: 'building', progress: 0, message: 'Making an empty database' });
    await buildDatabase(
      data,
      async (run) => {
        done += emptyDatabaseWeight;
        for (const step of steps) {
          change({ state: 'building', progress: done / total, message: step.title });
          await run(step.sql);
          done += step.weight;
        }
        change({ state: 'building', progress: 1, message: 'Writing it to the disk' });
      },
      signal,
    );
  }

  async function setAside(why: string): Promise<void> {
    if (!hasDatabase(data)) return;
    const place = `${data}.${why}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    await rename(data, place);
    aside = ` The ${why} one was kept as ${place}.`;
  }

  hosts.keep(data, {
    async prepare(signal) {
      if (!hasDatabase(data)) await build(signal);
    },
    async replace(_error, signal) {
      await setAside('damaged');
      await build(signal);
    },
    opened: () => change({ state: 'ready', progress: 1, message: `Ready.${aside}` }),
    failed: (error) => change({ state: 'failed', progress: 0, message: error.message }, error),
  });

  function held(owner: OwnerCard | null): void {
    if (owner?.door !== null || owner.processId === process.pid) return;
    change({ state: 'held', progress: 0, message: `${owner.program} (process ${owner.processId}) is preparing it.` });
  }

  async function ensure(signal: AbortSignal): Promise<void> {
    try {
      const { stream, where } = await hosts.connect(data, signal, { milliseconds: Infinity, heard: held });
      stream.destroy();
      if (where.kind === 'here') return;
      const who = `${where.owner.program} (process ${where.owner.processId})`;
      change({ state: 'ready', progress: 1, message: `Ready; ${who} has it open, and this program uses it through that one.` });
    } catch (thrown) {
      if (signal.aborted) throw new AppError('cancelled', 'Cancelled while waiting for the demo database.', {}, { cause: thrown });
      const error = toAppError(thrown);
      if (current.state !== 'failed') change({ state: 'failed', progress: 0, message: error.message }, error);
      throw error;
    }
  }

  return {
    profile: demoProfile(folder),
    status: () => current,
    ensure,
    async rebuild() {
      await hosts.exclusively(data, () => setAside('replaced'));
      await ensure(new AbortController().signal);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function statusOf(next: Pick<DemoStatus, 'state' | 'progress' | 'message'>, error: AppError | null = null): DemoStatus {
  return { ...next, connectionId: demoConnectionId, error: error?.data ?? null };
}
