import type { Connection, ReadOnlyLimits } from '../../../src-main/drivers/driver';
import { AppError } from '../../../src-main/errors';
import type { Hostile } from '../../../src-main/guard/corpus/hostile';
import { runProbes } from '../../../src-main/guard/probes/runProbes';
import { stateProbes } from '../../../src-main/guard/probes/stateProbes';
import type { RunTrace } from '../../../src-main/guard/probes/probe';
import type { GuardService } from '../../../src-main/guard/service';
import { cellSink } from './world';
import type { GuardWorld } from './world';

export const probes = [...stateProbes, ...runProbes];

/** Under which hostile statements run. */
export const runLimits: ReadOnlyLimits = { statementTimeoutMs: 400, lockTimeoutMs: 200, maxRows: 1000, maxBytes: 1_000_000, maxCellBytes: 100_000 };
const signal = new AbortController().signal;

/** What became of a statement: which probes fired, and whether the guard refused it before it was sent. */
export interface Watched {
  readonly fired: string[];
  readonly refused: boolean;
  readonly error: string | null;
}

/** Sends a hostile statement through the read-only lane while every probe watches. */
export async function tryLane(world: GuardWorld, guard: GuardService, hostile: Hostile): Promise<Watched> {
  if (hostile.before !== undefined) await world.admin.query(world.fill(hostile.before));
  const connection = await world.connect(hostile.role);
  try {
    return await watch(world, connection, async (sink) => {
      await guard.runReadOnly(connection, { text: world.fill(hostile.text) }, sink, runLimits, signal);
    });
  } finally {
    await connection.close();
    if (hostile.after !== undefined) await world.admin.query(world.fill(hostile.after));
  }
}

/** The same statement as its author meant it, past the guard. */
export async function tryUnguarded(world: GuardWorld, text: string): Promise<Watched> {
  const connection = await world.connect();
  try {
    return await watch(world, connection, (sink) => connection.run({ text: world.fill(text) }, sink, { signal }));
  } finally {
    await connection.close();
    await world.restoreCanary();
  }
}

async function watch(world: GuardWorld, connection: Connection, work: (sink: ReturnType<typeof cellSink>) => Promise<void>): Promise<Watched> {
  const pid = await pidOf(connection);
  const before = await looks(world, { milliseconds: 0, timeoutMs: runLimits.statementTimeoutMs, cells: '', pid });
  const sink = cellSink();
  const started = performance.now();
  let error: AppError | null = null;
  try {
    await work(sink);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    error = thrown;
  }
  const trace: RunTrace = { milliseconds: performance.now() - started, timeoutMs: runLimits.statementTimeoutMs, cells: sink.cells.join('\n'), pid };
  const after = await looks(world, trace);
  const fired = probes.filter((_probe, index) => before[index] !== after[index]).map((probe) => probe.watches);
  return { fired, refused: error?.code === 'refused', error: error?.message ?? null };
}

/** What each probe sees now. */
export async function looks(world: GuardWorld, trace: RunTrace): Promise<string[]> {
  await world.settle();
  const found = [];
  for (const probe of probes) found.push(await probe.look(world, trace));
  return found;
}

async function pidOf(connection: Connection): Promise<number> {
  const sink = cellSink();
  await connection.run({ text: 'select pg_backend_pid()' }, sink, { signal });
  return Number(sink.cells[0]);
}
