import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RunPart } from '../../../src-preload/contract/queries';
import { testDatabase } from '../../servers/postgresql';
import { median, type Figure } from '../figure';
import { readWithBareCursor } from './bareCursor';
import { measureExport } from './measureExport';
import { measureWindow } from './measureWindow';
import { measureImport } from './measureImport';
import { startProgram, type BenchProgram } from './program';

const goals = { ratio: 0.8, firstRowMs: 150, stallMs: 50 };
const rival = 'bare pg-cursor loop, rowMode array, 5,000 a read';
const text = 'SELECT * FROM bench_rows';
const never = new AbortController().signal;

/**
 * Figures of running queries: `rows_ratio` (rows a second from the server into the result store, through everything that a run goes
 * through, against the bare cursor), `first_row_ms` (from the call of `run` until a window shows rows), `stall_ms` (the longest time for
 * which the event loop stood still while all rows stream, a window is read fifty times a second and a view is being sorted).
 */
export async function measureQuery({ quick }: { quick: boolean }): Promise<Figure[]> {
  const rows = quick ? 200_000 : 1_000_000;
  const runs = quick ? 3 : 7;
  const database = await testDatabase();
  await database.query(createTable, [rows]);
  await database.query('VACUUM ANALYZE bench_rows');
  const program = await startProgram(database);
  try {
    // The first run of each side opens connections and warms the caches of all.
    await timeOurs(program, rows);
    await timeRival(database.url, rows);
    const ratios: number[] = [];
    const firstRows: number[] = [];
    const stalls: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const ours = await timeOurs(program, rows);
      ratios.push((await timeRival(database.url, rows)) / ours);
      firstRows.push(await timeFirstRow(program));
      stalls.push(await longestStall(program, rows));
    }
    const [ratio, firstRow, stall] = [median(ratios), median(firstRows), median(stalls)];
    const exports = await measureExport({ program, database, table: 'bench_rows', text, rows, runs });
    const window = await measureWindow({ database, quick });
    const imports = await measureImport({ program, database, table: 'bench_rows', rows, runs });
    return [
      ...exports,
      ...window,
      ...imports,
      { area: 'query', figure: 'rows_ratio', value: ratio, unit: 'x', rival, goal: `>=${goals.ratio}`, ok: ratio >= goals.ratio, runs },
      { area: 'query', figure: 'first_row_ms', value: firstRow, unit: 'ms', rival: null, goal: `<=${goals.firstRowMs}`, ok: firstRow <= goals.firstRowMs, runs },
      { area: 'query', figure: 'stall_ms', value: stall, unit: 'ms', rival: null, goal: `<${goals.stallMs}`, ok: stall < goals.stallMs, runs },
    ];
  } finally {
    await program.close();
    await database.drop();
  }
}

/** Ten columns of the types that people have: numbers small, large and exact, times, texts, a document, some NULLs. */
const createTable = `
  CREATE TABLE bench_rows AS
  SELECT n::int8 AS id, (n::int8 * 7919 % 100000)::int4 AS customer, (n % 1000000 / 7.0)::numeric(12, 4) AS amount, n / 3.0::float8 AS score,
    md5(n::text) AS token, CASE WHEN n % 5 = 0 THEN NULL ELSE 'Customer number ' || (n % 5000) END AS name,
    timestamptz '2020-01-01 00:00+00' + n * interval '7.123456 seconds' AS created, date '2020-01-01' + (n % 2000)::int AS due,
    n % 3 = 0 AS paid, jsonb_build_object('n', n, 'tags', jsonb_build_array('a', 'b')) AS extra
  FROM generate_series(1, $1::int) n`;

interface Started {
  readonly finished: Promise<unknown>;
  resultId(): string;
}

function start(program: BenchProgram, signal: AbortSignal, onPart: (part: RunPart) => void): Started {
  let resultId = '';
  const emit = (part: RunPart): void => {
    if (part.kind === 'result') resultId = part.resultId;
    onPart(part);
  };
  const finished = program.queries.run({ connectionId: program.connectionId, sessionKey: 'bench', text, timeoutMs: 0, stopOnError: true }, emit, signal);
  return { finished, resultId: () => resultId };
}

async function timeOurs(program: BenchProgram, rows: number): Promise<number> {
  const started = performance.now();
  let stored = 0;
  const run = start(program, never, (part) => {
    if (part.kind === 'done') stored = part.rows;
  });
  await run.finished;
  const milliseconds = performance.now() - started;
  if (stored !== rows) throw new Error(`${stored} rows were stored instead of ${rows}.`);
  program.queries.results.release([run.resultId()]);
  return milliseconds;
}

async function timeRival(url: string, rows: number): Promise<number> {
  const started = performance.now();
  const read = await readWithBareCursor(url, text);
  const milliseconds = performance.now() - started;
  if (read !== rows) throw new Error(`The rival read ${read} rows instead of ${rows}.`);
  return milliseconds;
}

async function timeFirstRow(program: BenchProgram): Promise<number> {
  const abort = new AbortController();
  const started = performance.now();
  let told = (): void => undefined;
  const firstRows = new Promise<void>((resolve) => (told = resolve));
  const run = start(program, abort.signal, (part) => {
    if (part.kind === 'progress' && part.rows > 0) told();
  });
  await firstRows;
  const window = await program.queries.results.window({ resultId: run.resultId(), viewId: null }, 0, 50, 300);
  const milliseconds = performance.now() - started;
  if (window.rows.length === 0) throw new Error('The first window was empty.');
  abort.abort();
  await run.finished;
  program.queries.results.release([run.resultId()]);
  return milliseconds;
}

async function longestStall(program: BenchProgram, rows: number): Promise<number> {
  const { results } = program.queries;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const sorting: Promise<unknown>[] = [];
  let stored = 0;
  delay.enable();
  const sort = (resultId: string): void => {
    const spec = { sorts: [{ column: 5, direction: 'desc' as const }, { column: 2, direction: 'asc' as const }], filters: [] };
    sorting.push(results.view(resultId, spec, never));
  };
  const run = start(program, never, (part) => {
    if (part.kind !== 'progress') return;
    stored = part.rows;
    if (sorting.length === 0 && stored > rows / 3) sort(part.resultId);
  });
  const scrolling = setInterval(() => {
    if (stored > 1000) void results.window({ resultId: run.resultId(), viewId: null }, Math.floor(Math.random() * (stored - 1000)), 100, 300);
  }, 20);
  await run.finished;
  // Progress is told a few times a second: a small sample may be in before it is told.
  if (sorting.length === 0) sort(run.resultId());
  await Promise.all(sorting);
  clearInterval(scrolling);
  delay.disable();
  results.release([run.resultId()]);
  return delay.max / 1e6;
}
