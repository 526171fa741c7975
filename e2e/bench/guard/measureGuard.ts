import { AppError } from '../../../src-main/errors';
import { benignStatements } from '../../../src-main/guard/corpus/benign';
import { hostileStatements } from '../../../src-main/guard/corpus/hostile';
import type { Hostile } from '../../../src-main/guard/corpus/hostile';
import { createGuardService } from '../../../src-main/guard/create';
import type { GuardService } from '../../../src-main/guard/service';
import type { Figure } from '../figure';
import { tryLane } from './escapes';
import { fuzz } from './fuzz';
import { buildWorld, cellSink } from './world';
import type { GuardWorld } from './world';

const signal = new AbortController().signal;
/** The same mutants in each run. */
const SEED = 20_261_126;

/**
 * The guard's figures on a real server of its own. `classify_ms`: median over both corpora with the live catalog, each run by a
 * service that knows nothing yet, so that every catalog look-up is paid for; the goal is under 3. `hostile_escaped`: hostile
 * statements of which a probe noticed anything after they went through the read-only lane. `benign_refused_pct`: benign statements that
 * the lane did not run to their end. `fuzz_escaped`: the same as `hostile_escaped` for mutants of both corpora that the guard let through.
 */
export async function measureGuard(options: { quick: boolean }): Promise<Figure[]> {
  const world = await buildWorld();
  try {
    // The quick sample is fixed: every fourth hostile statement.
    const hostile = hostileStatements.filter((_one, index) => !options.quick || index % 4 === 0);
    const rounds = options.quick ? 3 : 7;
    const [milliseconds, escaped, refused] = [await classifyMedian(world, rounds), await countEscapes(world, hostile), await countRefused(world)];
    const mutants = await countFuzzEscapes(world, options.quick ? 2_000 : 100_000);
    return [
      { ...figure('classify_ms', milliseconds, 'ms', '<3', milliseconds < 3), runs: rounds },
      { ...figure('hostile_escaped', escaped, 'statements', '0', escaped === 0), runs: hostile.length },
      { ...figure('benign_refused_pct', refused, '%', '<=1', refused <= 1), runs: benignStatements.length },
      { ...figure('fuzz_escaped', mutants.escaped, 'mutants', '0', mutants.escaped === 0), runs: mutants.made },
    ];
  } finally {
    await world.close();
  }
}

function figure(name: string, value: number, unit: string, goal: string, ok: boolean): Omit<Figure, 'runs'> {
  return { area: 'guard', figure: name, value, unit, rival: null, goal, ok };
}

async function classifyMedian(world: GuardWorld, rounds: number): Promise<number> {
  const connection = await world.connect();
  const texts = [...benignStatements, ...hostileStatements.filter((hostile) => hostile.before === undefined).map((hostile) => world.fill(hostile.text))];
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const guard = createGuardService();
    for (const text of texts) {
      const started = performance.now();
      await guard.classify(text, { connection, signal });
      taken.push(performance.now() - started);
    }
  }
  await connection.close();
  return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN;
}

async function countEscapes(world: GuardWorld, hostile: readonly Hostile[]): Promise<number> {
  const guard = createGuardService();
  let escaped = 0;
  for (const one of hostile) {
    const { fired } = await tryLane(world, guard, one);
    if (fired.length === 0) continue;
    escaped += 1;
    process.stderr.write(`[bench] escaped (${fired.join(', ')}): ${one.text}\n`);
  }
  return escaped;
}

async function countFuzzEscapes(world: GuardWorld, count: number): Promise<{ escaped: number; made: number }> {
  const { hostile, benign, run, escaped } = await fuzz(world, createGuardService(), { count, seed: SEED });
  process.stderr.write(`[bench] mutants: ${hostile.refused} of ${hostile.made} hostile ones refused, ${benign.admitted} of ${benign.made} benign ones admitted, ${run} run on the server under the probes\n`);
  for (const { text, fired } of escaped) process.stderr.write(`[bench] escaped (${fired.join(', ')}): ${text}\n`);
  return { escaped: escaped.length, made: hostile.made + benign.made };
}

async function countRefused(world: GuardWorld): Promise<number> {
  const guard: GuardService = createGuardService();
  const connection = await world.connect();
  const limits = { statementTimeoutMs: 20_000, lockTimeoutMs: 1000, maxRows: 10_000, maxBytes: 50_000_000, maxCellBytes: 1_000_000 };
  let refused = 0;
  for (const text of benignStatements) {
    try {
      await guard.runReadOnly(connection, { text }, cellSink(), limits, signal);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      refused += 1;
      process.stderr.write(`[bench] ${thrown.message}: ${text}\n`);
    }
  }
  await connection.close();
  return (100 * refused) / benignStatements.length;
}
