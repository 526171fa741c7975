import type { Connection } from '../../../src-main/drivers/driver';
import { AppError } from '../../../src-main/errors';
import { benignStatements } from '../../../src-main/guard/corpus/benign';
import { hostileStatements, type Hostile } from '../../../src-main/guard/corpus/hostile';
import { mutate, randomOf } from '../../../src-main/guard/corpus/mutate';
import { createParser } from '../../../src-main/guard/parser';
import type { GuardService } from '../../../src-main/guard/service';
import { probes, runLimits, tryLane, looks } from './escapes';
import { cellSink, type GuardWorld } from './world';

/** What became of the mutants that parse. */
export interface FuzzReport {
  readonly hostile: { readonly made: number; readonly refused: number };
  readonly benign: { readonly made: number; readonly admitted: number };
  /** Mutants that the guard let through to the server, each watched. */
  readonly run: number;
  /** Texts of which a probe noticed something, twice. */
  readonly escaped: readonly { readonly text: string; readonly fired: readonly string[] }[];
}

/** The share of mutants made of hostile statements. */
const HOSTILE_SHARE = 0.9;
/** Of so many mutants one may hold the server until its time-out, since each costs as much. */
const ONE_BY_SERVER_IN = 2500;
/** Between two looks of the probes. */
const BATCH = 40;
const signal = new AbortController().signal;

/**
 * Makes `count` mutants that PostgreSQL's grammar reads, judges each with the live catalog, and sends every one that the guard admits through
 * the read-only lane while the probes watch. The same seed makes the same mutants.
 */
export async function fuzz(world: GuardWorld, guard: GuardService, { count, seed }: { count: number; seed: number }): Promise<FuzzReport> {
  const random = randomOf(seed);
  const parser = createParser();
  const sessions = createSessions(world);
  // Traps that must be set up for one statement alone are left to the corpus itself.
  const sources = hostileStatements.filter(({ before }) => before === undefined).map((hostile) => ({ ...hostile, text: world.fill(hostile.text) }));
  const [made, kept] = [{ hostile: 0, benign: 0 }, { refused: 0, admitted: 0 }];
  const escaped: FuzzReport['escaped'][number][] = [];
  let [byServer, run] = [0, 0];
  let batch: Hostile[] = [];
  const flush = async (): Promise<void> => {
    run += batch.length;
    escaped.push(...(await watchBatch(world, guard, batch, sessions)));
    batch = [];
  };
  try {
    while (made.hostile + made.benign < count) {
      const isHostile = random() < HOSTILE_SHARE;
      const source: Hostile = isHostile ? pick(sources, random) : { text: pick(benignStatements, random) };
      if (source.byServer && (byServer += 1) > 1 + count / ONE_BY_SERVER_IN) continue;
      const text = mutate(source.text, random, isHostile ? 'any' : 'same');
      if (!(await parser.parse(text)).ok) continue;
      made[isHostile ? 'hostile' : 'benign'] += 1;
      const verdict = await guard.classify(text, { connection: await sessions.of(source.role), signal });
      if (!verdict.readOnly) kept.refused += isHostile ? 1 : 0;
      else {
        kept.admitted += isHostile ? 0 : 1;
        batch.push({ ...source, text });
      }
      if (batch.length >= BATCH) await flush();
    }
    await flush();
  } finally {
    await sessions.close();
  }
  return { hostile: { made: made.hostile, refused: kept.refused }, benign: { made: made.benign, admitted: kept.admitted }, run, escaped };
}

interface Sessions {
  /** The session of a role; a new one where the last was cut, because the server did not stop in time. */
  of(role: Hostile['role']): Promise<Connection>;
  close(): Promise<void>;
}

function createSessions(world: GuardWorld): Sessions {
  const open = new Map<string, Connection>();
  return {
    async of(role) {
      const key = role ?? '';
      const known = open.get(key);
      if (known) return known;
      const connection = await world.connect(role);
      connection.onLost(() => open.delete(key));
      open.set(key, connection);
      return connection;
    },
    close: async () => {
      for (const connection of open.values()) await connection.close();
    },
  };
}

/** Runs all, with one look before and one after; when a probe has fired, each by itself. */
async function watchBatch(world: GuardWorld, guard: GuardService, batch: readonly Hostile[], sessions: Sessions): Promise<FuzzReport['escaped']> {
  if (batch.length === 0) return [];
  const before = await looks(world, { milliseconds: 0, timeoutMs: runLimits.statementTimeoutMs, cells: '', pid: 0 });
  let slowest = 0;
  const cells: string[] = [];
  for (const { text, role } of batch) {
    const sink = cellSink();
    const started = performance.now();
    await guard.runReadOnly(await sessions.of(role), { text }, sink, runLimits, signal).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown;
    });
    slowest = Math.max(slowest, performance.now() - started);
    if (sink.cells.some((cell) => cell.includes(world.secret))) cells.push(...sink.cells);
  }
  const after = await looks(world, { milliseconds: slowest, timeoutMs: runLimits.statementTimeoutMs, cells: cells.join('\n'), pid: 0 });
  if (probes.every((_probe, index) => before[index] === after[index])) return [];
  const escaped: FuzzReport['escaped'][number][] = [];
  for (const one of batch) {
    const { fired } = await tryLane(world, guard, one);
    // A pause of the whole machine makes a statement slow once.
    if (fired.length > 0) escaped.push({ text: one.text, fired: fired.every((watches) => watches === 'time') ? (await tryLane(world, guard, one)).fired : fired });
  }
  return escaped.filter(({ fired }) => fired.length > 0);
}

function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}
