import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { exportSpec } from '../../../src-preload/contract/exportSpec';
import type { Job } from '../../../src-preload/contract/jobs';
import type { TestDatabase } from '../../servers/postgresql';
import { median, type Figure } from '../figure';
import type { BenchProgram } from './program';

const goal = 0.6;
const rival = 'psql \\copy (SELECT ...) TO file CSV HEADER';
const spec = exportSpec.parse({ format: 'csv', lineEnd: 'lf' });

interface Sample {
  readonly program: BenchProgram;
  readonly database: TestDatabase;
  /** A table and a SELECT of all of it. */
  readonly table: string;
  readonly text: string;
  readonly rows: number;
  readonly runs: number;
}

/**
 * `export_csv_ratio`: rows a second from a stored result into a CSV file, as the window's export does it, against psql's COPY of the same
 * rows; `export_table_csv_ratio`: the same straight from the server, as the export of tables does it. Runs alternate; every file is
 * synced by us and not by psql, and all of them have the same size.
 */
export async function measureExport({ program, database, table, text, rows, runs }: Sample): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-bench-export-'));
  const fromResult = path.join(folder, 'result.csv');
  const fromTable = path.join(folder, `${table}.csv`);
  const fromRival = path.join(folder, 'rival.csv');
  try {
    const resultId = await stored(program, text);
    const ours = (): Promise<number> => timed(async () => ended(program, program.queries.export({ resultId, viewId: null }, { columns: null, rows: null }, { spec, gzip: false, target: fromResult })));
    const tables = (): Promise<number> =>
      timed(async () => ended(program, await program.queries.exportTables({ connectionId: program.connectionId, tables: [{ schema: 'public', name: table, kind: 'table' }], spec, gzip: false, folder, ddl: false, replace: true })));
    const theirs = (): Promise<number> => timed(() => psqlCopy(database, text, fromRival));
    const [results, streams]: [number[], number[]] = [[], []];
    for (let run = -1; run < runs; run += 1) {
      const mine = await ours();
      const copy = await theirs();
      const stream = await tables();
      // The first run warms the caches of all.
      if (run < 0) continue;
      results.push(copy / mine);
      streams.push(copy / stream);
    }
    const sizes = [fromResult, fromTable, fromRival].map((file) => statSync(file).size);
    if (new Set(sizes).size !== 1) throw new Error(`The files of ${rows} rows differ in size: ${sizes.join(', ')}.`);
    program.queries.results.release([resultId]);
    const [ratio, stream] = [median(results), median(streams)];
    return [
      { area: 'query', figure: 'export_csv_ratio', value: ratio, unit: 'x', rival, goal: `>=${goal}`, ok: ratio >= goal, runs },
      { area: 'query', figure: 'export_table_csv_ratio', value: stream, unit: 'x', rival, goal: null, ok: true, runs },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function stored(program: BenchProgram, text: string): Promise<string> {
  let resultId = '';
  const request = { connectionId: program.connectionId, sessionKey: 'bench', text, timeoutMs: 0, stopOnError: true };
  await program.queries.run(request, (part) => (resultId = part.kind === 'result' ? part.resultId : resultId), new AbortController().signal);
  return resultId;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function ended(program: BenchProgram, job: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = program.jobs.onChange((changed) => {
      if (changed.id !== job.id || changed.state === 'running') return;
      stop();
      if (changed.state === 'done') resolve();
      else reject(new Error(changed.error?.message ?? changed.state));
    });
  });
}

/** COPY in a client of its own, as a person would run it; its start is part of it. */
function psqlCopy({ url }: TestDatabase, text: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', `\\copy (${text}) TO '${file}' WITH (FORMAT csv, HEADER)`], { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`psql failed: ${words}`))));
  });
}
